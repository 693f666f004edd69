//! Other credentials, or another webhook token, for a connection that is there already.
//!
//! New credentials are checked before anything is stored. They are then kept as further versions of the
//! connection's secrets, and the old versions are in use until the connection's item names the new ones.

use chrono::{DateTime, TimeDelta, Utc};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::{Connection, Finding, Owner, WebhookToken};
use shared::domain::ids::AccountId;
use shared::http::Problem;
use shared::http::fields::Field;
use shared::http::problem::{FieldCode, FieldError};
use shared::language::Language;
use shared::secrets::SecretVersion;
use shared::store::connections::Swapped;
use shared::store::grants::GrantRecord;
use shared::verification::{self, Findings, Wanted, roster};

use crate::checked::{check_passed, contact, exists};
use crate::request::auth::{Credentials, Grant};
use crate::request::change::Change;
use crate::secrets;

/// How long a webhook token is accepted after another has taken its place.
const WEBHOOK_OVERLAP: TimeDelta = TimeDelta::hours(24);

/// What a change brings of secrets, checked and kept.
pub(crate) struct NewSecrets<'a> {
    credentials: Option<Checked<'a>>,
    webhook: Field<SecretVersion>,
}

struct Checked<'a> {
    credentials: &'a Credentials,
    findings: Findings,
    client_secret: SecretVersion,
    grant: Option<SecretVersion>,
}

impl<'a> NewSecrets<'a> {
    /// Checks and keeps what `change` brings; nothing of it is in use yet.
    pub(crate) async fn of(
        deps: &Deps,
        connection: &Connection,
        change: &'a Change,
        language: Language,
    ) -> Result<Self, Problem> {
        let credentials = match &change.credentials {
            Some(credentials) => Some(Checked::of(deps, connection, credentials, language).await?),
            None => None,
        };
        let at = (&connection.tenant, &connection.id);
        let webhook = match &change.webhook_token {
            // The one in use again: the one before goes on to the end of its day.
            Field::Value(token) if secrets::is_webhook_token(deps, connection, token).await? => Field::Absent,
            Field::Value(token) => Field::Value(secrets::keep_webhook_token(deps, at, token).await?),
            Field::Null => Field::Null,
            Field::Absent | Field::Wrong => Field::Absent,
        };
        Ok(Self { credentials, webhook })
    }

    /// Has the connection name them.
    pub(crate) fn apply(&self, connection: &mut Connection, principal: &Principal, now: DateTime<Utc>) {
        if let Some(new) = &self.credentials {
            connection.auth_method = new.credentials.method();
            connection.redirect_uri = new.credentials.redirect_uri();
            connection.client_id.clone_from(&new.credentials.client_id);
            connection.client_secret_hint = new.credentials.hint();
            connection.secret_version = new.client_secret.clone();
            connection.verification = new.findings.verification.clone().of_connected();
            connection.failure = None;
            // Whoever mends what is somebody else's does not become the one who is written to.
            if is_owner(principal, connection) {
                connection.contact = contact(principal).or(connection.contact.take());
            }
        }
        match &self.webhook {
            Field::Absent | Field::Wrong => {}
            Field::Null => connection.webhook = None,
            Field::Value(version) => {
                let old = connection.webhook.take();
                let previous = old.map(|old| (old.version, now + WEBHOOK_OVERLAP));
                connection.webhook = Some(WebhookToken { version: version.clone(), previous });
            }
        }
    }

    /// Writes the connection; `false` where `before` is no longer what is stored.
    pub(crate) async fn store(
        &self,
        deps: &Deps,
        after: &Connection,
        before: &Connection,
    ) -> Result<bool, Problem> {
        let Some(new) = &self.credentials else {
            return Ok(deps.store.replace_connection(after, before).await?);
        };
        let old_grant = deps.store.grant(&before.tenant, &before.id).await?;
        let new_grant = new.grant.clone().map(GrantRecord::new);
        let grant = (old_grant.as_ref(), new_grant.as_ref());
        match deps.store.swap_credentials(after, before, grant).await? {
            Swapped::Yes => Ok(true),
            Swapped::Changed => Ok(false),
            Swapped::Exists => Err(exists(&after.owner)),
        }
    }

    /// Deletes what was kept for a connection that was removed meanwhile; nothing where nothing was.
    pub(crate) async fn forget(&self, deps: &Deps, gone: &Connection) -> Result<(), Problem> {
        if self.credentials.is_some() || matches!(self.webhook, Field::Value(_)) {
            deps.secrets.delete_connection(&gone.tenant, &gone.id).await?;
        }
        Ok(())
    }

    /// Does what follows from new credentials: the hosts are those that were found, and secrets that are of no
    /// more use are deleted.
    pub(crate) async fn clear_up(
        &self,
        deps: &Deps,
        after: &Connection,
        before: &Connection,
    ) -> Result<(), Problem> {
        if let Some(new) = &self.credentials {
            roster::refresh(&deps.store, after, &new.findings).await?;
            if after.auth_method != before.auth_method && new.grant.is_none() {
                deps.secrets.delete(&deps.secrets.grant_id(&after.tenant, &after.id)).await?;
            }
        }
        if after.webhook.is_none() && before.webhook.is_some() {
            deps.secrets.delete(&deps.secrets.webhook_id(&after.tenant, &after.id)).await?;
        }
        Ok(())
    }
}

impl<'a> Checked<'a> {
    async fn of(
        deps: &Deps,
        connection: &Connection,
        credentials: &'a Credentials,
        language: Language,
    ) -> Result<Self, Problem> {
        if let Grant::Account(account) = &credentials.grant
            && *account != connection.account_id
        {
            return Err(another_account("/auth/account_id", connection, account));
        }
        let app = credentials.app();
        let wanted = Wanted::Kept(connection.default_host.clone());
        let findings = verification::verify(&deps.zoom, &app, &wanted, deps.clock.now()).await?;
        check_passed(&findings, credentials.method(), language)?;
        let account = findings.account.as_ref();
        let account = account.ok_or_else(|| Problem::internal("a check that passed names no account"))?;
        if *account != connection.account_id {
            return Err(another_account("/auth/code", connection, account));
        }
        let (tenant, owner) = (&connection.tenant, &connection.owner);
        let is_another_app = credentials.client_id != connection.client_id;
        if is_another_app && deps.store.is_connected(tenant, account, &credentials.client_id, owner).await? {
            return Err(exists(owner));
        }
        let at = (tenant, &connection.id);
        let (client_secret, grant) =
            secrets::keep_credentials(deps, at, &app, &credentials.client_secret).await?;
        Ok(Self { credentials, findings, client_secret, grant })
    }
}

fn is_owner(principal: &Principal, connection: &Connection) -> bool {
    match &connection.owner {
        Owner::Tenant => true,
        Owner::User(user) => *user == principal.user,
    }
}

fn another_account(pointer: &str, connection: &Connection, found: &AccountId) -> Problem {
    let mismatch = Finding::AccountMismatch { expected: connection.account_id.clone(), found: found.clone() };
    Problem::invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code: FieldCode::Invalid,
        detail: mismatch.advice().into(),
    }])
}
