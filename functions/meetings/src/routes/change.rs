//! `PATCH /v1/meetings/{id}`

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{self, BookingError};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::interval::Interval;
use shared::domain::meeting::{Date, HostName, HostWish, Meeting, Schedule, State as MeetingState};
use shared::http::fields::{Errors, Fault};
use shared::http::idempotency::Operation;
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::{JsonBody, Named};
use shared::http::schedule::Earliest;
use shared::http::{Code, Problem, etag};
use shared::store::TransactError;

use super::turn::{NotDone, Turn};
use crate::access::{booker, managed};
use crate::body::docs::BookingBody;
use crate::body::{self, Booking, merge};
use crate::view::{self, MeetingView};

/// Changes a meeting: a merge patch (RFC 7396) of what a booking takes, booked by the same rule. A series with
/// another start or rule has the dates of its rule again; with another length those that were changed or called
/// off by themselves stay so.
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
        (status = 409, description = "The time is taken, or it cannot be changed, or another change is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or Zoom refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "The host's daily limit is reached, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
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
    let mut turn = Turn::of(&deps);
    let (changed, attendees) = loop {
        let stored = managed(&deps, &principal, &id).await?;
        match Box::pin(attempt(&deps, &principal, &headers, stored, &patch)).await {
            Ok(done) => break done,
            Err(error) => turn.wait(&deps, error).await?,
        }
    };
    let changed = match attendees {
        Some(attendees) => {
            // What this request has left itself is what was asked for; what others made of it since is not.
            let left = changed.version;
            let may_change = |version| if version == left { Ok(()) } else { etag::check(&headers, version) };
            super::attendees_replace::store(&deps, &mut turn, changed, &attendees, may_change).await?
        }
        None => changed,
    };
    Ok(view::reply(StatusCode::OK, &changed, deps.clock.now()))
}

/// Makes the change, to the meeting as it is stored; returns the meeting as it is then, and who is to attend
/// it where the patch says so.
async fn attempt(
    deps: &Deps,
    principal: &Principal,
    headers: &HeaderMap,
    stored: Meeting,
    patch: &Value,
) -> Result<(Meeting, Option<Vec<Attendee>>), NotDone> {
    let now = deps.clock.now();
    etag::check(headers, stored.version)?;
    let before = settled_to_change(deps, stored).await?;
    // What somebody else had left behind may have been finished just now.
    etag::check(headers, before.version)?;
    let mut booking = merged(deps, &before, patch).await?;
    let attendees = booking.attendees.take();
    if before.status_at(now) == MeetingState::Started && before.schedule != booking.schedule {
        return Err(Problem::new(
            Code::MeetingNotEditable,
            "The meeting is running: its time cannot be changed until it has ended.",
        )
        .into());
    }
    check(principal, &before, &booking)?;
    let plans = before.state == MeetingState::Draft && !booking.draft;
    let wanted = apply(&before, booking, patch, now);
    check_dates(&wanted)?;
    if before.state == MeetingState::Draft {
        let changed = if plans {
            Box::pin(plan(deps, principal, &before, wanted)).await?
        } else {
            keep(deps, &before, wanted).await?
        };
        return Ok((changed, attendees));
    }
    let booker = booker(principal, &wanted.organizer_id);
    Ok((Box::pin(booking::update(deps, &booker, before, wanted)).await?, attendees))
}

/// What the meeting would be asked for with, after the patch.
async fn merged(deps: &Deps, before: &Meeting, patch: &Value) -> Result<Booking, Problem> {
    let mut request = body::as_request(before);
    merge::patch(&mut request, patch);
    let planned: Vec<_> = before.schedule.dates().unwrap_or_default();
    let mut booking = body::read(&request, Earliest { now: deps.clock.now(), except: Some(&planned) })?;
    if patch.get("reminders").is_some_and(Value::is_null) {
        let settings = deps.store.tenant_settings(&before.tenant).await?;
        booking.reminders = Some(settings.default_reminders);
    }
    Ok(booking)
}

/// The meeting with nothing under way between here and Zoom, where it can still be changed.
pub(super) async fn settled_to_change(deps: &Deps, stored: Meeting) -> Result<Meeting, NotDone> {
    Ok(editable(Box::pin(booking::settled(deps, stored)).await?)?)
}

