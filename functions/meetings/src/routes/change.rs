//! `PATCH /v1/meetings/{id}`

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::auth::Principal;
use shared::booking;
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::meeting::{Date, Meeting, State as MeetingState};
use shared::http::fields::{Errors, Fault};
use shared::http::idempotency::Operation;
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::{JsonBody, Named};
use shared::http::schedule::Earliest;
use shared::http::{Code, Problem, etag};
use shared::store::TransactError;

use crate::access::{booker, managed};
use crate::body::docs::BookingBody;
use crate::body::{self, Booking};
use crate::view::{self, MeetingView};

/// Changes a meeting: a merge patch (RFC 7396) of what a booking takes, booked by the same rule.
#[utoipa::path(
    patch,
    path = "/v1/meetings/{id}",
    operation_id = "change_meeting",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("If-Match" = Option<String>, Header, description = "The version that is changed"),
    ),
    request_body(content = BookingBody, description = "Any of the fields; `null` clears"),
    responses(
        (status = 200, description = "The meeting as it is now", body = MeetingView),
        (status = 409, description = "The time is taken, or it cannot be changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or Zoom refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    headers: HeaderMap,
    JsonBody(patch): JsonBody,
) -> Result<Response, Problem> {
    let before = managed(&deps, &principal, &id).await?;
    etag::check(&headers, before.version)?;
    let mut booking = merged(&deps, &before, &patch).await?;
    let attendees = booking.attendees.take();
    editable(&before, &booking)?;
    check(&principal, &before, &booking)?;
    let plans = before.state == MeetingState::Draft && !booking.draft;
    let wanted = apply(&deps, &before, booking, attendees.as_deref());
    let changed = if before.state == MeetingState::Draft {
        if plans {
            Box::pin(plan(&deps, &principal, &before, wanted)).await?
        } else {
            keep(&deps, &before, wanted).await?
        }
    } else {
        let booker = booker(&principal, &wanted.organizer_id);
        let result = Box::pin(booking::update(&deps, &booker, before, wanted)).await;
        result.map_err(|error| error.problem(deps.clock.now()))?
    };
    let changed = match attendees {
        Some(attendees) => super::attendees_replace::store(&deps, changed, &attendees).await?,
        None => changed,
    };
    Ok(view::reply(StatusCode::OK, &changed, deps.clock.now()))
}

/// What the meeting would be asked for with, after the patch.
async fn merged(deps: &Deps, before: &Meeting, patch: &Value) -> Result<Booking, Problem> {
    let mut request = body::as_request(before);
    merge(&mut request, patch);
    let planned: Vec<_> = before.schedule.dates().unwrap_or_default();
    let mut booking = body::read(&request, Earliest { now: deps.clock.now(), except: Some(&planned) })?;
    if patch.get("reminders").is_some_and(Value::is_null) {
        let settings = deps.store.tenant_settings(&before.tenant).await?;
        booking.reminders = Some(settings.default_reminders);
    }
    Ok(booking)
}

/// A merge patch (RFC 7396) in which `null` stays: it is read like a field that was left out, and one that is
/// misspelt is still seen.
fn merge(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => target.clone_from(patch),
    }
}

fn editable(before: &Meeting, booking: &Booking) -> Result<(), Problem> {
    let refuse = |why: &str| Err(Problem::new(Code::MeetingNotEditable, why));
    match before.state {
        MeetingState::Cancelled => refuse("The meeting was cancelled. Book a new one."),
        MeetingState::Failed => refuse("The meeting never came about at Zoom. Book a new one."),
        MeetingState::Pending => refuse(
            "Zoom has not confirmed the meeting yet. Repeat its booking with the same Idempotency-Key first.",
        ),
        MeetingState::Started if before.schedule != booking.schedule => {
            refuse("The meeting is running: its time cannot be changed until it has ended.")
        }
        _ => Ok(()),
    }
}

/// What cannot be changed at all, or not by the caller.
fn check(principal: &Principal, before: &Meeting, booking: &Booking) -> Result<(), Problem> {
    let errors = Errors::default();
    let draft = before.state == MeetingState::Draft;
    if booking.kind != before.kind && !draft {
        let detail = "a meeting cannot become a webinar, nor the other way; book a new one";
        errors.add("/kind", Fault::new(FieldCode::Contradiction, detail));
    }
    if booking.draft && !draft {
        let detail = "what is booked cannot become a draft again; delete it instead";
        errors.add("/status", Fault::new(FieldCode::Contradiction, detail));
    }
    errors.finish()?;
    let organizer = booking.organizer.as_ref().unwrap_or(&principal.user);
    if *organizer != before.organizer_id && !principal.is_admin() {
        return Err(Problem::new(Code::Forbidden, "Only an administrator gives a meeting to somebody else."));
    }
    Ok(())
}

/// The meeting with what was asked for.
fn apply(deps: &Deps, before: &Meeting, booking: Booking, attendees: Option<&[Attendee]>) -> Meeting {
    let now = deps.clock.now();
    let mut wanted = before.clone();
    if wanted.schedule != booking.schedule {
        wanted.dates = booking.dates.into_iter().map(Date::planned).collect();
        wanted.schedule = booking.schedule;
    }
    wanted.kind = booking.kind;
    wanted.topic = booking.topic;
    wanted.agenda = booking.agenda;
    wanted.wish = booking.wish;
    wanted.alternative_wishes = booking.alternatives;
    wanted.passcode = booking.passcode;
    wanted.courses = booking.courses;
    wanted.requested_settings = booking.settings;
    if let Some(organizer) = booking.organizer {
        wanted.organizer_id = organizer;
    }
    // To repeat the tenant's default is not yet to choose it.
    if let Some(reminders) = booking.reminders.filter(|reminders| *reminders != before.reminders) {
        wanted.reminders_are_default = false;
        wanted.reminders = reminders;
    }
    if let Some(attendees) = attendees {
        wanted.attendee_count = u32::try_from(attendees.len()).unwrap_or(u32::MAX);
    }
    if wanted != *before {
        // Reminders whose time is past already are not sent after the fact.
        wanted.skip_reminders_until(now);
    }
    wanted
}

/// Books a draft.
async fn plan(
    deps: &Deps,
    principal: &Principal,
    draft: &Meeting,
    mut wanted: Meeting,
) -> Result<Meeting, Problem> {
    wanted.version += 1;
    wanted.updated_at = deps.clock.now();
    let booker = booker(principal, &wanted.organizer_id);
    let operation = Operation::without_key(deps.ids.next());
    booking::create(deps, &booker, wanted, Some(draft), &[], &operation, &view::kept)
        .await
        .map_err(|error| error.problem(deps.clock.now()))
}

/// Keeps a changed draft.
async fn keep(deps: &Deps, before: &Meeting, mut wanted: Meeting) -> Result<Meeting, Problem> {
    if wanted == *before {
        return Ok(wanted);
    }
    let now = deps.clock.now();
    wanted.version += 1;
    wanted.revision += 1;
    wanted.updated_at = now;
    let writes = deps.store.meeting_writes(&wanted, Some(before), now, deps.config.reminder_shards)?;
    match deps.store.transact(writes).await {
        Ok(()) => Ok(wanted),
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(Problem::new(
            Code::VersionMismatch,
            "The draft was changed at the same moment. Read it again and repeat the change.",
        )),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}
