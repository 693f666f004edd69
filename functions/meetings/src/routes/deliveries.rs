//! `GET /v1/meetings/{id}/deliveries`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use shared::http::{Problem, page};
use shared::store::deliveries::{DeliveryKind, DeliveryStatus, Recorded};
use utoipa::ToSchema;

use crate::access::managed;
use crate::view::moment;

/// What was sent to an attendee, or was not and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    /// Its id.
    id: String,
    /// What it is about.
    kind: DeliveryKind,
    /// Of a reminder: how long before the date.
    offset: Option<String>,
    /// Of a reminder: the start of the date.
    occurrence_start: Option<String>,
    /// To whom.
    attendee_id: String,
    /// When it was due.
    due_at: String,
    /// When it was sent.
    sent_at: Option<String>,
    /// How it stands.
    status: Outcome,
    /// Why it was not sent.
    reason: Option<String>,
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryStatus)]
enum Outcome {
    /// SES took it.
    Sent,
    /// It could not be sent, for good.
    Failed,
    /// It was not to be sent.
    Skipped,
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryPage {
    /// The deliveries: news first, then reminders by date.
    items: Vec<DeliveryView>,
    /// Where the next page begins; none after the last.
    next_cursor: Option<String>,
}

/// What was sent to those who attend a meeting, and what was not and why. What is on its way is not told of yet.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/deliveries",
    operation_id = "list_deliveries",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 by default"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses(
        (status = 200, description = "A page of deliveries", body = DeliveryPage),
        (status = 404, description = "There is no such meeting", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    QueryMap(query): QueryMap,
) -> Result<Response, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    let identity = ["deliveries", principal.tenant.as_str(), meeting.id.as_str()];
    let asked = page::asked::<String>(&deps, &identity, &query).await?;
    let found =
        deps.store.deliveries(&principal.tenant, &meeting.id, asked.limit + 1, asked.after.as_deref());
    let place = |recorded: &Recorded| recorded.place.clone();
    let (page, next_cursor) = page::cut(&deps, &identity, found.await?, asked.limit, place).await?;
    let items = page.into_iter().filter_map(view).collect();
    Ok(json(StatusCode::OK, &DeliveryPage { items, next_cursor }))
}

fn view(recorded: Recorded) -> Option<DeliveryView> {
    let Recorded { place, delivery } = recorded;
    let status = match delivery.status {
        DeliveryStatus::Sending => return None,
        DeliveryStatus::Sent => Outcome::Sent,
        DeliveryStatus::Failed => Outcome::Failed,
        DeliveryStatus::Skipped => Outcome::Skipped,
    };
    Some(DeliveryView {
        id: format!("dlv_{}", hex::encode(&Sha256::digest(place.as_bytes())[..16])),
        kind: delivery.kind,
        offset: delivery.offset.map(|offset| offset.to_string()),
        occurrence_start: delivery.occurrence_start.map(moment),
        attendee_id: delivery.attendee_id.into(),
        due_at: moment(delivery.due_at),
        sent_at: delivery.sent_at.map(moment),
        status,
        reason: delivery.reason,
    })
}
