//! `PATCH /v1/meetings/{id}/occurrences/{occurrence_id}`

use axum::extract::State;
use axum::response::Response;
use chrono_tz::Tz;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{DateChange, change_date};
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::http::fields::{Errors, Fault, Field, Reader};
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::{JsonBody, Named};
use shared::http::{Problem, etag, parse, schedule};
use utoipa::ToSchema;

use super::change::settled_to_change;
use super::turn::{NotDone, Turn};
use crate::access::{booker, managed};
use crate::view::{self, MeetingView};

/// What may be changed of one date of a series.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OccurrenceRequest)]
pub(crate) struct OccurrenceBody {
    /// Wall time in the meeting's zone, or with an offset.
    #[schema(example = "2027-12-07T21:00:00")]
    start: Option<String>,
    /// How long this date is.
    #[schema(minimum = 1, maximum = 1440)]
    duration_minutes: Option<u16>,
    /// What this date is about; `null`: what the meeting is about.
    #[schema(max_length = 2000)]
    agenda: Option<String>,
}

/// Moves or changes one date of a series, booked by the same rule as the meeting.
#[utoipa::path(
    patch,
    path = "/v1/meetings/{id}/occurrences/{occurrence_id}",
    operation_id = "change_occurrence",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("occurrence_id" = String, Path, description = "The date's id"),
        ("If-Match" = Option<String>, Header, description = "The version of the meeting that is changed"),
    ),
    request_body = OccurrenceBody,
    responses(
        (status = 200, description = "The meeting as it is now", body = MeetingView),
        (status = 404, description = "There is no such meeting or date", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The time is taken, or the date cannot be changed, or another change is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or Zoom refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "The host's daily limit is reached, or Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(deps): State<Deps>,
    principal: Principal,
    Named((id, occurrence_id)): Named<(String, String)>,
    headers: HeaderMap,
    JsonBody(patch): JsonBody,
) -> Result<Response, Problem> {
    let mut turn = Turn::of(&deps);
    loop {
        let stored = managed(&deps, &principal, &id).await?;
        match attempt(&deps, &principal, &headers, stored, (&occurrence_id, &patch)).await {
            Ok(changed) => return Ok(view::reply(StatusCode::OK, &changed, deps.clock.now())),
            Err(error) => turn.wait(&deps, error).await?,
        }
    }
}

/// Makes the change, to the meeting as it is stored.
async fn attempt(
    deps: &Deps,
    principal: &Principal,
    headers: &HeaderMap,
    stored: Meeting,
    (occurrence_id, patch): (&str, &Value),
) -> Result<Meeting, NotDone> {
    etag::check(headers, stored.version)?;
    let wanted = read(deps, patch, stored.schedule.time_zone)?;
    let before = settled_to_change(deps, stored).await?;
    etag::check(headers, before.version)?;
    let booker = booker(principal, &before.organizer_id);
    Ok(Box::pin(change_date(deps, &booker, before, occurrence_id, wanted)).await?)
}

fn read(deps: &Deps, patch: &Value, zone: Tz) -> Result<DateChange, Problem> {
    let errors = Errors::default();
    let change = Reader::body(patch, &errors).map(|body| {
        let start = given(&body, "start", |value| schedule::start_in(value, zone));
        if start.is_some_and(|start| start < deps.clock.now()) {
            body.fault("start", Fault::invalid("is in the past; choose a time to come"));
        }
        DateChange {
            start,
            duration_minutes: given(&body, "duration_minutes", |value| parse::integer(value, 1..=1440)),
            agenda: match body.field("agenda", |value| parse::prose(value, 0..=2000)) {
                Field::Value(agenda) => Some(Some(agenda)),
                Field::Null => Some(None),
                Field::Absent | Field::Wrong => None,
            },
        }
    });
    errors.finish()?;
    change.ok_or_else(|| Problem::internal("a fault of a date was not noted"))
}

/// A field that can be left out, but not cleared.
fn given<T>(
    body: &Reader<'_>,
    name: &'static str,
    parse: impl FnOnce(&Value) -> Result<T, Fault>,
) -> Option<T> {
    match body.field(name, parse) {
        Field::Value(value) => Some(value),
        Field::Null => {
            let fault = Fault::new(FieldCode::Required, "cannot be cleared; leave it out to keep it");
            body.fault(name, fault);
            None
        }
        Field::Absent | Field::Wrong => None,
    }
}
