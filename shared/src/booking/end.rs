//! Ending a meeting that runs.

use chrono::{SubsecRound, TimeDelta};

use super::BookingError;
use super::cancel::{IfRefused, cancel};
use super::create::app_of;
use super::finish::finish_update;
use crate::deps::Deps;
use crate::domain::meeting::{Change, ChangeAction, Kind, Meeting, State};
use crate::zoom::{App, ZoomError};

const NOT_RUNNING: BookingError =
    BookingError::NotEditable("The meeting is not running, so there is nothing to end.");

/// Ends the settled `meeting` at Zoom, where it runs; of a series the date that runs.
pub async fn end(deps: &Deps, meeting: Meeting) -> Result<Meeting, BookingError> {
    let (State::Scheduled | State::Started, Some(zoom)) = (meeting.state, &meeting.zoom) else {
        return Err(NOT_RUNNING);
    };
    let Some(app) = app_of(deps, &meeting).await? else {
        return Err(BookingError::NotEditable(
            "The meeting's connection was deleted, so Zoom cannot be asked to end it.",
        ));
    };
    match deps.zoom.read_meeting(&app, meeting.kind, zoom.id).await {
        // Of a webinar Zoom does not say whether it runs.
        Ok(reply) if reply.is_running() != Some(false) => {}
        Ok(_) => return Err(NOT_RUNNING),
        // Somebody has deleted it there.
        Err(ZoomError::NotFound { .. }) => {
            Box::pin(cancel(deps, meeting, IfRefused::Fail)).await?;
            return Err(NOT_RUNNING);
        }
        Err(error) => return Err(error.into()),
    }
    let now = deps.clock.now();
    let mut marked = meeting.clone();
    marked.revision += 1;
    marked.change =
        Some(Box::new(Change { began_at: now, action: ChangeAction::End, counted: 0, dates_counted: false }));
    if !deps.store.replace_meeting(&marked, &meeting, now, deps.config.reminder_shards).await? {
        return Err(BookingError::ChangeUnderWay);
    }
    carry_out(deps, &app, marked, false).await
}

/// Finishes what was begun: a meeting that does not run any more has been ended.
pub(super) async fn settle_end(deps: &Deps, marked: Meeting) -> Result<Meeting, BookingError> {
    let ran = marked.kind == Kind::Meeting;
    match app_of(deps, &marked).await? {
        Some(app) => carry_out(deps, &app, marked, ran).await,
        None => unmark(deps, &marked).await,
    }
}

/// Ends it at Zoom and here. `ran` tells whether it is known to have run when it was marked.
async fn carry_out(deps: &Deps, app: &App, marked: Meeting, ran: bool) -> Result<Meeting, BookingError> {
    let Some(zoom) = &marked.zoom else { return unmark(deps, &marked).await };
    match deps.zoom.end_meeting(app, marked.kind, zoom.id).await {
        Ok(()) => finish(deps, &marked).await,
        Err(ZoomError::NotFound { .. } | ZoomError::Rejected { .. }) if ran => finish(deps, &marked).await,
        Err(error) if error.is_final() => {
            unmark(deps, &marked).await?;
            Err(match error {
                ZoomError::NotFound { .. } | ZoomError::Rejected { .. } => NOT_RUNNING,
                error => error.into(),
            })
        }
        Err(error) => Err(error.into()),
    }
}

async fn finish(deps: &Deps, marked: &Meeting) -> Result<Meeting, BookingError> {
    let now = deps.clock.now();
    let mut ended = marked.clone();
    ended.state = State::Ended;
    ended.version += 1;
    ended.updated_at = now;
    // What is left of its time is the host's again.
    let end = now.trunc_subsecs(0) + TimeDelta::seconds(1);
    for date in ended.dates.iter_mut().filter(|date| !date.cancelled && date.interval.starts_at <= now) {
        date.interval.ends_at = date.interval.ends_at.min(end);
    }
    finish_update(deps, marked, ended).await
}

async fn unmark(deps: &Deps, marked: &Meeting) -> Result<Meeting, BookingError> {
    finish_update(deps, marked, marked.clone()).await
}
