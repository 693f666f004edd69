//! Access tokens: fetched once, by one caller, and kept in memory.
//!
//! Those of Server-to-Server apps are kept there only, per execution environment: a token is as good as a
//! password for its hour, one costs a single call, and Zoom lets several live at once, so sharing them would buy
//! little and would put more secrets in more places. Those of authorization-code apps come with a refresh token
//! that replaces the one before; they are shared, by [`super::grant`], so that one refresh does for all.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Url;

use super::grant::{FreshGrant, Grants};
use super::oauth::{Granted, TokenEndpoint};
use super::{App, AppSecret, Authorization, TokenFault, ZoomError};
use crate::clock::SharedClock;
use crate::secrets::{SecretVersion, Secrets};

/// How long before its end a token is no longer used.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// A place for one app's token: those who come while one fetches wait here and find what it got.
pub(super) type Slot = Arc<Mutex<Held>>;

/// What is kept in memory of an app.
#[derive(Debug, Default)]
pub(super) struct Held {
    token: Option<Arc<Token>>,
    /// The kept grant whose access token Zoom no longer takes, though its hour is not over.
    dead: Option<SecretVersion>,
    /// What an authorization code was redeemed for, until it is kept.
    fresh: Option<FreshGrant>,
}

/// A token and what came with it.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) access: SecretString,
    pub(super) scopes: Vec<String>,
    pub(super) api_url: Url,
    pub(super) expires_at: DateTime<Utc>,
    /// The kept grant that it is of.
    pub(super) grant: Option<SecretVersion>,
}

#[derive(Debug, Clone)]
pub(super) struct Tokens {
    endpoint: TokenEndpoint,
    grants: Grants,
    secrets: Secrets,
    clock: SharedClock,
    slots: Cache<String, Slot>,
}

impl Tokens {
    pub(super) fn new(endpoint: TokenEndpoint, grants: Grants, secrets: Secrets, clock: SharedClock) -> Self {
        Self { endpoint, grants, secrets, clock, slots: Cache::builder().max_capacity(1_000).build() }
    }

    /// A token that is good for another minute at least.
    pub(super) async fn get(&self, app: &App) -> Result<Arc<Token>, ZoomError> {
        let slot = self.slot(app).await;
        let mut held = slot.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| token.is_good(self.clock.now())) {
            return Ok(Arc::clone(token));
        }
        // Boxed, since it is rare and large, and every call to Zoom carries it.
        let token = Arc::new(Box::pin(self.fetch(app, &mut held)).await?);
        held.token = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Forgets a token that Zoom no longer takes, unless another has taken its place already.
    pub(super) async fn forget(&self, app: &App, dead: &Arc<Token>) {
        let slot = self.slot(app).await;
        let mut held = slot.lock().await;
        if held.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, dead)) {
            held.token = None;
            held.dead.clone_from(&dead.grant);
        }
    }

    /// Forgets whatever token there is, so that the next one says what Zoom grants by then.
    pub(super) async fn renew(&self, app: &App) -> Result<(), ZoomError> {
        let kept = match &app.authorization {
            Authorization::Kept(at) => self.grants.version(at).await?,
            Authorization::Account(_) | Authorization::Code { .. } => None,
        };
        let slot = self.slot(app).await;
        let mut held = slot.lock().await;
        held.token = None;
        held.dead = kept;
        Ok(())
    }

    /// What the app's authorization code was redeemed for; once.
    pub(super) async fn take_fresh(&self, app: &App) -> Option<FreshGrant> {
        self.slot(app).await.lock().await.fresh.take()
    }

    async fn slot(&self, app: &App) -> Slot {
        match &app.secret {
            AppSecret::Given(given) => Slot::clone(&given.slot),
            AppSecret::Kept { id, version } => {
                self.slots.get_with(format!("{id} {version:?}"), async { Slot::default() }).await
            }
        }
    }

    async fn fetch(&self, app: &App, held: &mut Held) -> Result<Token, ZoomError> {
        let secret = match &app.secret {
            AppSecret::Given(given) => Arc::new(given.secret.clone()),
            AppSecret::Kept { id, version } => self.secrets.get(id, Some(version)).await?,
        };
        let client = (app.client_id.as_str(), secret.expose_secret());
        match &app.authorization {
            Authorization::Account(account) => {
                let form = [("grant_type", "account_credentials"), ("account_id", account.as_str())];
                // Asking for a token changes nothing at Zoom, so an unclear answer is no answer.
                Ok(Token::of(self.endpoint.ask(client, &form).await?, None))
            }
            Authorization::Code { code, redirect_uri } => {
                let form = [
                    ("grant_type", "authorization_code"),
                    ("code", code.expose_secret()),
                    ("redirect_uri", redirect_uri.as_str()),
                ];
                let granted = self.endpoint.ask(client, &form).await?;
                // Without a refresh token the connection would end with the hour.
                let fresh = FreshGrant::of(&granted);
                held.fresh = Some(fresh.ok_or_else(|| {
                    ZoomError::Token(TokenFault::Other("Zoom gave no refresh token".to_owned()))
                })?);
                Ok(Token::of(granted, None))
            }
            Authorization::Kept(at) => {
                let is_dead = |version: &SecretVersion| held.dead.as_ref() == Some(version);
                self.grants.token(at, client, is_dead).await
            }
        }
    }
}

impl Token {
    fn of(granted: Granted, grant: Option<SecretVersion>) -> Self {
        let Granted { access, scopes, api_url, expires_at, refresh: _ } = granted;
        Self { access, scopes, api_url, expires_at, grant }
    }

    /// Whether it is good for another minute at least.
    pub(super) fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.expires_at - MARGIN > now
    }
}
