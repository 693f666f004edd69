//! `DELETE /v1/meetings/{id}/attendees/{attendee_id}`

use axum::extract::State;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::http::Problem;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;

use super::attendees_replace::{again, busy, ready, write};
use super::turn::Turn;
use crate::access::managed;

/// Removes one who attends; one who does not attend is gone already.
#[utoipa::path(
    delete,
    path = "/v1/meetings/{id}/attendees/{attendee_id}",
    operation_id = "remove_attendee",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("attendee_id" = String, Path, description = "The attendee's id"),
    ),
    responses(
        (status = 204, description = "No longer attends"),
        (status = 404, description = "There is no such meeting", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was called off or has failed, or a change of it is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Many change it at once, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(deps): State<Deps>,
    principal: Principal,
    Named((id, attendee_id)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    let mut turn = Turn::of(&deps);
    let mut meeting = ready(&deps, &mut turn, meeting).await?;
    for _ in 0..10 {
        let before = deps.store.attendees(&principal.tenant, &meeting.id).await?;
        let after: Vec<Attendee> =
            before.iter().filter(|attendee| attendee.id.as_str() != attendee_id).cloned().collect();
        if after.len() == before.len() {
            return Ok(StatusCode::NO_CONTENT);
        }
        match write(&deps, &meeting, &before, &after).await? {
            Some(_) => return Ok(StatusCode::NO_CONTENT),
            None => meeting = again(&deps, &mut turn, &meeting).await?,
        }
    }
    Err(busy())
}
