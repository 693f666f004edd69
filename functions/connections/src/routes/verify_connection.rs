//! `POST /v1/connections/{id}/verify`: checks a connection again.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::booking::Race;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, NoBody};
use shared::language::Language;
use shared::store::chores::{RECHECK_OF_FAILED, Stage};

use super::{overtaken, race};
use crate::access;
use crate::verification_shapes::VerificationReply;
use shared::verification::{Findings, again};

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
        (status = 429, description = "`rate_limited`: many change it at once",
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
    let mut examined = access::connection(&deps, &principal, &id).await?;
    let mut race = race(&deps);
    loop {
        let findings = again::examine(&deps, &examined).await?;
        match keep(&deps, &principal, &examined, &findings, &mut race).await? {
            Kept::Yes => {
                let found = VerificationReply::new(&findings.verification, language);
                return Ok(language.mark(json(StatusCode::OK, &found)));
            }
            // What was found is of credentials that are no longer in use.
            Kept::Not(changed) => examined = *changed,
        }
    }
}

/// Whether what was found was kept.
enum Kept {
    /// It was, or somebody else has kept something newer.
    Yes,
    /// The connection has other credentials by now.
    Not(Box<Connection>),
}

/// Keeps what was found of `examined`. That Zoom cannot be asked says nothing about the app and is not kept.
async fn keep(
    deps: &Deps,
    principal: &Principal,
    examined: &Connection,
    findings: &Findings,
    race: &mut Race,
) -> Result<Kept, Problem> {
    if findings.outage.is_some() {
        return Ok(Kept::Yes);
    }
    let mut before = examined.clone();
    loop {
        let after = again::found(&before, findings, deps.clock.now());
        if deps.store.replace_connection(&after, &before).await? {
            look_again(deps, &after).await?;
            return Ok(Kept::Yes);
        }
        race.lost().await.map_err(|_| overtaken())?;
        before = access::connection(deps, principal, &examined.id).await?;
        if !again::is_same_app(&before, examined) {
            return Ok(Kept::Not(Box::new(before)));
        }
        // Of several who look at one moment one writes.
        if before.verification.checked_at >= findings.verification.checked_at {
            return Ok(Kept::Yes);
        }
    }
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
