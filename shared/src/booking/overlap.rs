//! Overlaps that come from Zoom: nobody asked here whether the time was free.
//!
//! They are kept, and told by a warning on the meeting. It is raised where something was made or moved in Zoom, and
//! goes once the host is free for all that is to come.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::BookingError;
use super::clash::Calendar;
use crate::deps::Deps;
use crate::domain::host::{Host, LedgerHost};
use crate::domain::ids::{HostId, MeetingId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{Meeting, Warning};
use crate::store::StoreError;
use crate::store::ledger::{BusyBy, Ledger, TenantTag, Week};

/// How often a warning is written again where others write the meeting.
const MOST_TRIES: usize = 4;

/// Whether a meeting carries the warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    /// It does not, or nobody can tell at this moment.
    Down,
    /// It does: that date is the first that overlaps.
    Up(DateTime<Utc>),
}

/// What is looked at to tell whether a meeting overlaps.
#[derive(Debug)]
pub(crate) struct Judge {
    hosts: Vec<Host>,
}

impl Judge {
    /// Knows the meeting's hosts, as far as its connection does.
    pub(crate) async fn of(deps: &Deps, meeting: &Meeting) -> Result<Self, StoreError> {
        let Some(booked) = &meeting.host else { return Ok(Self { hosts: Vec::new() }) };
        let alternatives = meeting.alternative_hosts.iter().map(|host| &host.host_id);
        let ids: Vec<&HostId> = std::iter::once(&booked.host_id).chain(alternatives).collect();
        let mut hosts = Vec::with_capacity(ids.len());
        for id in ids {
            hosts.extend(deps.store.host(&meeting.tenant, &booked.connection_id, id).await?);
        }
        Ok(Self { hosts })
    }

    /// Knows those hosts.
    pub(crate) fn knowing<'a>(hosts: impl IntoIterator<Item = &'a Host>) -> Self {
        Self { hosts: hosts.into_iter().cloned().collect() }
    }

    /// The first date to come on which a host has more to do than it can, by `ledger`. Where the meeting does not
    /// carry the warning yet, only what has to do with Zoom counts: `changed` tells that the meeting itself, or
    /// one beside it, was changed there.
    pub(crate) fn overlap(
        &self,
        meeting: &Meeting,
        ledger: &Ledger,
        changed: bool,
        now: DateTime<Utc>,
    ) -> Flag {
        let tag = TenantTag::of(&meeting.tenant);
        let own = BusyBy::meeting(&meeting.id, tag);
        let calendars: Vec<Calendar<'_>> =
            self.hosts.iter().map(|host| Calendar::new(ledger, host, tag, own, 0)).collect();
        let known = changed || meeting.warnings.contains(&Warning::OverlapsInZoom);
        let overlaps = |date: &Interval| {
            let mut taken = calendars.iter().filter(|calendar| !calendar.is_free(&[*date]));
            taken.any(|calendar| known || calendar.has_zoom_time(&[*date]))
        };
        let first = to_come(meeting, now).into_iter().find(overlaps);
        first.map_or(Flag::Down, |date| Flag::Up(date.starts_at))
    }

    fn ledgers(&self) -> BTreeSet<LedgerHost> {
        self.hosts.iter().map(Host::ledger).collect()
    }
}

impl Flag {
    /// Puts the warning on a meeting or takes it off; `false` where it is so already.
    pub(crate) fn set(self, meeting: &mut Meeting) -> bool {
        let is_up = self != Self::Down;
        if meeting.warnings.contains(&Warning::OverlapsInZoom) == is_up {
            return false;
        }
        if is_up {
            meeting.warnings.push(Warning::OverlapsInZoom);
        } else {
            meeting.warnings.retain(|warning| *warning != Warning::OverlapsInZoom);
        }
        true
    }
}

fn to_come(meeting: &Meeting, now: DateTime<Utc>) -> Vec<Interval> {
    meeting.intervals().into_iter().filter(|date| date.ends_at > now).collect()
}

/// Looks whether a meeting overlaps, and writes whether it carries the warning.
pub(crate) async fn judge(
    deps: &Deps,
    tenant: &TenantId,
    id: &MeetingId,
    changed: bool,
) -> Result<Flag, BookingError> {
    for _ in 0..MOST_TRIES {
        let Some(before) = deps.store.meeting(tenant, id).await? else { return Ok(Flag::Down) };
        // Whoever changes it decides on its time; it is looked at again.
        if before.unsettled_since().is_some() || !before.holds_time() {
            return Ok(Flag::Down);
        }
        let now = deps.clock.now();
        let judge = Judge::of(deps, &before).await?;
        let weeks = Week::touched(&to_come(&before, now), 0);
        let ledger = deps.store.ledger(&judge.ledgers(), &weeks).await?;
        let flag = judge.overlap(&before, &ledger, changed, now);
        let mut after = before.clone();
        if !flag.set(&mut after) {
            return Ok(flag);
        }
        // Not its `updated_at`: nobody has changed it, here or in Zoom.
        after.version += 1;
        after.revision += 1;
        if deps.store.replace_meeting(&after, &before, now, deps.config.reminder_shards).await? {
            return Ok(flag);
        }
    }
    Ok(Flag::Down)
}
