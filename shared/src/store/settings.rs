//! A tenant's settings.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{self};
use super::{Item, Store, StoreError, TransactError, build, from_item, number, to_item};
use crate::domain::ids::TenantId;
use crate::domain::offset::ReminderOffset;
use crate::secrets::SecretVersion;

/// What a tenant has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// The minutes that stay free between two meetings of a host.
    pub buffer_minutes: u16,
    /// When reminders go out, where a meeting does not say.
    pub default_reminders: Vec<ReminderOffset>,
    /// Whether and from whom mails go out.
    #[serde(default)]
    pub email: EmailSettings,
    /// Where the learning platform is told of what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<TenantWebhook>,
    /// The language of mails to people whose own is not known.
    pub locale: String,
    /// Counts the changes; 0: nothing was ever set.
    #[serde(default)]
    pub version: u64,
}

/// Whether and from whom a tenant's mails go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailSettings {
    /// Whether they go out at all.
    pub enabled: bool,
    /// The sender; `None`: the deployment's.
    pub from: Option<String>,
}

/// Where and how a tenant's learning platform is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantWebhook {
    /// The address.
    pub url: String,
    /// The version of the secret that signs.
    pub secret_version: SecretVersion,
    /// The last four characters of that secret.
    pub secret_hint: String,
    /// The version before, and until when it signs as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<(SecretVersion, DateTime<Utc>)>,
    /// When the platform said that it wants no more events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<DateTime<Utc>>,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            buffer_minutes: 0,
            default_reminders: vec![ReminderOffset::Days(1), ReminderOffset::Minutes(60)],
            email: EmailSettings::default(),
            webhook: None,
            locale: "en".to_owned(),
            version: 0,
        }
    }
}

impl Default for EmailSettings {
    fn default() -> Self {
        Self { enabled: true, from: None }
    }
}

impl TenantSettings {
    /// Whether the learning platform is to be told of what happens.
    pub fn tells_platform(&self) -> bool {
        self.webhook.as_ref().is_some_and(|webhook| webhook.disabled_at.is_none())
    }

    /// Reads the item that [`keys::settings`] names; a tenant that has set nothing has the defaults.
    pub fn read(item: Option<Item>) -> Result<Self, StoreError> {
        item.map_or_else(|| Ok(Self::default()), from_item)
    }
}

impl Store {
    /// A tenant's settings.
    pub async fn tenant_settings(&self, tenant: &TenantId) -> Result<TenantSettings, StoreError> {
        TenantSettings::read(self.get(&keys::settings(tenant)).await?)
    }

    /// Writes `settings` in the place of `before`; `false` where `before` is no longer what is stored.
    pub async fn replace_tenant_settings(
        &self,
        tenant: &TenantId,
        settings: &TenantSettings,
        before: &TenantSettings,
    ) -> Result<bool, StoreError> {
        let mut item = to_item(&keys::settings(tenant), settings)?;
        item.insert("version".to_owned(), number(settings.version));
        let put = Put::builder().table_name(self.table()).set_item(Some(item));
        let put = if before.version == 0 {
            put.condition_expression("attribute_not_exists(version)")
        } else {
            put.condition_expression("version = :version")
                .expression_attribute_values(":version", number(before.version))
        };
        let put = put.build().map_err(|error| build(&error))?;
        match self.transact(vec![TransactWriteItem::builder().put(put).build()]).await {
            Ok(()) => Ok(true),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(false),
            Err(TransactError::Store(error)) => Err(error),
        }
    }
}
