//! Sessions of which nothing was told, found by asking Zoom.
//!
//! Events get lost, and a connection may have none. Of a date that is under way Zoom is asked whether it runs; of one
//! that is over, once, for its sessions, whose ends, people and recordings are then looked up like those of any other.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use shared::booking::BookingError;
use shared::deps::Deps;
use shared::domain::attendance::{Bounds, Visits};
use shared::domain::connection::Connection;
use shared::domain::host::Host;
use shared::domain::ids::MeetingId;
use shared::domain::interval::Interval;
use shared::domain::meeting::{BookedHost, Date, Kind, Meeting};
use shared::domain::session::SessionTold;
use shared::hearing;
use shared::store::StoreError;
use shared::store::ledger::{TenantTag, Week};
use shared::zoom::{App, ZoomError};

/// How long after its end a date is asked for: what is told of it comes sooner.
const AFTER_ITS_END: TimeDelta = TimeDelta::minutes(15);
/// How far back dates are asked for.
const LOOKS_BACK: TimeDelta = TimeDelta::days(3);

/// Asks for the sessions of a host's dates of which nothing was told; how often Zoom was asked.
pub(crate) async fn look(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    now: DateTime<Utc>,
) -> Result<usize, BookingError> {
    let app = App::of(connection, &deps.secrets);
    let mut asked = 0;
    for meeting in recent(deps, connection, host, now).await? {
        match ask(deps, &app, &meeting, now).await {
            Ok(calls) => asked += calls,
            // The app may do without the scope, and what is wrong with one meeting holds up no other.
            Err(
                error @ (ZoomError::MissingScopes(_)
                | ZoomError::Rejected { .. }
                | ZoomError::NotFound { .. }),
            ) => {
                tracing::info!(tenant = %meeting.tenant, meeting = %meeting.id, %error, "its sessions stay unknown");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(asked)
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
    Ok(meetings)
}

/// Asks for the sessions of a meeting, where there are dates of which none is known; how often Zoom was asked.
async fn ask(deps: &Deps, app: &App, meeting: &Meeting, now: DateTime<Utc>) -> Result<usize, ZoomError> {
    let Some(zoom) = &meeting.zoom else { return Ok(0) };
    let mut asked = 0;
    let runs = |date: &&Date| {
        date.interval.starts_at <= now && date.interval.ends_at > now && !meeting.was_held(date)
    };
    if meeting.live_dates().any(|date| runs(&date)) {
        asked += 1;
        let reply = deps.zoom.read_meeting(app, meeting.kind, zoom.id).await?;
        if reply.is_running() && !reply.uuid.is_empty() {
            hear(deps, meeting, zoom.id, &begun(reply.uuid, now)).await?;
        }
    }
    let is_open = |date: &Interval| {
        let recent = date.ends_at + AFTER_ITS_END <= now && date.ends_at > now - LOOKS_BACK;
        recent && meeting.asked_until.is_none_or(|until| date.ends_at > until)
    };
    let over: Vec<_> = meeting.live_dates().filter(|date| is_open(&date.interval)).collect();
    let Some(last) = over.last().filter(|_| over.iter().any(|date| !meeting.was_held(date))) else {
        return Ok(asked);
    };
    let visits = deps.store.visits(&meeting.tenant, &meeting.id).await?;
    if over.iter().any(|date| !is_known(meeting, date, &visits)) {
        asked += 1;
        let first = over.first().map_or(now, |date| date.interval.starts_at);
        for session in deps.zoom.past_sessions(app, zoom.id).await? {
            let is_new = !visits.sessions.get(&session.uuid).is_some_and(Bounds::is_told);
            if let Some(start) = session.start_time.filter(|start| is_new && *start >= first - AFTER_ITS_END)
            {
                hear(deps, meeting, zoom.id, &begun(session.uuid, start)).await?;
            }
        }
    }
    let asked_until = last.interval.ends_at;
    note(deps, meeting, asked_until, now).await?;
    Ok(asked)
}

fn is_known(meeting: &Meeting, date: &Date, visits: &Visits) -> bool {
    let mut told = visits.sessions.iter().filter(|(_, bounds)| bounds.is_told());
    told.any(|(id, bounds)| visits.date(meeting, id, bounds) == Some(date))
}

fn begun(uuid: String, at: DateTime<Utc>) -> SessionTold {
    SessionTold { uuid, at, started_at: Some(at), ended_at: None }
}

/// Has the meeting know of a session. One that is being changed is looked at again with the session itself.
async fn hear(deps: &Deps, meeting: &Meeting, number: u64, told: &SessionTold) -> Result<(), StoreError> {
    hearing::hear(deps, (&meeting.tenant, &meeting.id, number), told, None).await.map(drop)
}

/// Notes up to when was asked. Where somebody else has written the meeting, it is asked again.
async fn note(
    deps: &Deps,
    meeting: &Meeting,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(before) = deps.store.meeting(&meeting.tenant, &meeting.id).await? else { return Ok(()) };
    if before.unsettled_since().is_some() {
        return Ok(());
    }
    let after = Meeting { asked_until: Some(until), revision: before.revision + 1, ..before.clone() };
    deps.store.replace_meeting(&after, &before, now, deps.config.reminder_shards).await.map(drop)
}
