//! `PUT /v1/meetings/{id}/attendees`

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use shared::auth::Principal;
use shared::booking;
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::AttendeeId;
use shared::domain::meeting::{Meeting, State as MeetingState};
use shared::http::app::json;
use shared::http::fields::{Errors, Fault, Reader};
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::{ATTENDEES_LIMIT, JsonBody, Named};
use shared::http::{Code, Problem};
use shared::store::TransactError;
use shared::telemetry::trace;
use utoipa::ToSchema;

use super::turn::Turn;
use crate::access::managed;
use crate::body;
use crate::body::docs::AttendeesBody;

/// How many attend now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttendeeCount {
    /// The number of attendees.
    attendee_count: u32,
}

/// Puts a list of attendees in the place of the one that there is.
#[utoipa::path(
    put,
    path = "/v1/meetings/{id}/attendees",
    operation_id = "replace_attendees",
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
pub(crate) async fn replace(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    JsonBody(value): JsonBody<ATTENDEES_LIMIT>,
) -> Result<Response, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    let attendees = read(&value)?;
    let mut turn = Turn::of(&deps);
    let meeting = ready(&deps, &mut turn, meeting).await?;
    let meeting = store(&deps, &mut turn, meeting, &attendees, |_| Ok(())).await?;
    Ok(counted(&meeting))
}

/// The attendees of a body; the list must be there.
pub(super) fn read(value: &Value) -> Result<Vec<Attendee>, Problem> {
    let errors = Errors::default();
    let attendees = Reader::body(value, &errors).and_then(|body| {
        if body.raw("attendees").is_none_or(Value::is_null) {
            body.fault("attendees", Fault::new(FieldCode::Required, "is required"));
        }
        body::attendees(&body)
    });
    errors.finish()?;
    attendees.ok_or_else(|| Problem::internal("a fault of a list of attendees was not noted"))
}

/// Makes `attendees` the ones who attend `meeting`, and where others have changed that meanwhile what they left, if
/// `may_change` allows that version.
pub(super) async fn store(
    deps: &Deps,
    turn: &mut Turn,
    meeting: Meeting,
    attendees: &[Attendee],
    may_change: impl Fn(u64) -> Result<(), Problem>,
) -> Result<Meeting, Problem> {
    let mut meeting = meeting;
    // Another change of the meeting may come between; the list is then put in the place of what it left.
    for _ in 0..10 {
        let before = deps.store.attendees(&meeting.tenant, &meeting.id).await?;
        match write(deps, &meeting, &before, attendees).await? {
            Some(changed) => return Ok(changed),
            None => meeting = again(deps, turn, &meeting).await?,
        }
        may_change(meeting.version)?;
    }
    Err(busy())
}

/// Writes `after` in the place of `before`; `None` where the meeting has changed since it was read.
pub(super) async fn write(
    deps: &Deps,
    meeting: &Meeting,
    before: &[Attendee],
    after: &[Attendee],
) -> Result<Option<Meeting>, Problem> {
    if matches!(meeting.state, MeetingState::Cancelled | MeetingState::Failed) {
        return Err(Problem::new(
            Code::MeetingNotEditable,
            "The meeting was cancelled or has failed. Book a new one.",
        ));
    }
    let now = deps.clock.now();
    let mut changed = meeting.clone();
    let (after, departed) = compare(before, after, &mut changed, now);
    let mut writes = deps.store.attendee_writes(&meeting.tenant, &meeting.id, before, &after)?;
    if writes.is_empty() {
        return Ok(Some(meeting.clone()));
    }
    let place = (&meeting.tenant, &meeting.id);
    writes.extend(deps.store.departure_writes(place, changed.news.latest, &departed, now)?);
    changed.attendee_count = u32::try_from(after.len()).unwrap_or(u32::MAX);
    changed.version += 1;
    changed.revision += 1;
    changed.updated_at = now;
    writes.extend(deps.store.meeting_writes(&changed, Some(meeting), now, deps.config.reminder_shards)?);
    match deps.store.transact(writes).await {
        Ok(()) => Ok(Some(changed)),
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(None),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// `after`, each with the number of the news with which they were added, and those of `before` who may know of
/// the meeting and do not attend any more. Both are news of a meeting that is booked; whoever has another address is
/// one who came and one who left.
fn compare(
    before: &[Attendee],
    after: &[Attendee],
    meeting: &mut Meeting,
    now: DateTime<Utc>,
) -> (Vec<Attendee>, Vec<Attendee>) {
    let (was, is): (HashMap<_, _>, HashMap<_, _>) = (by_id(before), by_id(after));
    let known = |one: &Attendee| was.get(&one.id).filter(|before| before.email.same_as(one.email.as_str()));
    let stays = |one: &Attendee| is.get(&one.id).is_some_and(|after| after.email.same_as(one.email.as_str()));
    let is_draft = meeting.state == MeetingState::Draft;
    let is_over = meeting.current_date(now).is_none();
    let left = |one: &&Attendee| one.since <= meeting.news.latest && !stays(one);
    let departed: Vec<Attendee> =
        before.iter().filter(|_| !is_draft && !is_over).filter(left).cloned().collect();
    let is_news = !departed.is_empty() || after.iter().any(|one| known(one).is_none());
    let since = if is_draft || !is_news {
        meeting.news.latest
    } else if is_over {
        // Who is added now hears of it with the next news, should it get another date.
        meeting.news.latest + 1
    } else {
        meeting.news.departed += u32::try_from(departed.len()).unwrap_or(u32::MAX);
        meeting.news.add_for_some(now, trace::current())
    };
    let added_at = (!is_draft).then_some(now);
    let with_since = |one: &Attendee| {
        let (since, added_at) =
            known(one).map_or((since, added_at), |before| (before.since, before.added_at));
        Attendee { since, added_at, ..one.clone() }
    };
    (after.iter().map(with_since).collect(), departed)
}

fn by_id(attendees: &[Attendee]) -> HashMap<&AttendeeId, &Attendee> {
    attendees.iter().map(|attendee| (&attendee.id, attendee)).collect()
}

/// The meeting as it is now, ready for another try.
pub(super) async fn again(deps: &Deps, turn: &mut Turn, meeting: &Meeting) -> Result<Meeting, Problem> {
    let read = deps.store.meeting(&meeting.tenant, &meeting.id).await?;
    ready(deps, turn, read.ok_or_else(|| Problem::not_found("meeting"))?).await
}

/// The meeting with nothing under way between here and Zoom, which a write of its attendees would cross.
pub(super) async fn ready(deps: &Deps, turn: &mut Turn, meeting: Meeting) -> Result<Meeting, Problem> {
    let (tenant, id) = (meeting.tenant.clone(), meeting.id.clone());
    let mut stored = meeting;
    loop {
        match Box::pin(booking::settled(deps, stored)).await {
            Ok(settled) => return Ok(settled),
            Err(error) => turn.wait(deps, error).await?,
        }
        let read = deps.store.meeting(&tenant, &id).await?;
        stored = read.ok_or_else(|| Problem::not_found("meeting"))?;
    }
}

pub(super) fn busy() -> Problem {
    Problem::new(
        Code::RateLimited,
        "The meeting is being changed by many at once. Ask again in a few seconds.",
    )
    .retry_after(2)
}

pub(super) fn counted(meeting: &Meeting) -> Response {
    json(StatusCode::OK, &AttendeeCount { attendee_count: meeting.attendee_count })
}
