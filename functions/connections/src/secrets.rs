//! Keeping what a connection has of secrets.

use secrecy::{ExposeSecret, SecretString};
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::{ConnectionId, TenantId};
use shared::http::Problem;
use shared::secrets::SecretVersion;
use shared::zoom::{App, GrantOf, ZoomError};

use crate::request::new_connection::NewConnection;

/// The versions under which a connection's secrets are kept.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) client_secret: SecretVersion,
    /// The tokens of an app that was allowed by a code.
    pub(crate) grant: Option<SecretVersion>,
    pub(crate) webhook: Option<SecretVersion>,
}

/// Keeps the secrets of a connection that is to be made.
pub(crate) async fn keep(
    deps: &Deps,
    at: (&TenantId, &ConnectionId),
    app: &App,
    new: &NewConnection,
) -> Result<Kept, Problem> {
    let webhook = match &new.webhook_token {
        Some(token) => Some(keep_webhook_token(deps, at, token).await?),
        None => None,
    };
    let (client_secret, grant) = keep_credentials(deps, at, app, &new.credentials.client_secret).await?;
    Ok(Kept { client_secret, grant, webhook })
}

/// Keeps what an app gets its tokens with; what was kept before stays to be read under its versions.
pub(crate) async fn keep_credentials(
    deps: &Deps,
    (tenant, connection): (&TenantId, &ConnectionId),
    app: &App,
    client_secret: &SecretString,
) -> Result<(SecretVersion, Option<SecretVersion>), Problem> {
    // The code is redeemed: what it was redeemed for must not be lost.
    let of = GrantOf { tenant: tenant.clone(), connection: connection.clone() };
    let grant = deps.zoom.keep_grant(app, &of).await.map_err(|error| match error {
        ZoomError::Secret(error) => error.into(),
        error => Problem::internal(error.to_string()),
    })?;
    let id = deps.secrets.connection_id(tenant, connection);
    Ok((deps.secrets.put(&id, client_secret).await?, grant))
}

/// Keeps the token by which webhooks are known.
pub(crate) async fn keep_webhook_token(
    deps: &Deps,
    (tenant, connection): (&TenantId, &ConnectionId),
    token: &SecretString,
) -> Result<SecretVersion, Problem> {
    Ok(deps.secrets.put(&deps.secrets.webhook_id(tenant, connection), token).await?)
}

/// Whether webhooks of a connection are known by that very token already.
pub(crate) async fn is_webhook_token(
    deps: &Deps,
    connection: &Connection,
    token: &SecretString,
) -> Result<bool, Problem> {
    let Some(webhook) = &connection.webhook else { return Ok(false) };
    let id = deps.secrets.webhook_id(&connection.tenant, &connection.id);
    let kept = deps.secrets.get(&id, Some(&webhook.version)).await?;
    Ok(kept.expose_secret() == token.expose_secret())
}