/// The settled meeting, where it can still be changed.
fn editable(meeting: Meeting) -> Result<Meeting, Problem> {
    let refuse = |why: &str| Err(Problem::new(Code::MeetingNotEditable, why));
    match meeting.state {
        MeetingState::Cancelled => refuse("The meeting was cancelled. Book a new one."),
        MeetingState::Failed => refuse("The meeting never came about at Zoom. Book a new one."),
        _ => Ok(meeting),
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
fn apply(before: &Meeting, booking: Booking, patch: &Value, now: DateTime<Utc>) -> Meeting {
    let mut wanted = before.clone();
    if wanted.schedule != booking.schedule {
        // With another length alone the dates are the same ones; those that were changed or called off by
        // themselves stay so.
        let same_dates =
            Schedule { duration_minutes: before.schedule.duration_minutes, ..booking.schedule.clone() }
                == before.schedule;
        wanted.dates = if same_dates {
            before.dates.iter().map(|date| lasting(date, before, &booking.schedule, now)).collect()
        } else {
            booking.dates.into_iter().map(Date::planned).collect()
        };
        wanted.schedule = booking.schedule;
    }
    wanted.kind = booking.kind;
    wanted.topic = booking.topic;
    wanted.agenda = booking.agenda;
    // Naming the host that it has is no change.
    if !names(&booking.wish, before) {
        wanted.wish = booking.wish;
    }
    wanted.alternative_wishes = booking.alternatives;
    // A booked meeting has a passcode: clearing it leaves the choice to Zoom, which has chosen.
    let clears = patch.get("passcode").is_some() && before.state == MeetingState::Draft;
    if booking.passcode.is_some() || clears {
        wanted.passcode = booking.passcode;
    }
    wanted.courses = booking.courses;
    wanted.recording_access = booking.recording_access;
    wanted.requested_settings = booking.settings;
    wanted.followed_settings = body::followed_settings(before, patch);
    if let Some(organizer) = booking.organizer {
        wanted.organizer_id = organizer;
    }
    // To repeat the tenant's default is not yet to choose it.
    if let Some(reminders) = booking.reminders.filter(|reminders| *reminders != before.reminders) {
        wanted.reminders_are_default = false;
        wanted.reminders = reminders;
    }
    if wanted.schedule != before.schedule || wanted.reminders != before.reminders {
        wanted.carry_reminders(before, now);
    }
    wanted
}

/// A date of `meeting` with the length of another schedule; of a series what has begun keeps its own, and what
/// was given one by itself.
fn lasting(date: &Date, meeting: &Meeting, schedule: &Schedule, now: DateTime<Utc>) -> Date {
    let starts_at = date.interval.starts_at;
    let of_rule = date.interval == Interval::of_minutes(starts_at, meeting.schedule.duration_minutes);
    let keeps = schedule.recurrence.is_some() && (starts_at <= now || !of_rule);
    let interval = Interval::of_minutes(starts_at, schedule.duration_minutes);
    Date { interval: if keeps { date.interval } else { interval }, ..date.clone() }
}

/// A date that was moved by itself leaves less room for longer ones.
fn check_dates(wanted: &Meeting) -> Result<(), Problem> {
    let errors = Errors::default();
    if wanted.intervals().windows(2).any(|pair| pair[0].overlaps(&pair[1])) {
        let detail =
            "a date of the series, one of which was moved, would begin before the one before it has ended";
        errors.add("/duration_minutes", Fault::new(FieldCode::Contradiction, detail));
    }
    errors.finish()
}

/// Whether a wish names the host that the meeting has.
fn names(wish: &HostWish, meeting: &Meeting) -> bool {
    let Some(host) = &meeting.host else { return false };
    let is_it = |name: &HostName| match name {
        HostName::Id(id) => *id == host.host_id,
        HostName::Email(email) => email.same_as(host.email.as_str()),
        HostName::Default => false,
    };
    match wish {
        HostWish::Auto => false,
        HostWish::Anywhere(name) => is_it(name),
        HostWish::Named { connection_id, host: name } => *connection_id == host.connection_id && is_it(name),
    }
}

/// Books a draft.
async fn plan(
    deps: &Deps,
    principal: &Principal,
    draft: &Meeting,
    mut wanted: Meeting,
) -> Result<Meeting, BookingError> {
    wanted.version += 1;
    wanted.updated_at = deps.clock.now();
    let booker = booker(principal, &wanted.organizer_id);
    let operation = Operation::without_key(deps.ids.next());
    booking::create(deps, &booker, wanted, Some(draft), &[], &operation, &view::kept).await
}

/// Keeps a changed draft.
async fn keep(deps: &Deps, before: &Meeting, mut wanted: Meeting) -> Result<Meeting, BookingError> {
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
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(BookingError::ChangeUnderWay),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}
