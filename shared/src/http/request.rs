//! What a handler takes from a request.

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Path, RawQuery, Request};
use http::header::{self, HeaderMap};
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::fields::{Errors, Reader};
use super::problem::{Code, Problem};
use crate::auth::Principal;
use crate::deps::Deps;
use crate::language::Language;

/// The most bytes of a body.
pub const BODY_LIMIT: usize = 256 * 1024;
/// The most bytes of a list of attendees.
pub const ATTENDEES_LIMIT: usize = 2 * 1024 * 1024;

/// A JSON body of at most `LIMIT` bytes.
#[derive(Debug, Clone)]
pub struct JsonBody<const LIMIT: usize = BODY_LIMIT>(pub Value);

/// A body that says nothing: none at all, or an object without fields.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

/// The parameters of a query; one that is given twice is an array.
#[derive(Debug, Clone)]
pub struct QueryMap(pub Map<String, Value>);

/// What an address names; what cannot be a name at all (bytes that are not UTF-8) names nothing.
#[derive(Debug, Clone)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(Problem::new(Code::NotFound, "There is nothing of that name. Check its id.")),
        }
    }
}

impl<S> FromRequestParts<S> for Principal
where
    S: Send + Sync,
    Deps: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Some(principal) = parts.extensions.get::<Self>() {
            return Ok(principal.clone());
        }
        let deps = Deps::from_ref(state);
        let principal = deps.authenticator.authenticate(&parts.headers).await?;
        tracing::Span::current().record("tenant", tracing::field::display(&principal.tenant));
        parts.extensions.insert(principal.clone());
        Ok(principal)
    }
}

impl<S> FromRequestParts<S> for Language
where
    S: Send + Sync,
    Deps: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, state).await?;
        Ok(Self::of_request(&parts.headers, principal.locale.as_deref()))
    }
}

impl<S: Send + Sync, const LIMIT: usize> FromRequest<S> for JsonBody<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_media_type(&parts.headers)?;
        json(&read(body, LIMIT).await?).map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, BODY_LIMIT).await?;
        if bytes.is_empty() {
            return Ok(Self);
        }
        check_media_type(&parts.headers)?;
        let (body, errors) = (json(&bytes)?, Errors::default());
        // Read, and dropped at once: whatever stands in it is unknown.
        drop(Reader::body(&body, &errors));
        errors.finish()?;
        Ok(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for QueryMap {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let RawQuery(query) = RawQuery::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::internal("the query cannot be taken from the request"))?;
        let mut map = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value = Value::from(value.into_owned());
            match map.entry(name.into_owned()) {
                serde_json::map::Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                serde_json::map::Entry::Occupied(mut entry) => {
                    let first = entry.insert(Value::Null);
                    entry.insert(Value::Array(vec![first, value]));
                }
            }
        }
        Ok(Self(map))
    }
}

/// Reads a body of at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<bytes::Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(
            Code::BodyTooLarge,
            format!("The body has more than {} KiB. Send less at a time.", limit / 1024),
        )),
        Err(error) => {
            Err(Problem::new(Code::InvalidJson, format!("The body broke off: {error}. Send it again.")))
        }
    }
}

fn json(bytes: &[u8]) -> Result<Value, Problem> {
    // serde_json stops at a depth of 128, and refuses what is not UTF-8.
    serde_json::from_slice(bytes).map_err(|error| {
        let detail = format!("The body is not JSON: {error}. Correct it and send it again.");
        Problem::new(Code::InvalidJson, detail)
    })
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = sent.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let json = essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("application/merge-patch+json");
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 {
        return Ok(());
    }
    Err(Problem::new(
        Code::UnsupportedMediaType,
        format!("The Content-Type is `{sent}`. Send `Content-Type: application/json`, in UTF-8."),
    ))
}
