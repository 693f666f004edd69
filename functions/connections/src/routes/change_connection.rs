//! `PATCH /v1/connections/{id}`: changes a connection.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::{Connection, DefaultHost};
use shared::domain::ids::{ConnectionId, HostId};
use shared::http::fields::Field;
use shared::http::problem::{FieldCode, FieldError, ProblemBody};
use shared::http::request::{JsonBody, Named};
use shared::http::{Problem, etag};
use shared::language::Language;

use super::{overtaken, race, reply};
use crate::access;
use crate::new_secrets::NewSecrets;
use crate::request::change::Change;
use crate::request::shapes::ConnectionChangeShape;
use crate::shapes::ConnectionReply;

/// Changes a connection, by a merge patch. A change of nothing writes nothing.
#[utoipa::path(
    patch,
    path = "/v1/connections/{id}",
    operation_id = "changeConnection",
    tag = "connections",
    params(
        ("id" = String, Path, description = "The connection's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version to change"),
    ),
    request_body = ConnectionChangeShape,
    responses(
        (status = 200, description = "The connection as it is now", body = ConnectionReply,
            headers(("ETag" = String))),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "`version_mismatch`, where `If-Match` was sent",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`connection_exists`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`, or `connection_check_failed` with `verification`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: many change it at once",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn change_connection(
    State(deps): State<Deps>,
    principal: Principal,
    language: Language,
    Named(id): Named<ConnectionId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let mut before = access::connection(&deps, &principal, &id).await?;
    let change = Change::read(body)?;
    etag::check(&headers, before.version)?;
    // A code is good once: whatever else can be wrong is looked at before it is redeemed.
    if let Field::Value(host) = &change.default_host_id {
        default_host(&deps, &before, host).await?;
    }
    let secrets = NewSecrets::of(&deps, &before, &change, language).await?;
    let mut race = race(&deps);
    loop {
        // Who names a version wants no other one changed.
        etag::check(&headers, before.version)?;
        let now = deps.clock.now();
        let mut after = change.apply(&before);
        match &change.default_host_id {
            Field::Absent | Field::Wrong => {}
            Field::Null => after.default_host = None,
            Field::Value(host) => after.default_host = Some(default_host(&deps, &before, host).await?),
        }
        secrets.apply(&mut after, &principal, now);
        if after == before {
            return Ok(reply(StatusCode::OK, before, &deps, language));
        }
        after.version += 1;
        after.updated_at = now;
        if secrets.store(&deps, &after, &before).await? {
            secrets.clear_up(&deps, &after, &before).await?;
            return Ok(reply(StatusCode::OK, after, &deps, language));
        }
        race.lost().await.map_err(|_| overtaken())?;
        let stored = deps.store.connection(&principal.tenant, &id).await?;
        if stored.is_none() {
            secrets.forget(&deps, &before).await?;
        }
        // The secrets of one that is leaving are deleted with it, and needed until then.
        before = access::granted(&principal, stored)?;
    }
}

async fn default_host(deps: &Deps, connection: &Connection, host: &HostId) -> Result<DefaultHost, Problem> {
    let found = deps.store.host(&connection.tenant, &connection.id, host).await?;
    if let Some(host) = found.filter(|host| host.active) {
        return Ok(DefaultHost { id: host.id, email: host.email, display_name: host.display_name });
    }
    Err(Problem::invalid(vec![FieldError {
        pointer: "/default_host_id".to_owned(),
        code: FieldCode::Invalid,
        detail: format!(
            "is none of the connection's active hosts; GET /v1/connections/{}/hosts lists them",
            connection.id
        )
        .into(),
    }]))
}
