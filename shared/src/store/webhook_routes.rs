//! Whose webhooks come in under a connection's id.
//!
//! The address that Zoom calls names a connection and no tenant. What is needed to check a signature stands in an
//! item of its own, which is written in one transaction with the connection.

use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, from_item, keys, to_item};
use crate::domain::connection::{Connection, WebhookToken};
use crate::domain::ids::{AccountId, ConnectionId, TenantId};

/// Whose webhooks come in under a connection's id, and by what they are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRoute {
    /// The connection's tenant.
    pub tenant: TenantId,
    /// The Zoom account that may speak here.
    pub account_id: AccountId,
    /// Where the Secret Token is.
    pub token: WebhookToken,
}

impl WebhookRoute {
    /// The way to a connection; none to one without a Secret Token, or to one that is being removed.
    fn to(connection: &Connection) -> Option<Self> {
        let token = connection.webhook.clone().filter(|_| !connection.leaving)?;
        Some(Self { tenant: connection.tenant.clone(), account_id: connection.account_id.clone(), token })
    }
}

impl Store {
    /// Whose webhooks come in under that id.
    pub async fn webhook_route(&self, id: &ConnectionId) -> Result<Option<WebhookRoute>, StoreError> {
        self.get(&keys::webhook_route(id)).await?.map(from_item).transpose()
    }

    /// The write by which the way to `after` takes the place of that to `before`; none where they are the same.
    pub(super) fn webhook_route_write(
        &self,
        before: Option<&Connection>,
        after: Option<&Connection>,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let Some(connection) = after.or(before) else { return Ok(None) };
        let (old, new) = (before.and_then(WebhookRoute::to), after.and_then(WebhookRoute::to));
        let key = keys::webhook_route(&connection.id);
        match new {
            _ if old == new => Ok(None),
            Some(new) => self.put_write(to_item(&key, &new)?).map(Some),
            None => self.delete_write(&key).map(Some),
        }
    }
}
