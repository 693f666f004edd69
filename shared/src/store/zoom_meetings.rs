//! Whose the meetings at Zoom are: Lectern's, by their claims, or made in Zoom itself.
//!
//! One item a number says it. A meeting that Lectern has made names its owner there; one that was made in Zoom
//! names its host, under whom what is known of it stands. The time that it takes is in the ledger, and all of
//! that is written in one transaction.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{self, Key};
use super::{Item, Range, Store, StoreError, build, from_item, key_item, number as as_number, text, to_item};
use crate::domain::host::LedgerHost;
use crate::domain::ids::{AccountId, HostId, MeetingId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};

/// How long what is known of a meeting made in Zoom is kept after Zoom has last shown it: what an app knows of an
/// account goes within ten days of its removal.
const KEPT: TimeDelta = TimeDelta::days(9);
/// After how long it is written again, so that it stays.
const REFRESHED: TimeDelta = TimeDelta::days(3);

const OWNER: &str = "owner";
const HOST: &str = "made_for";
const EXPIRES: &str = "expires_at";

/// What is known of a meeting that was made in Zoom itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeInZoom {
    /// Its number.
    pub number: u64,
    /// Meeting or webinar.
    pub kind: Kind,
    /// What it is called.
    pub topic: String,
    /// Its dates that were not over.
    pub dates: Vec<Interval>,
    /// When Zoom has last shown it.
    pub seen_at: DateTime<Utc>,
}

impl MadeInZoom {
    /// Whether `other` says the same of what is to come at `now`.
    pub fn is_same(&self, other: &Self, now: DateTime<Utc>) -> bool {
        let to_come = |one: &Self| -> Vec<Interval> {
            one.dates.iter().filter(|date| date.ends_at > now).copied().collect()
        };
        self.kind == other.kind && self.topic == other.topic && to_come(self) == to_come(other)
    }

    /// Whether it must be written again to be kept.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.seen_at + REFRESHED <= now
    }
}

/// What is known of a number at Zoom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AtZoom {
    /// The meeting here that was made under it.
    pub owner: Option<(TenantId, MeetingId)>,
    /// On which host it takes time, having been made in Zoom itself.
    pub made_for: Option<HostId>,
    /// As it is stored.
    stored_owner: Option<String>,
}

impl AtZoom {
    fn read(item: Option<&Item>) -> Result<Self, StoreError> {
        let Some(item) = item else { return Ok(Self::default()) };
        let stored_owner = item.contains_key(OWNER).then(|| text(item, OWNER)).transpose()?;
        let host = item.contains_key(HOST).then(|| text(item, HOST)).transpose()?;
        let made_for = host.map(HostId::try_from).transpose().map_err(unreadable)?;
        Ok(Self { owner: stored_owner.as_deref().and_then(keys::meeting_of), made_for, stored_owner })
    }
}

impl Store {
    /// What is known of a number at Zoom.
    pub async fn at_zoom(&self, account: &AccountId, number: u64) -> Result<AtZoom, StoreError> {
        AtZoom::read(self.get(&keys::zoom_meeting(account, number)).await?.as_ref())
    }

    /// Which of the numbers were made here, by whomever.
    pub async fn claimed(
        &self,
        account: &AccountId,
        numbers: &[u64],
    ) -> Result<std::collections::BTreeMap<u64, (TenantId, MeetingId)>, StoreError> {
        let key = |number: &u64| keys::zoom_meeting(account, *number);
        let items = self.batch_get(numbers.iter().map(key).collect()).await?;
        let mut claimed = std::collections::BTreeMap::new();
        for number in numbers {
            if let Some(owner) = AtZoom::read(items.get(&key(number)))?.owner {
                claimed.insert(*number, owner);
            }
        }
        Ok(claimed)
    }

