//! A meeting was made, changed, deleted or brought back in Zoom.

use shared::booking::{BookingError, IfRefused, cancel};
use shared::deps::Deps;
use shared::domain::meeting::State;
use shared::zoom::{App, ZoomError};

use super::{Effect, MeetingOf, NotDone};
use crate::event::{ScheduleChange, ScheduleTold};

/// Brings here what is true in Zoom now. An event is only a hint: Zoom is asked, so that the order in which things
/// are told does not matter.
pub(crate) async fn look(deps: &Deps, meeting: &MeetingOf, told: &ScheduleTold) -> Result<Effect, NotDone> {
    let MeetingOf { tenant, id, connection, number } = meeting;
    match told.change {
        ScheduleChange::Deleted => {}
        ScheduleChange::Created | ScheduleChange::Updated | ScheduleChange::Recovered => {
            return Ok(Effect::Known);
        }
    }
    let Some(stored) = deps.store.meeting(tenant, id).await? else { return Ok(Effect::NotOurs) };
    if matches!(stored.state, State::Draft | State::Cancelled | State::Failed) || !meeting.is_now(&stored) {
        return Ok(Effect::Known);
    }
    // Whoever deletes it from here is at it.
    if stored.unsettled_since().is_some() {
        return Err(NotDone::BeingChanged);
    }
    let connection = deps.store.connection(tenant, connection).await?;
    let Some(connection) = connection.filter(|connection| !connection.is_deauthorized()) else {
        return Ok(Effect::NotOurs);
    };
    let app = App::of(&connection, &deps.secrets);
    match deps.zoom.read_meeting(&app, stored.kind, *number).await {
        // It was one date of a series, or was brought back.
        Ok(_) => Ok(Effect::Known),
        Err(ZoomError::NotFound { .. }) => {
            match Box::pin(cancel(deps, stored, IfRefused::CancelHere)).await {
                Ok(()) => Ok(Effect::Had),
                Err(BookingError::ChangeUnderWay) => Err(NotDone::BeingChanged),
                Err(error) => Err(NotDone::Booking(error)),
            }
        }
        Err(error) => Err(error.into()),
    }
}
