//! `/_local/…`: the stack's own endpoints, for tests and for people.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderName, HeaderValue, StatusCode, Uri};
use serde_json::{Map, Value, json};
use shared::clock::Clock;

use crate::mailbox::Kept;
use crate::problem::{FieldError, Problem};
use crate::server::Public;

/// The endpoints under `/_local`.
pub(crate) fn router(public: Public) -> Router {
    Router::new()
        .route("/clock", get(show_clock).post(move_clock))
        .route("/tick", post(tick))
        .route("/mail", get(list_mail).delete(clear_mail))
        .route("/mailbox", get(mailbox))
        .route("/calls", get(show_calls).delete(reset_calls))
        .method_not_allowed_fallback(wrong_method)
        .fallback(nothing_here)
        .with_state(public)
}

async fn show_clock(State(public): State<Public>) -> Response {
    clock_reply(&public)
}

async fn move_clock(State(public): State<Public>, OriginalUri(uri): OriginalUri, body: Bytes) -> Response {
    let wanted = match read_move(&body, uri.path()) {
        Ok(wanted) => wanted,
        Err(problem) => return problem.into_response(),
    };
    // Nothing that began before the move may still run after it.
    let _paused = public.runner.pause().await;
    match wanted {
        Move::To(now) => public.clock.set(now),
        Move::By(seconds) => {
            if !public.clock.advance(seconds) {
                let error = out_of_range("/advance_seconds", "The year would pass 9999; advance by less.");
                return Problem::validation_failed(vec![error], uri.path()).into_response();
            }
        }
    }
    clock_reply(&public)
}

fn clock_reply(public: &Public) -> Response {
    let now = public.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    Json(json!({"now": now})).into_response()
}

enum Move {
    To(DateTime<Utc>),
    By(i64),
}

fn read_move(body: &[u8], path: &str) -> Result<Move, Problem> {
    let fields = read_object(body, path)?;
    let mut errors = Vec::new();
    for name in fields.keys().filter(|name| !["now", "advance_seconds"].contains(&name.as_str())) {
        let detail = "Only now and advance_seconds are known here.";
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        errors.push(FieldError::new(pointer, "unknown_field", detail));
    }
    let wanted = match (fields.get("now"), fields.get("advance_seconds")) {
        (Some(now), None) => read_now(now).map(Move::To),
        (None, Some(seconds)) => read_seconds(seconds).map(Move::By),
        (Some(_), Some(_)) => Err(FieldError::new(
            "/advance_seconds",
            "contradiction",
            "Send now or advance_seconds, not both.",
        )),
        (None, None) => Err(FieldError::new("/now", "required", "Send now or advance_seconds.")),
    };
    match wanted {
        Ok(wanted) if errors.is_empty() => Ok(wanted),
        Ok(_) => Err(Problem::validation_failed(errors, path)),
        Err(error) => {
            errors.push(error);
            Err(Problem::validation_failed(errors, path))
        }
    }
}

fn read_now(value: &Value) -> Result<DateTime<Utc>, FieldError> {
    let text = value
        .as_str()
        .ok_or_else(|| FieldError::new("/now", "wrong_type", "Send a text such as 2027-01-01T00:00:00Z."))?;
    DateTime::parse_from_rfc3339(text).map(|now| now.to_utc()).map_err(|_| {
        FieldError::new("/now", "invalid", "Send an RFC 3339 time such as 2027-01-01T00:00:00Z.")
    })
}

fn read_seconds(value: &Value) -> Result<i64, FieldError> {
    match value.as_i64() {
        Some(seconds) if seconds >= 0 => Ok(seconds),
        Some(_) => Err(out_of_range("/advance_seconds", "Send 0 or more; now moves the clock back.")),
        None => Err(FieldError::new("/advance_seconds", "wrong_type", "Send a whole number.")),
    }
}

fn out_of_range(pointer: &str, detail: &str) -> FieldError {
    FieldError::new(pointer, "out_of_range", detail)
}

/// No body at all means the same as an empty object.
fn read_object(body: &[u8], path: &str) -> Result<Map<String, Value>, Problem> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => {
            let error = FieldError::new("", "wrong_type", "Send a JSON object.");
            Err(Problem::validation_failed(vec![error], path))
        }
        Err(error) => Err(Problem::invalid_json(format!("The body is no JSON: {error}."), path)),
    }
}

async fn tick(State(public): State<Public>, OriginalUri(uri): OriginalUri, body: Bytes) -> Response {
    let fields = match read_object(&body, uri.path()) {
        Ok(fields) => fields,
        Err(problem) => return problem.into_response(),
    };
    if !fields.is_empty() {
        let unknown = fields.keys().map(|name| {
            FieldError::new(format!("/{name}"), "unknown_field", "A tick takes no fields; send {}.")
        });
        return Problem::validation_failed(unknown.collect(), uri.path()).into_response();
    }
    match public.runner.tick().await {
        Ok(done) => Json(done).into_response(),
        Err(error) => {
            tracing::error!(%error, "tick failed");
            Problem::internal(error.to_string(), uri.path()).into_response()
        }
    }
}

async fn list_mail(State(public): State<Public>, OriginalUri(uri): OriginalUri) -> Response {
    match public.mailbox.all() {
        Ok(kept) => {
            let items: Vec<_> = kept.into_iter().map(|kept| kept.mail).collect();
            Json(json!({"items": items})).into_response()
        }
        Err(error) => failed(&error, &uri),
    }
}

async fn clear_mail(State(public): State<Public>, OriginalUri(uri): OriginalUri) -> Response {
    match public.mailbox.clear() {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => failed(&error, &uri),
    }
}

async fn show_calls(State(public): State<Public>) -> Response {
    Json(public.calls.counts()).into_response()
}

async fn reset_calls(State(public): State<Public>) -> StatusCode {
    public.calls.reset();
    StatusCode::NO_CONTENT
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    mails: Vec<Kept>,
}

/// The page for people: newest first, the one opened shown where it stands.
async fn mailbox(State(public): State<Public>, OriginalUri(uri): OriginalUri) -> Response {
    let mut mails = match public.mailbox.all() {
        Ok(mails) => mails,
        Err(error) => return failed(&error, &uri),
    };
    mails.reverse();
    let mut response = match (MailboxPage { mails }).render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => return failed(&error, &uri),
    };
    // What a mail holds may neither run nor fetch anything.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'";
    response
        .headers_mut()
        .insert(HeaderName::from_static("content-security-policy"), HeaderValue::from_static(policy));
    response
}

/// Answers a method that a path does not.
pub(crate) async fn wrong_method(OriginalUri(uri): OriginalUri) -> Response {
    Problem::method_not_allowed(uri.path()).into_response()
}

async fn nothing_here(OriginalUri(uri): OriginalUri) -> Response {
    Problem::not_found(uri.path()).into_response()
}

fn failed(error: &(dyn std::error::Error + 'static), uri: &Uri) -> Response {
    tracing::error!(error, "local request failed");
    Problem::internal(error.to_string(), uri.path()).into_response()
}
