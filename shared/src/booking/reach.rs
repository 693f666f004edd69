//! How far a look at the hosts' time reaches, and what is read for it.

use std::collections::BTreeSet;

use super::Plan;
use super::clash::LOOK_AHEAD;
use crate::deps::Deps;
use crate::domain::host::LedgerHost;
use crate::domain::interval::Interval;
use crate::store::DATA;
use crate::store::keys::{self, Key};
use crate::store::ledger::{Ledger, USED, Week};

/// How much of the hosts' time to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The dates alone.
    Dates,
    /// The dates and the 14 days after each, in which a free time is looked for.
    LookAhead,
}

/// The weeks of the ledger that tell whether hosts are free for `plan`.
pub(super) fn weeks(plan: &Plan, reach: Reach) -> BTreeSet<Week> {
    // A buffer is at most a day. It is not known before the settings are read, so the weeks that it could
    // reach are read with the rest.
    let buffer_margin = 24 * 60;
    let mut spans = plan.dates.clone();
    if reach == Reach::LookAhead {
        spans.extend(plan.dates.iter().map(|date| Interval { ends_at: date.ends_at + LOOK_AHEAD, ..*date }));
    }
    Week::touched(&spans, buffer_margin)
}

/// What is read of each item: whatever things are kept in, quotas, and those weeks of the ledger.
pub(super) fn attributes(weeks: &BTreeSet<Week>) -> BTreeSet<String> {
    let mut attributes = Ledger::attributes(weeks);
    attributes.extend([DATA, USED].map(str::to_owned));
    attributes
}

/// The keys of what tells of the time and the quotas of `hosts`.
pub(super) fn time_keys(deps: &Deps, hosts: &BTreeSet<LedgerHost>, weeks: &BTreeSet<Week>) -> Vec<Key> {
    let today = deps.clock.now().date_naive();
    let mut keys = Ledger::keys(hosts, weeks);
    keys.extend(hosts.iter().map(|host| keys::quota(host, today)));
    keys
}
