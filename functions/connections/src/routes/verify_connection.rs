//! `POST /v1/connections/{id}/verify`: checks a connection again.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, NoBody};
use shared::language::Language;
use shared::store::chores::{RECHECK_OF_FAILED, Stage};

use super::{MOST_TRIES, overtaken};
use crate::access;
use crate::verification_shapes::VerificationReply;
use shared::verification::again;

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
    language: Language,
    Named(id): Named<ConnectionId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let mut before = access::connection(&deps, &principal, &id).await?;
    let findings = again::examine(&deps, &before).await?;
    for _ in 0..MOST_TRIES {
        // Who asks hears the answer at once, and needs no mail.
        let after = again::found(&before, &findings, true, deps.clock.now());
        if deps.store.replace_connection(&after, &before).await? {
            look_again(&deps, &after).await?;
            let found = VerificationReply::new(&findings.verification, language);
            return Ok(language.mark(json(StatusCode::OK, &found)));
        }
        before = access::connection(&deps, &principal, &id).await?;
    }
    Err(overtaken())
}

/// Has the schedule look again soon at what does not work: it heals by itself when Zoom answers again.
async fn look_again(deps: &Deps, connection: &Connection) -> Result<(), Problem> {
    if connection.failure.is_none() {
        return Ok(());
    }
    if let Some(chore) = deps.store.chore(&connection.tenant, &connection.id).await? {
        let due_at = deps.clock.now() + RECHECK_OF_FAILED;
        // Where somebody else is at it, that is soon enough.
        deps.store.replace_chore(&chore, Stage::Check, due_at, deps.config.reminder_shards).await?;
    }
    Ok(())
}
