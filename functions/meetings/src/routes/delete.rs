//! `DELETE /v1/meetings/{id}`

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::booking::{IfRefused, cancel};
use shared::deps::Deps;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::http::{Problem, etag};

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
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    etag::check(&headers, meeting.version)?;
    let cancelled = Box::pin(cancel(&deps, meeting, IfRefused::Fail)).await;
    cancelled.map_err(|error| error.problem(deps.clock.now()))?;
    Ok(StatusCode::NO_CONTENT)
}
