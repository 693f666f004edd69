//! Meetings, each kept whole under its own key and leanly in every list that it stands in.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use chrono::{DateTime, Utc};

use super::keys::{self, Index, Key, Scope};
use super::listing::{self, Listing};
use super::{
    Item, Query, Range, Store, StoreError, TransactError, build, call, from_item, key_item, number, text,
    to_item,
};
use crate::domain::ids::{ConnectionId, MeetingId, TenantId};
use crate::domain::meeting::Meeting;

impl Store {
    /// Reads a meeting.
    pub async fn meeting(&self, tenant: &TenantId, id: &MeetingId) -> Result<Option<Meeting>, StoreError> {
        self.get(&keys::meeting(tenant, id)).await?.map(from_item).transpose()
    }

    /// Reads some meetings of a tenant, as far as they are there.
    pub async fn meetings(
        &self,
        tenant: &TenantId,
        ids: &BTreeSet<MeetingId>,
    ) -> Result<Vec<Meeting>, StoreError> {
        let keys = ids.iter().map(|id| keys::meeting(tenant, id)).collect();
        self.batch_get(keys).await?.into_values().map(from_item).collect()
    }

    /// The writes that put `meeting` in the place of `before` (`None`: it is new), in all of its lists.
    ///
    /// The first write is the meeting itself, conditioned on the revision of `before`; `now` decides on
    /// which shelves the lists keep it. A list that holds already what it is to hold is left alone.
    pub fn meeting_writes(
        &self,
        meeting: &Meeting,
        before: Option<&Meeting>,
        now: DateTime<Utc>,
        shards: u16,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        self.writes(meeting, before, now, shards, Listings::Changed)
    }

