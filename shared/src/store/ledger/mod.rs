//! Whose time is taken when: the ledger that makes double booking impossible.
//!
//! A host's busy times are kept in blocks of 101 days, one item each, with a version. A booking reads the
//! blocks that it touches and writes them back on the condition that their versions are still the same. Blocks
//! of 101 days, aligned to the epoch, keep the longest series (60 dates, months apart) within the 100 actions
//! of one transaction.
//!
//! Within a block each week is an attribute of its own, so that a reader takes the weeks that it needs and not
//! all that the host has in 101 days. What is written rests on what was read: a week that was not read cannot
//! be written, and the version is the whole block's.

mod block;
mod pack;
mod quota;
mod read;
mod week;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::TransactWriteItem;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::block::{Block, TAKEN, VERSION};
pub use self::pack::pack;
pub use self::quota::{USED, used_writes};
pub use self::week::Week;
use super::keys::{self, Key};
use super::{Item, StoreError};
use crate::domain::host::LedgerHost;
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::interval::Interval;

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
    /// The meeting of that number that was made in Zoom itself.
    Zoom(u64),
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

/// The weeks that were read of some hosts, by their blocks.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    blocks: BTreeMap<(LedgerHost, i64), Block>,
}

impl Busy {
    /// The meeting that takes the time, where it is of the tenant of that tag.
    pub fn meeting_of(&self, tenant: TenantTag) -> Option<MeetingId> {
        match self.by {
            BusyBy::Meeting(id, tag) => (tag == tenant).then(|| MeetingId::new(id)),
            BusyBy::Zoom(_) => None,
        }
    }

    /// The number at Zoom of what takes the time, where it was made there.
    pub fn zoom_number(&self) -> Option<u64> {
        match self.by {
            BusyBy::Meeting(..) => None,
            BusyBy::Zoom(number) => Some(number),
        }
    }
}

impl BusyBy {
    /// A meeting of the tenant of that tag; `None` where no meeting is booked under such an id.
    pub fn meeting(id: &MeetingId, tenant: TenantTag) -> Option<Self> {
        id.uuid().map(|id| Self::Meeting(id, tenant))
    }
}

