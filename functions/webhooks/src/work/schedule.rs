//! A meeting was made, changed, deleted or brought back in Zoom.

use shared::booking::BookingError;
use shared::deps::Deps;
use shared::domain::ids::{ConnectionId, TenantId};
use shared::sync::{self, Hint, Repair};
use shared::zoom::ZoomError;

use super::{Effect, NotDone};
use crate::event::ScheduleTold;

/// Brings here what is true in Zoom now. An event is only a hint: Zoom is asked, so that the order in which things
/// are told does not matter.
pub(crate) async fn look(
    deps: &Deps,
    tenant: &TenantId,
    connection: &ConnectionId,
    number: u64,
    told: &ScheduleTold,
) -> Result<Effect, NotDone> {
    let connection = deps.store.connection(tenant, connection).await?;
    let Some(connection) =
        connection.filter(|connection| !connection.is_deauthorized() && !connection.leaving)
    else {
        return Ok(Effect::NotOurs);
    };
    let ScheduleTold { at, kind, is_deletion, starts_at, duration } = *told;
    let hint = Hint { at, is_deletion, starts_at, duration };
    match Box::pin(sync::meeting(deps, &connection, kind, number, &hint)).await {
        Ok(Repair::Nothing) => Ok(Effect::Known),
        Ok(Repair::Later) => Err(NotDone::BeingChanged),
        Ok(Repair::Followed | Repair::Cancelled | Repair::Taken | Repair::Freed) => Ok(Effect::Had),
        // Asking again would be refused again; the diagnosis names what the app lacks.
        Err(error @ BookingError::Zoom(ZoomError::MissingScopes(_))) => {
            tracing::warn!(%error, "what was changed in Zoom cannot be followed");
            Ok(Effect::Known)
        }
        Err(error) => Err(NotDone::Booking(error)),
    }
}
