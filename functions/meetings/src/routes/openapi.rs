//! `GET /v1/openapi.json`

use axum::response::{IntoResponse, Response};
use http::header;

/// Written by `cargo run -- openapi`; a check keeps it in step with the code.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// The API's description (OpenAPI 3.1); needs no token.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    operation_id = "openapi",
    tag = "service",
    security(()),
    responses((status = 200, description = "This document", content_type = "application/json"))
)]
pub(crate) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")], DOCUMENT)
        .into_response()
}
