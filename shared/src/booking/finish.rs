//! Finishing a marked change, or undoing it.

use super::BookingError;
use super::exchange::Exchange;
use super::mark::{counted, reserved_for};
use super::quota::Counted;
use crate::deps::Deps;
use crate::domain::meeting::{Change, ChangeAction, Meeting, State};
use crate::telemetry::trace;

/// Puts `after` in the place of the marked meeting and frees what it no longer takes.
pub(super) async fn finish_update(
    deps: &Deps,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let mut after = after;
    after.change = None;
    after.revision = marked.revision + 1;
    after.sent_at = Some(deps.clock.now());
    after.note_news(marked, deps.clock.now(), trace::current());
    if after.state == State::Ended && after.has_dates_to_come(deps.clock.now()) {
        after.state = State::Scheduled;
    }
    let exchange = Exchange {
        from: marked,
        to: Some(&after),
        reserved: reserved_for(marked),
        keep: None,
        extra: deps.store.claim_zoom_meeting(&after)?.into_iter().collect(),
    };
    exchange.make(deps).await.map_err(|error| error.or(BookingError::ChangeUnderWay))?;
    Ok(after)
}

/// Puts the meeting back as it was before it was marked and frees what was reserved for the change.
pub(super) async fn undo_update(
    deps: &Deps,
    marked: &Meeting,
    after: &Meeting,
    outcome: Counted,
) -> Result<Meeting, BookingError> {
    let mut restored = marked.clone();
    restored.change = None;
    restored.revision = marked.revision + 1;
    // Zoom may have been told, and told otherwise then.
    restored.sent_at = Some(deps.clock.now());
    let exchange = Exchange {
        from: marked,
        to: Some(&restored),
        reserved: reserved_for(marked),
        keep: None,
        extra: outcome.correction(deps, marked, after.host.as_ref())?.into_iter().collect(),
    };
    exchange.make(deps).await.map_err(|error| error.or(BookingError::ChangeUnderWay))?;
    Ok(restored)
}

/// Marks that the meeting is to become `aligned`, in the place of `after`, where Zoom has given it other dates;
/// what these take beside is booked.
pub(super) async fn remark(
    deps: &Deps,
    marked: &Meeting,
    after: &Meeting,
    aligned: Meeting,
) -> Result<(Meeting, Meeting), BookingError> {
    if aligned.intervals() == after.intervals() {
        return Ok((marked.clone(), aligned));
    }
    let mut again = marked.clone();
    again.revision = marked.revision + 1;
    let action = ChangeAction::Replace(Box::new(aligned.clone()));
    let began_at = marked.unsettled_since().unwrap_or(deps.clock.now());
    let dates_counted = marked.change.as_ref().is_some_and(|change| change.dates_counted);
    again.change = Some(Box::new(Change { began_at, action, counted: counted(marked), dates_counted }));
    let exchange = Exchange {
        from: marked,
        to: Some(&again),
        reserved: reserved_for(marked),
        keep: Some(&aligned),
        extra: Vec::new(),
    };
    exchange.make(deps).await.map_err(|error| error.or(BookingError::ChangeUnderWay))?;
    Ok((again, aligned))
}
