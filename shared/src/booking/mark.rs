//! The mark that a meeting carries while a change of it is under way between here and Zoom.

use chrono::{DateTime, Utc};

use super::BookingError;
use super::holds::Holds;
use crate::deps::Deps;
use crate::domain::meeting::{Change, ChangeAction, Meeting};
use crate::store::TransactError;

/// `before` with the mark that it is to become `next`, for which `counted` writes of the day are counted.
pub(super) fn marked(before: &Meeting, next: &mut Meeting, now: DateTime<Utc>, counted: u32) -> Meeting {
    let mut marked = before.clone();
    marked.revision = before.revision + 1;
    next.revision = before.revision + 2;
    let action = ChangeAction::Replace(Box::new(next.clone()));
    marked.change = Some(Box::new(Change { began_at: now, action, counted, dates_counted: false }));
    marked
}

/// Begins the change of a marked meeting anew, with so many `more` writes of the day: from here on it is this
/// run's, so that no other makes the meeting as well. `dates` tells that the writes are for dates sent one by
/// one.
pub(super) async fn mark_again(
    deps: &Deps,
    marked: &Meeting,
    after: &Meeting,
    more: u32,
    dates: bool,
) -> Result<Meeting, BookingError> {
    let now = deps.clock.now();
    let mut again = marked.clone();
    again.revision += 1;
    let action = ChangeAction::Replace(Box::new(after.clone()));
    let dates_counted = dates || marked.change.as_ref().is_some_and(|change| change.dates_counted);
    let counted = counted(marked) + more;
    again.change = Some(Box::new(Change { began_at: now, action, counted, dates_counted }));
    let mut writes = deps.store.meeting_writes(&again, Some(marked), now, deps.config.reminder_shards)?;
    let quota_write = writes.len();
    if let Some(host) = after.host.as_ref().filter(|_| more > 0) {
        let limit = deps.config.daily_writes;
        writes.push(deps.store.count_writes(&host.ledger(), now.date_naive(), limit, more)?);
    }
    match deps.store.transact(writes).await {
        Ok(()) => Ok(again),
        Err(TransactError::Conditions(failed)) if failed == [quota_write] => {
            Err(BookingError::QuotaExhausted)
        }
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(BookingError::ChangeUnderWay),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// How many writes of the day were counted for what is under way.
pub(super) fn counted(begun: &Meeting) -> u32 {
    // A meeting that is being made has been counted once.
    begun.change.as_ref().map_or(1, |change| change.counted)
}

/// What is held for the change that a meeting is marked with.
pub(super) fn reserved_for(marked: &Meeting) -> Holds {
    match marked.change.as_deref() {
        Some(Change { action: ChangeAction::Replace(after), .. }) => Holds::of(after),
        _ => Holds::default(),
    }
}
