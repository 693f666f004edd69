//! Whose time is taken when: the ledger that makes double booking impossible.
//!
//! A host's busy times are kept in blocks of 101 days, one item each, with a version. A booking reads the
//! blocks that it touches and writes them back on the condition that their versions are still the same. Blocks
//! of 101 days, aligned to the epoch, keep the longest series (60 dates, months apart) within the 100 actions
//! of one transaction.

mod pack;
mod quota;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use self::pack::pack;
pub use self::quota::used_writes;
use super::keys::{self, Key};
use super::{Item, Store, StoreError, build, key_item, number};
use crate::domain::host::LedgerHost;
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::interval::Interval;

/// The days of one block.
const BLOCK_DAYS: i64 = 101;
const BLOCK_SECONDS: i64 = BLOCK_DAYS * 86_400;

/// A taken span of a host's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Busy {
    /// When.
    pub interval: Interval,
    /// By what.
    pub by: BusyBy,
}

/// What takes a host's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BusyBy {
    /// The meeting of that UUID that was booked here, by a tenant of that tag.
    Meeting(Uuid, TenantTag),
}

/// Tells a ledger's readers whether an entry is their own tenant's, without naming other tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantTag([u8; 8]);

impl TenantTag {
    /// The tag of a tenant: the first 64 bits of its SHA-256 hash.
    pub fn of(tenant: &TenantId) -> Self {
        let hash = Sha256::digest(tenant.as_str().as_bytes());
        Self(std::array::from_fn(|place| hash[place]))
    }
}

/// A host's busy times in one block, as they were read.
#[derive(Debug, Clone, Default)]
pub struct Block {
    version: u64,
    /// In order.
    busy: Vec<Busy>,
}

/// The blocks that were read of some hosts.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    blocks: BTreeMap<(LedgerHost, i64), Block>,
}

impl Busy {
    /// The meeting that takes the time, where it is of the tenant of that tag.
    pub fn meeting_of(&self, tenant: TenantTag) -> Option<MeetingId> {
        let BusyBy::Meeting(id, tag) = self.by;
        (tag == tenant).then(|| MeetingId::new(id))
    }
}

impl BusyBy {
    /// A meeting of the tenant of that tag; `None` where no meeting is booked under such an id.
    pub fn meeting(id: &MeetingId, tenant: TenantTag) -> Option<Self> {
        id.uuid().map(|id| Self::Meeting(id, tenant))
    }
}

impl Ledger {
    /// The blocks that `intervals`, each with `margin_minutes` around it, touch.
    pub fn blocks_of(intervals: &[Interval], margin_minutes: u16) -> BTreeSet<i64> {
        intervals.iter().flat_map(|interval| blocks(&interval.widened(margin_minutes))).collect()
    }

    /// The keys of those blocks of those hosts.
    pub fn keys<'a>(hosts: impl IntoIterator<Item = &'a LedgerHost>, blocks: &BTreeSet<i64>) -> Vec<Key> {
        hosts
            .into_iter()
            .flat_map(|host| blocks.iter().map(move |block| keys::ledger(host, *block)))
            .collect()
    }

    /// Takes over what was read of those blocks of those hosts; one that is not among `items` is empty.
    pub fn load<'a>(
        hosts: impl IntoIterator<Item = &'a LedgerHost>,
        blocks: &BTreeSet<i64>,
        items: &HashMap<Key, Item>,
    ) -> Result<Self, StoreError> {
        let mut ledger = Self::default();
        for host in hosts {
            for block in blocks {
                let item = items.get(&keys::ledger(host, *block));
                let read = item.map(|item| read_block(*block, item)).transpose()?;
                ledger.blocks.insert((host.clone(), *block), read.unwrap_or_default());
            }
        }
        Ok(ledger)
    }

    /// Takes over what `other` has read.
    pub fn extend(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
    }

    /// What takes a host's time, in order and without doubles (a span that crosses into the next block stands
    /// in both).
    pub fn busy<'a>(&'a self, host: &LedgerHost) -> impl Iterator<Item = &'a Busy> + use<'a> {
        let mut after = None;
        self.of(host).flat_map(move |(number, block)| {
            let begins = number * BLOCK_SECONDS;
            let known = after.replace(number + 1) == Some(number);
            block.busy.iter().filter(move |busy| !known || busy.interval.starts_at.timestamp() >= begins)
        })
    }

    /// The blocks of a host by their numbers, in order.
    fn of<'a>(&'a self, host: &LedgerHost) -> impl Iterator<Item = (i64, &'a Block)> + use<'a> {
        let all = (host.clone(), i64::MIN)..=(host.clone(), i64::MAX);
        self.blocks.range(all).map(|((_, number), block)| (*number, block))
    }

    /// The writes that let `by` take `host`'s time at `keep` and at no other time of the blocks that were
    /// read.
    ///
    /// Each is conditioned on the version that was read. A block that does not change is left out, unless a
    /// span with `buffer_minutes` around it reaches into it: then it must be unchanged, or another booking
    /// could come too near from its side.
    pub fn writes(
        &self,
        table: &str,
        host: &LedgerHost,
        by: &BusyBy,
        keep: &[Interval],
        buffer_minutes: u16,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let near = if buffer_minutes == 0 { BTreeSet::new() } else { Self::blocks_of(keep, buffer_minutes) };
        let mut writes = Vec::new();
        for (number, block) in self.of(host) {
            let mut busy: Vec<Busy> = block.busy.iter().filter(|entry| entry.by != *by).copied().collect();
            let kept = keep.iter().filter(|interval| blocks(interval).contains(&number));
            busy.extend(kept.map(|interval| Busy { interval: *interval, by: *by }));
            busy.sort_unstable();
            busy.dedup();
            if busy != block.busy {
                writes.push(put_block(table, host, number, block.version, &busy)?);
            } else if near.contains(&number) {
                writes.push(check_block(table, &keys::ledger(host, number), block.version)?);
            }
        }
        Ok(writes)
    }
}

