//! `PUT /v1/settings`: sets all that a tenant can set.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::http::problem::ProblemBody;
use shared::http::request::JsonBody;
use shared::http::{Problem, etag};
use shared::store::settings::TenantSettings;

use super::{overtaken, race, versioned};
use crate::access;
use crate::settings::{self, Allowed, SettingsShape};
use crate::webhook;

/// Replaces the tenant's settings; what is left out takes its default. A webhook's secret is shown in the
/// reply to the request that sets or changes it.
#[utoipa::path(
    put,
    path = "/v1/settings",
    operation_id = "writeSettings",
    tag = "connections",
    params(("If-Match" = Option<String>, Header, description = "The ETag of the version to replace")),
    request_body = SettingsShape,
    responses(
        (status = 200, description = "The settings as they are now", body = SettingsShape,
            headers(("ETag" = String))),
        (status = 401, description = "`unauthenticated`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "`version_mismatch`, where `If-Match` was sent",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`validation_failed`",
            body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: many change them at once",
            body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn write_settings(
    State(deps): State<Deps>,
    principal: Principal,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    access::admin(&principal)?;
    let unreachable = webhook::look_up(&deps, &body).await;
    let allowed = Allowed { sender: &deps.config.mail_from, reach: deps.config.webhook_reach };
    let (wanted, wanted_webhook) = settings::read(&body, allowed, unreachable)?;
    let mut race = race(&deps);
    loop {
        let before = deps.store.tenant_settings(&principal.tenant).await?;
        etag::check(&headers, before.version)?;
        let (webhook, secret) = match &wanted_webhook {
            Some(wanted) => {
                let replaced =
                    webhook::replace(&deps, &principal.tenant, before.webhook.as_ref(), wanted).await?;
                (Some(replaced.0), replaced.1)
            }
            None => (None, None),
        };
        let same = TenantSettings { version: before.version, webhook, ..wanted.clone() };
        if same == before {
            return Ok(versioned(StatusCode::OK, before.version, &SettingsShape::new(&before, None)));
        }
        let after = TenantSettings { version: before.version + 1, ..same };
        if deps.store.replace_tenant_settings(&principal.tenant, &after, &before).await? {
            if after.webhook.is_none() && before.webhook.is_some() {
                deps.secrets.delete(&deps.secrets.platform_id(&principal.tenant)).await?;
            }
            return Ok(versioned(StatusCode::OK, after.version, &SettingsShape::new(&after, secret)));
        }
        race.lost().await.map_err(|_| overtaken())?;
    }
}
