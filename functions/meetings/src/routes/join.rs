//! `GET /v1/meetings/{id}/join`

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use shared::auth::Principal;
use shared::booking::zoom_problem;
use shared::deps::Deps;
use shared::domain::meeting::{Date, Kind, Meeting, State as MeetingState};
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use shared::zoom::App;
use url::Url;
use utoipa::ToSchema;

use crate::access::{Part, taken_part};
use crate::view::moment;

/// What a lesson page needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JoinView {
    /// The meeting.
    meeting_id: String,
    /// Its title.
    topic: String,
    /// What it is about.
    agenda: String,
    /// Meeting or webinar.
    kind: Kind,
    /// Where it stands.
    state: JoinState,
    /// The start, of a series of the running or next date.
    starts_at: String,
    /// Its end.
    ends_at: String,
    /// When one may come in.
    opens_at: String,
    /// The server's time, for a countdown that does not trust the browser's clock.
    server_time: String,
    /// How long until it starts; 0 from then on.
    seconds_until_start: i64,
    /// Zoom's meeting number.
    zoom_meeting_id: String,
    /// What a person must enter.
    passcode: Option<String>,
    /// The link that attendees join by.
    join_url: String,
    /// Opens the Zoom app.
    app_url: String,
    /// Joins in the browser.
    web_url: String,
    /// Who gives it.
    host: Option<JoinHost>,
    /// Lets its holder in as the host; for the organizer, the hosts and an administrator alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    start_url: Option<String>,
}

/// The host as attendees see one.
#[derive(Debug, Serialize, ToSchema)]
struct JoinHost {
    /// The name that others see.
    display_name: String,
    /// The address with most of it hidden.
    email_masked: String,
}

/// Where a meeting stands for those who want to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum JoinState {
    Upcoming,
    Open,
    Started,
    Ended,
    Cancelled,
}

/// What the lesson page needs, by role; of a series, for the running or next date.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/join",
    operation_id = "join_meeting",
    tag = "meetings",
    params(("id" = String, Path, description = "The meeting's id")),
    responses(
        (status = 200, description = "How to join", body = JoinView),
        (status = 403, description = "The caller does not attend it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is none, or it is not booked", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn join(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
) -> Result<Response, Problem> {
    let (meeting, part) = taken_part(&deps, &principal, &id).await?;
    let now = deps.clock.now();
    let mut view = view(&meeting, now)?;
    if part == Part::Hosts && !matches!(view.state, JoinState::Ended | JoinState::Cancelled) {
        view.start_url = Some(start_url(&deps, &meeting).await?);
    }
    Ok(json(StatusCode::OK, &view))
}

fn view(meeting: &Meeting, now: DateTime<Utc>) -> Result<JoinView, Problem> {
    let date = meeting
        .current_date(now)
        .or_else(|| meeting.live_dates().next_back())
        .or(meeting.dates.last())
        .ok_or_else(|| Problem::internal("a booked meeting has no date"))?;
    let zoom = meeting.zoom.as_ref();
    let join_url = zoom.map(|zoom| zoom.join_url.clone()).unwrap_or_default();
    let number = zoom.map(|zoom| zoom.id.to_string()).unwrap_or_default();
    let opens_at = meeting.opens_at(date);
    let (app_url, web_url) = links(&join_url, &number);
    Ok(JoinView {
        meeting_id: meeting.id.to_string(),
        topic: meeting.topic.clone(),
        agenda: date.agenda.as_ref().unwrap_or(&meeting.agenda).clone(),
        kind: meeting.kind,
        state: state(meeting, date, opens_at, now),
        starts_at: moment(date.interval.starts_at),
        ends_at: moment(date.interval.ends_at),
        opens_at: moment(opens_at),
        server_time: moment(now),
        seconds_until_start: (date.interval.starts_at - now).num_seconds().max(0),
        zoom_meeting_id: number,
        passcode: meeting.passcode.clone(),
        join_url,
        app_url,
        web_url,
        host: meeting.host.as_ref().map(|host| JoinHost {
            display_name: host.display_name.clone(),
            email_masked: host.email.masked(),
        }),
        start_url: None,
    })
}

fn state(meeting: &Meeting, date: &Date, opens_at: DateTime<Utc>, now: DateTime<Utc>) -> JoinState {
    match meeting.state {
        MeetingState::Cancelled => JoinState::Cancelled,
        MeetingState::Ended => JoinState::Ended,
        _ if date.interval.ends_at <= now || meeting.has_ended(date) => JoinState::Ended,
        MeetingState::Started if meeting.runs_at(now) => JoinState::Started,
        _ if opens_at <= now => JoinState::Open,
        _ => JoinState::Upcoming,
    }
}

/// The link into the Zoom app and the one into its web client, both with the passcode that the join link
/// carries (Zoom's URL schemes and web client).
fn links(join_url: &str, number: &str) -> (String, String) {
    let url = Url::parse(join_url).ok();
    let server = url.as_ref().and_then(Url::host_str).unwrap_or("zoom.us").to_owned();
    let passcode = url.as_ref().and_then(|url| url.query_pairs().find(|(name, _)| name == "pwd"));
    let with = |mut url: Url| {
        if let Some((_, passcode)) = &passcode {
            url.query_pairs_mut().append_pair("pwd", passcode);
        }
        url.to_string()
    };
    let app =
        Url::parse_with_params(&format!("zoommtg://{server}/join"), [("action", "join"), ("confno", number)]);
    let web = Url::parse(&format!("https://{server}/wc/join/{number}"));
    (app.map(with).unwrap_or_default(), web.map(with).unwrap_or_default())
}

/// The host link, asked of Zoom at this moment: it opens the meeting as the host and dies after two hours.
async fn start_url(deps: &Deps, meeting: &Meeting) -> Result<String, Problem> {
    let gone = || Problem::not_found("meeting at Zoom any more");
    let (Some(host), Some(zoom)) = (&meeting.host, &meeting.zoom) else { return Err(gone()) };
    let connection = deps.store.connection(&meeting.tenant, &host.connection_id).await?;
    let app = App::of(&connection.ok_or_else(gone)?, &deps.secrets);
    let reply = deps
        .zoom
        .read_meeting(&app, meeting.kind, zoom.id)
        .await
        .map_err(|error| zoom_problem(error, deps.clock.now()))?;
    let link = reply.start_url.ok_or_else(|| Problem::internal("Zoom gave no start link"))?;
    Ok(link.expose_secret().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_the_passcode_of_the_join_link() {
        let (app, web) = links("https://us05web.zoom.us/j/82547724140?pwd=a%2Bb", "82547724140");
        assert_eq!(app, "zoommtg://us05web.zoom.us/join?action=join&confno=82547724140&pwd=a%2Bb");
        assert_eq!(web, "https://us05web.zoom.us/wc/join/82547724140?pwd=a%2Bb");
    }
}
