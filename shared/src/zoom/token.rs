//! Access tokens of Server-to-Server apps: fetched once, by one caller, and kept in memory.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::transport::{bounded, failed};
use super::{App, AppSecret, TokenFault, ZoomError};
use crate::clock::SharedClock;
use crate::config::ZoomConfig;
use crate::secrets::Secrets;

/// How long before its end a token is no longer used.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

pub(super) type Slot = Arc<Mutex<Option<Arc<Token>>>>;

/// A token and what came with it.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) access: SecretString,
    pub(super) scopes: Vec<String>,
    pub(super) api_url: Url,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub(super) struct Tokens {
    http: reqwest::Client,
    config: Arc<ZoomConfig>,
    secrets: Secrets,
    clock: SharedClock,
    slots: Cache<String, Slot>,
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: SecretString,
    expires_in: i64,
    #[serde(default)]
    scope: String,
    api_url: Option<String>,
}

#[derive(Deserialize, Default)]
struct TokenRefusal {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    error: String,
}

impl Tokens {
    pub(super) fn new(
        http: reqwest::Client,
        config: Arc<ZoomConfig>,
        secrets: Secrets,
        clock: SharedClock,
    ) -> Self {
        Self { http, config, secrets, clock, slots: Cache::builder().max_capacity(1_000).build() }
    }

    /// A token that is good for another minute at least.
    pub(super) async fn get(&self, app: &App) -> Result<Arc<Token>, ZoomError> {
        let slot = self.slot(app).await;
        // Those who come while one fetches wait here and find what it got.
        let mut kept = slot.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.expires_at - MARGIN > self.clock.now()) {
            return Ok(Arc::clone(token));
        }
        let token = Arc::new(self.fetch(app).await?);
        *kept = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Forgets a token that Zoom no longer takes, unless another has taken its place already.
    pub(super) async fn forget(&self, app: &App, dead: &Arc<Token>) {
        let slot = self.slot(app).await;
        let mut kept = slot.lock().await;
        if kept.as_ref().is_some_and(|token| Arc::ptr_eq(token, dead)) {
            *kept = None;
        }
    }

    async fn slot(&self, app: &App) -> Slot {
        match &app.secret {
            AppSecret::Given(given) => Slot::clone(&given.token),
            AppSecret::Kept { id, version } => {
                self.slots.get_with(format!("{id} {version:?}"), async { Slot::default() }).await
            }
        }
    }

    async fn fetch(&self, app: &App) -> Result<Token, ZoomError> {
        let secret = match &app.secret {
            AppSecret::Given(given) => Arc::new(given.secret.clone()),
            AppSecret::Kept { id, version } => self.secrets.get(id, Some(version)).await?,
        };
        let asked_at = self.clock.now();
        let response = self
            .http
            .post(self.config.token_url.clone())
            .basic_auth(&app.client_id, Some(secret.expose_secret()))
            .header(http::header::ACCEPT, "application/json")
            .form(&[("grant_type", "account_credentials"), ("account_id", app.account_id.as_str())])
            .timeout(self.config.timeout)
            .send()
            .await
            // Asking for a token changes nothing at Zoom, so an unclear answer is no answer.
            .map_err(|error| ZoomError::Unreachable(failed(&error)))?;
        let status = response.status();
        let body = bounded(response).await.map_err(ZoomError::Unreachable)?;
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(ZoomError::Unreachable(format!("the token endpoint answered {status}")));
        }
        if !status.is_success() {
            let refusal: TokenRefusal = serde_json::from_slice(&body).unwrap_or_default();
            return Err(ZoomError::Token(TokenFault::read(&refusal.error, &refusal.reason)));
        }
        let reply: TokenReply = serde_json::from_slice(&body)
            .map_err(|_| ZoomError::Unreachable("the token endpoint's answer cannot be read".to_owned()))?;
        Ok(Token {
            access: reply.access_token,
            scopes: reply.scope.split_whitespace().map(str::to_owned).collect(),
            api_url: self.api_base(reply.api_url.as_deref()),
            expires_at: asked_at + TimeDelta::seconds(reply.expires_in),
        })
    }

    /// Where to call the API: what the token's reply names, where it is Zoom's own, else what is configured.
    fn api_base(&self, named: Option<&str>) -> Url {
        let configured = &self.config.api_url;
        let is_zoom = |url: &Url| {
            let host = url.host_str().unwrap_or_default();
            url.scheme() == "https" && (host == "zoom.us" || host.ends_with(".zoom.us"))
        };
        // A token's reply may only move calls within Zoom: from a Zoom that is configured to another of Zoom's.
        named
            .and_then(|named| Url::parse(named).ok())
            .filter(|url| is_zoom(url) && is_zoom(configured))
            .and_then(|url| url.join("/v2").ok())
            .unwrap_or_else(|| configured.clone())
    }
}
