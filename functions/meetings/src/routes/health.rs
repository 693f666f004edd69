//! `GET /v1/health`

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::http::app::json;
use utoipa::ToSchema;

/// That the service answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The version that runs.
    version: &'static str,
}

/// Whether the service answers; needs no token and touches nothing.
#[utoipa::path(
    get,
    path = "/v1/health",
    operation_id = "health",
    tag = "service",
    security(()),
    responses((status = 200, description = "It answers", body = Health))
)]
pub(crate) async fn health() -> Response {
    json(StatusCode::OK, &Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
