//! Cancelling the meetings of a connection that goes.

use shared::booking::{self, IfRefused};
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::http::Problem;

/// Cancels a meeting at Zoom and here; here alone where Zoom no longer accepts the app, since nobody will be
/// able to afterwards either.
pub(crate) async fn cancel(deps: &Deps, meeting: Meeting) -> Result<(), Problem> {
    let cancelled = Box::pin(booking::cancel(deps, meeting, IfRefused::CancelHere)).await;
    cancelled.map_err(|error| error.problem(deps.clock.now()))
}
