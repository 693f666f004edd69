//! Calling a meeting off: mark it, delete it at Zoom, free the time.

use super::BookingError;
use super::create::app_of;
use super::exchange::Exchange;
use super::holds::Holds;
use super::settle::{find_at_zoom, settled};
use crate::deps::Deps;
use crate::domain::meeting::{Change, ChangeAction, Meeting, State};
use crate::store::TransactError;
use crate::telemetry::trace;
use crate::zoom::ZoomError;

/// What to do where Zoom does not accept the app any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfRefused {
    /// Nothing is called off.
    Fail,
    /// The meeting is called off here alone: its connection is going away.
    CancelHere,
}

/// Calls a meeting off, whatever others make of it meanwhile; a draft is gone for good.
pub(super) async fn cancel(deps: &Deps, meeting: Meeting, if_refused: IfRefused) -> Result<(), BookingError> {
    let (tenant, id) = (meeting.tenant.clone(), meeting.id.clone());
    let mut found = meeting;
    for _ in 0..MOST_TRIES {
        match call_off(deps, found, if_refused).await {
            Err(BookingError::ChangeUnderWay) => {}
            result => return result,
        }
        // Others were at it: it may be they who have called it off.
        let Some(stored) = deps.store.meeting(&tenant, &id).await? else { return Ok(()) };
        found = stored;
    }
    if found.state == State::Cancelled { Ok(()) } else { Err(BookingError::ChangeUnderWay) }
}

/// How often it is tried where others write the meeting at the same moment.
const MOST_TRIES: u32 = 4;

/// Calls a meeting off as it is stored; a draft is gone for good. One that is called off already stays so.
///
/// # Errors
/// [`BookingError::ChangeUnderWay`] where others are changing it, or have just written it.
pub async fn call_off(deps: &Deps, meeting: Meeting, if_refused: IfRefused) -> Result<(), BookingError> {
    match meeting.state {
        State::Cancelled | State::Failed => return Ok(()),
        State::Draft => return remove_draft(deps, &meeting).await,
        State::Pending | State::Scheduled | State::Started | State::Ended => {}
    }
    // What is pending is looked for at Zoom when it is called off; everything else is settled first.
    let settled =
        if meeting.state == State::Pending { Ok(meeting) } else { Box::pin(settled(deps, meeting)).await };
    let meeting = match settled {
        Ok(meeting) if meeting.state == State::Cancelled => return Ok(()),
        Ok(meeting) => meeting,
        Err(error) => return refused(deps, error, None, if_refused).await,
    };
    let now = deps.clock.now();
    let mut marked = meeting.clone();
    marked.revision += 1;
    marked.change = Some(Box::new(Change {
        began_at: now,
        action: ChangeAction::Cancel,
        counted: 0,
        dates_counted: false,
    }));
    if !deps.store.replace_meeting(&marked, &meeting, now, deps.config.reminder_shards).await? {
        return Err(BookingError::ChangeUnderWay);
    }
    match finish_cancel(deps, marked.clone()).await {
        Ok(_) => Ok(()),
        Err(error) => refused(deps, error, Some(marked), if_refused).await,
    }
}

/// Where Zoom no longer accepts the app, the meeting can still be called off here.
async fn refused(
    deps: &Deps,
    error: BookingError,
    marked: Option<Meeting>,
    if_refused: IfRefused,
) -> Result<(), BookingError> {
    let is_refusal = matches!(
        error,
        BookingError::Zoom(ZoomError::Token(_) | ZoomError::MissingScopes(_) | ZoomError::Rejected { .. })
    );
    match (marked, if_refused) {
        (Some(marked), IfRefused::CancelHere) if is_refusal => cancel_here(deps, &marked).await.map(drop),
        (Some(marked), IfRefused::Fail) if is_refusal => {
            // Zoom said no: the meeting goes on as if nobody had asked.
            let mut restored = marked.clone();
            restored.change = None;
            restored.revision += 1;
            let now = deps.clock.now();
            deps.store.replace_meeting(&restored, &marked, now, deps.config.reminder_shards).await?;
            Err(error)
        }
        _ => Err(error),
    }
}

/// Deletes a meeting at Zoom that is marked to be called off, and frees its time.
pub(super) async fn finish_cancel(deps: &Deps, marked: Meeting) -> Result<Meeting, BookingError> {
    // Of a connection that was deleted nothing is left to call Zoom with.
    let Some(app) = app_of(deps, &marked).await? else { return cancel_here(deps, &marked).await };
    let id = match &marked.zoom {
        Some(zoom) => Some(zoom.id),
        // Zoom may have made it without our having heard so.
        None => find_at_zoom(deps, &app, &marked).await?.map(|reply| reply.id),
    };
    if let Some(id) = id {
        deps.zoom.delete_meeting(&app, marked.kind, id).await?;
    }
    cancel_here(deps, &marked).await
}

/// Calls a meeting off here alone, and frees its time.
pub(crate) async fn cancel_here(deps: &Deps, stored: &Meeting) -> Result<Meeting, BookingError> {
    let mut cancelled = stored.clone();
    cancelled.state = State::Cancelled;
    cancelled.change = None;
    cancelled.news.add_for_all(deps.clock.now(), trace::current());
    cancelled.version += 1;
    cancelled.revision += 1;
    cancelled.updated_at = deps.clock.now();
    let exchange = Exchange {
        from: stored,
        to: Some(&cancelled),
        reserved: Holds::default(),
        keep: None,
        extra: Vec::new(),
    };
    exchange.make(deps).await.map_err(|error| error.or(BookingError::ChangeUnderWay))?;
    Ok(cancelled)
}

async fn remove_draft(deps: &Deps, draft: &Meeting) -> Result<(), BookingError> {
    match deps.store.transact(deps.store.meeting_removal(draft)?).await {
        Ok(()) => Ok(()),
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(BookingError::ChangeUnderWay),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}
