//! `DELETE /v1/connections/{id}`: removes a connection, its hosts and its secret.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{IfRefused, cancel};
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::http::fields::{Errors, Fault, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use shared::http::{Code, Problem, etag};
use shared::store::keys::Scope;
use shared::store::listing::Filter;
use shared::store::lists::{List, Tab};

use super::{MOST_TRIES, overtaken};
use crate::access;

/// How many meetings are read at one time, to be cancelled.
const READ_AT_A_TIME: usize = 25;

/// Deletes a connection; its secret goes with it. Drafts are not in the way.
#[utoipa::path(
    delete,
    path = "/v1/connections/{id}",
    operation_id = "deleteConnection",
    tag = "connections",
    params(
        ("id" = String, Path, description = "The connection's id"),
        ("force" = Option<bool>, Query, description = "Cancels the meetings that are to come"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version to delete"),
    ),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`connection_in_use`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "`version_mismatch`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete_connection(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<ConnectionId>,
    QueryMap(query): QueryMap,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut connection = access::connection(&deps, &principal, &id).await?;
    etag::check(&headers, connection.version)?;
    let force = read_force(&query)?;
    if force {
        connection = deactivate(&deps, connection).await?;
    }
    Box::pin(clear(&deps, &connection, force)).await?;
    // The connection itself goes last: as long as something of it is left, this request can be made again.
    deps.secrets.delete(&deps.secrets.connection_id(&connection.tenant, &connection.id)).await?;
    deps.store.delete_hosts(&connection.tenant, &connection.id).await?;
    for _ in 0..MOST_TRIES {
        if deps.store.delete_connection(&connection).await? {
            tracing::info!(
                connection = %connection.id,
                tenant = %connection.tenant,
                "a connection was deleted"
            );
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        match deps.store.connection(&connection.tenant, &connection.id).await? {
            Some(changed) => connection = changed,
            // Another request was quicker.
            None => return Ok(StatusCode::NO_CONTENT.into_response()),
        }
    }
    Err(overtaken())
}

fn read_force(query: &serde_json::Map<String, Value>) -> Result<bool, Problem> {
    let errors = Errors::default();
    let force = Reader::query(query, &errors).optional("force", |value| match value.as_str() {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        _ => Err(Fault::wrong_type("true or false")),
    });
    errors.finish()?;
    Ok(force.unwrap_or(false))
}

/// Keeps new bookings away while the meetings that are there are cancelled.
async fn deactivate(deps: &Deps, mut before: Connection) -> Result<Connection, Problem> {
    for _ in 0..MOST_TRIES {
        if !before.active {
            return Ok(before);
        }
        let now = deps.clock.now();
        let after =
            Connection { active: false, version: before.version + 1, updated_at: now, ..before.clone() };
        if deps.store.replace_connection(&after, &before).await? {
            return Ok(after);
        }
        let read = deps.store.connection(&before.tenant, &before.id).await?;
        before = read.ok_or_else(|| Problem::not_found("connection"))?;
    }
    Err(overtaken())
}

/// Cancels the meetings that are to come; without `force`, their being there is in the way.
async fn clear(deps: &Deps, connection: &Connection, force: bool) -> Result<(), Problem> {
    let scope = Scope::Connection(connection.id.clone());
    let list = List { tenant: &connection.tenant, scope: &scope, tab: Tab::Upcoming, now: deps.clock.now() };
    let limit = if force { READ_AT_A_TIME } else { 1 };
    let mut after = None;
    loop {
        let (meetings, next) =
            deps.store.list(list, &Filter::default(), limit, after, deps.config.reminder_shards).await?;
        if !force && !meetings.is_empty() {
            return Err(in_use(connection));
        }
        for meeting in meetings {
            // An app that Zoom no longer accepts must not keep its connection from going.
            let done = Box::pin(cancel(deps, meeting, IfRefused::CancelHere)).await;
            done.map_err(|error| error.problem(deps.clock.now()))?;
        }
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}

fn in_use(connection: &Connection) -> Problem {
    Problem::new(
        Code::ConnectionInUse,
        format!(
            "The connection {} has meetings to come. Cancel them or move them to another host first, or \
             delete with ?force=true, which cancels them.",
            connection.name
        ),
    )
}
