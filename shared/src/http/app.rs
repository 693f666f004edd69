//! The shell around every function's routes.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::idempotency;
use super::problem::{Code, Problem};
use crate::deps::Deps;
use crate::domain::trace::TraceId;
use crate::language::Language;
use crate::telemetry::metrics::{self, Metric};
use crate::telemetry::trace;

/// No id of a meeting or a connection is longer.
const LONGEST_ID: usize = 40;

/// What addresses begin with whose rest is a token.
const UNSUBSCRIBE: &str = "/v1/unsubscribe/";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A function's routes with everything around them that callers may rely on: request ids, problems for what
/// no route takes, CORS, idempotency keys, problems in the caller's language.
pub fn shell(routes: Router<Deps>, deps: Deps) -> Router {
    let routes = taking_their_methods(routes).route_layer(from_fn_with_state(deps.clone(), speak));
    let routes = with_patience(routes, &deps);
    with_the_rest(routes.route_layer(from_fn_with_state(deps.clone(), idempotency::layer)), deps)
}

/// The same for routes whose callers have no tokens of ours: nothing around them asks who calls.
pub fn shell_of_strangers(routes: Router<Deps>, deps: Deps) -> Router {
    with_the_rest(with_patience(taking_their_methods(routes), &deps), deps)
}

fn taking_their_methods(routes: Router<Deps>) -> Router<Deps> {
    routes.method_not_allowed_fallback(async || {
        Problem::new(
            Code::MethodNotAllowed,
            "This address does not take that method; the Allow header names those that it takes.",
        )
    })
}

fn with_patience(routes: Router<Deps>, deps: &Deps) -> Router<Deps> {
    routes.route_layer(from_fn_with_state(deps.clone(), patience))
}

fn with_the_rest(routes: Router<Deps>, deps: Deps) -> Router {
    routes
        .fallback(async || {
            Problem::new(
                Code::NotFound,
                "There is nothing at this address. See /v1/openapi.json for what there is.",
            )
        })
        .layer(cors(&deps.config.cors_origins))
        .layer(from_fn_with_state(deps.clone(), boundary))
        .with_state(deps)
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let key = HeaderName::from_static("idempotency-key");
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, key, REQUEST_ID])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            idempotency::REPLAYED,
            REQUEST_ID,
        ])
}

/// Puts what a problem says into the caller's language, before a reply is kept for an idempotency key.
async fn speak(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if !problem.has_messages() {
        response.extensions_mut().insert(problem);
        return response;
    }
    // Who may not be known has no locale; the header alone decides then.
    let caller = deps.authenticator.authenticate(&headers).await.ok();
    let locale = caller.as_ref().and_then(|caller| caller.locale.as_deref());
    problem.in_language(Language::of_request(&headers, locale)).into_response()
}

/// Gives up on what takes too long. What was begun is marked, and is settled later, as after a crash.
async fn patience(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(deps.config.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            Code::ZoomUnavailable,
            "Zoom did not answer in time. Ask again, a POST with the same Idempotency-Key: what was begun is taken up where it stopped.",
        )
        .retry_after(5)
        .into_response(),
    }
}

/// The outermost layer: names the request, writes its one log line, gives problems their instance.
async fn boundary(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let id = request_id(&request).unwrap_or_else(|| deps.ids.next().to_string());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let trace = trace_of(&request).unwrap_or_else(|| TraceId::new(deps.ids.next()));
    // By Lambda's own id API Gateway's log, and Lambda's of the function, name the request.
    let invocation = request.extensions().get::<lambda_http::Context>();
    let span = tracing::error_span!(
        "request",
        request_id = %id,
        function_request = invocation.map(|invocation| invocation.request_id.as_str()),
        trace_id = %trace,
        tenant = Empty,
        meeting = Empty,
        connection = Empty,
    );
    name(&span, &path);
    let work = async {
        let mut response = next.run(request).await;
        if let Some(made) = response.headers().get(header::LOCATION).and_then(|made| made.to_str().ok()) {
            name(&Span::current(), made);
        }
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            if matches!(problem.code(), Code::ScheduleConflict | Code::NoRoomAvailable) {
                metrics::record(Metric::Conflicts, 1.0);
            }
            let allow = response.headers().get(header::ALLOW).cloned();
            let varies = response.headers().clone();
            response = problem.respond(&path);
            copy_cors(&varies, &mut response);
            if let Some(allow) = allow {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            if let Some(what) = problem.internal_message() {
                tracing::error!(%method, path = logged(&path), what, "the request failed inside");
            }
        }
        let path = logged(&path);
        tracing::info!(%method, path, status = response.status().as_u16(), "request answered");
        if let Ok(id) = HeaderValue::try_from(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // What is told depends on who asks.
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    };
    trace::within(trace, work.instrument(span)).await
}

/// Notes in the span which meeting and which connection a path names.
fn name(span: &Span, path: &str) {
    for segment in path.split('/').filter(|segment| segment.len() <= LONGEST_ID) {
        if segment.starts_with("mtg_") {
            span.record("meeting", segment);
        } else if segment.starts_with("con_") {
            span.record("connection", segment);
        }
    }
}

/// The trace that API Gateway has begun.
fn trace_of(request: &Request) -> Option<TraceId> {
    TraceId::of_header(request.headers().get("x-amzn-trace-id")?.to_str().ok()?)
}

/// The path without what gives its bearer a right.
fn logged(path: &str) -> &str {
    match path.strip_prefix(UNSUBSCRIBE) {
        Some(_) => UNSUBSCRIBE,
        None => path,
    }
}

/// The id that the caller gave, where it can be trusted in a log.
fn request_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!id.is_empty() && id.len() <= 128 && id.bytes().all(plain)).then(|| id.to_owned())
}

fn copy_cors(from: &http::HeaderMap, to: &mut Response) {
    for (name, value) in from {
        if name.as_str().starts_with("access-control-") || name == header::VARY {
            to.headers_mut().insert(name, value.clone());
        }
    }
}

/// A JSON reply.
pub fn json(status: http::StatusCode, body: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let json = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, json)], Body::from(bytes)).into_response()
        }
        Err(error) => Problem::internal(format!("a reply could not be written: {error}")).into_response(),
    }
}
