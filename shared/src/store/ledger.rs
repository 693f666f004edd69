//! Whose time is taken when: the ledger that makes double booking impossible.
//!
//! A host's busy times are kept in blocks of 101 days, one item each, with a version. A booking reads the
//! blocks that it touches and writes them back on the condition that their versions are still the same. Blocks
//! of 101 days, aligned to the epoch, keep the longest series (60 dates, months apart) within the 100 actions
//! of one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem, Update};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::keys::{self, Key};
use super::{Item, Store, StoreError, build, key_item, number};
use crate::domain::host::LedgerHost;
use crate::domain::ids::{MeetingId, TenantId};

use crate::domain::interval::Interval;

/// The days of one block.
const BLOCK_DAYS: i64 = 101;
const BLOCK_SECONDS: i64 = BLOCK_DAYS * 86_400;

/// A taken span of a host's time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Busy {
    /// When.
    pub interval: Interval,
    /// By what.
    pub by: BusyBy,
}

/// What takes a host's time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BusyBy {
    /// A meeting that was booked here, by a tenant of that tag.
    Meeting(MeetingId, TenantTag),
}

/// Tells a ledger's readers whether an entry is their own tenant's, without naming other tenants.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantTag(String);

impl TenantTag {
    /// The tag of a tenant: the first 64 bits of its SHA-256 hash.
    pub fn of(tenant: &TenantId) -> Self {
        Self(hex::encode(&Sha256::digest(tenant.as_str().as_bytes())[..8]))
    }
}

/// A host's busy times in one block, as they were read.
#[derive(Debug, Clone, Default)]
pub struct Block {
    version: u64,
    busy: BTreeSet<Busy>,
}

/// The blocks that were read of some hosts.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    blocks: BTreeMap<(LedgerHost, i64), Block>,
}

impl Busy {
    /// The meeting that takes the time, where it is that tenant's.
    pub fn meeting_of(&self, tenant: &TenantId) -> Option<&MeetingId> {
        let BusyBy::Meeting(id, tag) = &self.by;
        (*tag == TenantTag::of(tenant)).then_some(id)
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
        items: &std::collections::HashMap<Key, Item>,
    ) -> Result<Self, StoreError> {
        let mut ledger = Self::default();
        for host in hosts {
            for block in blocks {
                let read = items.get(&keys::ledger(host, *block)).map(read_block).transpose()?;
                ledger.blocks.insert((host.clone(), *block), read.unwrap_or_default());
            }
        }
        Ok(ledger)
    }

    /// Takes over what `other` has read.
    pub fn extend(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
    }

