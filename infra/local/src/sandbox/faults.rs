//! Faults on demand: what networks and Zoom itself do to a client on a bad day.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::stream;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::errors::ZoomError;
use super::meeting::Kind;
use super::{Sandbox, api, meetings, operations};

/// How long a reply that never comes keeps the connection, in real time.
const SILENCE: Duration = Duration::from_mins(1);
const SLOWNESS: Duration = Duration::from_secs(2);

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// The change is made, and no reply comes.
    TimeoutAfterCommit,
    /// Nothing is done, and no reply comes.
    TimeoutBefore,
    #[serde(rename = "status_500")]
    Status500,
    #[serde(rename = "status_429")]
    Status429,
    /// The same, with `Retry-After` as a number of seconds.
    #[serde(rename = "status_429_seconds")]
    Status429Seconds,
    /// Something in between does not know the way: no word of Zoom's.
    #[serde(rename = "status_404")]
    Status404,
    /// Zoom does not know what it has, as a copy that lags behind.
    NotThere,
    DailyLimit,
    /// The role of the user who made the app does not allow it.
    NoPermission,
    /// Nothing is done, and the connection drops without a byte.
    Disconnect,
    /// The change is made, and the reply breaks off in the middle of its JSON.
    Malformed,
    /// All is well, late.
    Slow,
    /// The presented token dies.
    DeadToken,
    /// The reply does not say whether the meeting runs, and its list begins with a line of nothing.
    Patchy,
    /// The dates of a series come out an hour later than its rule says.
    OtherDates,
}

/// Faults still to come, in order, by operation.
#[derive(Debug, Default)]
pub(super) struct Faults(HashMap<String, VecDeque<Planned>>);

#[derive(Debug)]
struct Planned {
    fault: Fault,
    times: u32,
}

impl Faults {
    pub(super) fn plan(&mut self, operation: String, fault: Fault, times: u32) {
        self.0.entry(operation).or_default().push_back(Planned { fault, times });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn next(&mut self, operation: &str) -> Option<Fault> {
        let queue = self.0.get_mut(operation)?;
        let planned = queue.front_mut()?;
        let fault = planned.fault;
        planned.times = planned.times.saturating_sub(1);
        if planned.times == 0 {
            queue.pop_front();
        }
        Some(fault)
    }
}

/// Takes the next fault of the request's operation, if one is planned, and does it.
pub(super) async fn inject(Extract(sandbox): Extract<Sandbox>, request: Request, next: Next) -> Response {
    let fault = operations::operation_template(request.method(), request.uri().path())
        .and_then(|operation| sandbox.state().faults.next(&operation));
    let Some(fault) = fault else { return next.run(request).await };
    match fault {
        Fault::TimeoutBefore => silence().await,
        Fault::TimeoutAfterCommit => {
            next.run(request).await;
            silence().await
        }
        Fault::Status500 => ZoomError::internal().into_response(),
        Fault::Status429 => ZoomError::per_second_limit(sandbox.now()).into_response(),
        Fault::Status429Seconds => {
            let mut limited = ZoomError::per_second_limit(sandbox.now()).into_response();
            limited.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("1"));
            limited
        }
        Fault::Status404 => (StatusCode::NOT_FOUND, "<html>404 Not Found</html>").into_response(),
        Fault::NotThere => {
            let number = request.uri().path().rsplit('/').next().unwrap_or_default();
            meetings::does_not_exist(Kind::Meeting, number).into_response()
        }
        Fault::DailyLimit => ZoomError::daily_limit(sandbox.daily_writes()).into_response(),
        Fault::NoPermission => ZoomError::bad_request(200, "No permission.").into_response(),
        Fault::Disconnect => disconnect(),
        Fault::Malformed => truncate(next.run(request).await).await,
        Fault::Slow => {
            tokio::time::sleep(SLOWNESS).await;
            next.run(request).await
        }
        Fault::OtherDates => {
            // The reply may leave the dates out; whoever wants them then reads the meeting.
            let (parts, body) = next.run(request).await.into_parts();
            let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            let mut reply: serde_json::Value = serde_json::from_slice(&whole).unwrap_or_default();
            if let Err(error) = sandbox.state().delay_dates(reply["id"].as_u64(), TimeDelta::hours(1)) {
                return ZoomError::from(error).into_response();
            }
            if let Some(reply) = reply.as_object_mut() {
                reply.remove("occurrences");
            }
            (parts.status, axum::Json(reply)).into_response()
        }
        Fault::Patchy => {
            let (parts, body) = next.run(request).await.into_parts();
            let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            let mut reply: serde_json::Value = serde_json::from_slice(&whole).unwrap_or_default();
            if let Some(reply) = reply.as_object_mut() {
                reply.remove("status");
                if let Some(serde_json::Value::Array(lines)) = reply.get_mut("meetings") {
                    lines.insert(0, serde_json::json!({"uuid": null, "start_time": null}));
                }
            }
            (parts.status, axum::Json(reply)).into_response()
        }
        Fault::DeadToken => {
            let revoked = api::bearer(request.headers()).map(|token| sandbox.state().revoke(&token));
            match revoked {
                Some(Err(error)) => ZoomError::from(error).into_response(),
                _ => ZoomError::invalid_token().into_response(),
            }
        }
    }
}

/// No reply, for longer than a client should wait; then the connection drops.
async fn silence() -> Response {
    tokio::time::sleep(SILENCE).await;
    disconnect()
}

/// A body that fails before its first byte: the server gives the connection up with nothing written.
fn disconnect() -> Response {
    let broken = stream::once(async { Err::<Bytes, _>(std::io::Error::other("the connection drops")) });
    Response::new(Body::from_stream(broken))
}

/// Half of the JSON; where there was none, the beginning of some.
async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half =
        if whole.is_empty() { Bytes::from_static(b"{\"id\":") } else { whole.slice(..whole.len() / 2) };
    if parts.status == StatusCode::NO_CONTENT {
        parts.status = StatusCode::OK;
    }
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let json = http::HeaderValue::from_static("application/json");
    parts.headers.insert(http::header::CONTENT_TYPE, json);
    let once = stream::once(async move { Ok::<_, Infallible>(half) });
    Response::from_parts(parts, Body::from_stream(once))
}
