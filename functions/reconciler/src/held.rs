//! Sessions of which nothing was told, found by asking Zoom.
//!
//! Events get lost, and a connection may have none. Of a date that is under way Zoom is asked whether it runs; of each
//! that is over, for its sessions: once, or where it lists none some times over a day, and the first time whether one
//! still runs. The ends, people and recordings of those that nothing was told of are then
//! looked up like those of any other.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use shared::booking::BookingError;
use shared::deps::Deps;
use shared::domain::attendance::Bounds;
use shared::domain::connection::Connection;
use shared::domain::host::Host;
use shared::domain::ids::MeetingId;
use shared::domain::interval::Interval;
use shared::domain::meeting::{BookedHost, Date, Kind, Meeting};
use shared::domain::session::{Session, SessionTold};
use shared::hearing;
use shared::store::StoreError;
use shared::store::ledger::{TenantTag, Week};
use shared::zoom::{App, ZoomError};

use crate::sessions::{self, Open};

/// How long after its end a date is asked for: what is told of it comes sooner.
const AFTER_ITS_END: TimeDelta = TimeDelta::minutes(15);
/// How long after its beginning a session is shown by Zoom at the latest.
const UNTIL_SHOWN: TimeDelta = TimeDelta::minutes(15);
/// How long before a date a room is opened for it, and not to be tried out.
const OPENS_BEFORE: TimeDelta = TimeDelta::hours(1);
/// How long after its end a date is asked for again for which nothing is listed.
const ASKS_FOR: TimeDelta = TimeDelta::hours(24);
/// How far back dates are asked for.
const LOOKS_BACK: TimeDelta = TimeDelta::days(3);

