//! `PATCH /v1/connections/{id}/hosts/{host_id}`: what a tenant sets about a host.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::ids::{ConnectionId, HostId};
use shared::http::app::json;
use shared::http::fields::{Errors, Field, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::{JsonBody, Named};
use shared::http::{Problem, parse};
use shared::store::hosts::HostChange;
use shared::store::keys;

use crate::access;
use crate::request::settable;
use crate::request::shapes::HostChangeShape;
use crate::shapes::HostReply;
use crate::today;

/// The ids in the address.
#[derive(Debug, Deserialize)]
pub(crate) struct HostIds {
    id: ConnectionId,
    host_id: HostId,
}

/// Changes what is set about a host, by a merge patch; what Zoom says of it stays.
#[utoipa::path(
    patch,
    path = "/v1/connections/{id}/hosts/{host_id}",
    operation_id = "changeHost",
    tag = "connections",
    params(
        ("id" = String, Path, description = "The connection's id"),
        ("host_id" = String, Path, description = "Zoom's user id"),
    ),
    request_body = HostChangeShape,
    responses(
        (status = 200, description = "The host as it is now", body = HostReply),
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
pub(crate) async fn change_host(
    State(deps): State<Deps>,
    principal: Principal,
    Named(HostIds { id, host_id }): Named<HostIds>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let connection = access::connection(&deps, &principal, &id).await?;
    let change = read(&body)?;
    let host = deps.store.change_host(&connection.tenant, &id, &host_id, change).await?;
    let host = host.ok_or_else(|| Problem::not_found("host"))?;
    let quota = keys::quota(&host.ledger(), deps.clock.now().date_naive());
    let quotas = deps.store.batch_get(vec![quota.clone()]).await?;
    let today = today::of(quotas.get(&quota), &deps.config);
    Ok(json(StatusCode::OK, &HostReply::new(host, connection.pooled, today)))
}

fn read(body: &Value) -> Result<HostChange, Problem> {
    let errors = Errors::default();
    let change = Reader::body(body, &errors).map(|reader| {
        let pooled: Field<bool> = reader.field("pooled", parse::boolean);
        let most = reader.field("concurrent_meetings", |value| parse::integer(value, 1..=2));
        HostChange {
            pooled: pooled.change(),
            concurrent_meetings: settable(&reader, "concurrent_meetings", most),
        }
    });
    errors.finish()?;
    change.ok_or_else(|| Problem::internal("a body without a fault could not be read"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_given_and_no_more() {
        let read = |body: Value| read(&body).ok();
        assert_eq!(read(json!({})), Some(HostChange::default()));
        let both = HostChange { pooled: Some(Some(false)), concurrent_meetings: Some(2) };
        assert_eq!(read(json!({"pooled": false, "concurrent_meetings": 2})), Some(both));
        let cleared = HostChange { pooled: Some(None), concurrent_meetings: None };
        assert_eq!(read(json!({"pooled": null})), Some(cleared));
        for wrong in [
            json!({"concurrent_meetings": 3}),
            json!({"concurrent_meetings": null}),
            json!({"pooled": 1}),
            json!({"active": true}),
        ] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
