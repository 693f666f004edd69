//! `GET /v1/meetings/{id}/attendees`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::AttendeeId;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use shared::http::{Problem, page};
use utoipa::ToSchema;

use crate::access::managed;

/// One who attends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attendee)]
pub(crate) struct AttendeeView {
    /// The LMS's user id.
    id: String,
    /// Where reminders go.
    email: String,
    /// The name to greet by.
    name: Option<String>,
    /// The language to write in (BCP 47).
    locale: Option<String>,
    /// The zone to tell times in (IANA).
    time_zone: Option<String>,
}

/// A page of attendees.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttendeePage {
    /// The attendees, by id.
    items: Vec<AttendeeView>,
    /// Where the next page begins; none after the last.
    next_cursor: Option<String>,
}

/// Those who attend a meeting.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/attendees",
    operation_id = "list_attendees",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 by default"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses(
        (status = 200, description = "A page of attendees", body = AttendeePage),
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
    let identity = ["attendees", principal.tenant.as_str(), meeting.id.as_str()];
    let asked = page::asked::<AttendeeId>(&deps, &identity, &query).await?;
    let mut left = deps.store.attendees(&principal.tenant, &meeting.id).await?;
    left.retain(|attendee| asked.after.as_ref().is_none_or(|after| attendee.id > *after));
    let place = |attendee: &Attendee| attendee.id.clone();
    let (page, next_cursor) = page::cut(&deps, &identity, left, asked.limit, place).await?;
    let items = page.into_iter().map(AttendeeView::new).collect();
    Ok(json(StatusCode::OK, &AttendeePage { items, next_cursor }))
}

impl AttendeeView {
    pub(super) fn new(attendee: Attendee) -> Self {
        Self {
            id: attendee.id.into(),
            email: attendee.email.into(),
            name: attendee.name,
            locale: attendee.locale,
            time_zone: attendee.time_zone.map(|zone| zone.name().to_owned()),
        }
    }
}