    /// The write that makes the meeting at Zoom this meeting's, unless it is another's already.
    pub fn claim_zoom_meeting(&self, meeting: &Meeting) -> Result<Option<TransactWriteItem>, StoreError> {
        let (Some(host), Some(zoom)) = (&meeting.host, &meeting.zoom) else { return Ok(None) };
        let owner = AttributeValue::S(keys::meeting(&meeting.tenant, &meeting.id).pk);
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::zoom_meeting(&host.account_id, zoom.id))))
            .update_expression("SET #owner = :owner REMOVE #expires")
            .condition_expression("attribute_not_exists(#owner) OR #owner = :owner")
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":owner", owner)
            .build()
            .map_err(|error| build(&error))?;
        Ok(Some(TransactWriteItem::builder().update(update).build()))
    }

    /// Whether a meeting at Zoom is another's than `meeting`'s.
    pub async fn is_zoom_meeting_of_another(
        &self,
        meeting: &Meeting,
        account: &AccountId,
        number: u64,
    ) -> Result<bool, StoreError> {
        let owner = self.at_zoom(account, number).await?.stored_owner;
        Ok(owner.is_some_and(|owner| owner != keys::meeting(&meeting.tenant, &meeting.id).pk))
    }

    /// Whose the meeting of that number at Zoom is, where it is one of Lectern's.
    pub async fn owner_at_zoom(
        &self,
        account: &AccountId,
        number: u64,
    ) -> Result<Option<(TenantId, MeetingId)>, StoreError> {
        Ok(self.at_zoom(account, number).await?.owner)
    }

    /// What is known of a meeting that was made in Zoom.
    pub async fn made_in_zoom(
        &self,
        host: &LedgerHost,
        number: u64,
    ) -> Result<Option<MadeInZoom>, StoreError> {
        self.get(&keys::made_in_zoom(host, number)).await?.map(from_item).transpose()
    }

    /// All that is known of a host's meetings that were made in Zoom.
    pub async fn all_made_in_zoom(&self, host: &LedgerHost) -> Result<Vec<MadeInZoom>, StoreError> {
        let range = Range::Prefix(keys::MADE_IN_ZOOM.to_owned());
        let items = self.query_all(keys::made_in_zoom(host, 0).pk, range).await?;
        items.into_iter().map(from_item).collect()
    }

    /// What is known of such meetings, as far as it is.
    pub async fn topics_in_zoom(
        &self,
        wanted: Vec<(LedgerHost, u64)>,
    ) -> Result<std::collections::HashMap<(LedgerHost, u64), String>, StoreError> {
        let key = |(host, number): &(LedgerHost, u64)| keys::made_in_zoom(host, *number);
        let keys: std::collections::BTreeSet<Key> = wanted.iter().map(key).collect();
        let mut items = self.batch_get(keys.into_iter().collect()).await?;
        let mut topics = std::collections::HashMap::new();
        for one in wanted {
            if let Some(item) = items.remove(&key(&one)) {
                let made: MadeInZoom = from_item(item)?;
                topics.insert(one, made.topic);
            }
        }
        Ok(topics)
    }

    /// The writes that keep what is known of a meeting that was made in Zoom, now on `host`. They rest on what
    /// was read of its number, so that it cannot have become one of Lectern's in between.
    pub fn made_in_zoom_writes(
        &self,
        host: &LedgerHost,
        made: &MadeInZoom,
        before: &AtZoom,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let expires = as_number((made.seen_at + KEPT).timestamp());
        let mut update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::zoom_meeting(&host.account_id, made.number))))
            .condition_expression(unchanged(before))
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_names("#host", HOST)
            .set_expression_attribute_values(Some(as_read(before)))
            .expression_attribute_values(":new_host", AttributeValue::S(host.host_id.as_str().to_owned()));
        update = if before.stored_owner.is_none() {
            update
                .update_expression("SET #host = :new_host, #expires = :expires")
                .expression_attribute_names("#expires", EXPIRES)
                .expression_attribute_values(":expires", expires.clone())
        } else {
            update.update_expression("SET #host = :new_host")
        };
        let update = update.build().map_err(|error| build(&error))?;
        let mut item = to_item(&keys::made_in_zoom(host, made.number), made)?;
        item.insert(EXPIRES.to_owned(), expires);
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item))
            .build()
            .map_err(|error| build(&error))?;
        let mut writes = vec![
            TransactWriteItem::builder().update(update).build(),
            TransactWriteItem::builder().put(put).build(),
        ];
        if let Some(left) = before.made_for.as_ref().filter(|left| **left != host.host_id) {
            let left = LedgerHost { account_id: host.account_id.clone(), host_id: left.clone() };
            writes.push(self.delete_write(&keys::made_in_zoom(&left, made.number))?);
        }
        Ok(writes)
    }

    /// The writes that forget a meeting that was made in Zoom, on `host`.
    pub fn made_in_zoom_removal(
        &self,
        host: &LedgerHost,
        number: u64,
        before: &AtZoom,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let key = Some(key_item(&keys::zoom_meeting(&host.account_id, number)));
        let number_write = if before.stored_owner.is_some() {
            let update = Update::builder()
                .table_name(self.table())
                .set_key(key)
                .update_expression("REMOVE #host")
                .condition_expression(unchanged(before))
                .expression_attribute_names("#owner", OWNER)
                .expression_attribute_names("#host", HOST)
                .set_expression_attribute_values(Some(as_read(before)));
            TransactWriteItem::builder().update(update.build().map_err(|error| build(&error))?).build()
        } else {
            let values = as_read(before);
            let delete = Delete::builder()
                .table_name(self.table())
                .set_key(key)
                .condition_expression(unchanged(before))
                .expression_attribute_names("#owner", OWNER)
                .expression_attribute_names("#host", HOST)
                .set_expression_attribute_values((!values.is_empty()).then_some(values));
            TransactWriteItem::builder().delete(delete.build().map_err(|error| build(&error))?).build()
        };
        Ok(vec![number_write, self.delete_write(&keys::made_in_zoom(host, number))?])
    }
}

/// That an item is as it was read.
fn unchanged(before: &AtZoom) -> String {
    let owner =
        if before.stored_owner.is_some() { "#owner = :owner" } else { "attribute_not_exists(#owner)" };
    let host = if before.made_for.is_some() { "#host = :host" } else { "attribute_not_exists(#host)" };
    format!("{owner} AND {host}")
}

fn as_read(before: &AtZoom) -> Item {
    let owner = before.stored_owner.clone().map(|owner| (":owner".to_owned(), AttributeValue::S(owner)));
    let host = before.made_for.as_ref().map(|host| host.as_str().to_owned());
    let host = host.map(|host| (":host".to_owned(), AttributeValue::S(host)));
    owner.into_iter().chain(host).collect()
}

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(serde::de::Error::custom(error))
}
