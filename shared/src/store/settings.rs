//! A tenant's settings.

use serde::{Deserialize, Serialize};

use super::keys::{self};
use super::{Item, Store, StoreError, from_item};
use crate::domain::email::Email;
use crate::domain::ids::TenantId;
use crate::domain::offset::ReminderOffset;

/// What a tenant has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// The minutes that stay free between two meetings of a host.
    pub buffer_minutes: u16,
    /// When reminders go out, where a meeting does not say.
    pub default_reminders: Vec<ReminderOffset>,
    /// Mails to attendees.
    #[serde(default)]
    pub email: EmailSettings,
    /// The language of mails to people whose own is not known.
    pub locale: String,
}

/// What a tenant has set about mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailSettings {
    /// Whether any are sent.
    pub enabled: bool,
    /// The address that they are sent from; the deployment's where it is not set.
    pub from: Option<Email>,
}

impl Default for EmailSettings {
    fn default() -> Self {
        Self { enabled: true, from: None }
    }
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            buffer_minutes: 0,
            default_reminders: vec![ReminderOffset::Days(1), ReminderOffset::Minutes(60)],
            email: EmailSettings::default(),
            locale: "en".to_owned(),
        }
    }
}

impl TenantSettings {
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
}
