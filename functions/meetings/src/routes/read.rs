//! `GET /v1/meetings/{id}`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::http::Problem;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;

use crate::access::managed;
use crate::view::{self, MeetingView};

/// One meeting, whole; a cancelled one is still found.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}",
    operation_id = "read_meeting",
    tag = "meetings",
    params(("id" = String, Path, description = "The meeting's id")),
    responses(
        (status = 200, description = "The meeting", body = MeetingView),
        (status = 404, description = "There is none", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn read(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
) -> Result<Response, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    Ok(view::reply(StatusCode::OK, &meeting, deps.clock.now()))
}
