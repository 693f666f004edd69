//! Who wants no more mails of a tenant.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, SecondsFormat, Utc};

use super::keys;
use super::{Store, StoreError, call, key_item, to_item};
use crate::domain::ids::{AttendeeId, TenantId};
use crate::unsubscribing::Subscription;

impl Store {
    /// Notes that they want no more mails.
    pub async fn unsubscribe(
        &self,
        subscription: &Subscription,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = keys::unsubscribed(&subscription.tenant, &subscription.attendee);
        let item = to_item(&key, &now.to_rfc3339_opts(SecondsFormat::Secs, true))?;
        let put = self.client().put_item().table_name(self.table()).set_item(Some(item));
        put.send().await.map_err(|error| call("PutItem", &error))?;
        Ok(())
    }

    /// Notes that they want mails again.
    pub async fn resubscribe(&self, subscription: &Subscription) -> Result<(), StoreError> {
        let key = keys::unsubscribed(&subscription.tenant, &subscription.attendee);
        let delete = self.client().delete_item().table_name(self.table()).set_key(Some(key_item(&key)));
        delete.send().await.map_err(|error| call("DeleteItem", &error))?;
        Ok(())
    }

    /// Whether they want no more mails.
    pub async fn is_unsubscribed(&self, subscription: &Subscription) -> Result<bool, StoreError> {
        let key = keys::unsubscribed(&subscription.tenant, &subscription.attendee);
        Ok(self.get(&key).await?.is_some())
    }

    /// Those of `attendees` who want no more mails of the tenant.
    pub async fn unsubscribed(
        &self,
        tenant: &TenantId,
        attendees: impl Iterator<Item = &AttendeeId>,
    ) -> Result<HashSet<AttendeeId>, StoreError> {
        let by_key: BTreeMap<_, _> = attendees.map(|id| (keys::unsubscribed(tenant, id), id)).collect();
        if by_key.is_empty() {
            return Ok(HashSet::new());
        }
        let found = self.batch_get(by_key.keys().cloned().collect()).await?;
        let unsubscribed = by_key.into_iter().filter(|(key, _)| found.contains_key(key));
        Ok(unsubscribed.map(|(_, id)| id.clone()).collect())
    }
}
