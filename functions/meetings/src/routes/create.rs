//! `POST /v1/meetings`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{self, BookingError};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::MeetingId;
use shared::domain::meeting::{Meeting, State as MeetingState};
use shared::http::idempotency::Operation;
use shared::http::problem::ProblemBody;
use shared::http::request::JsonBody;
use shared::http::schedule::Earliest;
use shared::http::{Code, Problem};
use shared::store::TransactError;

use crate::access::booker;
use crate::body;
use crate::view::{self, MeetingView};

use crate::body::docs::BookingBody;

/// Books the host's time, makes the meeting at Zoom, and confirms it.
#[utoipa::path(
    post,
    path = "/v1/meetings",
    operation_id = "create_meeting",
    tag = "meetings",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable characters: the same key gives the same meeting")),
    request_body = BookingBody,
    responses(
        (status = 201, description = "Booked", body = MeetingView),
        (status = 409, description = "The time is taken, or the connection takes no bookings", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or Zoom refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "The host's daily limit is reached, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create(
    State(deps): State<Deps>,
    principal: Principal,
    operation: Operation,
    JsonBody(value): JsonBody,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    Box::pin(book(&deps, &principal, &operation, &value, None)).await
}

/// Books what a body asks for; where it is a copy, of that meeting, with what was asked for beside.
pub(super) async fn book(
    deps: &Deps,
    principal: &Principal,
    operation: &Operation,
    value: &Value,
    copied: Option<(&Meeting, &Value)>,
) -> Result<Response, Problem> {
    let mut booking = body::read(value, Earliest { now: deps.clock.now(), except: None })?;
    if booking.organizer.as_ref().is_some_and(|organizer| *organizer != principal.user)
        && !principal.is_admin()
    {
        return Err(Problem::new(
            Code::Forbidden,
            "Only an administrator books for somebody else. Leave organizer_id out.",
        ));
    }
    let attendees = booking.attendees.take().unwrap_or_default();
    let id = MeetingId::new(operation.id);
    let followed = copied.map(|(original, wanted)| body::followed_settings(original, wanted));
    let mut meeting = booking.into_meeting(deps, principal, id.clone());
    meeting.followed_settings = followed.unwrap_or_default();
    meeting.attendee_count = u32::try_from(attendees.len()).unwrap_or(u32::MAX);
    // An earlier try with the same key may have got as far as booking, or all the way.
    let earlier =
        if operation.is_resumed() { deps.store.meeting(&principal.tenant, &id).await? } else { None };
    let done = |meeting: &Meeting| !matches!(meeting.state, MeetingState::Pending | MeetingState::Failed);
    if let Some(earlier) = earlier.as_ref().filter(|earlier| done(earlier)) {
        return Ok(view::reply(StatusCode::CREATED, earlier, deps.clock.now()));
    }
    let made = if meeting.state == MeetingState::Draft {
        keep_draft(deps, meeting, &attendees, operation).await?
    } else {
        let booker = booker(principal, &meeting.organizer_id);
        booking::create(deps, &booker, meeting, earlier.as_ref(), &attendees, operation, &view::kept)
            .await
            .map_err(|error| error.problem(deps.clock.now()))?
    };
    Ok(view::reply(StatusCode::CREATED, &made, deps.clock.now()))
}

/// Keeps a draft: here alone, with no booking.
async fn keep_draft(
    deps: &Deps,
    mut draft: Meeting,
    attendees: &[Attendee],
    operation: &Operation,
) -> Result<Meeting, Problem> {
    if draft.reminders_are_default {
        draft.reminders = deps.store.tenant_settings(&draft.tenant).await?.default_reminders;
    }
    let now = deps.clock.now();
    let mut writes = deps.store.meeting_writes(&draft, None, now, deps.config.reminder_shards)?;
    writes.extend(deps.store.attendee_writes(&draft.tenant, &draft.id, &[], attendees)?);
    match deps.store.transact(writes).await {
        Ok(()) => Ok(draft),
        Err(TransactError::Conditions(_) | TransactError::Conflict) => {
            let has_key = operation.claim.is_some();
            let error = if has_key { BookingError::KeyTakenOver } else { BookingError::Overtaken };
            Err(error.problem(now))
        }
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}
