//! Taking in that a session of a meeting began or ended, whoever has learned it.

use chrono::{DateTime, Utc};

use crate::deps::Deps;
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::session::SessionTold;
use crate::store::StoreError;

/// How often the meeting is written again where others have written it in between.
const MOST_TRIES: usize = 5;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The meeting has changed.
    Changed,
    /// It changes nothing: it was known already, is of the past, or of a meeting that is another one at Zoom now.
    Nothing,
    /// The meeting is being changed, by somebody who would lose it to this.
    BeingChanged,
    /// Others write the meeting all the time.
    Contention,
}

/// Has the meeting that has `number` at Zoom run, or be over, and notes the session. `held_for` is the date that it
/// was held for, where that is known from before; else it is the one that the meeting has for it now.
///
/// # Errors
/// Where the table fails.
pub async fn hear(
    deps: &Deps,
    (tenant, id, number): (&TenantId, &MeetingId, u64),
    told: &SessionTold,
    held_for: Option<Interval>,
) -> Result<Heard, StoreError> {
    let shards = deps.config.reminder_shards;
    let mut is_noted = false;
    for _ in 0..MOST_TRIES {
        let Some(before) = deps.store.meeting(tenant, id).await? else { return Ok(Heard::Nothing) };
        let now: DateTime<Utc> = deps.clock.now();
        if !is_noted {
            let held_for = held_for.or_else(|| before.date_for(told.start()).map(|date| date.interval));
            deps.store.note_session(tenant, id, told, held_for, (now, shards)).await?;
            is_noted = true;
        }
        let mut after = before.clone();
        let is_now = before.zoom.as_ref().is_some_and(|zoom| zoom.id == number);
        // On another host it is made anew.
        if !is_now || !after.hear(told, held_for, now) {
            return Ok(Heard::Nothing);
        }
        if before.unsettled_since().is_some() {
            return Ok(Heard::BeingChanged);
        }
        after.revision += 1;
        if deps.store.replace_meeting(&after, &before, now, shards).await? {
            return Ok(Heard::Changed);
        }
    }
    Ok(Heard::Contention)
}
