//! Zoom's refusals, in Zoom's words.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::store::StoreError;

/// A field that Zoom would not take.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct FieldError {
    pub(super) field: String,
    pub(super) message: String,
}

/// A refusal of the API: an HTTP status and a body of `code`, `message` and sometimes `errors`.
#[derive(Debug)]
pub(super) struct ZoomError {
    status: StatusCode,
    code: u32,
    message: String,
    fields: Vec<FieldError>,
    headers: Vec<(HeaderName, String)>,
}

/// What an API call comes to.
pub(super) type ZoomResult<T> = Result<T, ZoomError>;

impl ZoomError {
    pub(super) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: Vec::new(), headers: Vec::new() }
    }

    pub(super) fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 124, "Invalid access token.")
    }

    pub(super) fn invalid(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(StatusCode::BAD_REQUEST, 300, "Validation Failed.") }
    }

    pub(super) fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    pub(super) fn bad_request(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn no_user(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 1001, format!("User does not exist: {id}."))
    }

    pub(super) fn no_hosting() -> Self {
        Self::bad_request(
            3161,
            "Your user account is not allowed meeting hosting and scheduling capabilities.",
        )
    }

    pub(super) fn no_webinar_plan(user: &str) -> Self {
        Self::bad_request(
            200,
            format!(
                "Webinar plan is missing. You must subscribe to the webinar plan and enable webinars for \
                 user {user} in order to perform this action."
            ),
        )
    }

    pub(super) fn no_recording() -> Self {
        Self::new(StatusCode::NOT_FOUND, 3301, "There is no recording for this meeting.")
    }

    pub(super) fn stale_page_token() -> Self {
        Self::bad_request(300, "The next page token is invalid or expired.")
    }

    pub(super) fn no_such_endpoint() -> Self {
        Self::new(StatusCode::NOT_FOUND, 2300, "This API endpoint is not recognized.")
    }

    /// The daily limit of a host: without `Retry-After`, as Zoom sends it.
    pub(super) fn daily_limit(limit: u32) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            429,
            format!(
                "You have exceeded the daily rate limit ({limit}) of Meeting Create/Update API requests \
                 permitted for this particular user. You may resume these requests at GMT 00:00:00."
            ),
        );
        error.headers.push((HeaderName::from_static("x-ratelimit-type"), "Daily-limit".to_owned()));
        error
    }

    /// The limit per second: `Retry-After` is a date and time in ISO 8601, not a number and not HTTP's form.
    pub(super) fn per_second_limit(now: DateTime<Utc>) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            429,
            "You have reached the maximum per-second rate limit for this API. Try again later.",
        );
        let retry_after = (now + Duration::seconds(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
        error.headers.push((http::header::RETRY_AFTER, retry_after));
        error.headers.push((HeaderName::from_static("x-ratelimit-type"), "QPS".to_owned()));
        error
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 500, "Internal server error.")
    }
}

impl From<StoreError> for ZoomError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the sandbox could not keep a change");
        Self::internal()
    }
}

impl IntoResponse for ZoomError {
    fn into_response(self) -> Response {
        let mut body = json!({"code": self.code, "message": self.message});
        if !self.fields.is_empty() {
            body["errors"] = json!(self.fields);
        }
        let mut response = (self.status, Json(body)).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
