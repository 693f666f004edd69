//! Settling what Zoom has not answered for, by asking Zoom.
//!
//! What Zoom has made is taken over; what it has not made is taken back, and the meeting is what it was before:
//! one that was to be made has failed.
//! A cancellation is made again, since doing so twice is the same as once.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::BookingError;
use super::at_zoom::{finish, make_anew, send, take_over};
use super::cancel::finish_cancel;
use super::confirm::confirm_created;
use super::create::app_of;
use super::end::settle_end;
use super::finish::{finish_update, undo_update};
use super::mark::{counted, mark_again};
use super::quota::Counted;
use super::release::abandon;
use super::step::Step;
use crate::deps::Deps;
use crate::domain::meeting::{ChangeAction, Meeting};
use crate::zoom::meetings::MeetingReply;
use crate::zoom::told::Told;
use crate::zoom::{App, ZoomError};

/// How long a change belongs to the request that began it.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// The meeting, with nothing under way between here and Zoom: what was left behind is settled first.
///
/// # Errors
/// [`BookingError::ChangeUnderWay`] while the request that began the change may still be at work; what Zoom
/// answers otherwise.
pub async fn settled(deps: &Deps, meeting: Meeting) -> Result<Meeting, BookingError> {
    let Some(since) = meeting.unsettled_since() else { return Ok(meeting) };
    let action = meeting.change.as_ref().map(|change| change.action.clone());
    if since + LEASE > deps.clock.now() && action != Some(ChangeAction::Cancel) {
        return Err(BookingError::ChangeUnderWay);
    }
    match action {
        None => settle_create(deps, meeting).await,
        // Calling off is the same whoever goes on with it.
        Some(ChangeAction::Cancel) => finish_cancel(deps, meeting).await,
        Some(ChangeAction::Replace(after)) => Box::pin(settle_update(deps, &meeting, *after)).await,
        Some(ChangeAction::End) => settle_end(deps, meeting).await,
    }
}

/// Finds out whether Zoom has made a meeting that was reserved here.
async fn settle_create(deps: &Deps, pending: Meeting) -> Result<Meeting, BookingError> {
    // Of a connection that was deleted nothing is left to ask Zoom with.
    let Some(app) = app_of(deps, &pending).await? else {
        return abandon(deps, &pending, Counted::Stays).await;
    };
    match find_at_zoom(deps, &app, &pending).await? {
        Some(reply) => confirm_created(deps, &app, pending, None, reply, None).await,
        None => abandon(deps, &pending, Counted::TakenBack).await,
    }
}

/// Finds out whether Zoom has made the change, and finishes or undoes it accordingly.
pub(super) async fn settle_update(
    deps: &Deps,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let Some(app) = app_of(deps, &after).await? else {
        return undo_update(deps, marked, &after, Counted::Stays).await;
    };
    if Step::between(marked, &after) == Step::Anew {
        return Box::pin(settle_new(deps, &app, marked, after)).await;
    }
    match look(deps, &app, marked, &after).await {
        Ok(Told::After) => finish(deps, &app, marked, after).await,
        Ok(Told::Before) => undo_update(deps, marked, &after, Counted::TakenBack).await,
        // Once or twice is the same to Zoom, and its clear answer tells.
        Ok(Told::Neither) => Box::pin(send_again(deps, &app, marked, after)).await,
        Err(ZoomError::NotFound { .. }) => Box::pin(settle_gone(deps, &app, marked, after)).await,
        Err(error) => Err(error.into()),
    }
}

/// Asks Zoom whether it has made the change.
pub(super) async fn look(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: &Meeting,
) -> Result<Told, ZoomError> {
    match Step::between(marked, after) {
        Step::Nothing | Step::DeleteDate(..) | Step::Anew => Ok(Told::Neither),
        Step::Details(zoom) | Step::Schedule(zoom) => {
            let reply = deps.zoom.read_meeting(app, after.kind, zoom.id).await?;
            Ok(reply.told(marked, after, deps.clock.now()))
        }
        Step::Date(zoom, id, old, new) => {
            let reply = deps.zoom.read_date(app, after.kind, zoom.id, id).await?;
            Ok(reply.told_of_date(old, new, &after.agenda))
        }
    }
}

/// Sends a change once more that Zoom may have made in part.
pub(super) async fn send_again(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let more = Step::between(marked, &after).writes();
    let marked = &mark_again(deps, marked, &after, more, false).await?;
    match send(deps, app, &after, Step::between(marked, &after)).await {
        Ok(()) => finish(deps, app, marked, after).await,
        Err(ZoomError::NotFound { .. }) => Box::pin(settle_gone(deps, app, marked, after)).await,
        Err(error) => {
            if error.is_final() {
                undo_update(deps, marked, &after, Counted::Stays).await?;
            }
            Err(error.into())
        }
    }
}

/// Settles a change that was to make the meeting anew: where Zoom has it, it is taken over.
async fn settle_new(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    match find_at_zoom(deps, app, &after).await? {
        Some(reply) => Box::pin(take_over(deps, app, marked, after, reply)).await,
        None => undo_update(deps, marked, &after, Counted::TakenBack).await,
    }
}

/// Settles a change of a meeting that Zoom no longer has: it was made anew, or it is now. Zoom forgets meetings
/// some time after they are over, and people delete them there.
pub(super) async fn settle_gone(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    if let Some(reply) = find_at_zoom(deps, app, &after).await? {
        return Box::pin(take_over(deps, app, marked, after, reply)).await;
    }
    Box::pin(anew(deps, app, marked, after)).await
}

/// Makes a meeting anew that Zoom does not have, where a date of it is still to come.
pub(super) async fn anew(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    if !after.has_dates_to_come(deps.clock.now()) {
        return finish_update(deps, marked, after).await;
    }
    let more = Step::Anew.writes().saturating_sub(counted(marked));
    let marked = mark_again(deps, marked, &after, more, false).await?;
    Box::pin(make_anew(deps, app, &marked, after)).await
}

/// Deletes a meeting on the host that it leaves. An app that Zoom no longer accepts cannot delete it; the
/// meeting moves all the same.
pub(super) async fn delete_old(deps: &Deps, marked: &Meeting) -> Result<(), BookingError> {
    let (Some(app), Some(zoom)) = (app_of(deps, marked).await?, &marked.zoom) else { return Ok(()) };
    match deps.zoom.delete_meeting(&app, marked.kind, zoom.id).await {
        Err(error @ (ZoomError::Token(_) | ZoomError::MissingScopes(_) | ZoomError::Rejected { .. })) => {
            tracing::warn!(meeting = %marked.id, zoom_meeting = zoom.id, %error, "left behind on its old host");
            Ok(())
        }
        result => Ok(result?),
    }
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
        let at = |start| {
            meeting.dates.iter().any(|date| date.interval.starts_at == start || date.rule_start() == start)
        };
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
