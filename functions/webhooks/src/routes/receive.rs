//! `POST /v1/webhooks/zoom/{connection_id}`

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use shared::deps::Deps;
use shared::domain::ids::ConnectionId;
use shared::http::problem::ProblemBody;
use shared::http::request::{BODY_LIMIT, Named, read};
use shared::http::{Code, Problem};
use shared::queued;
use shared::store::webhook_routes::WebhookRoute;
use shared::telemetry::trace;
use utoipa::ToSchema;

use crate::event::{self, Incoming, Told};
use crate::queue::{MOST_BYTES, Message};
use crate::signature::{Signature, Tokens};

/// The answer by which Zoom sees that whoever listens knows the Secret Token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookValidation)]
pub(crate) struct Validation {
    /// The token that Zoom sent.
    plain_token: String,
    /// Its HMAC-SHA256 under the Secret Token, in hexadecimal digits.
    encrypted_token: String,
}

/// Takes what Zoom tells of a connection's account. Nothing of the body is looked at before its signature fits.
#[utoipa::path(
    post,
    path = "/v1/webhooks/zoom/{connection_id}",
    operation_id = "receive_zoom_webhook",
    tag = "webhooks",
    security(()),
    params(
        ("connection_id" = String, Path, description = "The connection's id"),
        ("x-zm-signature" = String, Header, description = "`v0=` and the HMAC-SHA256 of `v0:{timestamp}:{body}`"),
        ("x-zm-request-timestamp" = String, Header, description = "What was signed with the body"),
    ),
    request_body(content = serde_json::Value, description = "An event, as Zoom describes them"),
    responses(
        (status = 200, description = "It is queued, or of no concern; to `endpoint.url_validation`, the proof", body = Validation),
        (status = 400, description = "`invalid_json`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The signature does not fit, or nobody listens here"),
        (status = 413, description = "`body_too_large`", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn receive(
    State(deps): State<Deps>,
    Named(id): Named<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Some(signature) = Signature::of(&parts.headers) else { return Ok(refusal()) };
    let body = read(body, BODY_LIMIT).await?;
    let route = match id.parse::<ConnectionId>() {
        Ok(id) => deps.store.webhook_route(&id).await?.map(|route| (id, route)),
        Err(_) => None,
    };
    let tokens = Tokens::of(&deps, route.as_ref()).await?;
    let (Some(token), Some((connection_id, route))) = (tokens.signer(&signature, &body), route) else {
        return Ok(refusal());
    };
    match event::read(&body, deps.clock.now()).map_err(|_| not_json())? {
        Incoming::Validation { plain_token } => {
            let encrypted_token = token.prove(&plain_token);
            Ok(shared::http::app::json(StatusCode::OK, &Validation { plain_token, encrypted_token }))
        }
        Incoming::Told(told) if told.account_id == route.account_id => {
            keep(&deps, &connection_id, route, *told).await
        }
        Incoming::Told(told) => {
            tracing::warn!(connection = %connection_id, account = %told.account_id, "told of another account");
            Ok(StatusCode::OK.into_response())
        }
        Incoming::Unreadable { event, why } => {
            tracing::warn!(connection = %connection_id, event, why, "an event cannot be read");
            Ok(StatusCode::OK.into_response())
        }
        Incoming::Other => Ok(StatusCode::OK.into_response()),
    }
}

/// Queues what was told; where that fails, Zoom tells it again.
async fn keep(
    deps: &Deps,
    connection_id: &ConnectionId,
    route: WebhookRoute,
    told: Told,
) -> Result<Response, Problem> {
    let message = Message {
        tenant: route.tenant,
        connection_id: connection_id.clone(),
        account_id: told.account_id,
        event: told.event,
        trace: trace::current(),
    };
    let text = queued::text(&message).map_err(|error| Problem::internal(error.to_string()))?;
    if text.len() > MOST_BYTES {
        // It would be as large each time.
        tracing::warn!(connection = %connection_id, "an event tells more than can be kept");
        return Ok(StatusCode::OK.into_response());
    }
    let sent = queued::send(deps, &deps.config.webhooks_queue_url, text).await;
    sent.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(StatusCode::OK.into_response())
}

/// The same for whatever is wrong.
fn refusal() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

fn not_json() -> Problem {
    Problem::new(Code::InvalidJson, "The body is no event: it is not JSON in UTF-8, or is nested too deeply.")
}
