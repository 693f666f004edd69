//! Who listens to an account's events, and how they are told.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::{mpsc, watch};

use super::admin::{AdminError, AdminResult, parse};
use super::events::Event;
use super::{Sandbox, links};

/// How long Zoom waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/webhooks", post(subscribe).delete(unsubscribe))
        .route("/webhooks/flush", post(flush))
}

/// An address that an account's events are sent to, as an app's Feature page has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    pub(super) account_id: String,
    url: String,
    /// The app's Secret Token.
    secret_token: String,
    /// The app, where that matters: what concerns another app is not sent here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
}

/// What is on its way to listeners.
#[derive(Debug)]
pub(super) struct Postman {
    letters: mpsc::UnboundedSender<Letter>,
    left: watch::Sender<usize>,
}

/// An event to one listener.
#[derive(Debug)]
struct Letter {
    to: Subscription,
    timestamp: i64,
    body: String,
}

impl Postman {
    /// Delivers, one after another, for as long as it lives.
    pub(super) fn start() -> Self {
        let (letters, mut received) = mpsc::unbounded_channel::<Letter>();
        let (left, _) = watch::channel(0);
        let done = left.clone();
        tokio::spawn(async move {
            while let Some(letter) = received.recv().await {
                let to = letter.to.url.clone();
                match letter.send().await {
                    Ok(response) if response.status().is_success() => {}
                    Ok(response) => tracing::warn!(%to, status = %response.status(), "an event was refused"),
                    Err(error) => tracing::warn!(%to, %error, "an event was not taken"),
                }
                done.send_modify(|left| *left -= 1);
            }
        });
        Self { letters, left }
    }

    fn post(&self, letter: Letter) {
        self.left.send_modify(|left| *left += 1);
        if self.letters.send(letter).is_err() {
            self.left.send_modify(|left| *left -= 1);
        }
    }
}

impl Letter {
    async fn send(self) -> Result<reqwest::Response, reqwest::Error> {
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let signed = format!("v0:{}:{}", self.timestamp, self.body);
        client
            .post(&self.to.url)
            .header("x-zm-request-timestamp", self.timestamp)
            .header("x-zm-signature", format!("v0={}", self.to.sign(&signed)))
            .header("Content-Type", "application/json; charset=utf-8")
            .body(self.body)
            .send()
            .await
    }
}

impl Subscription {
    fn wants(&self, event: &Event) -> bool {
        let is_another_app =
            self.client_id.as_ref().zip(event.client_id.as_ref()).is_some_and(|(a, b)| a != b);
        self.account_id == event.account_id && !is_another_app
    }

    fn sign(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_token.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whether whoever answers at the address knows the Secret Token.
    async fn is_proven(&self, timestamp: i64) -> bool {
        let plain = links::opaque(22);
        let event = json!({
            "event": "endpoint.url_validation", "event_ts": timestamp * 1000,
            "payload": {"plainToken": plain},
        });
        let letter = Letter { to: self.clone(), timestamp, body: event.to_string() };
        let Ok(answer) = letter.send().await else { return false };
        let proof = answer.bytes().await.unwrap_or_default();
        serde_json::from_slice::<Value>(&proof).unwrap_or_default()["encryptedToken"] == self.sign(&plain)
    }
}

impl Sandbox {
    /// Sends off what has been noted to be told.
    pub(super) fn send_events(&self) {
        let timestamp = self.now().timestamp();
        let mut state = self.state();
        for event in std::mem::take(&mut state.outgoing) {
            for to in state.subscriptions.values().filter(|to| to.wants(&event)) {
                let letter = Letter { to: to.clone(), timestamp, body: event.body.to_string() };
                self.postman().post(letter);
            }
        }
    }

    /// Waits until all that was to be told was told.
    pub async fn delivered(&self) {
        let mut left = self.postman().left.subscribe();
        // The sender lives as long as the sandbox does.
        left.wait_for(|left| *left == 0).await.map(drop).unwrap_or_default();
    }
}

/// Has an account's events sent to an address, which is asked first to prove that it knows the Secret Token.
async fn subscribe(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<Response> {
    let wanted: Subscription = parse(&body)?;
    if !wanted.is_proven(sandbox.now().timestamp()).await {
        let message = "URL validation failed: the endpoint does not prove that it knows the Secret Token.";
        return Err(AdminError::Invalid(message.to_owned()));
    }
    let shown = json!({"account_id": wanted.account_id, "url": wanted.url});
    sandbox.state().save_subscription(wanted)?;
    Ok((StatusCode::CREATED, axum::Json(shown)).into_response())
}

/// Has nothing more sent.
async fn unsubscribe(Extract(sandbox): Extract<Sandbox>) -> AdminResult<StatusCode> {
    sandbox.state().clear_subscriptions()?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers once all that was to be told was told.
async fn flush(Extract(sandbox): Extract<Sandbox>) -> StatusCode {
    sandbox.delivered().await;
    StatusCode::NO_CONTENT
}

/// Subscriptions by address.
pub(super) type Subscriptions = BTreeMap<String, Subscription>;

impl Subscription {
    pub(super) fn key(&self) -> String {
        self.url.clone()
    }
}
