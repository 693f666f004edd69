//! Which hosts' time a meeting takes, and when.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::domain::host::LedgerHost;
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;
use crate::store::ledger::{BusyBy, Ledger, TenantTag, Week};
use crate::store::{Store, StoreError};

/// Spans of time, by host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holds(BTreeMap<LedgerHost, BTreeSet<Interval>>);

impl Holds {
    /// What `meeting` takes as it stands: its host's and its alternative hosts' time.
    pub(super) fn of(meeting: &Meeting) -> Self {
        let intervals: BTreeSet<Interval> = meeting.intervals().into_iter().collect();
        if !meeting.holds_time() {
            return Self::default();
        }
        Self(meeting.ledgers().into_iter().map(|host| (host, intervals.clone())).collect())
    }

    /// What either takes.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        for (host, intervals) in &other.0 {
            union.0.entry(host.clone()).or_default().extend(intervals);
        }
        union
    }

    /// Whether `other` takes all of it too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.iter().all(|(host, intervals)| {
            other.0.get(host).is_some_and(|others| intervals.is_subset(others)) || intervals.is_empty()
        })
    }

    /// The spans that `other` does not take of every host that they are taken of here.
    pub(super) fn beyond(&self, other: &Self) -> BTreeSet<Interval> {
        let held = |host, span| other.0.get(host).is_some_and(|held| held.contains(span));
        let spans =
            self.0.iter().flat_map(|(host, spans)| spans.iter().filter(move |span| !held(host, *span)));
        spans.copied().collect()
    }

    /// The hosts.
    pub(super) fn hosts(&self) -> BTreeSet<LedgerHost> {
        self.0.keys().cloned().collect()
    }

    /// The ledger's weeks that the spans touch.
    pub(super) fn weeks(&self) -> BTreeSet<Week> {
        let all: Vec<Interval> = self.0.values().flatten().copied().collect();
        Week::touched(&all, 0)
    }

    /// The writes that make the ledger hold exactly this for `meeting`, as far as `ledger` was read.
    pub(super) fn writes(
        &self,
        store: &Store,
        ledger: &Ledger,
        meeting: &Meeting,
        hosts: &BTreeSet<LedgerHost>,
        buffer_minutes: u16,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let by = BusyBy::meeting(&meeting.id, TenantTag::of(&meeting.tenant)).ok_or_else(|| {
            let why = format!("{} is not an id that meetings are booked under", meeting.id);
            StoreError::Call { action: "writing the ledger", why }
        })?;
        let mut writes = Vec::new();
        for host in hosts {
            let keep: Vec<Interval> = self.0.get(host).into_iter().flatten().copied().collect();
            writes.extend(ledger.writes(store.table(), host, &by, &keep, buffer_minutes)?);
        }
        Ok(writes)
    }
}
