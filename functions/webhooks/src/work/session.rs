//! A session began or ended.

use shared::deps::Deps;
use shared::domain::session::SessionTold;
use shared::hearing::{self, Heard};

use super::{Effect, MeetingOf, NotDone};

/// Has the meeting run, or be over.
pub(crate) async fn hear(deps: &Deps, meeting: &MeetingOf, told: &SessionTold) -> Result<Effect, NotDone> {
    let MeetingOf { tenant, id, number } = meeting;
    match hearing::hear(deps, (tenant, id, *number), told, None).await? {
        Heard::Changed => Ok(Effect::Had),
        Heard::Nothing => Ok(Effect::Known),
        Heard::BeingChanged => Err(NotDone::BeingChanged),
        Heard::Contention => Err(NotDone::Contention),
    }
}
