//! Posting events to learning platforms.

use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use secrecy::SecretString;

use super::endpoint::{Endpoint, Reach};
use super::event::PlatformEvent;
use super::resolver::Resolver;
use super::signing_secret::{UnusableSecret, sign};

/// How long a platform may take to answer, look-up and connecting included.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);

/// Posts events. Its HTTP client is built with the first: most functions send none.
#[derive(Debug)]
pub struct Sender {
    reach: Reach,
    client: OnceLock<reqwest::Client>,
}

/// What a platform answered. Nothing but its status is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It took the event.
    Taken,
    /// It wants no more events (410).
    Gone,
    /// It did not take the event now; a redirect is no taking.
    NotTaken(StatusCode),
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is nothing to sign with.
    #[error(transparent)]
    Secret(#[from] UnusableSecret),
    /// The event cannot be written.
    #[error("the event cannot be written: {0}")]
    Write(#[from] serde_json::Error),
    /// The endpoint did not answer, or none may go there.
    #[error("{}", causes(.0))]
    Http(reqwest::Error),
}

impl Sender {
    /// Posts within `reach`.
    pub fn new(reach: Reach) -> Self {
        Self { reach, client: OnceLock::new() }
    }

    /// Posts `event`, signed at `at` with each of `secrets`: a platform that knows one of them can check it.
    ///
    /// # Errors
    /// When the platform gives no answer.
    pub async fn post(
        &self,
        endpoint: &Endpoint,
        event: &PlatformEvent,
        secrets: &[&SecretString],
        at: DateTime<Utc>,
    ) -> Result<Answer, SendError> {
        let body = serde_json::to_vec(&event.said)?;
        let signatures: Vec<String> = secrets
            .iter()
            .map(|secret| sign(secret, &event.id, at, &body))
            .collect::<Result<_, UnusableSecret>>()?;
        let request = self
            .client()?
            .post(endpoint.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", event.id.as_str())
            .header("webhook-timestamp", at.timestamp())
            .header("webhook-signature", signatures.join(" "))
            .body(body);
        let response = request.send().await.map_err(|error| SendError::Http(error.without_url()))?;
        Ok(match response.status() {
            status if status.is_success() => Answer::Taken,
            StatusCode::GONE => Answer::Gone,
            status => Answer::NotTaken(status),
        })
    }

    fn client(&self) -> Result<&reqwest::Client, SendError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            // An answer leads nowhere, and no proxy hides where a connection goes.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(self.reach == Reach::Public)
            .dns_resolver(Resolver(self.reach))
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(SendError::Http)?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// An error with what led to it: the outermost says little more than that the request failed.
fn causes(error: &reqwest::Error) -> String {
    let first: &dyn std::error::Error = error;
    let chain = std::iter::successors(Some(first), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
