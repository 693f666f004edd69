//! `/_local/…`: the stack's own endpoints, for tests and for people.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderName, HeaderValue, StatusCode, Uri};
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::http::fields::{Errors, Fault, Field, Reader};
use shared::http::problem::FieldCode;
use shared::http::{Code, Problem, parse};

use crate::mailbox::Kept;
use crate::server::Public;

/// The endpoints under `/_local`, with functions to run.
pub(crate) fn with_tick(public: Public) -> Router {
    served(routes().route("/tick", post(tick)), public)
}

/// The endpoints under `/_local` that need no function.
pub(crate) fn router(public: Public) -> Router {
    served(routes(), public)
}

fn routes() -> Router<Public> {
    Router::new()
        .route("/clock", get(show_clock).post(move_clock))
        .route("/mail", get(list_mail).delete(clear_mail))
        .route("/mailbox", get(mailbox))
        .route("/calls", get(show_calls).delete(reset_calls))
}

fn served(routes: Router<Public>, public: Public) -> Router {
    routes.method_not_allowed_fallback(wrong_method).fallback(nothing_here).with_state(public)
}

async fn show_clock(State(public): State<Public>) -> Response {
    clock_reply(&public)
}

async fn move_clock(State(public): State<Public>, OriginalUri(uri): OriginalUri, body: Bytes) -> Response {
    let wanted = match read_move(&body) {
        Ok(wanted) => wanted,
        Err(problem) => return problem.respond(uri.path()),
    };
    // Nothing that began before the move may still run after it.
    let _paused = public.runner.pause().await;
    match wanted {
        Move::To(now) => public.clock.set(now),
        Move::By(seconds) => {
            if !public.clock.advance(seconds) {
                let errors = Errors::default();
                let detail = "The year would pass 9999; advance by less.";
                errors.add("/advance_seconds", Fault::new(FieldCode::OutOfRange, detail));
                return errors.finish().err().map_or_else(|| clock_reply(&public), |p| p.respond(uri.path()));
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

fn read_move(body: &[u8]) -> Result<Move, Problem> {
    let value = read_json(body)?;
    let errors = Errors::default();
    let wanted = Reader::body(&value, &errors).and_then(|fields| {
        let now = fields.field("now", parse::moment);
        let seconds = fields.field("advance_seconds", |value| parse::integer(value, 0..=i64::MAX));
        match (now, seconds) {
            (Field::Absent, Field::Absent) => {
                fields.fault("now", Fault::new(FieldCode::Required, "Send now or advance_seconds."));
                None
            }
            (now, Field::Absent) => now.value().map(Move::To),
            (Field::Absent, seconds) => seconds.value().map(Move::By),
            _ => {
                let detail = "Send now or advance_seconds, not both.";
                fields.fault("advance_seconds", Fault::new(FieldCode::Contradiction, detail));
                None
            }
        }
    });
    errors.finish()?;
    let null = || Problem::new(Code::ValidationFailed, "Send a time or a number of seconds, not null.");
    wanted.ok_or_else(null)
}

/// No body at all means the same as an empty object.
fn read_json(body: &[u8]) -> Result<Value, Problem> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(Code::InvalidJson, format!("The body is no JSON: {error}.")))
}

/// A tick takes no fields.
fn read_nothing(body: &[u8]) -> Result<(), Problem> {
    let value = read_json(body)?;
    let errors = Errors::default();
    drop(Reader::body(&value, &errors));
    errors.finish()
}

async fn tick(State(public): State<Public>, OriginalUri(uri): OriginalUri, body: Bytes) -> Response {
    if let Err(problem) = read_nothing(&body) {
        return problem.respond(uri.path());
    }
    match public.runner.tick().await {
        Ok(done) => Json(done).into_response(),
        Err(error) => {
            tracing::error!(%error, "tick failed");
            Problem::new(Code::Internal, error.to_string()).respond(uri.path())
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
    let detail = "This path does not answer that method; the Allow header names those that it does.";
    Problem::new(Code::MethodNotAllowed, detail).respond(uri.path())
}

async fn nothing_here(OriginalUri(uri): OriginalUri) -> Response {
    let detail = "There is nothing under this path; / lists what the local stack serves.";
    Problem::new(Code::NotFound, detail).respond(uri.path())
}

fn failed(error: &(dyn std::error::Error + 'static), uri: &Uri) -> Response {
    tracing::error!(error, "local request failed");
    Problem::new(Code::Internal, error.to_string()).respond(uri.path())
}