    fn writes(
        &self,
        meeting: &Meeting,
        before: Option<&Meeting>,
        now: DateTime<Utc>,
        shards: u16,
        listings: Listings,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut item = to_item(&keys::meeting(&meeting.tenant, &meeting.id), meeting)?;
        item.insert("revision".to_owned(), number(meeting.revision));
        let shard = keys::shard(meeting.id.as_str(), shards);
        if let Some(wake) = meeting.next_wake(now) {
            keys::place(&mut item, Index::Wake, keys::wake(shard), keys::by_time(wake, meeting.id.as_str()));
        }
        if let Some(since) = meeting.unsettled_since() {
            keys::place(&mut item, Index::Todo, keys::todo(shard), keys::by_time(since, meeting.id.as_str()));
        }
        let put = Put::builder().table_name(self.table()).set_item(Some(item));
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("revision = :revision")
                .expression_attribute_values(":revision", number(before.revision)),
        };
        let put = put.build().map_err(|error| build(&error))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];

        writes.extend(self.mark_unindexed(meeting, before, now, shards)?);
        let scopes = scopes(meeting);
        let stood = before.map(self::scopes).unwrap_or_default();
        let same = before.is_some_and(|before| is_listed_alike(meeting, before, now));
        for scope in &scopes {
            if listings == Listings::All || !same || !stood.contains(scope) {
                writes.push(self.put_write(listing::item(meeting, scope, now)?)?);
            }
        }
        for left in stood.difference(&scopes) {
            writes.push(self.delete_write(&keys::listing(&meeting.tenant, left, &meeting.id))?);
        }
        Ok(writes)
    }

    /// Writes all of a meeting's places in lists anew, where `now` has them. Where somebody else was quicker
    /// they have been written by them.
    pub(super) async fn list_anew(
        &self,
        tenant: &TenantId,
        id: &MeetingId,
        now: DateTime<Utc>,
        shards: u16,
    ) -> Result<(), StoreError> {
        let Some(before) = self.meeting(tenant, id).await? else { return Ok(()) };
        let mut meeting = before.clone();
        meeting.revision += 1;
        match self.transact(self.writes(&meeting, Some(&before), now, shards, Listings::All)?).await {
            Ok(()) | Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(()),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// The writes that remove a meeting and all traces of it, but for its words, which are marked to go from
    /// the index; the first is conditioned on its revision.
    pub fn meeting_removal(&self, meeting: &Meeting) -> Result<Vec<TransactWriteItem>, StoreError> {
        let delete = Delete::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::meeting(&meeting.tenant, &meeting.id))))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(meeting.revision))
            .build()
            .map_err(|error| build(&error))?;
        let mut writes = vec![TransactWriteItem::builder().delete(delete).build()];
        writes.push(self.mark_removed(meeting)?);
        for scope in scopes(meeting) {
            writes.push(self.delete_write(&keys::listing(&meeting.tenant, &scope, &meeting.id))?);
        }
        if meeting.attendee_count > 0 {
            for bucket in 0..keys::ATTENDEE_BUCKETS {
                writes.push(self.delete_write(&keys::attendees(&meeting.tenant, &meeting.id, bucket))?);
            }
        }
        Ok(writes)
    }

    /// Writes `meeting` in the place of `before`; `false` where `before` is no longer what is stored.
    pub async fn replace_meeting(
        &self,
        meeting: &Meeting,
        before: &Meeting,
        now: DateTime<Utc>,
        shards: u16,
    ) -> Result<bool, StoreError> {
        match self.transact(self.meeting_writes(meeting, Some(before), now, shards)?).await {
            Ok(()) => Ok(true),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(false),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// The meetings of a connection, by id: at most `limit`, after `after`.
    pub async fn meetings_of_connection(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        after: Option<&MeetingId>,
        limit: usize,
    ) -> Result<Vec<MeetingId>, StoreError> {
        let scope = Scope::Connection(connection.clone());
        let query = Query {
            index: None,
            partition: keys::list(tenant, &scope),
            range: Range::All,
            ascending: true,
            limit: Some(limit),
            after: after.map(|id| key_item(&keys::listing(tenant, &scope, id))),
            filter: None,
        };
        let items = self.query(query).await?.items;
        let ids = items.iter().map(|item| {
            text(item, "sk")?.parse().map_err(|error| StoreError::Unreadable(serde::de::Error::custom(error)))
        });
        ids.collect()
    }

    /// The meetings of one shard about which something is to be done at `now`, the longest due first.
    pub async fn due_meetings(
        &self,
        shard: u16,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Meeting>, StoreError> {
        let query = Query {
            index: Some(Index::Wake),
            partition: keys::wake(shard),
            range: Range::Between("0".to_owned(), until(now)),
            ascending: true,
            limit: Some(limit),
            after: None,
            filter: None,
        };
        self.query(query).await?.items.into_iter().map(from_item).collect()
    }

    /// Lets an unsettled meeting come up again at `until`, unless somebody has written it meanwhile.
    pub async fn put_off_settling(&self, meeting: &Meeting, until: DateTime<Utc>) -> Result<(), StoreError> {
        let (_, _, sk) = Index::Todo.names();
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::meeting(&meeting.tenant, &meeting.id))))
            .update_expression("SET #place = :place")
            .condition_expression("revision = :revision AND attribute_exists(#place)")
            .expression_attribute_names("#place", sk)
            .expression_attribute_values(
                ":place",
                AttributeValue::S(keys::by_time(until, meeting.id.as_str())),
            )
            .expression_attribute_values(":revision", number(meeting.revision));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(call("UpdateItem", &error)),
        }
    }

    pub(super) fn put_write(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    pub(super) fn delete_write(&self, key: &Key) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(self.table())
            .set_key(Some(key_item(key)))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}

/// The greatest sort key by time that `now` reaches.
pub(super) fn until(now: DateTime<Utc>) -> String {
    format!("{}#~", keys::moment(now))
}

/// Which of a meeting's places in lists are written with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listings {
    /// Those that differ from what is there.
    Changed,
    /// All of them, whatever is there.
    All,
}

/// The lists that a meeting stands in.
pub(super) fn scopes(meeting: &Meeting) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::from([Scope::Tenant, Scope::Organizer(meeting.organizer_id.clone())]);
    if let Some(host) = &meeting.host {
        scopes.insert(Scope::Connection(host.connection_id.clone()));
        scopes.insert(Scope::Host(host.host_id.clone()));
    }
    scopes.extend(meeting.courses.iter().map(|course| Scope::Course(course.course_id.clone())));
    scopes
}

/// Whether the lists hold of `before` what they are to hold of `meeting`, in the same places.
///
/// Not where a change of it is being settled: how many writes that takes was reckoned when the change began,
/// and all of the lists were counted.
fn is_listed_alike(meeting: &Meeting, before: &Meeting, now: DateTime<Utc>) -> bool {
    before.change.is_none()
        && listing::stands_still(before, now)
        && listing::shelves(before, now) == listing::shelves(meeting, now)
        && Listing::of(before) == Listing::of(meeting)
}
