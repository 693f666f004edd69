//! What is done about connections by schedule: they are checked, their hosts read anew, and some removed.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Item, Store, StoreError, call, key_item, number, to_item};
use crate::domain::ids::{ConnectionId, HostId, MeetingId, TenantId};

/// How long after a check a connection that works is checked again.
pub const RECHECK: TimeDelta = TimeDelta::days(1);
/// How long after a check one that does not work is.
pub const RECHECK_OF_FAILED: TimeDelta = TimeDelta::minutes(15);

/// What is next to be done about a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chore {
    /// Whose connection.
    pub tenant: TenantId,
    /// Which.
    pub connection: ConnectionId,
    /// What.
    pub stage: Stage,
    /// When.
    pub due_at: DateTime<Utc>,
    /// Where the comparison goes on once what was put in its place is done: hosts that were not compared yet are not
    /// to wait for another cycle, which may last as long as a day.
    #[serde(default)]
    pub compared: Cursor,
    /// Counts the changes.
    pub revision: u64,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The app is to be checked, and its hosts to be listed.
    Check,
    /// How many people each host's meetings hold is to be read, of those that follow the given one.
    Capacities {
        /// The last host that was read.
        after: Option<HostId>,
    },
    /// What its hosts have to come is to be compared with Zoom's lists.
    Compare(Cursor),
    /// The meetings to come are to be called off, and then the connection is to be removed.
    Remove,
    /// What Zoom has told of its meetings is to be deleted, of those that follow the given one.
    Forget {
        /// The last meeting that was looked at.
        after: Option<MeetingId>,
    },
}

/// How far a connection's hosts have been compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last host that was compared.
    pub after: Option<HostId>,
    /// The host after it of whose meetings a share did not get through all.
    #[serde(default)]
    pub host: Option<HostId>,
    /// The last of these that was looked at.
    pub meeting: Option<u64>,
    /// Whether a message is under way to whoever compares; where it is lost, the chore is due again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
}

impl Chore {
    /// What clears up after a connection that was to be made and never was.
    pub fn clear_up(tenant: &TenantId, connection: &ConnectionId, due_at: DateTime<Utc>) -> Self {
        let (tenant, connection) = (tenant.clone(), connection.clone());
        Self { tenant, connection, stage: Stage::Remove, due_at, compared: Cursor::default(), revision: 1 }
    }

    /// The first of a connection that was just made: its hosts' capacities, since it was checked for that.
    pub fn first(tenant: &TenantId, connection: &ConnectionId, now: DateTime<Utc>) -> Self {
        let (tenant, connection) = (tenant.clone(), connection.clone());
        let stage = Stage::Capacities { after: None };
        Self { tenant, connection, stage, due_at: now, compared: Cursor::default(), revision: 1 }
    }
}

impl Store {
    /// What is next to be done about a connection.
    pub async fn chore(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
    ) -> Result<Option<Chore>, StoreError> {
        self.get(&keys::chore(tenant, connection)).await?.map(super::from_item).transpose()
    }

    /// Writes a chore, whatever there was before.
    pub async fn put_chore(&self, chore: &Chore, shards: u16) -> Result<(), StoreError> {
        let item = Some(chore_item(chore, shards)?);
        let put = self.client().put_item().table_name(self.table()).set_item(item);
        put.send().await.map_err(|error| call("PutItem", &error))?;
        Ok(())
    }

    /// Removes a connection's chore: nothing is to be done about it any more.
    pub async fn delete_chore(&self, tenant: &TenantId, connection: &ConnectionId) -> Result<(), StoreError> {
        let key = Some(key_item(&keys::chore(tenant, connection)));
        let delete = self.client().delete_item().table_name(self.table()).set_key(key);
        delete.send().await.map_err(|error| call("DeleteItem", &error))?;
        Ok(())
    }

    /// Has a connection checked with the next run: something has been found wrong with it.
    pub async fn hasten_check(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        now: DateTime<Utc>,
        shards: u16,
    ) -> Result<(), StoreError> {
        let chore = self.chore(tenant, connection).await?;
        let is_due = |chore: &Chore| chore.stage == Stage::Check && chore.due_at <= now;
        if let Some(chore) = chore.filter(|chore| chore.stage != Stage::Remove && !is_due(chore)) {
            // Where somebody else is at it, that is soon enough.
            self.replace_chore(&chore, Stage::Check, now, shards).await?;
        }
        Ok(())
    }

    /// Writes that `stage` is due at `due_at`, in the place of `before`; `None` where that is no longer what is
    /// stored.
    pub async fn replace_chore(
        &self,
        before: &Chore,
        stage: Stage,
        due_at: DateTime<Utc>,
        shards: u16,
    ) -> Result<Option<Chore>, StoreError> {
        let compared = match &before.stage {
            Stage::Compare(cursor) => Cursor { queued: false, ..cursor.clone() },
            _ => before.compared.clone(),
        };
        let after = Chore { stage, due_at, compared, revision: before.revision + 1, ..before.clone() };
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(chore_item(&after, shards)?))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(before.revision));
        Ok(self.put_if(put).await?.then_some(after))
    }
}

pub(super) fn chore_item(chore: &Chore, shards: u16) -> Result<Item, StoreError> {
    let mut item = to_item(&keys::chore(&chore.tenant, &chore.connection), chore)?;
    let id = chore.connection.as_str();
    item.insert("revision".to_owned(), number(chore.revision));
    let partition = keys::todo(keys::shard(id, shards));
    keys::place(&mut item, Index::Todo, partition, keys::by_time(chore.due_at, id));
    item.insert(MARK.to_owned(), AttributeValue::Bool(true));
    Ok(item)
}

/// What tells a chore from all else that is to be done.
const MARK: &str = "chore";

/// Whether an item of the index of what is to be done is a chore.
pub(super) fn is_chore(item: &Item) -> bool {
    item.contains_key(MARK)
}
