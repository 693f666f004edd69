//! Those who attend a meeting, spread over a few items by a hash of their id.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use sha2::{Digest, Sha256};

use super::keys::{self, ATTENDEE_BUCKETS};
use super::{Store, StoreError, build, from_item, key_item, to_item};
use crate::domain::attendee::Attendee;
use crate::domain::ids::{AttendeeId, MeetingId, TenantId};

impl Store {
    /// All who attend, by id.
    pub async fn attendees(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
    ) -> Result<Vec<Attendee>, StoreError> {
        let keys = (0..ATTENDEE_BUCKETS).map(|bucket| keys::attendees(tenant, meeting, bucket)).collect();
        let mut all = Vec::new();
        for (_, item) in self.batch_get(keys).await? {
            all.extend(from_item::<Vec<Attendee>>(item)?);
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    /// One who attends.
    pub async fn attendee(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        id: &AttendeeId,
    ) -> Result<Option<Attendee>, StoreError> {
        let Some(item) = self.get(&keys::attendees(tenant, meeting, bucket(id))).await? else {
            return Ok(None);
        };
        Ok(from_item::<Vec<Attendee>>(item)?.into_iter().find(|attendee| attendee.id == *id))
    }

    /// The writes that make `after` of `before`; buckets that stay as they are are left out.
    pub fn attendee_writes(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        before: &[Attendee],
        after: &[Attendee],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let (before, mut after) = (by_bucket(before), by_bucket(after));
        let mut writes = Vec::new();
        for number in 0..ATTENDEE_BUCKETS {
            let now = after.remove(&number).unwrap_or_default();
            if before.get(&number).map_or(now.is_empty(), |was| *was == now) {
                continue;
            }
            let key = keys::attendees(tenant, meeting, number);
            writes.push(if now.is_empty() {
                let delete = Delete::builder().table_name(self.table()).set_key(Some(key_item(&key)));
                TransactWriteItem::builder().delete(delete.build().map_err(|error| build(&error))?).build()
            } else {
                let put = Put::builder().table_name(self.table()).set_item(Some(to_item(&key, &now)?));
                TransactWriteItem::builder().put(put.build().map_err(|error| build(&error))?).build()
            });
        }
        Ok(writes)
    }
}

pub(super) fn by_bucket(attendees: &[Attendee]) -> BTreeMap<u8, Vec<&Attendee>> {
    let mut buckets: BTreeMap<u8, Vec<&Attendee>> = BTreeMap::new();
    for attendee in attendees {
        buckets.entry(bucket(&attendee.id)).or_default().push(attendee);
    }
    for bucket in buckets.values_mut() {
        bucket.sort_by(|a, b| a.id.cmp(&b.id));
    }
    buckets
}

fn bucket(id: &AttendeeId) -> u8 {
    Sha256::digest(id.as_str().as_bytes())[0] % ATTENDEE_BUCKETS
}
