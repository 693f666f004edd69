//! `GET /v1/connections/{id}`: one connection.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::language::Language;

use super::reply;
use crate::access;
use crate::shapes::ConnectionReply;

/// Reads a connection.
#[utoipa::path(
    get,
    path = "/v1/connections/{id}",
    operation_id = "readConnection",
    tag = "connections",
    params(("id" = String, Path, description = "The connection's id")),
    responses(
        (status = 200, description = "The connection", body = ConnectionReply, headers(("ETag" = String))),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn read_connection(
    State(deps): State<Deps>,
    principal: Principal,
    language: Language,
    Named(id): Named<ConnectionId>,
) -> Result<Response, Problem> {
    let connection = access::connection(&deps, &principal, &id).await?;
    Ok(reply(StatusCode::OK, connection, &deps, language))
}
