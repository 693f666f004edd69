//! `DELETE /v1/connections/{id}`: removes a connection, its hosts and its secret.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{clear, upcoming_of};
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::domain::meeting::Meeting;
use shared::http::fields::{Errors, Fault, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use shared::http::{Code, Problem, etag};
use shared::removal;
use shared::store::StoreError;

use super::{overtaken, race};
use crate::access;

/// How many meetings a request calls off; where there are more, the schedule does.
const MOST_AT_ONCE: usize = 10;

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
        (status = 204, description = "Gone; with `force` and many meetings these are cancelled in the background"),
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
        (status = 429, description = "`rate_limited`: many change it at once",
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
    let in_use = in_use(&connection);
    if !force && !upcoming(&deps, &connection).await?.0.is_empty() {
        return Err(in_use);
    }
    let mut race = race(&deps);
    let begun = loop {
        if let Some(begun) = removal::begin(&deps, &connection).await? {
            break begun;
        }
        race.lost().await.map_err(|_| overtaken())?;
        let stored = deps.store.connection(&principal.tenant, &id).await?;
        // Somebody else removes it, or has.
        let Some(changed) = stored.filter(|stored| !stored.leaving) else { return Ok(gone()) };
        // Who names a version wants no other one deleted.
        etag::check(&headers, changed.version)?;
        connection = changed;
    };
    // What was booked before its hosts were gone is here now; nothing comes after it.
    let (meetings, more) = upcoming(&deps, &begun.leaving).await?;
    if !force && !meetings.is_empty() {
        removal::take_back(&deps, begun).await?;
        return Err(in_use);
    }
    let cleared = if more { Ok(()) } else { Box::pin(clear(&deps, meetings)).await };
    match cleared {
        Ok(()) if !more => removal::finish(&deps, begun.leaving).await?,
        Ok(()) => removal::hand_over(&deps, &begun.leaving).await?,
        Err(error) => {
            tracing::warn!(connection = %begun.leaving.id, %error, "left to the schedule to remove");
            removal::hand_over(&deps, &begun.leaving).await?;
        }
    }
    Ok(gone())
}

fn gone() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

async fn upcoming(deps: &Deps, connection: &Connection) -> Result<(Vec<Meeting>, bool), StoreError> {
    upcoming_of(deps, &connection.tenant, &connection.id, MOST_AT_ONCE).await
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
