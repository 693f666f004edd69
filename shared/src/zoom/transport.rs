//! One call to Zoom's API, and what its answer means.

use std::time::Duration;

use chrono::DateTime;
use http::{Method, StatusCode};
use rand::Rng;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::operation::Operation;
use super::words::without;
use super::{App, Zoom, ZoomError};
use crate::telemetry::metrics::{self, Metric};

/// The most bytes of an answer: 300 meetings have about 300 KB.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;
/// The longest pause that is waited for inside a request.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How often a call is made again that certainly was not carried out, or that changes nothing.
const RETRIES: u32 = 2;

/// A call to be made.
pub(super) struct Call<'a> {
    pub(super) operation: Operation,
    /// Of the user or the meeting; empty where the path names none.
    pub(super) id: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<&'a Value>,
}

#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Vec<FieldRefusal>,
}

#[derive(Deserialize)]
struct FieldRefusal {
    #[serde(default)]
    field: String,
    #[serde(default)]
    message: String,
}

impl Zoom {
    /// Makes a call and reads its answer.
    pub(super) async fn call<T: DeserializeOwned>(&self, app: &App, call: &Call<'_>) -> Result<T, ZoomError> {
        let body = self.send(app, call).await?;
        serde_json::from_slice(&body)
            .map_err(|error| ZoomError::Unclear(format!("the answer cannot be read: {error}")))
    }

    /// Makes a call. One that was certainly not carried out, or that only reads, is made again after a short
    /// pause; a token that has died is fetched anew, once.
    pub(super) async fn send(&self, app: &App, call: &Call<'_>) -> Result<Vec<u8>, ZoomError> {
        let reads = call.operation.method() == Method::GET;
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let token = self.tokens.get(app).await?;
            let error = match self.attempt(&token, call).await {
                Ok(body) => return Ok(body),
                Err(Attempt::DeadToken(_)) if !renewed => {
                    renewed = true;
                    self.tokens.forget(app, &token).await;
                    continue;
                }
                Err(Attempt::DeadToken(message)) => {
                    return Err(ZoomError::Rejected { code: 124, message });
                }
                Err(Attempt::Failed(error)) => error,
            };
            let pause = match &error {
                ZoomError::RateLimited { retry_after } => Duration::from_secs(*retry_after),
                ZoomError::Unreachable(_) => backoff(tries),
                ZoomError::Unclear(_) if reads => backoff(tries),
                _ => return Err(error),
            };
            if tries == RETRIES || pause > LONGEST_PAUSE {
                return Err(error);
            }
            tries += 1;
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(&self, token: &super::token::Token, call: &Call<'_>) -> Result<Vec<u8>, Attempt> {
        let mut url = token.api_url.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().extend(call.operation.segments(call.id));
            }
            Err(()) => {
                return Err(ZoomError::Unreachable("the API's address takes no path".to_owned()).into());
            }
        }
        let http = self.http.client().map_err(|error| ZoomError::Unreachable(failed(&error)))?;
        let mut request = http
            .request(call.operation.method(), url)
            .query(call.query)
            .bearer_auth(token.access.expose_secret())
            // Without it an error can come as XML.
            .header(http::header::ACCEPT, "application/json")
            .timeout(self.config.timeout);
        if let Some(body) = call.body {
            request = request.json(body);
        }
        let asked = std::time::Instant::now();
        let answer = request.send().await;
        metrics::record(Metric::ZoomLatency, asked.elapsed().as_secs_f64() * 1000.0);
        let response = answer.map_err(|error| {
            if error.is_connect() {
                ZoomError::Unreachable(failed(&error))
            } else {
                ZoomError::Unclear(failed(&error))
            }
        })?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = bounded(response).await.map_err(ZoomError::Unclear)?;
        if status.is_success() {
            return Ok(body);
        }
        Err(self.refusal(token, status, &headers, &body))
    }

    fn refusal(
        &self,
        token: &super::token::Token,
        status: StatusCode,
        headers: &http::HeaderMap,
        body: &[u8],
    ) -> Attempt {
        let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
        let fields = refusal.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
        let message = std::iter::once(refusal.message.clone()).chain(fields).collect::<Vec<_>>().join(" ");
        let message = without(&message, &[token.access.expose_secret()]);
        let error = match (status, refusal.code) {
            (StatusCode::UNAUTHORIZED, _) => return Attempt::DeadToken(message),
            (_, 4700 | 4711) => ZoomError::MissingScopes(scopes_in(&message)),
            (StatusCode::TOO_MANY_REQUESTS, _) if message.contains("daily rate limit") => {
                ZoomError::DailyLimit
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => {
                ZoomError::RateLimited { retry_after: self.retry_after(headers) }
            }
            // Without Zoom's code it is the word of something in between, and says nothing of what Zoom has.
            (StatusCode::NOT_FOUND, 0) => ZoomError::Unclear("a 404 that is not Zoom's".to_owned()),
            (StatusCode::NOT_FOUND, code) => ZoomError::NotFound { code, message },
            (status, _) if status.is_server_error() => ZoomError::Unclear(format!("Zoom answered {status}")),
            (_, code) => ZoomError::Rejected { code, message },
        };
        Attempt::Failed(error)
    }

    /// `Retry-After` as seconds, as an HTTP date, or as Zoom has it: as an ISO 8601 date and time.
    fn retry_after(&self, headers: &http::HeaderMap) -> u64 {
        let Some(value) = headers.get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok()) else {
            return 1;
        };
        let until = DateTime::parse_from_rfc3339(value).or_else(|_| DateTime::parse_from_rfc2822(value));
        match (value.parse(), until) {
            (Ok(seconds), _) => seconds,
            (_, Ok(moment)) => {
                let wait = moment.to_utc() - self.clock.now();
                u64::try_from(wait.num_milliseconds().max(0)).unwrap_or_default().div_ceil(1000)
            }
            _ => 1,
        }
    }
}

enum Attempt {
    DeadToken(String),
    Failed(ZoomError),
}

impl From<ZoomError> for Attempt {
    fn from(error: ZoomError) -> Self {
        Self::Failed(error)
    }
}

fn backoff(tries: u32) -> Duration {
    let most = 200 * 2_u64.pow(tries);
    Duration::from_millis(rand::rng().random_range(most / 2..=most))
}

/// The scopes that Zoom's message names: `… does not contain scopes:[a, b].`
fn scopes_in(message: &str) -> Vec<String> {
    let list =
        message.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    list.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect()
}

/// The body of an answer, where it is not too large.
pub(super) async fn bounded(mut response: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What failed, without the address: it may hold a secret in its query.
pub(super) fn failed(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "no connection could be made"
    } else {
        "the connection broke off"
    };
    what.to_owned()
}