impl Store {
    /// Reads those blocks of those hosts.
    pub async fn ledger(
        &self,
        hosts: &BTreeSet<LedgerHost>,
        blocks: &BTreeSet<i64>,
    ) -> Result<Ledger, StoreError> {
        let items = self.batch_get(Ledger::keys(hosts, blocks)).await?;
        Ledger::load(hosts, blocks, &items)
    }
}

fn blocks(interval: &Interval) -> std::ops::RangeInclusive<i64> {
    let first = interval.starts_at.timestamp().div_euclid(BLOCK_SECONDS);
    // The end is not part of the span.
    let last = (interval.ends_at.timestamp() - 1).div_euclid(BLOCK_SECONDS);
    first..=last.max(first)
}

fn read_block(number: i64, item: &Item) -> Result<Block, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable(serde::de::Error::custom(why));
    let version = item
        .get("version")
        .and_then(|value| value.as_n().ok())
        .and_then(|version| version.parse().ok())
        .ok_or_else(|| unreadable("a ledger block has no version"))?;
    let busy = item
        .get("busy")
        .and_then(|value| value.as_b().ok())
        .ok_or_else(|| unreadable("a ledger block has no busy times"))?;
    Ok(Block { version, busy: pack::unpack(number, busy.as_ref())? })
}

fn put_block(
    table: &str,
    host: &LedgerHost,
    number_of_block: i64,
    version: u64,
    busy: &[Busy],
) -> Result<TransactWriteItem, StoreError> {
    let mut item = key_item(&keys::ledger(host, number_of_block));
    item.insert("version".to_owned(), number(version + 1));
    item.insert("busy".to_owned(), AttributeValue::B(Blob::new(pack(number_of_block, busy)?)));
    let put = Put::builder().table_name(table).set_item(Some(item));
    // A block is never deleted, so version 0 means that it was not there.
    let put = if version == 0 {
        put.condition_expression("attribute_not_exists(pk)")
    } else {
        put.condition_expression("version = :version")
            .expression_attribute_values(":version", number(version))
    };
    Ok(TransactWriteItem::builder().put(put.build().map_err(|error| build(&error))?).build())
}

fn check_block(table: &str, key: &Key, version: u64) -> Result<TransactWriteItem, StoreError> {
    let check = ConditionCheck::builder().table_name(table).set_key(Some(key_item(key)));
    let check = if version == 0 {
        check.condition_expression("attribute_not_exists(pk)")
    } else {
        check
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(version))
    };
    let check = check.build().map_err(|error| build(&error))?;
    Ok(TransactWriteItem::builder().condition_check(check).build())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    #[test]
    fn a_span_that_crosses_blocks_is_told_once_whichever_blocks_were_read() {
        let host = LedgerHost { account_id: "a".parse().unwrap(), host_id: "h".parse().unwrap() };
        let by = BusyBy::Meeting(Uuid::from_u128(1), TenantTag::of(&"school".parse().unwrap()));
        let hour = |seconds| Interval::of_minutes(DateTime::from_timestamp(seconds, 0).unwrap(), 60);
        let begins = 206 * BLOCK_SECONDS;
        let spans = [hour(begins - 7200), hour(begins - 1800), hour(begins + 7200)];
        let both: BTreeSet<i64> = [205, 206].into();
        let empty = Ledger::load([&host], &both, &HashMap::new()).unwrap();
        let written = empty.writes("table", &host, &by, &spans, 0).unwrap();
        let items: HashMap<Key, Item> = written
            .into_iter()
            .map(|write| write.put.unwrap().item)
            .map(|item| {
                let text = |name: &str| item[name].as_s().unwrap().clone();
                (Key { pk: text("pk"), sk: text("sk") }, item)
            })
            .collect();
        let told = |blocks: &BTreeSet<i64>| {
            let ledger = Ledger::load([&host], blocks, &items).unwrap();
            ledger.busy(&host).map(|busy| busy.interval).collect::<Vec<_>>()
        };
        assert_eq!(told(&both), spans);
        assert_eq!(told(&[205].into()), spans[..2]);
        assert_eq!(told(&[206].into()), spans[1..]);
    }

    #[test]
    fn a_block_without_its_busy_times_is_an_error() {
        let version = ("version".to_owned(), AttributeValue::N("1".to_owned()));
        assert!(read_block(206, &[version].into()).is_err());
    }

    #[test]
    fn sixty_dates_ten_months_apart_touch_at_most_62_blocks() {
        // Each date crosses midnight UTC; whichever the first day, the blocks fit one transaction.
        for shift in 0..BLOCK_DAYS {
            let first: DateTime<Utc> = "2027-01-01T23:30:00Z".parse().unwrap();
            let intervals: Vec<Interval> = (0..60)
                .map(|n| {
                    let months = chrono::Months::new(n * 10);
                    Interval::of_minutes(first + TimeDelta::days(shift) + months, 60)
                })
                .collect();
            let touched = Ledger::blocks_of(&intervals, 0).len();
            assert!(touched <= 62, "{touched} blocks from day {shift}");
        }
    }
}
