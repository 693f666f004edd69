//! Zoom's token endpoint (`POST /oauth/token`).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::transport::{bounded, failed};
use super::words::without;
use super::{TokenFault, ZoomError};
use crate::clock::SharedClock;
use crate::config::ZoomConfig;
use crate::outgoing::Outgoing;

/// The longest that a token is believed to live, in seconds; Zoom's live an hour.
const LONGEST_LIFE: i64 = 86_400;

/// What Zoom grants an app.
#[derive(Debug)]
pub(super) struct Granted {
    pub(super) access: SecretString,
    /// Comes with authorization codes and refresh tokens alone, and takes the place of the one before.
    pub(super) refresh: Option<SecretString>,
    pub(super) scopes: Vec<String>,
    pub(super) api_url: Url,
    pub(super) expires_at: DateTime<Utc>,
}

/// Why there is no token.
#[derive(Debug)]
pub(super) enum NotGranted {
    /// Zoom said no. A code or refresh token that was sent along is as good as before.
    Refused(TokenFault),
    /// Zoom was not asked, or asked for a pause: nothing is used up.
    NotAsked(String),
    /// Zoom was asked and gave no answer that can be understood: what was sent along may be used up.
    Unclear(String),
}

/// The token endpoint.
#[derive(Debug, Clone)]
pub(super) struct TokenEndpoint {
    http: Outgoing,
    config: Arc<ZoomConfig>,
    clock: SharedClock,
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: SecretString,
    #[serde(default)]
    refresh_token: Option<SecretString>,
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

impl TokenEndpoint {
    pub(super) fn new(http: Outgoing, config: Arc<ZoomConfig>, clock: SharedClock) -> Self {
        Self { http, config, clock }
    }

    /// Asks for a token as the app of that client id and secret.
    pub(super) async fn ask(
        &self,
        (client_id, secret): (&str, &str),
        form: &[(&str, &str)],
    ) -> Result<Granted, NotGranted> {
        let asked_at = self.clock.now();
        let http = self.http.client().map_err(|error| NotGranted::NotAsked(failed(&error)))?;
        let response = http
            .post(self.config.token_url.clone())
            .basic_auth(client_id, Some(secret))
            .header(http::header::ACCEPT, "application/json")
            .form(form)
            .timeout(self.config.timeout)
            .send()
            .await
            .map_err(|error| {
                let why = failed(&error);
                if error.is_connect() { NotGranted::NotAsked(why) } else { NotGranted::Unclear(why) }
            })?;
        let status = response.status();
        let body = bounded(response).await.map_err(NotGranted::Unclear)?;
        if status == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(NotGranted::NotAsked(format!("the token endpoint answered {status}")));
        }
        if status.is_server_error() {
            return Err(NotGranted::Unclear(format!("the token endpoint answered {status}")));
        }
        if !status.is_success() {
            let refusal: TokenRefusal = serde_json::from_slice(&body).unwrap_or_default();
            let fault = match TokenFault::read(&refusal.error, &refusal.reason) {
                TokenFault::Other(words) => TokenFault::Other(without(&words, &secrets_in(secret, form))),
                fault => fault,
            };
            return Err(NotGranted::Refused(fault));
        }
        let reply: TokenReply = serde_json::from_slice(&body)
            .map_err(|_| NotGranted::Unclear("the token endpoint's answer cannot be read".to_owned()))?;
        Ok(Granted {
            access: reply.access_token,
            refresh: reply.refresh_token,
            scopes: reply.scope.split_whitespace().map(str::to_owned).collect(),
            api_url: self.api_base(reply.api_url.as_deref()),
            expires_at: asked_at + TimeDelta::seconds(reply.expires_in.clamp(0, LONGEST_LIFE)),
        })
    }

    /// Where to call the API: what the token's reply names, where it is Zoom's own, else what is configured.
    pub(super) fn api_base(&self, named: Option<&str>) -> Url {
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

/// What is secret in a request for a token.
fn secrets_in<'a>(secret: &'a str, form: &[(&str, &'a str)]) -> Vec<&'a str> {
    let fields = form.iter().filter(|(name, _)| matches!(*name, "code" | "refresh_token"));
    std::iter::once(secret).chain(fields.map(|(_, value)| *value)).collect()
}

impl From<NotGranted> for ZoomError {
    fn from(error: NotGranted) -> Self {
        match error {
            NotGranted::Refused(fault) => Self::Token(fault),
            // To its caller a token that did not come is a call that was not made.
            NotGranted::NotAsked(why) | NotGranted::Unclear(why) => Self::Unreachable(why),
        }
    }
}
