//! Errors of the stack's own endpoints, as RFC 9457 problems.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// One problem, in the shape that all of Lectern's errors have.
#[derive(Debug)]
pub(crate) struct Problem(Box<Fields>);

#[derive(Debug, Serialize)]
struct Fields {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    instance: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// One bad field of a request.
#[derive(Debug, Serialize)]
pub(crate) struct FieldError {
    /// Where the field is, as a JSON pointer.
    pub(crate) pointer: String,
    /// What is wrong with it, for programs.
    pub(crate) code: &'static str,
    /// What is wrong with it, for people.
    pub(crate) detail: String,
}

impl FieldError {
    /// The field `pointer` is wrong in the way `code`.
    pub(crate) fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
        path: &str,
    ) -> Self {
        Self(Box::new(Fields {
            kind: format!("/problems/{code}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            instance: path.to_owned(),
            code,
            errors: Vec::new(),
        }))
    }

    /// The body is not JSON.
    pub(crate) fn invalid_json(detail: impl Into<String>, path: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_json", "Malformed JSON", detail, path)
    }

    /// Fields of the body are wrong.
    pub(crate) fn validation_failed(errors: Vec<FieldError>, path: &str) -> Self {
        let detail = "Correct the fields named in errors, and send the request again.";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut problem = Self::new(status, "validation_failed", "Invalid fields", detail, path);
        problem.0.errors = errors;
        problem
    }

    /// Nothing is here, or not for this caller.
    pub(crate) fn not_found(path: &str) -> Self {
        let detail = "There is nothing under this path; / lists what the local stack serves.";
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail, path)
    }

    /// The path exists, the method on it does not.
    pub(crate) fn method_not_allowed(path: &str) -> Self {
        let detail = "This path does not answer that method; the Allow header names those that it does.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", detail, path)
    }

    /// The request came by a name that is not this machine's own.
    pub(crate) fn foreign_host(path: &str) -> Self {
        let detail = "The local stack answers only to localhost and 127.0.0.1; use one of them in the URL.";
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Forbidden", detail, path)
    }

    /// Something failed that the caller cannot mend.
    pub(crate) fn internal(detail: impl Into<String>, path: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail, path)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&*self.0)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
