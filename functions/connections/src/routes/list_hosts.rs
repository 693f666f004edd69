//! `GET /v1/connections/{id}/hosts`: the account's Zoom users.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::host::Host;
use shared::domain::ids::{ConnectionId, HostId};
use shared::http::Problem;
use shared::http::app::json;
use shared::http::page;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use shared::store::keys;

use crate::access;
use crate::shapes::{HostPage, HostReply};
use crate::today;

/// Lists the hosts of a connection, with what each has left of Zoom's daily limit.
#[utoipa::path(
    get,
    path = "/v1/connections/{id}/hosts",
    operation_id = "listHosts",
    tag = "connections",
    params(
        ("id" = String, Path, description = "The connection's id"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 where it is left out",
            minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = HostPage),
        (status = 400, description = "`invalid_cursor`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list_hosts(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<ConnectionId>,
    QueryMap(query): QueryMap,
) -> Result<Response, Problem> {
    let connection = access::connection(&deps, &principal, &id).await?;
    let list = ["hosts", principal.tenant.as_str(), id.as_str()];
    let asked = page::asked::<HostId>(&deps, &list, &query).await?;
    let reads = asked.limit + 1;
    let (found, _) = deps.store.hosts_page(&connection.tenant, &id, reads, asked.after.as_ref()).await?;
    let place = |host: &Host| host.id.clone();
    let (hosts, next_cursor) = page::cut(&deps, &list, found, asked.limit, place).await?;
    let day = deps.clock.now().date_naive();
    let quotas = hosts.iter().map(|host| keys::quota(&host.ledger(), day)).collect();
    let quotas = deps.store.batch_get(quotas).await?;
    let items = hosts
        .into_iter()
        .map(|host| {
            let today = today::of(quotas.get(&keys::quota(&host.ledger(), day)), &deps.config);
            HostReply::new(host, connection.pooled, today)
        })
        .collect();
    Ok(json(StatusCode::OK, &HostPage { items, next_cursor }))
}
