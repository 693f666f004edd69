//! `POST /v1/connections`: checks an app against Zoom, and keeps it where it works.

use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::{Connection, WebhookToken};
use shared::domain::ids::{AccountId, ConnectionId};
use shared::http::Problem;
use shared::http::idempotency::Operation;
use shared::http::problem::ProblemBody;
use shared::http::request::JsonBody;
use shared::language::Language;
use shared::removal;
use shared::store::chores::Chore;
use shared::store::connections::Stored;
use shared::store::grants::GrantRecord;

use super::{located, reply};
use crate::access;
use crate::checked::{check_passed, contact, exists};
use crate::request::new_connection::NewConnection;
use crate::request::shapes::NewConnectionShape;
use crate::secrets::{self, Kept};
use crate::shapes::ConnectionReply;
use shared::verification::{self, Findings, roster};
use shared::zoom::App;

/// Saves and checks a Zoom app.
///
/// The app is checked against Zoom; only if every required check passes is it stored. Else nothing is, and
/// the reply says of each check what to change in Zoom.
#[utoipa::path(
    post,
    path = "/v1/connections",
    operation_id = "createConnection",
    tag = "connections",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters")),
    request_body = NewConnectionShape,
    responses(
        (status = 201, description = "Checked and stored", body = ConnectionReply,
            headers(("Location" = String), ("ETag" = String))),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`connection_exists`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`, or `connection_check_failed` with `verification`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create_connection(
    State(deps): State<Deps>,
    principal: Principal,
    language: Language,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let new = NewConnection::read(body, &principal)?;
    access::may_own(&principal, &new.owner)?;
    let id = ConnectionId::new(operation.id);
    if operation.is_resumed()
        && let Some(connection) = deps.store.connection(&principal.tenant, &id).await?
    {
        return created(&deps, connection, language);
    }
    let app = new.credentials.app();
    let findings = verification::verify(&deps.zoom, &app, &new.wanted(), deps.clock.now()).await?;
    check_passed(&findings, new.credentials.method(), language)?;
    let account =
        findings.account.clone().ok_or_else(|| Problem::internal("a check that passed names no account"))?;
    let connected =
        deps.store.is_connected(&principal.tenant, &account, &new.credentials.client_id, &new.owner).await?;
    if connected {
        return Err(exists(&new.owner));
    }
    let draft = Draft { id, account, app, new, findings };
    let connection = draft.keep(&deps, &principal).await?;
    tracing::info!(connection = %connection.id, tenant = %connection.tenant, "a Zoom app was connected");
    created(&deps, connection, language)
}

/// After how long the schedule removes what was kept of a connection that was never stored.
const CLEAR_UP_AFTER: TimeDelta = TimeDelta::minutes(15);

/// A connection that passed its check and is not kept yet.
struct Draft {
    id: ConnectionId,
    account: AccountId,
    app: App,
    new: NewConnection,
    findings: Findings,
}

impl Draft {
    /// Keeps the secrets, the hosts and then the connection itself, by which the others become reachable; what
    /// was kept of one that loses against another of the same app is removed.
    async fn keep(self, deps: &Deps, principal: &Principal) -> Result<Connection, Problem> {
        // Should this request die, the schedule removes what it has kept.
        let later = deps.clock.now() + CLEAR_UP_AFTER;
        let chore = Chore::clear_up(&principal.tenant, &self.id, later);
        deps.store.put_chore(&chore, deps.config.reminder_shards).await?;
        let secrets = secrets::keep(deps, (&principal.tenant, &self.id), &self.app, &self.new).await?;
        let connection = self.connection(deps, principal, &secrets);
        let hosts = roster::hosts(&connection, &self.findings);
        if let Err(error) = deps.store.put_hosts(&connection.tenant, &hosts).await {
            remove_traces(deps, &connection).await;
            return Err(error.into());
        }
        let chore = Chore::first(&connection.tenant, &connection.id, deps.clock.now());
        let grant = secrets.grant.map(GrantRecord::new);
        let shards = deps.config.reminder_shards;
        match deps.store.create_connection(&connection, grant.as_ref(), &chore, shards).await? {
            Stored::Yes => Ok(connection),
            Stored::Exists => {
                // An earlier try with the same key may have come so far.
                if let Some(kept) = deps.store.connection(&connection.tenant, &connection.id).await? {
                    return Ok(kept);
                }
                remove_traces(deps, &connection).await;
                Err(exists(&connection.owner))
            }
        }
    }

    fn connection(&self, deps: &Deps, principal: &Principal, secrets: &Kept) -> Connection {
        let now = deps.clock.now();
        Connection {
            id: self.id.clone(),
            tenant: principal.tenant.clone(),
            name: self.new.name.clone(),
            owner: self.new.owner.clone(),
            auth_method: self.new.credentials.method(),
            redirect_uri: self.new.credentials.redirect_uri(),
            account_id: self.account.clone(),
            client_id: self.new.credentials.client_id.clone(),
            client_secret_hint: self.new.credentials.hint(),
            secret_version: secrets.client_secret.clone(),
            webhook: secrets.webhook.clone().map(|version| WebhookToken { version, previous: None }),
            contact: contact(principal),
            active: true,
            pooled: self.new.pooled,
            default_host: self.findings.default_host.clone().map(Into::into),
            defaults: self.new.defaults,
            verification: self.findings.verification.clone().of_connected(),
            failure: None,
            leaving: false,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Removes what was kept of a connection that was not stored. What cannot be removed now is left to the schedule:
/// the caller's answer is the reason why the connection was not stored.
async fn remove_traces(deps: &Deps, connection: &Connection) {
    let (tenant, id) = (&connection.tenant, &connection.id);
    if let Err(error) = removal::clear_up(deps, tenant, id).await {
        tracing::warn!(%error, connection = %id, "left to the schedule to clear up");
    }
}

fn created(deps: &Deps, connection: Connection, language: Language) -> Result<Response, Problem> {
    let path = format!("/v1/connections/{}", connection.id);
    located(reply(StatusCode::CREATED, connection, deps, language), &path)
}
