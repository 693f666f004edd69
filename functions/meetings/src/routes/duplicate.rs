//! `POST /v1/meetings/{id}/duplicate`

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::http::Problem;
use shared::http::fields::{Errors, Fault};
use shared::http::idempotency::Operation;
use shared::http::problem::ProblemBody;
use shared::http::request::{JsonBody, Named};

use super::attendees_list::AttendeeView;
use crate::access::managed;
use crate::body::docs::BookingBody;
use crate::body::{self, merge};
use crate::view::MeetingView;

/// Books another meeting like one that there is, at another time: its attendees, courses and settings too,
/// where the body does not say otherwise.
#[utoipa::path(
    post,
    path = "/v1/meetings/{id}/duplicate",
    operation_id = "duplicate_meeting",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting to copy"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters: the same key gives the same meeting"),
    ),
    request_body(content = BookingBody, description = "The new start, and any other field"),
    responses(
        (status = 201, description = "Booked", body = MeetingView),
        (status = 404, description = "There is no such meeting", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The time is taken, or the connection takes no bookings", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or Zoom refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "The host's daily limit is reached, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn duplicate(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    operation: Operation,
    JsonBody(wanted): JsonBody,
) -> Result<Response, Problem> {
    let original = managed(&deps, &principal, &id).await?;
    let request = request(&deps, &original, &wanted).await?;
    Box::pin(super::create::book(&deps, &principal, &operation, &request, Some((&original, &wanted)))).await
}

/// What the copy would be asked for with.
async fn request(deps: &Deps, original: &Meeting, wanted: &Value) -> Result<Value, Problem> {
    if !wanted.is_object() {
        let errors = Errors::default();
        errors.add("", Fault::wrong_type("an object"));
        errors.finish()?;
    }
    let mut request = body::as_request(original);
    if let Some(fields) = request.as_object_mut() {
        // When it takes place is the one thing that a copy must say itself; and it is a booking, whatever the
        // original is.
        fields.remove("start");
        fields.remove("status");
    }
    if wanted.get("attendees").is_none() {
        let attendees = deps.store.attendees(&original.tenant, &original.id).await?;
        request["attendees"] = attendees.into_iter().map(|one| json!(AttendeeView::new(one))).collect();
    }
    merge::patch(&mut request, wanted);
    Ok(request)
}
