//! Settling what Zoom has not answered for, by asking Zoom.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::BookingError;
use super::cancel::finish_cancel;
use super::create::{app_of, resume_pending};
use super::update::{finish_update, undo_update};
use crate::deps::Deps;
use crate::domain::ids::MeetingId;
use crate::domain::meeting::Date;
use crate::domain::meeting::{ChangeAction, Meeting, State};
use crate::store::from_item;
use crate::store::keys;
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
            let app = app_of(deps, &meeting).await?;
            settle_update(deps, &app, &meeting, *after).await
        }
    }
}

/// Finds out whether Zoom has made the change, and finishes or undoes it accordingly.
pub(super) async fn settle_update(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let moved_host = meeting.host.as_ref().map(|h| &h.host_id) != after.host.as_ref().map(|h| &h.host_id);
    if moved_host {
        let new_app = app_of(deps, &after).await?;
        return match find_at_zoom(deps, &new_app, &after).await? {
            Some(reply) => {
                if let Some(old) = &meeting.zoom {
                    deps.zoom.delete_meeting(app, meeting.kind, old.id).await?;
                }
                finish_update(deps, meeting, super::confirm::with_reply(&after, reply)).await
            }
            None => undo_update(deps, meeting, &after, None).await,
        };
    }
    let Some(zoom) = &meeting.zoom else { return undo_update(deps, meeting, &after, None).await };
    match deps.zoom.read_meeting(app, meeting.kind, zoom.id).await {
        Ok(reply) if shows(&reply, &after) => {
            finish_update(deps, meeting, with_dates_of(&after, &reply)).await
        }
        Ok(_) | Err(ZoomError::NotFound { .. }) => undo_update(deps, meeting, &after, None).await,
        Err(error) => Err(error.into()),
    }
}

/// `meeting` with the dates and ids that Zoom holds.
pub(super) fn with_dates_of(meeting: &Meeting, reply: &MeetingReply) -> Meeting {
    let mut dated = meeting.clone();
    let dates = reply.dates();
    if meeting.schedule.recurrence.is_some() && dates.len() == meeting.dates.len() {
        dated.dates = dates
            .into_iter()
            .map(|(occurrence_id, interval)| Date { occurrence_id, interval, cancelled: false })
            .collect();
    }
    dated
}

/// Whether what Zoom holds is what `meeting` says.
fn shows(reply: &MeetingReply, meeting: &Meeting) -> bool {
    let dates: Vec<_> = reply.dates().into_iter().map(|(_, interval)| interval).collect();
    reply.topic == meeting.topic && dates == meeting.intervals()
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
        if !is_it || !seen.insert(line.id) || is_claimed(deps, meeting, line.id).await? {
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

/// Whether a meeting at Zoom belongs to another meeting here: one that takes the same host's time then.
async fn is_claimed(deps: &Deps, meeting: &Meeting, zoom_id: u64) -> Result<bool, BookingError> {
    let holds = super::holds::Holds::of(meeting);
    let ledger = deps.store.ledger(&holds.hosts(), &holds.blocks()).await?;
    let others: BTreeSet<&MeetingId> = holds
        .hosts()
        .iter()
        .flat_map(|host| ledger.busy(host))
        .filter_map(|busy| busy.meeting_of(&meeting.tenant))
        .filter(|id| **id != meeting.id)
        .collect();
    let keys = others.into_iter().map(|id| keys::meeting(&meeting.tenant, id)).collect();
    for (_, item) in deps.store.batch_get(keys).await? {
        let other: Meeting = from_item(item)?;
        let claims = other.state != State::Cancelled && other.zoom.as_ref().is_some_and(|z| z.id == zoom_id);
        if claims {
            return Ok(true);
        }
    }
    Ok(false)
}
