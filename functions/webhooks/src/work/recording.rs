//! A recording was finished, or what became of it.

use shared::deps::Deps;
use shared::domain::recording::RecordingTold;

use super::{Effect, MOST_TRIES, MeetingOf, NotDone};

/// Keeps it.
pub(crate) async fn keep(deps: &Deps, meeting: &MeetingOf, told: &RecordingTold) -> Result<Effect, NotDone> {
    let MeetingOf { tenant, id, .. } = meeting;
    for _ in 0..MOST_TRIES {
        let before = deps.store.recording(tenant, id, &told.session).await?;
        let after = before.clone().unwrap_or_default().after(told);
        if before.as_ref() == Some(&after) {
            return Ok(Effect::Known);
        }
        if deps.store.replace_recording(tenant, id, &after, before.as_ref()).await? {
            return Ok(Effect::Had);
        }
    }
    Err(NotDone::Contention)
}