/// Asks for the sessions of a host's dates; how often Zoom was asked. Meetings that are not begun by `until` are looked
/// at in another cycle, before the others.
pub(crate) async fn look(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, BookingError> {
    let app = App::of(connection, &deps.secrets);
    let mut asked = 0;
    for meeting in recent(deps, connection, host, now).await? {
        if deps.clock.now() >= until {
            break;
        }
        match ask(deps, &app, &meeting, now).await {
            Ok(calls) => asked += calls,
            Err(error) if concerns_all(&error) => return Err(error.into()),
            Err(error) => {
                tracing::info!(tenant = %meeting.tenant, meeting = %meeting.id, %error, "its sessions stay unknown");
            }
        }
    }
    Ok(asked)
}

/// Whether no other meeting could be asked for either. The app may do without the scope, and what is wrong with one
/// meeting, or with Zoom's answer about it, holds up no other.
fn concerns_all(error: &ZoomError) -> bool {
    match error {
        ZoomError::Token(_)
        | ZoomError::RateLimited { .. }
        | ZoomError::DailyLimit
        | ZoomError::Unreachable(_)
        | ZoomError::Secret(_)
        | ZoomError::Store(_) => true,
        ZoomError::MissingScopes(_)
        | ZoomError::NotFound { .. }
        | ZoomError::Rejected { .. }
        | ZoomError::Unclear(_) => false,
    }
}

/// The connection's meetings on a host with a date that has begun and not been over for long.
async fn recent(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    now: DateTime<Utc>,
) -> Result<Vec<Meeting>, StoreError> {
    let window = Interval { starts_at: now - LOOKS_BACK, ends_at: now };
    let weeks = Week::touched(&[window], 0);
    let ledger = deps.store.ledger(&BTreeSet::from([host.ledger()]), &weeks).await?;
    let tag = TenantTag::of(&connection.tenant);
    let near = ledger.busy(&host.ledger()).filter(|busy| busy.interval.overlaps(&window));
    let ids: BTreeSet<MeetingId> = near.filter_map(|busy| busy.meeting_of(tag)).collect();
    let mut meetings = deps.store.meetings(&connection.tenant, &ids).await?;
    meetings.retain(|meeting| {
        let is_on = |at: &BookedHost| at.connection_id == connection.id && at.host_id == host.id;
        // Of webinars Zoom says neither whether they run nor which sessions they had.
        let is_told_of = meeting.kind == Kind::Meeting && meeting.holds_time();
        is_told_of && meeting.unsettled_since().is_none() && meeting.host.as_ref().is_some_and(is_on)
    });
    // Where time does not last for all, those come first that have waited longest.
    meetings.sort_by_key(|meeting| meeting.asked_at);
    Ok(meetings)
}

/// Asks whether a meeting runs whose date is under way, and for the sessions of its dates that are over; how often
/// Zoom was asked.
async fn ask(deps: &Deps, app: &App, meeting: &Meeting, now: DateTime<Utc>) -> Result<usize, ZoomError> {
    let Some(zoom) = &meeting.zoom else { return Ok(0) };
    let mut asked = 0;
    if meeting.live_dates().any(|date| date.interval.starts_at <= now && date.interval.ends_at > now) {
        asked += 1;
        compare_state(deps, app, (meeting, zoom.id), now).await?;
    }
    Ok(asked + ask_past(deps, app, (meeting, zoom.id), now).await?)
}

/// Asks for the sessions of a meeting's dates that are over; how often Zoom was asked.
async fn ask_past(
    deps: &Deps,
    app: &App,
    (meeting, number): (&Meeting, u64),
    now: DateTime<Utc>,
) -> Result<usize, ZoomError> {
    let over: Vec<&Date> = meeting.live_dates().filter(|date| is_open(meeting, date, now)).collect();
    let (Some(first), Some(last)) = (over.first(), over.last()) else { return Ok(0) };
    let asked_at = meeting.asked_at.filter(|at| *at >= last.interval.ends_at);
    if asked_at.is_some_and(|at| now < next_time(last, at)) {
        return Ok(0);
    }
    let listed = deps.zoom.past_sessions(app, number).await?;
    let visits = deps.store.visits(&meeting.tenant, &meeting.id).await?;
    for session in &listed {
        let is_known = visits.sessions.get(&session.uuid).is_some_and(|bounds| !bounds.starts.is_empty());
        let start = session.start_time.filter(|start| *start >= first.interval.starts_at - OPENS_BEFORE);
        if let Some(start) = start.filter(|_| !is_known) {
            hear(deps, meeting, number, &begun(session.uuid.clone(), start), None).await?;
        }
    }
    let is_known = |date: &Date| {
        let begins = |bounds: &Bounds| bounds.starts.iter().any(|start| is_of(date, *start, bounds.held_for));
        let is_listed = |start: Option<DateTime<Utc>>| start.is_some_and(|start| is_of(date, start, None));
        visits.sessions.values().any(begins) || listed.iter().any(|session| is_listed(session.start_time))
    };
    let mut asked = 1;
    if asked_at.is_none() && !is_known(last) && !opens_for_next(meeting, now) {
        asked += 1;
        let reply = deps.zoom.read_meeting(app, meeting.kind, number).await?;
        let is_new = !reply.uuid.is_empty() && !visits.sessions.contains_key(&reply.uuid);
        if reply.is_running() == Some(true) && is_new {
            hear(deps, meeting, number, &begun(reply.uuid, now), Some(last.interval)).await?;
        }
    }
    let is_settled = |date: &&&Date| is_known(date) || date.interval.ends_at + ASKS_FOR <= now;
    let until = over.iter().take_while(is_settled).last().map(|date| date.interval.ends_at);
    note(deps, meeting, until.or(meeting.asked_until), now).await?;
    Ok(asked)
}

/// Whether a date is over, not for long, and not known to need no more asking.
fn is_open(meeting: &Meeting, date: &Date, now: DateTime<Utc>) -> bool {
    let end = date.interval.ends_at;
    let is_recent = end + AFTER_ITS_END <= now && end > now - LOOKS_BACK;
    is_recent && meeting.asked_until.is_none_or(|until| end > until)
}

/// When it is asked again for a date for which `at` nothing was listed: ever more seldom.
fn next_time(date: &Date, at: DateTime<Utc>) -> DateTime<Utc> {
    let end = date.interval.ends_at;
    (at + (at - end) * 2).min(end + ASKS_FOR)
}

/// Whether what began at `start` is a session of `date`: the room may be opened before, and a session that is only
/// found after its date began no one knows when.
fn is_of(date: &Date, start: DateTime<Utc>, held_for: Option<Interval>) -> bool {
    let Interval { starts_at, ends_at } = date.interval;
    let is_noted = held_for.is_some_and(|held_for| held_for.starts_at == starts_at);
    start >= starts_at - OPENS_BEFORE && (start < ends_at || is_noted)
}

/// Whether what runs now may run for a date that is not over.
fn opens_for_next(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    let next = meeting.live_dates().find(|date| date.interval.ends_at > now);
    next.is_some_and(|date| date.interval.starts_at - OPENS_BEFORE <= now)
}

/// Has a meeting whose date is under way run where it does at Zoom, and only there.
async fn compare_state(
    deps: &Deps,
    app: &App,
    (meeting, number): (&Meeting, u64),
    now: DateTime<Utc>,
) -> Result<(), ZoomError> {
    let reply = deps.zoom.read_meeting(app, meeting.kind, number).await?;
    let known = meeting.session.as_deref();
    match reply.is_running() {
        Some(true) => {
            let is_known = known.is_some_and(|session| session.uuid == reply.uuid);
            if !is_known && !reply.uuid.is_empty() {
                hear(deps, meeting, number, &begun(reply.uuid, now), None).await?;
            }
        }
        Some(false) => {
            // Zoom may tell of a beginning sooner than it shows it.
            let is_open =
                |session: &&Session| session.ended_at.is_none() && session.started_at + UNTIL_SHOWN <= now;
            if let Some(session) = known.filter(is_open) {
                let Session { uuid, started_at, held_for, .. } = session;
                let open = Open { uuid, began: Some(*started_at), held_for: *held_for };
                // What cannot be closed yet is looked at again with the session itself.
                sessions::close(deps, app, (meeting, number), &open, now).await?;
            }
        }
        // A reply that does not say so ends nothing.
        None => {}
    }
    Ok(())
}

fn begun(uuid: String, at: DateTime<Utc>) -> SessionTold {
    SessionTold { uuid, at, started_at: Some(at), ended_at: None }
}

/// Has the meeting know of a session. One that is being changed is looked at again with the session itself.
async fn hear(
    deps: &Deps,
    meeting: &Meeting,
    number: u64,
    told: &SessionTold,
    held_for: Option<Interval>,
) -> Result<(), StoreError> {
    hearing::hear(deps, (&meeting.tenant, &meeting.id, number), told, held_for).await.map(drop)
}

/// Notes that it was asked, and up to when it need not be again. Where somebody else has written the meeting, it is asked again.
async fn note(
    deps: &Deps,
    meeting: &Meeting,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(before) = deps.store.meeting(&meeting.tenant, &meeting.id).await? else { return Ok(()) };
    if before.unsettled_since().is_some() {
        return Ok(());
    }
    let revision = before.revision + 1;
    let after = Meeting { asked_until: until, asked_at: Some(now), revision, ..before.clone() };
    deps.store.replace_meeting(&after, &before, now, deps.config.reminder_shards).await.map(drop)
}
