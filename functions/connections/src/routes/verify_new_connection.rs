//! `POST /v1/connections/verify`: checks an app against Zoom and keeps nothing.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::JsonBody;
use shared::language::Language;

use crate::access;
use crate::request::new_connection::NewConnection;
use crate::request::shapes::NewConnectionShape;
use crate::verification_shapes::VerificationReply;
use shared::verification;

/// Checks a Zoom app without storing anything.
#[utoipa::path(
    post,
    path = "/v1/connections/verify",
    operation_id = "verifyNewConnection",
    tag = "connections",
    request_body = NewConnectionShape,
    responses(
        (status = 200, description = "What was found, good or bad", body = VerificationReply),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn verify_new_connection(
    State(deps): State<Deps>,
    principal: Principal,
    language: Language,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let new = NewConnection::read(body, &principal)?;
    access::may_own(&principal, &new.owner)?;
    let findings =
        verification::verify(&deps.zoom, &new.credentials.app(), &new.wanted(), deps.clock.now()).await?;
    Ok(language.mark(json(StatusCode::OK, &VerificationReply::new(&findings.verification, language))))
}
