//! `GET /v1/connections`: the connections that the caller may see.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::http::app::json;
use shared::http::page;
use shared::http::problem::ProblemBody;
use shared::http::request::QueryMap;
use shared::language::Language;

use crate::access;
use crate::shapes::{ConnectionPage, ConnectionReply};

/// How many connections a read looks at where most may be other people's.
const READ_AT_A_TIME: usize = 100;
/// The most reads for one page; it may be short instead.
const MOST_READS: usize = 5;

/// Lists connections, oldest first: an admin sees all of the tenant's, an instructor their own.
#[utoipa::path(
    get,
    path = "/v1/connections",
    operation_id = "listConnections",
    tag = "connections",
    params(
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 where it is left out",
            minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = ConnectionPage),
        (status = 400, description = "`invalid_cursor`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list_connections(
    State(deps): State<Deps>,
    principal: Principal,
    language: Language,
    QueryMap(query): QueryMap,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let whose = if principal.is_admin() { "" } else { principal.user.as_str() };
    let list = ["connections", principal.tenant.as_str(), whose];
    let asked = page::asked::<ConnectionId>(&deps, &list, &query).await?;
    let found = read(&deps, &principal, asked.limit, asked.after).await?;
    let place = |connection: &Connection| connection.id.clone();
    let (connections, next) = page::cut(&deps, &list, found.connections, asked.limit, place).await?;
    let next_cursor = match (next, found.rest_after) {
        (Some(next), _) => Some(next),
        (None, Some(after)) => Some(shared::http::cursor::encode(&deps, &list, &after).await?),
        (None, None) => None,
    };
    let shown = |one| ConnectionReply::new(one, &deps.config, language);
    let items = connections.into_iter().map(shown).collect();
    Ok(language.mark(json(StatusCode::OK, &ConnectionPage { items, next_cursor })))
}

struct Found {
    /// One more than is shown, where there are as many.
    connections: Vec<Connection>,
    /// After which one was not looked any more.
    rest_after: Option<ConnectionId>,
}

async fn read(
    deps: &Deps,
    principal: &Principal,
    limit: usize,
    mut after: Option<ConnectionId>,
) -> Result<Found, Problem> {
    // An admin sees each connection that is read, so one read fills the page.
    let reads = if principal.is_admin() { limit + 1 } else { READ_AT_A_TIME };
    let mut connections = Vec::new();
    for _ in 0..MOST_READS {
        let (page, next) = deps.store.connections(&principal.tenant, Some(reads), after.as_ref()).await?;
        connections.extend(page.into_iter().filter(|one| !one.leaving && access::reaches(principal, one)));
        after = next;
        if after.is_none() || connections.len() > limit {
            break;
        }
    }
    Ok(Found { connections, rest_after: after })
}
