//! `DELETE /v1/meetings/{id}/occurrences/{occurrence_id}`

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::booking::call_off_date;
use shared::deps::Deps;
use shared::domain::meeting::{Meeting, State as MeetingState};
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::http::{Problem, etag};

use super::change::settled_to_change;
use super::turn::{NotDone, Turn};
use crate::access::{booker, managed};

/// Calls one date of a series off, and with the last that is left the meeting.
#[utoipa::path(
    delete,
    path = "/v1/meetings/{id}/occurrences/{occurrence_id}",
    operation_id = "delete_occurrence",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("occurrence_id" = String, Path, description = "The date's id"),
        ("If-Match" = Option<String>, Header, description = "The version of the meeting that is changed"),
    ),
    responses(
        (status = 204, description = "Called off; also where it was already"),
        (status = 404, description = "There is no such meeting or date", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The date is over, or another change is under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Zoom asks for a pause", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    principal: Principal,
    Named((id, occurrence_id)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut turn = Turn::of(&deps);
    loop {
        let stored = managed(&deps, &principal, &id).await?;
        etag::check(&headers, stored.version)?;
        let names = |date: &shared::domain::date::Date| date.occurrence_id.as_ref() == Some(&occurrence_id);
        if stored.state == MeetingState::Cancelled && stored.dates.iter().any(names) {
            return Ok(StatusCode::NO_CONTENT);
        }
        match attempt(&deps, &principal, &headers, stored, &occurrence_id).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            // Whoever clears a week calls several dates of a series off at one moment.
            Err(error) => turn.wait(&deps, error).await?,
        }
    }
}

/// Calls the date off, of the meeting as it is stored.
async fn attempt(
    deps: &Deps,
    principal: &Principal,
    headers: &HeaderMap,
    stored: Meeting,
    occurrence_id: &str,
) -> Result<(), NotDone> {
    let before = settled_to_change(deps, stored).await?;
    etag::check(headers, before.version)?;
    let booker = booker(principal, &before.organizer_id);
    Ok(Box::pin(call_off_date(deps, &booker, before, occurrence_id)).await?)
}
