//! `GET /v1/settings`: what the tenant has set.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::http::Problem;
use shared::http::problem::ProblemBody;

use super::versioned;
use crate::access;
use crate::settings::SettingsShape;

/// Reads the tenant's settings; what was never set has its default.
#[utoipa::path(
    get,
    path = "/v1/settings",
    operation_id = "readSettings",
    tag = "connections",
    responses(
        (status = 200, description = "The settings", body = SettingsShape, headers(("ETag" = String))),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn read_settings(
    State(deps): State<Deps>,
    principal: Principal,
) -> Result<Response, Problem> {
    access::admin(&principal)?;
    let settings = deps.store.tenant_settings(&principal.tenant).await?;
    Ok(versioned(StatusCode::OK, settings.version, &SettingsShape::new(&settings, None)))
}