    /// What takes a host's time, without doubles (a span that crosses into the next block stands in both).
    pub fn busy<'a>(&'a self, host: &LedgerHost) -> BTreeSet<&'a Busy> {
        let first = (host.clone(), i64::MIN);
        let last = (host.clone(), i64::MAX);
        self.blocks.range(first..=last).flat_map(|(_, block)| &block.busy).collect()
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
        for ((_, number_of_block), block) in
            self.blocks.range((host.clone(), i64::MIN)..=(host.clone(), i64::MAX))
        {
            let mut busy: BTreeSet<Busy> =
                block.busy.iter().filter(|entry| entry.by != *by).cloned().collect();
            let kept = keep.iter().filter(|interval| blocks(interval).contains(number_of_block));
            busy.extend(kept.map(|interval| Busy { interval: *interval, by: by.clone() }));
            if busy != block.busy {
                writes.push(put_block(table, &keys::ledger(host, *number_of_block), block.version, &busy)?);
            } else if near.contains(number_of_block) {
                writes.push(check_block(table, &keys::ledger(host, *number_of_block), block.version)?);
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

    /// The write that counts so many `more` writes of `host` on `day`, where `limit` is not passed by them.
    pub fn count_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        limit: u32,
        more: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let expires = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(3);
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("SET expires_at = :expires ADD used :more")
            .condition_expression("(attribute_not_exists(used) AND :more <= :limit) OR used <= :left")
            .expression_attribute_values(":more", number(more))
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":left", number(i64::from(limit) - i64::from(more)))
            .expression_attribute_values(":expires", number(expires.timestamp()))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The write that takes back what [`Store::count_writes`] counted.
    pub fn uncount_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        counted: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("ADD used :less")
            .expression_attribute_values(":less", number(-i64::from(counted)))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The write that notes that the day's writes of `host` are used up.
    pub fn exhaust_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        limit: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("SET used = :limit")
            .expression_attribute_values(":limit", number(limit))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// How many writes a quota item counts.
pub fn used_writes(item: Option<&Item>) -> u32 {
    item.and_then(|item| item.get("used"))
        .and_then(|value| value.as_n().ok())
        .and_then(|used| used.parse().ok())
        .unwrap_or(0)
}

fn blocks(interval: &Interval) -> std::ops::RangeInclusive<i64> {
    let first = interval.starts_at.timestamp().div_euclid(BLOCK_SECONDS);
    // The end is not part of the span.
    let last = (interval.ends_at.timestamp() - 1).div_euclid(BLOCK_SECONDS);
    first..=last.max(first)
}

fn read_block(item: &Item) -> Result<Block, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable(serde::de::Error::custom(why));
    let version = item
        .get("version")
        .and_then(|value| value.as_n().ok())
        .and_then(|version| version.parse().ok())
        .ok_or_else(|| unreadable("a ledger block has no version"))?;
    let mut busy = BTreeSet::new();
    for entry in item.get("busy").and_then(|value| value.as_l().ok()).into_iter().flatten() {
        let entry = entry.as_s().map_err(|_| unreadable("a ledger entry is not a text"))?;
        busy.insert(entry.parse().map_err(|_| unreadable("a ledger entry cannot be read"))?);
    }
    Ok(Block { version, busy })
}

fn put_block(
    table: &str,
    key: &Key,
    version: u64,
    busy: &BTreeSet<Busy>,
) -> Result<TransactWriteItem, StoreError> {
    let mut item = key_item(key);
    item.insert("version".to_owned(), number(version + 1));
    let entries = busy.iter().map(|entry| AttributeValue::S(entry.to_string())).collect();
    item.insert("busy".to_owned(), AttributeValue::L(entries));
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

/// `start-in-seconds length-in-seconds m:meeting tag`: short, since an item holds 400 KB.
impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.interval.starts_at.timestamp();
        let length = self.interval.length().num_seconds();
        match &self.by {
            BusyBy::Meeting(id, TenantTag(tag)) => write!(f, "{start} {length} m:{id} {tag}"),
        }
    }
}

/// A ledger entry that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("not a ledger entry")]
pub struct InvalidBusy;

impl FromStr for Busy {
    type Err = InvalidBusy;

    fn from_str(text: &str) -> Result<Self, InvalidBusy> {
        let mut parts = text.splitn(4, ' ');
        let mut next = || parts.next().ok_or(InvalidBusy);
        let start: i64 = next()?.parse().map_err(|_| InvalidBusy)?;
        let length: i64 = next()?.parse().map_err(|_| InvalidBusy)?;
        let id = next()?.strip_prefix("m:").ok_or(InvalidBusy)?;
        let starts_at = DateTime::<Utc>::from_timestamp(start, 0).ok_or(InvalidBusy)?;
        let ends_at = starts_at + TimeDelta::try_seconds(length).ok_or(InvalidBusy)?;
        let tag = TenantTag(next()?.to_owned());
        let by = BusyBy::Meeting(id.parse().map_err(|_| InvalidBusy)?, tag);
        Ok(Self { interval: Interval { starts_at, ends_at }, by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_back_and_stays_under_a_hundred_bytes() {
        let starts_at = "2027-12-01T13:30:00Z".parse().unwrap();
        let id = MeetingId::new(uuid::Uuid::from_u128(u128::MAX));
        let tag = TenantTag::of(&"school".parse().unwrap());
        let busy = Busy { interval: Interval::of_minutes(starts_at, 1440), by: BusyBy::Meeting(id, tag) };
        let text = busy.to_string();
        assert!(text.len() <= 100, "{text}");
        assert_eq!(text.parse::<Busy>().unwrap(), busy);
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