impl Ledger {
    /// The keys of the blocks that hold those weeks of those hosts.
    pub fn keys<'a>(hosts: impl IntoIterator<Item = &'a LedgerHost>, weeks: &BTreeSet<Week>) -> Vec<Key> {
        let blocks: BTreeSet<i64> = weeks.iter().map(|week| week.block()).collect();
        hosts
            .into_iter()
            .flat_map(|host| blocks.iter().map(move |block| keys::ledger(host, *block)))
            .collect()
    }

    /// The attributes of these items that tell of those weeks.
    pub fn attributes(weeks: &BTreeSet<Week>) -> BTreeSet<String> {
        let always = [VERSION, TAKEN].map(str::to_owned);
        weeks.iter().map(|week| week.attribute()).chain(always).collect()
    }

    /// Takes over what was read of those weeks of those hosts; a block that is not among `items` is empty.
    pub fn load<'a>(
        hosts: impl IntoIterator<Item = &'a LedgerHost>,
        weeks: &BTreeSet<Week>,
        items: &HashMap<Key, Item>,
    ) -> Result<Self, StoreError> {
        let mut by_block: BTreeMap<i64, Vec<Week>> = BTreeMap::new();
        for week in weeks {
            by_block.entry(week.block()).or_default().push(*week);
        }
        let mut ledger = Self::default();
        for host in hosts {
            for (number, weeks) in &by_block {
                let item = items.get(&keys::ledger(host, *number));
                let block = Block::read(item, weeks.iter().copied())?;
                ledger.blocks.insert((host.clone(), *number), block);
            }
        }
        Ok(ledger)
    }

    /// Takes over what `other` has read. Of a block that both have read that of `other` alone stays: weeks of
    /// different versions say nothing together.
    pub fn extend(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
    }

    /// What takes a host's time in the weeks that were read, in order and without doubles (a span that crosses
    /// into the next week stands in both).
    pub fn busy<'a>(&'a self, host: &LedgerHost) -> impl Iterator<Item = &'a Busy> + use<'a> {
        let mut before: Option<Week> = None;
        self.of(host).flat_map(|(_, block)| &block.weeks).flat_map(move |(week, busy)| {
            let known = before.replace(*week).is_some_and(|before| before.next() == *week);
            busy.iter().filter(move |busy| !known || busy.interval.starts_at.timestamp() >= week.begins())
        })
    }

    /// The spans of `by` that are over at `now`, as far as all weeks that they touch were read.
    pub fn over(&self, host: &LedgerHost, by: BusyBy, now: DateTime<Utc>) -> Vec<Interval> {
        let weeks: BTreeSet<Week> =
            self.of(host).flat_map(|(_, block)| block.weeks.keys()).copied().collect();
        let spans = self.busy(host).filter(|busy| busy.by == by && busy.interval.ends_at <= now);
        spans
            .map(|busy| busy.interval)
            .filter(|span| Week::of(span).all(|week| weeks.contains(&week)))
            .collect()
    }

    /// How many spans stand in the blocks of a host, those of weeks included that were not read.
    pub fn taken(&self, host: &LedgerHost) -> usize {
        self.of(host).map(|(_, block)| block.taken).sum()
    }

    /// The blocks of a host by their numbers, in order.
    fn of<'a>(&'a self, host: &LedgerHost) -> impl Iterator<Item = (i64, &'a Block)> + use<'a> {
        let all = (host.clone(), i64::MIN)..=(host.clone(), i64::MAX);
        self.blocks.range(all).map(|((_, number), block)| (*number, block))
    }

    /// The writes that let `by` take `host`'s time at `keep` and at no other time of the weeks that were read.
    ///
    /// Each is conditioned on the version that was read. A block that does not change is left out, unless a
    /// span with `buffer_minutes` around it reaches into it: then it must be unchanged, or another booking
    /// could come too near from its side.
    ///
    /// # Errors
    /// Where a week that `keep` touches was not read: nobody knows what stands there.
    pub fn writes(
        &self,
        table: &str,
        host: &LedgerHost,
        by: &BusyBy,
        keep: &[Interval],
        buffer_minutes: u16,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let read: BTreeSet<Week> = self.of(host).flat_map(|(_, block)| block.weeks.keys()).copied().collect();
        if let Some(week) = Week::touched(keep, 0).difference(&read).next() {
            let why = format!("{week:?} of {host:?} was not read");
            return Err(StoreError::Call { action: "writing the ledger", why });
        }
        let near = if buffer_minutes == 0 { BTreeSet::new() } else { Week::touched(keep, buffer_minutes) };
        let near: BTreeSet<i64> = near.into_iter().map(Week::block).collect();
        let mut writes = Vec::new();
        for (number, block) in self.of(host) {
            let changed: BTreeMap<Week, Vec<Busy>> = block
                .weeks
                .iter()
                .map(|(week, busy)| (*week, exchanged(*week, busy, by, keep)))
                .filter(|(week, busy)| block.weeks.get(week) != Some(busy))
                .collect();
            let key = keys::ledger(host, number);
            if !changed.is_empty() {
                writes.push(block.update(table, &key, &changed)?);
            } else if near.contains(&number) {
                writes.push(block.check(table, &key)?);
            }
        }
        Ok(writes)
    }
}

