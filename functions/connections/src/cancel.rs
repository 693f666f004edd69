//! Cancelling the meetings of a connection that goes.

use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::http::{Code, Problem};

/// Cancels a meeting at Zoom and here.
pub(crate) async fn cancel(_: &Deps, meeting: Meeting) -> Result<(), Problem> {
    Err(Problem::new(
        Code::ConnectionInUse,
        format!("The meeting {} is to come. Cancel it first, then delete the connection.", meeting.id),
    ))
}
