//! Settling what Zoom has not answered for, by asking Zoom.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::BookingError;
use super::cancel::finish_cancel;
use super::create::{app_of, resume_pending};
use super::update::{finish_update, undo_update};
use crate::deps::Deps;
use crate::domain::meeting::{ChangeAction, Meeting, State};
use crate::zoom::meetings::MeetingReply;
use crate::zoom::{App, ZoomError};

/// How long a change belongs to the request that began it.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);

/// The meeting, with nothing under way between here and Zoom: what was left behind is settled first.
///
/// # Errors
/// [`BookingError::ChangeUnderWay`] while the request that began the change may still be at work; what Zoom
/// answers otherwise.
pub async fn settled(deps: &Deps, meeting: Meeting) -> Result<Meeting, BookingError> {
    if meeting.state == State::Pending && meeting.change.is_none() {
        return resume_pending(deps, &meeting).await;
    }
    let Some(change) = meeting.change.clone() else { return Ok(meeting) };
    match change.action {
        // Calling off is the same whoever goes on with it.
        ChangeAction::Cancel => finish_cancel(deps, meeting).await,
        ChangeAction::Replace(_) if change.began_at + LEASE > deps.clock.now() => {
            Err(BookingError::ChangeUnderWay)
        }
        ChangeAction::Replace(after) => {
            let old_app = app_of(deps, &meeting).await?;
            settle_update(deps, old_app.as_ref(), &meeting, *after).await
        }
    }
}

/// Finds out whether Zoom has made the change, and finishes or undoes it accordingly.
///
/// A change on the same host is sent again: once or twice is the same to Zoom, and only its clear answer tells
/// that all of the change is there.
pub(super) async fn settle_update(
    deps: &Deps,
    old_app: Option<&App>,
    meeting: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let app = app_of(deps, &after).await?;
    let (Some(app), false) = (&app, moves(meeting, &after)) else {
        return match app {
            Some(app) => settle_new(deps, &app, old_app, meeting, after).await,
            None => undo_update(deps, meeting, &after, None).await,
        };
    };
    let Some(zoom) = &meeting.zoom else { return settle_new(deps, app, None, meeting, after).await };
    match deps.zoom.update_meeting(app, zoom.id, &after).await {
        Ok(()) => finish_update(deps, meeting, reread(deps, app, meeting, after, zoom.id).await?).await,
        Err(ZoomError::NotFound { .. }) => settle_new(deps, app, None, meeting, after).await,
        Err(error @ (ZoomError::Unclear(_) | ZoomError::Unreachable(_) | ZoomError::RateLimited { .. })) => {
            Err(error.into())
        }
        Err(error) => {
            undo_update(deps, meeting, &after, Some(&error)).await?;
            Err(error.into())
        }
    }
}

/// Settles a change that was to make the meeting anew: where Zoom has it, it is taken over.
async fn settle_new(
    deps: &Deps,
    app: &App,
    old_app: Option<&App>,
    meeting: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    match find_at_zoom(deps, app, &after).await? {
        Some(reply) => {
            delete_old(deps, old_app, meeting).await?;
            finish_update(deps, meeting, super::confirm::with_reply(&after, reply)).await
        }
        None => undo_update(deps, meeting, &after, None).await,
    }
}

/// Deletes a meeting on the host that it has left. An app that Zoom no longer accepts cannot delete it; the
/// meeting has moved all the same.
pub(super) async fn delete_old(
    deps: &Deps,
    old_app: Option<&App>,
    meeting: &Meeting,
) -> Result<(), BookingError> {
    let (Some(app), Some(zoom)) = (old_app, &meeting.zoom) else { return Ok(()) };
    match deps.zoom.delete_meeting(app, meeting.kind, zoom.id).await {
        Err(error @ (ZoomError::Token(_) | ZoomError::MissingScopes(_) | ZoomError::Rejected { .. })) => {
            tracing::warn!(meeting = %meeting.id, zoom_meeting = zoom.id, %error, "left behind on its old host");
            Ok(())
        }
        result => Ok(result?),
    }
}

/// Whether the meeting changes its host.
pub(super) fn moves(before: &Meeting, after: &Meeting) -> bool {
    before.host.as_ref().map(|host| &host.host_id) != after.host.as_ref().map(|host| &host.host_id)
}

/// `after` with what only Zoom knows: the ids of a series' dates, and the link that a new passcode gives.
pub(super) async fn reread(
    deps: &Deps,
    app: &App,
    before: &Meeting,
    after: Meeting,
    zoom_id: u64,
) -> Result<Meeting, BookingError> {
    if after.schedule.recurrence.is_none() && before.passcode == after.passcode {
        return Ok(after);
    }
    let reply = deps.zoom.read_meeting(app, after.kind, zoom_id).await?;
    let mut read = after;
    if read.schedule.recurrence.is_some() {
        let ids = reply.dates();
        for date in &mut read.dates {
            let same = ids.iter().find(|(_, interval)| *interval == date.interval);
            date.occurrence_id = same.and_then(|(id, _)| id.clone());
        }
    }
    if let (Some(zoom), false) = (&mut read.zoom, reply.join_url.is_empty()) {
        zoom.join_url = reply.join_url;
    }
    Ok(read)
}

/// The meeting at Zoom that `meeting` became, where an unclear answer left that open: one of the host's at the
/// reserved time and with the topic, which no other meeting here has claimed.
pub(super) async fn find_at_zoom(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
) -> Result<Option<MeetingReply>, BookingError> {
    let Some(host) = &meeting.host else { return Ok(None) };
    let listed = deps.zoom.upcoming_meetings(app, meeting.kind, &host.host_id).await?;
    let mut seen = BTreeSet::new();
    for line in listed {
        // Of a series the list may show any of its dates.
        let at = |start| meeting.dates.iter().any(|date| date.interval.starts_at == start);
        let is_it = line.topic == meeting.topic && line.start_time.is_some_and(at);
        if !is_it || !seen.insert(line.id) {
            continue;
        }
        if deps.store.is_zoom_meeting_of_another(meeting, &host.account_id, line.id).await? {
            continue;
        }
        match deps.zoom.read_meeting(app, meeting.kind, line.id).await {
            Ok(reply) => return Ok(Some(reply)),
            Err(ZoomError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