/// What stands in a week where `by` has `keep` and nothing else.
fn exchanged(week: Week, busy: &[Busy], by: &BusyBy, keep: &[Interval]) -> Vec<Busy> {
    let mut exchanged: Vec<Busy> = busy.iter().filter(|entry| entry.by != *by).copied().collect();
    let kept = keep.iter().filter(|interval| Week::of(interval).any(|touched| touched == week));
    exchanged.extend(kept.map(|interval| Busy { interval: *interval, by: *by }));
    exchanged.sort_unstable();
    exchanged.dedup();
    exchanged
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{AttributeValue, Update};
    use chrono::TimeDelta;

    use super::week::BLOCK_SECONDS;
    use super::*;

    /// The first moment of a block.
    const BEGINS: i64 = 206 * BLOCK_SECONDS;

    fn host() -> LedgerHost {
        LedgerHost { account_id: "a".parse().unwrap(), host_id: "h".parse().unwrap() }
    }

    fn meeting(id: u128) -> BusyBy {
        BusyBy::Meeting(Uuid::from_u128(id), TenantTag::of(&"school".parse().unwrap()))
    }

    /// An hour that begins so long after the block.
    fn hour(after: TimeDelta) -> Interval {
        Interval::of_minutes(DateTime::from_timestamp(BEGINS, 0).unwrap() + after, 60)
    }

    fn read(weeks: &BTreeSet<Week>, items: &HashMap<Key, Item>) -> Ledger {
        Ledger::load([&host()], weeks, items).unwrap()
    }

    /// Does to `items` what the writes say, as DynamoDB does.
    fn written(items: &HashMap<Key, Item>, writes: Vec<TransactWriteItem>) -> HashMap<Key, Item> {
        let mut items = items.clone();
        for update in writes.into_iter().map(|write| write.update.unwrap()) {
            let text = |name: &str| update.key[name].as_s().unwrap().clone();
            let item = items.entry(Key { pk: text("pk"), sk: text("sk") }).or_insert(update.key.clone());
            apply(&update, item);
        }
        items
    }

    fn apply(update: &Update, item: &mut Item) {
        let values = update.expression_attribute_values.clone().unwrap();
        let (sets, removed) =
            update.update_expression.split_once(" REMOVE ").unwrap_or((&update.update_expression, ""));
        for (name, value) in sets["SET ".len()..].split(", ").map(|set| set.split_once(" = ").unwrap()) {
            item.insert(name.to_owned(), values[value].clone());
        }
        for name in removed.split(", ").filter(|name| !name.is_empty()) {
            item.remove(name).unwrap();
        }
    }

    #[test]
    fn a_span_that_crosses_weeks_or_blocks_is_told_once_whichever_were_read() {
        for begins in [TimeDelta::zero(), TimeDelta::days(7)] {
            let around = |minutes| hour(begins + TimeDelta::minutes(minutes));
            let spans = [around(-120), around(-30), around(120)];
            let both = Week::touched(&spans, 0);
            let empty = read(&both, &HashMap::new());
            let writes = empty.writes("table", &host(), &meeting(1), &spans, 0).unwrap();
            let items = written(&HashMap::new(), writes);
            let told = |weeks: &BTreeSet<Week>| {
                read(weeks, &items).busy(&host()).map(|busy| busy.interval).collect::<Vec<_>>()
            };
            assert_eq!(told(&both), spans);
            assert_eq!(told(&Week::touched(&spans[..1], 0)), spans[..2]);
            assert_eq!(told(&Week::touched(&spans[2..], 0)), spans[1..]);
        }
    }

    #[test]
    fn a_week_that_was_not_read_is_neither_written_nor_lost() {
        let (first, second) = (hour(TimeDelta::zero()), hour(TimeDelta::days(7)));
        let of = |interval| Week::touched(&[interval], 0);
        let ledger = read(&of(first), &HashMap::new());
        assert!(ledger.writes("table", &host(), &meeting(1), &[first, second], 0).is_err());
        let items =
            written(&HashMap::new(), ledger.writes("table", &host(), &meeting(1), &[first], 0).unwrap());
        let ledger = read(&of(second), &items);
        assert_eq!(ledger.busy(&host()).count(), 0);
        assert!(ledger.writes("table", &host(), &meeting(2), &[first], 0).is_err());
        let items = written(&items, ledger.writes("table", &host(), &meeting(2), &[second], 0).unwrap());
        let all = read(&Week::touched(&[first, second], 0), &items);
        let told: Vec<Busy> = all.busy(&host()).copied().collect();
        let busy = |interval, by| Busy { interval, by };
        assert_eq!(told, [busy(first, meeting(1)), busy(second, meeting(2))]);
        assert_eq!(read(&of(second), &items).taken(&host()), 2);
    }

    #[test]
    fn every_write_of_a_block_is_conditioned_on_its_version_whatever_week_it_is_of() {
        let (first, second) = (hour(TimeDelta::zero()), hour(TimeDelta::days(7)));
        let write = |items: &HashMap<Key, Item>, id, interval| {
            let ledger = read(&Week::touched(&[interval], 0), items);
            ledger.writes("table", &host(), &meeting(id), &[interval], 0).unwrap()
        };
        let made = write(&HashMap::new(), 1, first);
        let condition = |writes: &[TransactWriteItem]| {
            let update = writes[0].update.as_ref().unwrap();
            let values = update.expression_attribute_values.clone().unwrap();
            (update.condition_expression.clone().unwrap(), values.get(":version").cloned())
        };
        assert_eq!(condition(&made), ("attribute_not_exists(pk)".to_owned(), None));
        let items = written(&HashMap::new(), made);
        let changed = write(&items, 2, second);
        let version = AttributeValue::N("1".to_owned());
        assert_eq!(condition(&changed), ("version = :version".to_owned(), Some(version)));
        let items = written(&items, changed);
        assert_eq!(items.values().next().unwrap()["version"], AttributeValue::N("2".to_owned()));
    }

    #[test]
    fn a_week_that_empties_leaves_nothing_behind() {
        let span = hour(TimeDelta::zero());
        let weeks = Week::touched(&[span], 0);
        let ledger = read(&weeks, &HashMap::new());
        let items =
            written(&HashMap::new(), ledger.writes("table", &host(), &meeting(1), &[span], 0).unwrap());
        let ledger = read(&weeks, &items);
        let items = written(&items, ledger.writes("table", &host(), &meeting(1), &[], 0).unwrap());
        let mut left: Vec<&String> = items.values().next().unwrap().keys().collect();
        left.sort_unstable();
        assert_eq!(left, ["pk", "sk", "taken", "version"]);
        assert_eq!(read(&weeks, &items).taken(&host()), 0);
    }
}
