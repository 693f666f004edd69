//! Whether a host is free.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::host::{Host, LedgerHost};
use crate::domain::interval::{Interval, peak};
use crate::store::ledger::{Busy, BusyBy, Ledger, TenantTag};

/// How far ahead a free time is looked for.
pub(super) const LOOK_AHEAD: TimeDelta = TimeDelta::days(14);

/// A date that a host is not free for, and what is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The start of the date that was asked for.
    pub occurrence_start: DateTime<Utc>,
    /// Whose time is taken.
    pub host: LedgerHost,
    /// By what, and when.
    pub busy: Busy,
}

/// A host's time, as far as it was read.
#[derive(Debug)]
pub(super) struct Calendar<'a> {
    host: &'a Host,
    busy: Vec<Busy>,
    /// The longest span among them: nothing that starts earlier than this before a date can reach into it.
    longest: TimeDelta,
    load: usize,
    buffer: u16,
    tenant: TenantTag,
}

impl<'a> Calendar<'a> {
    /// The time of `host` by `ledger` for the tenant of that tag, without what `ignore` takes.
    pub(super) fn new(
        ledger: &Ledger,
        host: &'a Host,
        tenant: TenantTag,
        ignore: Option<BusyBy>,
        buffer: u16,
    ) -> Self {
        let busy: Vec<Busy> =
            ledger.busy(&host.ledger()).filter(|busy| Some(busy.by) != ignore).copied().collect();
        let ignored = ledger.busy(&host.ledger()).count() - busy.len();
        let load = ledger.taken(&host.ledger()).saturating_sub(ignored);
        let longest = busy.iter().map(|busy| busy.interval.length()).max().unwrap_or_default();
        Self { host, busy, longest, load, buffer, tenant }
    }

    /// How many times of the host are taken, in all of the ledger's blocks that were read in part.
    pub(super) fn load(&self) -> usize {
        self.load
    }

    /// What is in the way of `dates`.
    pub(super) fn clashes(&self, dates: &[Interval]) -> Vec<Clash> {
        dates
            .iter()
            .filter(|date| !self.is_free_for(date))
            .flat_map(|date| {
                self.near(date.widened(self.buffer)).map(|busy| Clash {
                    occurrence_start: date.starts_at,
                    host: self.host.ledger(),
                    busy: *busy,
                })
            })
            .collect()
    }

    /// Whether the host is free for all of `dates`.
    pub(super) fn is_free(&self, dates: &[Interval]) -> bool {
        dates.iter().all(|date| self.is_free_for(date))
    }

    /// Whether something that was made in Zoom takes place during one of `dates`.
    pub(super) fn has_zoom_time(&self, dates: &[Interval]) -> bool {
        dates.iter().any(|date| self.near(*date).any(|busy| busy.zoom_number().is_some()))
    }

    /// How much later than planned `dates` would all be free: at once, or when something in the way has
    /// ended; within 14 days and not before `now`.
    pub(super) fn next_free(&self, dates: &[Interval], now: DateTime<Utc>) -> Option<TimeDelta> {
        let first = dates.first()?;
        let least = (now - first.starts_at).max(TimeDelta::zero());
        let buffer = TimeDelta::minutes(i64::from(self.buffer));
        let mut shifts: BTreeSet<TimeDelta> = BTreeSet::from([least]);
        for date in dates {
            let window = Interval { starts_at: date.starts_at, ends_at: date.ends_at + LOOK_AHEAD };
            let ends = self.near(window).map(|busy| busy.interval.ends_at + buffer - date.starts_at);
            shifts.extend(ends.filter(|shift| *shift > least && *shift <= LOOK_AHEAD));
        }
        shifts.into_iter().find(|shift| {
            dates.iter().all(|date| {
                self.is_free_for(&Interval {
                    starts_at: date.starts_at + *shift,
                    ends_at: date.ends_at + *shift,
                })
            })
        })
    }

    fn is_free_for(&self, date: &Interval) -> bool {
        let window = date.widened(self.buffer);
        let foreign = |busy: &Busy| match busy.by {
            BusyBy::Meeting(_, tag) => tag != self.tenant,
            // What was made in Zoom is the account's own.
            BusyBy::Zoom(_) => false,
        };
        // How many meetings the host may run at once is for a tenant to say of its own alone.
        let shared = self.near(window).any(foreign);
        let most = if shared { 1 } else { usize::from(self.host.concurrent_meetings.max(1)) };
        let near: Vec<Interval> = self.near(window).map(|busy| busy.interval).collect();
        peak(&near, &window) < most
    }

    /// What overlaps `window`, by its start.
    fn near(&self, window: Interval) -> impl Iterator<Item = &Busy> {
        let earliest = window.starts_at - self.longest;
        let from = self.busy.partition_point(|busy| busy.interval.starts_at < earliest);
        self.busy[from..]
            .iter()
            .take_while(move |busy| busy.interval.starts_at < window.ends_at)
            .filter(move |busy| busy.interval.overlaps(&window))
    }
}
