//! `POST /v1/meetings/{id}/end`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::booking;
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::http::Problem;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, NoBody};

use super::change::settled_to_change;
use super::turn::{NotDone, Turn};
use crate::access::managed;
use crate::view::{self, MeetingView};

/// Ends a running meeting, of a series the date that runs.
#[utoipa::path(
    post,
    path = "/v1/meetings/{id}/end",
    operation_id = "end_meeting",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters"),
    ),
    responses(
        (status = 200, description = "The meeting as it is now", body = MeetingView),
        (status = 409, description = "It does not run, or a change of it is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn end(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    _: NoBody,
) -> Result<Response, Problem> {
    let mut turn = Turn::of(&deps);
    loop {
        let stored = managed(&deps, &principal, &id).await?;
        match attempt(&deps, stored).await {
            Ok(ended) => return Ok(view::reply(StatusCode::OK, &ended, deps.clock.now())),
            Err(error) => turn.wait(&deps, error).await?,
        }
    }
}

/// Ends the meeting as it is stored.
async fn attempt(deps: &Deps, stored: Meeting) -> Result<Meeting, NotDone> {
    let before = settled_to_change(deps, stored).await?;
    Ok(Box::pin(booking::end(deps, before)).await?)
}
