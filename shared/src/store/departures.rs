//! Those who were removed from a meeting, for as long as they are to be told so.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::{DateTime, TimeDelta, Utc};

use super::attendees::by_bucket;
use super::keys::{self, departed_with};
use super::{Range, Store, StoreError, build, from_item, number as numeric, to_item};
use crate::domain::attendee::Attendee;
use crate::domain::ids::{MeetingId, TenantId};

/// How long they are kept: longer than a queue keeps a message.
const KEPT: TimeDelta = TimeDelta::days(30);

impl Store {
    /// The writes that keep those who were removed with the news of that number.
    pub fn departure_writes(
        &self,
        (tenant, meeting): (&TenantId, &MeetingId),
        number: u32,
        departed: &[Attendee],
        now: DateTime<Utc>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let put = |(bucket, departed): (u8, Vec<&Attendee>)| {
            let mut item = to_item(&keys::departed(tenant, meeting, number, bucket), &departed)?;
            item.insert("expires_at".to_owned(), numeric((now + KEPT).timestamp()));
            let put = Put::builder().table_name(self.table()).set_item(Some(item)).build();
            Ok(TransactWriteItem::builder().put(put.map_err(|error| build(&error))?).build())
        };
        by_bucket(departed).into_iter().map(put).collect()
    }

    /// Those who were removed with the news after the number `after`, up to `until`.
    pub async fn departed(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        after: u32,
        until: u32,
    ) -> Result<Vec<Attendee>, StoreError> {
        // The places of one number lie before the bare beginning of the next.
        let range =
            Range::Between(departed_with(after.saturating_add(1)), departed_with(until.saturating_add(1)));
        let mut departed = Vec::new();
        for item in self.query_all(keys::meeting(tenant, meeting).pk, range).await? {
            departed.extend(from_item::<Vec<Attendee>>(item)?);
        }
        Ok(departed)
    }
}
