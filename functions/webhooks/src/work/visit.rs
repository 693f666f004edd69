//! Somebody came or left.

use shared::deps::Deps;
use shared::domain::attendance::VisitTold;

use super::{Effect, MeetingOf, NotDone};

/// Notes it.
pub(crate) async fn note(deps: &Deps, meeting: &MeetingOf, told: &VisitTold) -> Result<Effect, NotDone> {
    let MeetingOf { tenant, id, .. } = meeting;
    deps.store.note_visit(tenant, id, told).await?;
    Ok(Effect::Had)
}
