//! Mounts a service that speaks in whole requests, and words refusals as AWS does.

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use winterbaume_core::{MockRequest, MockResponse, MockService};

/// Lets `service` answer a request.
pub(super) async fn answer(service: &impl MockService, parts: &Parts, body: Bytes) -> MockResponse {
    let request = MockRequest {
        method: parts.method.to_string(),
        // Without a host the service assumes its default region, which is the one that the clients name.
        uri: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: parts.headers.clone(),
        body,
    };
    service.handle(request).await
}

/// The service's answer as HTTP.
pub(super) fn into_response(answer: MockResponse) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = answer.headers;
    response
}

/// A refusal in the JSON protocol (`DynamoDB`, Secrets Manager).
pub(super) fn json_refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({"__type": code, "message": message}).to_string();
    refusal(status, "application/x-amz-json-1.1", body)
}

/// A refusal by SQS, which besides its shape still names the code of its older protocol.
pub(super) fn queue_refusal(shape: &str, legacy_code: &'static str, message: &str) -> Response {
    let body = json!({"__type": format!("com.amazonaws.sqs#{shape}"), "message": message}).to_string();
    let mut response = refusal(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", body);
    if let Ok(value) = HeaderValue::from_str(&format!("{legacy_code};Sender")) {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-query-error"), value);
    }
    response
}

/// A refusal in the REST protocol (SES).
pub(super) fn rest_refusal(status: StatusCode, code: &'static str, message: &str) -> Response {
    let mut response = refusal(status, "application/json", json!({"message": message}).to_string());
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-amzn-errortype"), HeaderValue::from_static(code));
    response
}

fn refusal(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
