//! Taking over what was changed in Zoom itself.
//!
//! Zoom has done it already, so that the time is taken whether it is free or not.

use super::BookingError;
use super::holds::Holds;
use super::overlap::Judge;
use super::race::Race;
use crate::deps::Deps;
use crate::domain::meeting::{Meeting, State};
use crate::store::{MOST_TRANSACTION_ACTIONS, TransactError};
use crate::telemetry::trace;

/// Puts `shown`, which Zoom shows, in the place of the settled meeting `before`, and its time in the ledger;
/// `None` where somebody else has written the meeting.
pub(crate) async fn follow(
    deps: &Deps,
    before: &Meeting,
    shown: Meeting,
) -> Result<Option<Meeting>, BookingError> {
    let mut after = shown;
    let now = deps.clock.now();
    after.version = before.version + 1;
    after.revision = before.revision + 1;
    after.updated_at = now;
    // Nobody has told Zoom anything.
    after.sent_at = Some(before.last_sent_at());
    after.note_news(before, now, trace::current());
    if after.intervals() != before.intervals() {
        after.carry_reminders(before, now);
    }
    if after.state == State::Ended && after.has_dates_to_come(now) {
        after.state = State::Scheduled;
    }
    let judge = Judge::of(deps, &after).await?;
    let (old, new) = (Holds::of(before), Holds::of(&after));
    let both = old.union(&new);
    let mut race = Race::start();
    loop {
        let ledger = deps.store.ledger(&both.hosts(), &both.weeks()).await?;
        judge.overlap(&after, &ledger, true, now).set(&mut after);
        let shards = deps.config.reminder_shards;
        let mut writes = deps.store.meeting_writes(&after, Some(before), now, shards)?;
        let others = writes.len();
        if old != new {
            writes.extend(new.writes(&deps.store, &ledger, before, &both.hosts(), 0)?);
        }
        if writes.len() > MOST_TRANSACTION_ACTIONS {
            return Err(BookingError::TooLarge);
        }
        match deps.store.transact(writes).await {
            Ok(()) => return Ok(Some(after)),
            Err(TransactError::Conditions(failed)) if failed.iter().any(|place| *place < others) => {
                return Ok(None);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}
