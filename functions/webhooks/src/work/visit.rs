//! Somebody came or left.

use shared::deps::Deps;
use shared::domain::attendance::{Movement, VisitTold};
use shared::domain::meeting::Meeting;

use super::{Effect, NotDone};

/// Notes it.
pub(crate) async fn note(deps: &Deps, meeting: &Meeting, told: &VisitTold) -> Result<Effect, NotDone> {
    let (Movement::Joined(at) | Movement::Left(at)) = told.movement;
    let held_for = meeting.date_for(at).map(|date| date.interval);
    deps.store.note_visit(&meeting.tenant, &meeting.id, told, held_for).await?;
    Ok(Effect::Had)
}
