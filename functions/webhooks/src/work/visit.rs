//! Somebody came or left.

use shared::deps::Deps;
use shared::domain::attendance::{Movement, VisitTold};
use shared::domain::meeting::Meeting;

use super::{Effect, NotDone};

/// Notes it.
pub(crate) async fn note(deps: &Deps, meeting: &Meeting, told: &VisitTold) -> Result<Effect, NotDone> {
    let held_for = match told.movement {
        Movement::Joined(at) => meeting.date_for(at).map(|date| date.interval),
        // Whoever leaves after the end of their date did not come for the next.
        Movement::Left(_) => None,
    };
    deps.store.note_visit(&meeting.tenant, &meeting.id, told, held_for).await?;
    Ok(Effect::Had)
}
