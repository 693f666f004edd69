//! What was made in Zoom itself takes its host's time.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::shown::{LONGEST_TOPIC, is_same};
use super::{Repair, look_around};
use crate::booking::{BookingError, Race};
use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::domain::host::LedgerHost;
use crate::domain::ids::{HostId, MeetingId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};
use crate::store::TransactError;
use crate::store::ledger::{Busy, BusyBy, Ledger, TenantTag, Week};
use crate::store::zoom_meetings::MadeInZoom;
use crate::zoom::meetings::MeetingReply;

/// How far ahead dates take time. What is farther away comes nearer, and is taken by a later comparison; so few
/// blocks are written in one transaction.
pub(super) const REACH: TimeDelta = TimeDelta::days(730);

/// After how long a booking has heard from Zoom, or was settled by asking: the request's lease, and a run.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(2);

/// What claims a number that takes time as if it was made in Zoom.
#[derive(Debug, Clone, Copy)]
pub(super) enum Claim<'a> {
    /// Nothing: should it be claimed meanwhile, it is one of Lectern's.
    None,
    /// A meeting here that no longer is the one.
    Dead,
    /// Another tenant's meeting, which takes the time that was booked for it, if that is still so.
    Foreign(Option<&'a Meeting>),
}

/// Has what Zoom shows take its host's time, and no longer what it took before.
pub(super) async fn take(
    deps: &Deps,
    connection: &Connection,
    kind: Kind,
    reply: &MeetingReply,
    claim: Claim<'_>,
) -> Result<Repair, BookingError> {
    let account = &connection.account_id;
    let Ok(host_id) = HostId::try_from(reply.host_id.clone()) else { return Ok(Repair::Nothing) };
    let host = LedgerHost { account_id: account.clone(), host_id };
    let mut race = Race::start();
    loop {
        let now = deps.clock.now();
        let mut made = made(kind, reply, now);
        if let Claim::Foreign(Some(booked)) = claim
            && booked.ledgers().contains(&host)
        {
            let held = booked.intervals();
            made.dates.retain(|date| !held.iter().any(|held| is_same(held, date)));
        }
        let known = deps.store.at_zoom(account, made.number).await?;
        // It has become one of Lectern's in between.
        if known.owner.is_some() && matches!(claim, Claim::None) {
            return Ok(Repair::Later);
        }
        if made.dates.is_empty() {
            let left = known.made_for.map(|host_id| LedgerHost { host_id, ..host.clone() });
            return free(deps, connection, left.as_ref().unwrap_or(&host), made.number).await;
        }
        let before = deps.store.made_in_zoom(&host, made.number).await?;
        let is_known = known.made_for.as_ref() == Some(&host.host_id);
        if is_known && before.is_some_and(|before| before.is_same(&made, now) && !before.is_stale(now)) {
            return Ok(Repair::Nothing);
        }
        let ledger = deps.store.ledger_ahead(&host, now, &Week::touched(&made.dates, 0)).await?;
        if known.made_for.is_none()
            && perhaps_ours(deps, connection, &host, &ledger, &made, reply.created_at).await?
        {
            return Ok(Repair::Later);
        }
        let mut writes = deps.store.made_in_zoom_writes(&host, &made, &known)?;
        let others = writes.len();
        let mut spans = spans(&ledger, &host, made.number, now);
        writes.extend(exchange(deps, &ledger, &host, &made.dates, made.number, now)?);
        let left = known.made_for.filter(|left| *left != host.host_id);
        let left = left.map(|host_id| LedgerHost { host_id, ..host.clone() });
        if let Some(left) = &left {
            let ledger = deps.store.ledger_ahead(left, now, &BTreeSet::new()).await?;
            spans.extend(self::spans(&ledger, left, made.number, now));
            writes.extend(exchange(deps, &ledger, left, &[], made.number, now)?);
        }
        let is_change = writes.len() > others;
        match deps.store.transact(writes).await {
            Ok(()) if !is_change => return Ok(Repair::Nothing),
            Ok(()) => {
                spans.extend(made.dates);
                for host in [host].into_iter().chain(left) {
                    look_around(deps, connection, &host, &spans).await?;
                }
                return Ok(Repair::Taken);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}

/// Gives back the time that a meeting made in Zoom takes of `host`.
pub(super) async fn free(
    deps: &Deps,
    connection: &Connection,
    host: &LedgerHost,
    number: u64,
) -> Result<Repair, BookingError> {
    let mut race = Race::start();
    loop {
        let now = deps.clock.now();
        let known = deps.store.at_zoom(&host.account_id, number).await?;
        // It has moved on to another host in between.
        if known.made_for.as_ref().is_some_and(|made_for| *made_for != host.host_id) {
            return Ok(Repair::Later);
        }
        let ledger = deps.store.ledger_ahead(host, now, &BTreeSet::new()).await?;
        let spans = spans(&ledger, host, number, now);
        let freed = exchange(deps, &ledger, host, &[], number, now)?;
        if freed.is_empty() && known.made_for.is_none() {
            return Ok(Repair::Nothing);
        }
        let is_change = !freed.is_empty();
        let mut writes = deps.store.made_in_zoom_removal(host, number, &known)?;
        writes.extend(freed);
        match deps.store.transact(writes).await {
            Ok(()) if !is_change => return Ok(Repair::Nothing),
            Ok(()) => {
                look_around(deps, connection, host, &spans).await?;
                return Ok(Repair::Freed);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}

/// What is known of it from what Zoom shows.
fn made(kind: Kind, reply: &MeetingReply, now: DateTime<Utc>) -> MadeInZoom {
    let dates = reply.dates().into_iter().map(|(_, date)| date);
    MadeInZoom {
        number: reply.id,
        kind,
        topic: reply.topic.trim().chars().take(LONGEST_TOPIC).collect(),
        dates: dates.filter(|date| date.ends_at > now && date.starts_at < now + REACH).collect(),
        seen_at: now,
    }
}

/// The spans to come that it takes.
fn spans(ledger: &Ledger, host: &LedgerHost, number: u64, now: DateTime<Utc>) -> Vec<Interval> {
    let to_come = |busy: &&Busy| busy.by == BusyBy::Zoom(number) && busy.interval.ends_at > now;
    ledger.busy(host).filter(to_come).map(|busy| busy.interval).collect()
}

/// The writes by which it takes `dates` and what is over, and nothing else.
fn exchange(
    deps: &Deps,
    ledger: &Ledger,
    host: &LedgerHost,
    dates: &[Interval],
    number: u64,
    now: DateTime<Utc>,
) -> Result<Vec<aws_sdk_dynamodb::types::TransactWriteItem>, BookingError> {
    let by = BusyBy::Zoom(number);
    let mut keep = ledger.over(host, by, now);
    keep.extend(dates);
    Ok(ledger.writes(deps.store.table(), host, &by, &keep, 0)?)
}

/// Whether it may be a meeting that is just being made from here, whose number is not known yet: one that takes the
/// very same time. Then it is left to whoever makes it.
async fn perhaps_ours(
    deps: &Deps,
    connection: &Connection,
    host: &LedgerHost,
    ledger: &Ledger,
    made: &MadeInZoom,
    created_at: Option<DateTime<Utc>>,
) -> Result<bool, BookingError> {
    let tag = TenantTag::of(&connection.tenant);
    let same: Vec<&Busy> = ledger.busy(host).filter(|busy| made.dates.contains(&busy.interval)).collect();
    // Of another tenant's booking nobody can tell here how far it is; it has its number within this time.
    let is_foreign = |busy: &&Busy| matches!(busy.by, BusyBy::Meeting(_, other) if other != tag);
    let is_new = created_at.is_some_and(|at| at + SETTLED_AFTER > made.seen_at);
    if is_new && same.iter().any(is_foreign) {
        return Ok(true);
    }
    let ids: BTreeSet<MeetingId> = same.iter().filter_map(|busy| busy.meeting_of(tag)).collect();
    let meetings = deps.store.meetings(&connection.tenant, &ids).await?;
    Ok(meetings.iter().any(|meeting| meeting.unsettled_since().is_some()))
}
