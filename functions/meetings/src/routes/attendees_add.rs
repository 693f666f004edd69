//! `POST /v1/meetings/{id}/attendees`

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::attendee::{Attendee, MOST_ATTENDEES};
use shared::domain::ids::AttendeeId;
use shared::http::Problem;
use shared::http::fields::{Errors, Fault};
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::{ATTENDEES_LIMIT, JsonBody, Named};

use super::attendees_replace::{AttendeeCount, again, busy, counted, read, ready, write};
use super::turn::Turn;
use crate::access::managed;
use crate::body::docs::AttendeesBody;

/// Adds attendees; one who attends already is taken over as given now.
#[utoipa::path(
    post,
    path = "/v1/meetings/{id}/attendees",
    operation_id = "add_attendees",
    tag = "meetings",
    params(("id" = String, Path, description = "The meeting's id")),
    request_body = AttendeesBody,
    responses(
        (status = 200, description = "How many attend now", body = AttendeeCount),
        (status = 404, description = "There is no such meeting", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was called off or has failed, or a change of it is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Many change it at once, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    JsonBody(value): JsonBody<ATTENDEES_LIMIT>,
) -> Result<Response, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    let added = read(&value)?;
    let mut turn = Turn::of(&deps);
    let mut meeting = ready(&deps, &mut turn, meeting).await?;
    // Two who add at one moment both get through: each adds to what the other has left.
    for _ in 0..10 {
        let before = deps.store.attendees(&principal.tenant, &meeting.id).await?;
        let mut all: BTreeMap<AttendeeId, Attendee> =
            before.iter().map(|attendee| (attendee.id.clone(), attendee.clone())).collect();
        all.extend(added.iter().map(|attendee| (attendee.id.clone(), attendee.clone())));
        if all.len() > MOST_ATTENDEES {
            let errors = Errors::default();
            let detail =
                format!("would make {}; a meeting has at most {MOST_ATTENDEES} attendees", all.len());
            errors.add("/attendees", Fault::new(FieldCode::TooLong, detail));
            errors.finish()?;
        }
        let after: Vec<Attendee> = all.into_values().collect();
        match write(&deps, &meeting, &before, &after).await? {
            Some(changed) => return Ok(counted(&changed)),
            None => meeting = again(&deps, &mut turn, &meeting).await?,
        }
    }
    Err(busy())
}
