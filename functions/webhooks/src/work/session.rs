//! A session began or ended.

use shared::deps::Deps;
use shared::domain::session::SessionTold;

use super::{Effect, MOST_TRIES, MeetingOf, NotDone};

/// Has the meeting run, or be over.
pub(crate) async fn hear(deps: &Deps, meeting: &MeetingOf, told: &SessionTold) -> Result<Effect, NotDone> {
    let MeetingOf { tenant, id, .. } = meeting;
    let (now, shards) = (deps.clock.now(), deps.config.reminder_shards);
    deps.store.note_session(tenant, id, told, now, shards).await?;
    for _ in 0..MOST_TRIES {
        let Some(before) = deps.store.meeting(tenant, id).await? else { return Ok(Effect::NotOurs) };
        if !meeting.is_now(&before) {
            return Ok(Effect::Known);
        }
        let now = deps.clock.now();
        let mut after = before.clone();
        if !after.hear(told, now) {
            return Ok(Effect::Known);
        }
        // Whoever changes it would lose it to this.
        if before.unsettled_since().is_some() {
            return Err(NotDone::BeingChanged);
        }
        after.revision += 1;
        if deps.store.replace_meeting(&after, &before, now, deps.config.reminder_shards).await? {
            return Ok(Effect::Had);
        }
    }
    Err(NotDone::Contention)
}
