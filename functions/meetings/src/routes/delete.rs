//! `DELETE /v1/meetings/{id}`

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::booking::{IfRefused, call_off, settled};
use shared::deps::Deps;
use shared::domain::meeting::{Meeting, State as MeetingState};
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::http::{Code, Problem, etag};

use super::turn::{NotDone, Turn};
use crate::access::managed;

/// Calls a meeting off at Zoom and frees its time; a draft is gone for good.
#[utoipa::path(
    delete,
    path = "/v1/meetings/{id}",
    operation_id = "delete_meeting",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("If-Match" = Option<String>, Header, description = "The version that is called off"),
    ),
    responses(
        (status = 204, description = "Called off; also where it was already"),
        (status = 409, description = "Another change of it is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut turn = Turn::of(&deps);
    let mut meeting = managed(&deps, &principal, &id).await?;
    loop {
        match attempt(&deps, &headers, meeting).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(error) => turn.wait(&deps, error).await?,
        }
        match managed(&deps, &principal, &id).await {
            Ok(stored) => meeting = stored,
            // A draft that somebody else has deleted meanwhile.
            Err(problem) if problem.code() == Code::NotFound => return Ok(StatusCode::NO_CONTENT),
            Err(problem) => return Err(problem),
        }
    }
}

/// Calls the meeting off as it is stored.
async fn attempt(deps: &Deps, headers: &HeaderMap, stored: Meeting) -> Result<(), NotDone> {
    etag::check(headers, stored.version)?;
    // What is pending is looked for at Zoom when it is called off; everything else is settled first.
    let is_pending = stored.state == MeetingState::Pending;
    let meeting = if is_pending { stored } else { Box::pin(settled(deps, stored)).await? };
    if meeting.state == MeetingState::Cancelled {
        return Ok(());
    }
    etag::check(headers, meeting.version)?;
    Ok(Box::pin(call_off(deps, meeting, IfRefused::Fail)).await?)
}
