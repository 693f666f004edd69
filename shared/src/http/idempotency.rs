//! `Idempotency-Key` on every POST: one key, one effect, one reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use uuid::Uuid;

use super::fields::{Errors, Fault};
use super::problem::{Code, Problem};
use super::request::{ATTENDEES_LIMIT, read};
use crate::auth::Principal;
use crate::deps::Deps;
use crate::signing::Purpose;
use crate::store::idempotency::{Claim, ClaimOutcome, KeptReply};
use crate::store::keys;

/// The header that marks a reply given again.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The operation that a POST stands for: the same for every try with one key.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What is made is named after it, so that a second try finds what the first one made.
    pub id: Uuid,
    /// The hold on the key, where the request has one.
    pub claim: Option<Claim>,
    kept: Arc<AtomicBool>,
}

impl Operation {
    /// An operation that no key stands for.
    pub fn without_key(id: Uuid) -> Self {
        Self { id, claim: None, kept: Arc::default() }
    }

    /// Whether an earlier try may have left something behind.
    pub fn is_resumed(&self) -> bool {
        self.claim.as_ref().is_some_and(|claim| claim.resumed)
    }

    /// Tells that the reply was kept in the handler's own transaction.
    pub fn reply_is_kept(&self) {
        self.kept.store(true, Ordering::Relaxed);
    }
}

impl<S> FromRequestParts<S> for Operation
where
    S: Send + Sync,
    Deps: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let given = parts.extensions.get::<Self>().cloned();
        Ok(given.unwrap_or_else(|| Self::without_key(Deps::from_ref(state).ids.next())))
    }
}

/// The layer around every route.
pub async fn layer(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match claim(&deps, request).await {
        Ok(Claimed::Run(request, operation)) => {
            let path = request.uri().path().to_owned();
            let response = next.run(*request).await;
            keep(&deps, &operation, &path, response).await
        }
        Ok(Claimed::Answer(response)) => response,
        Err(problem) => problem.into_response(),
    }
}

enum Claimed {
    Run(Box<Request>, Operation),
    Answer(Response),
}

async fn claim(deps: &Deps, request: Request) -> Result<Claimed, Problem> {
    let (mut parts, body) = request.into_parts();
    let principal = Principal::from_request_parts(&mut parts, deps).await?;
    let key = read_key(&parts)?;
    let bytes = read(body, ATTENDEES_LIMIT).await?;
    let path = parts.uri.path_and_query().map_or(parts.uri.path(), http::uri::PathAndQuery::as_str);
    // Bodies may hold secrets, of which nothing that could be guessed at may be kept.
    let hash = hex::encode(deps.signer.hash(Purpose::RequestBody, &[&bytes]).await?);
    let key = keys::idempotency(&principal.tenant, &principal.user, parts.method.as_str(), path, &key);
    let (operation, fence) = (deps.ids.next(), deps.ids.next());
    match deps.store.claim(key, &hash, operation, fence, deps.clock.now()).await? {
        ClaimOutcome::Claimed(claim) => {
            let operation = Operation { id: claim.operation, claim: Some(claim), kept: Arc::default() };
            parts.extensions.insert(operation.clone());
            Ok(Claimed::Run(Box::new(Request::from_parts(parts, Body::from(bytes))), operation))
        }
        ClaimOutcome::Answered(reply) => Ok(Claimed::Answer(replay(reply))),
        ClaimOutcome::InProgress => Err(Problem::new(
            Code::IdempotencyInProgress,
            "A request with this idempotency key is still under way. Ask again in a few seconds.",
        )
        .retry_after(2)),
        ClaimOutcome::Reused => Err(Problem::new(
            Code::IdempotencyKeyReused,
            "This idempotency key was used with another body. Use a new key for a new request.",
        )),
    }
}

fn read_key(parts: &Parts) -> Result<String, Problem> {
    let mut sent = parts.headers.get_all(KEY).iter();
    let key = sent.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let printable = key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if key.is_empty() || key.len() > 255 || !printable || sent.next().is_some() {
        let errors = Errors::default();
        errors
            .add("Idempotency-Key", Fault::invalid("must be one key of 1 to 255 printable ASCII characters"));
        errors.finish()?;
    }
    Ok(key.to_owned())
}

/// Keeps a final reply; after any other, the next request with the key goes on with the same operation.
async fn keep(deps: &Deps, operation: &Operation, path: &str, response: Response) -> Response {
    let Some(claim) = &operation.claim else { return response };
    if operation.kept.load(Ordering::Relaxed) {
        return response;
    }
    let is_final = response.status().is_success()
        || response.extensions().get::<Problem>().is_some_and(|problem| !problem.code().may_pass());
    if !is_final {
        if let Err(error) = deps.store.release_claim(claim).await {
            // The lease runs out by itself; the reply is still the caller's.
            tracing::warn!(%error, "the idempotency key could not be released");
        }
        return response;
    }
    // A problem is kept as the caller reads it, with its instance.
    let response = match response.extensions().get::<Problem>() {
        Some(problem) => problem.respond(path),
        None => response,
    };
    let (parts, body) = response.into_parts();
    let bytes = match read(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let reply = kept_reply(parts.status, &parts.headers, &bytes);
    if let Err(error) = deps.store.finish_claim(claim, &reply).await {
        tracing::warn!(%error, "the reply to an idempotent request could not be kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The reply as it is kept.
pub fn kept_reply(status: StatusCode, headers: &http::HeaderMap, body: &[u8]) -> KeptReply {
    let kept = [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::ETAG, header::LOCATION];
    KeptReply {
        status: status.as_u16(),
        headers: kept
            .iter()
            .filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())))
            .collect(),
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

fn replay(reply: KeptReply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
