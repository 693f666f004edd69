//! Doing at Zoom what a marked change asks for.

use super::BookingError;
use super::align::{align, made, whole};
use super::finish::{finish_update, remark, undo_update};
use super::quota::Counted;
use super::settle::{anew, delete_old, look, send_again};
use super::step::Step;
use crate::deps::Deps;
use crate::domain::meeting::{ChangeAction, Meeting};
use crate::zoom::meetings::{Extent, MeetingReply};
use crate::zoom::told::Told;
use crate::zoom::{App, ZoomError};

/// Makes at Zoom of the marked meeting what `after` says, and writes it.
pub(super) async fn carry_out(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let step = Step::between(marked, &after);
    if step == Step::Anew {
        return Box::pin(make_anew(deps, app, marked, after)).await;
    }
    let mut sent = send(deps, app, &after, step).await;
    if let Err(unclear @ ZoomError::Unclear(_)) = sent {
        sent = match look(deps, app, marked, &after).await {
            Ok(Told::After) => Ok(()),
            // Nothing was done, so that to send it again is to send it for the first time.
            Ok(Told::Before) => send(deps, app, &after, step).await,
            Ok(Told::Neither) => return Box::pin(send_again(deps, app, marked, after)).await,
            Err(gone @ ZoomError::NotFound { .. }) => Err(gone),
            Err(_) => Err(unclear),
        };
    }
    match sent {
        Ok(()) => finish(deps, app, marked, after).await,
        Err(ZoomError::NotFound { .. }) => Box::pin(anew(deps, app, marked, after)).await,
        Err(error) if error.is_unclear() => Err(error.into()),
        Err(error) => {
            undo_update(deps, marked, &after, Counted::after(&error)).await?;
            Err(error.into())
        }
    }
}

/// Sends what a step asks for.
pub(super) async fn send(deps: &Deps, app: &App, after: &Meeting, step: Step<'_>) -> Result<(), ZoomError> {
    match step {
        Step::Details(zoom) => deps.zoom.update_meeting(app, zoom.id, after, Extent::Details).await,
        Step::Schedule(zoom) => deps.zoom.update_meeting(app, zoom.id, after, Extent::Whole).await,
        Step::Date(zoom, id, old, new) => {
            // A date without an agenda of its own has the meeting's again.
            let cleared = old.agenda.as_ref().map(|_| after.agenda.as_str());
            let agenda = new.agenda.as_deref().or(cleared);
            deps.zoom.update_date(app, (after.kind, zoom.id), id, new, agenda).await
        }
        Step::DeleteDate(zoom, id) => deps.zoom.delete_date(app, after.kind, zoom.id, id).await,
        Step::Nothing | Step::Anew => Ok(()),
    }
}

/// Finishes a change that Zoom has made: with the dates that it gave, and the link that a new passcode gives.
pub(super) async fn finish(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let new_dates = after.schedule.recurrence.is_some() && after.schedule != marked.schedule;
    let Some(zoom) = marked.zoom.as_ref().filter(|_| new_dates || after.passcode != marked.passcode) else {
        return finish_update(deps, marked, after).await;
    };
    let reply = deps.zoom.read_meeting(app, after.kind, zoom.id).await?;
    let reply = whole(deps, app, &after, reply).await?;
    let (mut marked, mut aligned) = (marked.clone(), after.clone());
    if new_dates {
        match align(deps, app, &marked, &after, &reply).await {
            Ok(as_at_zoom) => (marked, aligned) = as_at_zoom,
            Err(error) => return put_back(deps, app, &marked, &after, error).await,
        }
    }
    if let (Some(zoom), false) = (&mut aligned.zoom, reply.join_url.is_empty()) {
        zoom.join_url = reply.join_url;
    }
    match finish_update(deps, &marked, aligned).await {
        Err(error @ (BookingError::Conflict(_) | BookingError::TooLarge)) => {
            put_back(deps, app, &marked, &after, error).await
        }
        result => result,
    }
}

/// Makes the meeting, and deletes what there was of it on another host.
pub(super) async fn make_anew(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let host = after.host.as_ref().map(|host| host.host_id.clone()).ok_or(BookingError::Overtaken)?;
    match deps.zoom.create_meeting(app, &host, &after).await {
        Ok(reply) => Box::pin(take_over(deps, app, marked, after, reply)).await,
        Err(error) if error.is_unclear() => Err(error.into()),
        Err(error) => {
            undo_update(deps, marked, &after, Counted::after(&error)).await?;
            Err(error.into())
        }
    }
}

/// Finishes a change with the meeting that Zoom has made for it; where that cannot be kept, it is deleted again.
pub(super) async fn take_over(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
    reply: MeetingReply,
) -> Result<Meeting, BookingError> {
    let reply = whole(deps, app, &after, reply).await?;
    let number = reply.id;
    let mut marked = marked.clone();
    let aligned = match align(deps, app, &marked, &after, &reply).await {
        Ok((as_stored, aligned)) => {
            marked = as_stored;
            remark(deps, &marked, &after, made(aligned, reply)).await
        }
        Err(error) => Err(error),
    };
    match aligned {
        Ok((marked, after)) => {
            // While the mark stands, whoever comes after a crash knows of both.
            delete_old(deps, &marked).await?;
            let finished = finish_update(deps, &marked, after.clone()).await;
            if let Err(BookingError::ChangeUnderWay) = finished {
                give_up(deps, app, &after, number).await?;
            }
            finished
        }
        Err(error) if error.is_final() => {
            deps.zoom.delete_meeting(app, after.kind, number).await?;
            undo_update(deps, &marked, &after, Counted::Stays).await?;
            Err(error)
        }
        Err(BookingError::ChangeUnderWay) => {
            give_up(deps, app, &after, number).await?;
            Err(BookingError::ChangeUnderWay)
        }
        Err(error) => Err(error),
    }
}

/// Deletes the meeting of that number, made for a change that is no longer this caller's, unless it is kept or
/// looked for by whoever took the change over.
async fn give_up(deps: &Deps, app: &App, after: &Meeting, number: u64) -> Result<(), BookingError> {
    let stored = deps.store.meeting(&after.tenant, &after.id).await?;
    let is_wanted = stored.is_some_and(|stored| {
        let kept = stored.zoom.is_some_and(|zoom| zoom.id == number);
        kept || stored.change.is_some_and(|change| matches!(change.action, ChangeAction::Replace(_)))
    });
    if !is_wanted {
        deps.zoom.delete_meeting(app, after.kind, number).await?;
    }
    Ok(())
}

/// Gives a meeting at Zoom back the dates that it had, since those that Zoom gave it cannot be kept.
async fn put_back(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: &Meeting,
    error: BookingError,
) -> Result<Meeting, BookingError> {
    if !error.is_final() {
        return Err(error);
    }
    if let Some(zoom) = &marked.zoom {
        deps.zoom.update_meeting(app, zoom.id, marked, Extent::Whole).await?;
        let reply = deps.zoom.read_meeting(app, marked.kind, zoom.id).await?;
        align(deps, app, &Meeting { change: None, ..marked.clone() }, marked, &reply).await?;
    }
    undo_update(deps, marked, after, Counted::Stays).await?;
    Err(error)
}
