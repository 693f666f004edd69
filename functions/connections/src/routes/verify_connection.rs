//! `POST /v1/connections/{id}/verify`: checks a connection again.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, NoBody};
use shared::zoom::{App, AppSecret, GivenSecret};

use super::{MOST_TRIES, overtaken};
use crate::access;
use crate::shapes::VerificationReply;
use shared::verification::{self, Findings, Wanted, roster};

/// Checks a connection against Zoom again, and keeps what was found: its hosts too are brought up to date.
#[utoipa::path(
    post,
    path = "/v1/connections/{id}/verify",
    operation_id = "verifyConnection",
    tag = "connections",
    params(("id" = String, Path, description = "The connection's id")),
    responses(
        (status = 200, description = "What was found, good or bad", body = VerificationReply),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn verify_connection(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<ConnectionId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let mut before = access::connection(&deps, &principal, &id).await?;
    let app = fresh_app(&deps, &before).await?;
    let wanted = Wanted::Kept(before.default_host.clone());
    let findings = verification::verify(&deps.zoom, &app, &wanted, deps.clock.now()).await?;
    roster::refresh(&deps.store, &before, &findings).await?;
    for _ in 0..MOST_TRIES {
        let after = checked(&before, &findings, &deps);
        if deps.store.replace_connection(&after, &before).await? {
            let verification = findings.verification;
            return Ok(json(StatusCode::OK, &VerificationReply { verification }));
        }
        before = access::connection(&deps, &principal, &id).await?;
    }
    Err(overtaken())
}

/// The connection's app with a token of its own: one that is kept from before says nothing of what has been
/// changed in Zoom since.
async fn fresh_app(deps: &Deps, connection: &Connection) -> Result<App, Problem> {
    let id = deps.secrets.connection_id(&connection.tenant, &connection.id);
    let secret = deps.secrets.get(&id, Some(&connection.secret_version)).await?;
    let secret = SecretString::clone(&secret);
    Ok(App { secret: AppSecret::Given(GivenSecret::from(secret)), ..App::of(connection, &deps.secrets) })
}

fn checked(before: &Connection, findings: &Findings, deps: &Deps) -> Connection {
    let mut after = before.clone();
    after.verification = findings.verification.clone();
    // The default host's address and name may have changed in Zoom.
    if let (Some(kept), Some(found)) = (&before.default_host, &findings.default_host)
        && kept.id == found.id
    {
        after.default_host = Some(found.clone().into());
    }
    after.version += 1;
    after.updated_at = deps.clock.now();
    after
}
