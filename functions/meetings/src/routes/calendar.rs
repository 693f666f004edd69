//! `GET /v1/meetings/{id}/calendar.ics`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use shared::auth::Principal;
use shared::calendar::{self, Publisher, Purpose};
use shared::deps::Deps;
use shared::http::Problem;
use shared::http::etag;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::language::Language;
use shared::mail::message::sender;

use crate::access::taken_part;

/// The meeting as iCalendar, for whoever may join it; a cancelled one says so.
///
/// Its words are in the language of `Accept-Language`, else of the token's `locale`.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/calendar.ics",
    operation_id = "read_meeting_calendar",
    tag = "meetings",
    params(("id" = String, Path, description = "The meeting's id")),
    responses(
        (status = 200, description = "The meeting, as a file", body = String, content_type = "text/calendar"),
        (status = 403, description = "The caller does not attend it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is none, or it is not booked", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn calendar(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (meeting, _) = taken_part(&deps, &principal, &id).await?;
    // The same as in mails: a calendar that has both takes them for one event.
    let settings = deps.store.tenant_settings(&meeting.tenant).await?;
    let organizer = sender(settings.email.from.as_deref(), &deps.config.mail_from)
        .map_err(|error| Problem::internal(error.to_string()))?;
    let domain = deps.config.public_url.host_str().unwrap_or_default();
    let language = Language::of_request(&headers, principal.locale.as_deref());
    // Stamped with its last change and not with the clock, it stays the same until the next.
    let text = calendar::write(
        &meeting,
        Purpose::Publish,
        Publisher { organizer: &organizer, domain },
        language,
        meeting.updated_at,
    );
    // An id is of letters, digits, `.`, `_` and `-`.
    let disposition = format!("attachment; filename=\"{}.ics\"", meeting.id);
    let headers = [
        (header::CONTENT_TYPE, calendar::MEDIA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::VARY, header::ACCEPT_LANGUAGE.to_string()),
    ];
    let tag = [(header::ETAG, etag::of_content(text.as_bytes()))];
    Ok(language.mark((headers, tag, text).into_response()))
}
