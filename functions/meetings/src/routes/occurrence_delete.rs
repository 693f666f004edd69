//! `DELETE /v1/meetings/{id}/occurrences/{occurrence_id}`

use std::time::Duration;

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use shared::auth::Principal;
use shared::booking::{BookingError, Race, call_off_date, settled};
use shared::deps::Deps;
use shared::domain::meeting::State as MeetingState;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::http::{Problem, etag};

use super::change::editable;
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
        (status = 409, description = "The date is over", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Zoom does not answer", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    principal: Principal,
    Named((id, occurrence_id)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut race = Race::lasting(PATIENCE);
    loop {
        let stored = managed(&deps, &principal, &id).await?;
        etag::check(&headers, stored.version)?;
        let names = |date: &shared::domain::date::Date| date.occurrence_id.as_ref() == Some(&occurrence_id);
        if stored.state == MeetingState::Cancelled && stored.dates.iter().any(names) {
            return Ok(StatusCode::NO_CONTENT);
        }
        let under_way = match Box::pin(settled(&deps, stored)).await {
            Ok(meeting) => {
                let before = editable(meeting)?;
                let booker = booker(&principal, &before.organizer_id);
                Box::pin(call_off_date(&deps, &booker, before, &occurrence_id)).await
            }
            Err(error) => Err(error),
        };
        match under_way {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            // Whoever clears a week calls several dates of a series off at one moment.
            Err(error @ BookingError::ChangeUnderWay) => {
                race.lost().await.map_err(|_| error.problem(deps.clock.now()))?;
            }
            Err(error) => return Err(error.problem(deps.clock.now())),
        }
    }
}

/// How long a date waits for another change of the series to end.
const PATIENCE: Duration = Duration::from_secs(5);
