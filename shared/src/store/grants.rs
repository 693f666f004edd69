//! Who refreshes an app's grant: at most one at a time, whichever execution environment it is in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::{self, Key};
use super::{Item, Store, StoreError, from_item, number, to_item};
use crate::domain::ids::{ConnectionId, TenantId};
use crate::secrets::SecretVersion;

/// What is known of the grant of an authorization-code app. The tokens themselves are in Secrets Manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRecord {
    /// Counts the changes.
    pub revision: u64,
    /// The version of the secret that holds the newest tokens.
    pub secret_version: SecretVersion,
    /// A refresh that was begun and whose outcome is not stored.
    pub attempt: Option<Attempt>,
    /// Why there is no going on with these tokens.
    pub lost: Option<Lost>,
}

/// A refresh that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// By whom.
    pub by: Uuid,
    /// Until when nobody else begins one.
    pub until: DateTime<Utc>,
}

/// Why an app must be connected again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// Zoom gave new tokens for the old ones, and they never came to be stored.
    Interrupted,
    /// Zoom takes the refresh token no longer.
    Refused,
}

impl GrantRecord {
    /// A grant that was just given.
    pub fn new(secret_version: SecretVersion) -> Self {
        Self { revision: 1, secret_version, attempt: None, lost: None }
    }
}

impl Store {
    /// What is known of a connection's grant.
    pub async fn grant(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
    ) -> Result<Option<GrantRecord>, StoreError> {
        self.get(&keys::grant(tenant, connection)).await?.map(from_item).transpose()
    }

    /// Writes `after` in the place of `before`, under the next revision, which is returned with it; `None` where
    /// `before` is no longer what is stored.
    pub async fn replace_grant(
        &self,
        (tenant, connection): (&TenantId, &ConnectionId),
        before: &GrantRecord,
        after: GrantRecord,
    ) -> Result<Option<GrantRecord>, StoreError> {
        let after = GrantRecord { revision: before.revision + 1, ..after };
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(grant_item(&keys::grant(tenant, connection), &after)?))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(before.revision));
        Ok(self.put_if(put).await?.then_some(after))
    }
}

pub(super) fn grant_item(key: &Key, grant: &GrantRecord) -> Result<Item, StoreError> {
    let mut item = to_item(key, grant)?;
    item.insert("revision".to_owned(), number(grant.revision));
    Ok(item)
}
