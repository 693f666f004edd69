//! `GET /v1/meetings/{id}/attendance`

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::attendance::{Attendance, Identity, Presence};
use shared::domain::attendee::Attendee;
use shared::domain::meeting::{Date, Meeting};
use shared::http::Problem;
use shared::http::app::json;
use shared::http::fields::{Errors, Fault, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::{Named, QueryMap};
use utoipa::ToSchema;

use crate::access::managed;
use crate::attendance_csv;
use crate::view::moment;

/// Who was there on one date of a meeting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attendance)]
pub(crate) struct AttendanceView {
    /// The meeting.
    meeting_id: String,
    /// Of a series, the date's id.
    occurrence_id: Option<String>,
    /// When the date was to begin.
    pub(crate) starts_at: String,
    /// When it was to end.
    ends_at: String,
    /// When it began in Zoom.
    started_at: Option<String>,
    /// When it ended in Zoom.
    ended_at: Option<String>,
    /// Whether Zoom's own list of who was there has been read, which it has some minutes after the end.
    checked: bool,
    /// Those who were to attend.
    pub(crate) attendees: Vec<AttendeePresence>,
    /// Everybody else who was there.
    pub(crate) others: Vec<OtherPresence>,
}

/// How long one who was to attend was there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttendeePresence {
    /// The LMS's user id.
    pub(crate) attendee_id: String,
    /// The address that the LMS gave.
    pub(crate) email: String,
    /// The name that the LMS gave.
    pub(crate) name: Option<String>,
    /// Whether they were there.
    pub(crate) attended: bool,
    /// When, and for how long.
    #[serde(flatten)]
    pub(crate) presence: PresenceView,
}

/// How long somebody else was there. A name that is shown in Zoom says nothing of who it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtherPresence {
    /// The address, where Zoom tells it.
    pub(crate) email: Option<String>,
    /// The name that was shown.
    pub(crate) shown_name: Option<String>,
    /// Whether it is the host.
    host: bool,
    /// When, and for how long.
    #[serde(flatten)]
    pub(crate) presence: PresenceView,
}

/// When somebody was there, and for how long.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresenceView {
    /// How long in all; what two visits have in common counts once.
    pub(crate) seconds: i64,
    /// The visits, in the order of time.
    pub(crate) visits: Vec<VisitView>,
}

/// One visit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitView {
    /// When it began, where that is known.
    pub(crate) joined_at: Option<String>,
    /// When it ended, where it has and that is known.
    pub(crate) left_at: Option<String>,
}

/// Who attended, by date: of a series the date that is under way, or else the last that was. As CSV by
/// `Accept: text/csv`.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/attendance",
    operation_id = "read_attendance",
    tag = "meetings",
    params(
        ("id" = String, Path, description = "The meeting's id"),
        ("occurrence_id" = Option<String>, Query, description = "Another date of a series"),
    ),
    responses(
        (status = 200, description = "Who was there", content(
            (AttendanceView = "application/json"), (String = "text/csv"),
        )),
        (status = 404, description = "There is no such meeting or date", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn read(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
    QueryMap(query): QueryMap,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = managed(&deps, &principal, &id).await?;
    let wanted = wanted(&query)?;
    let now = deps.clock.now();
    let date = match &wanted {
        Some(id) => meeting.dates.iter().find(|date| date.occurrence_id.as_ref() == Some(id)),
        None => latest(&meeting, now),
    };
    let date = date.ok_or_else(|| Problem::not_found("date of the meeting"))?;
    let attendees = deps.store.attendees(&meeting.tenant, &meeting.id).await?;
    let visits = deps.store.visits(&meeting.tenant, &meeting.id).await?;
    let attendance = Attendance::of(&meeting, date, &visits, &attendees, now);
    let view = AttendanceView::new(&meeting, date, &attendees, attendance);
    if attendance_csv::is_wanted(&headers) {
        return attendance_csv::reply(&view);
    }
    Ok(json(StatusCode::OK, &view))
}

fn wanted(query: &Map<String, Value>) -> Result<Option<String>, Problem> {
    let errors = Errors::default();
    let wanted = {
        let read = Reader::query(query, &errors);
        read.optional("occurrence_id", |value| match value.as_str() {
            Some(id) => Ok(id.to_owned()),
            None => Err(Fault::invalid("is given twice")),
        })
    };
    errors.finish()?;
    Ok(wanted)
}

/// The date that is under way, or else the last that has begun; before the first one, that.
fn latest(meeting: &Meeting, now: DateTime<Utc>) -> Option<&Date> {
    let begun = meeting.live_dates().rfind(|date| date.interval.starts_at <= now);
    let runs = || meeting.runs_at(now).then(|| meeting.current_date(now)).flatten();
    runs().or(begun).or_else(|| meeting.live_dates().next())
}

impl AttendanceView {
    fn new(meeting: &Meeting, date: &Date, attendees: &[Attendee], attendance: Attendance) -> Self {
        let one = |(attendee, presence): (&Attendee, Presence)| AttendeePresence {
            attendee_id: attendee.id.as_str().to_owned(),
            email: attendee.email.as_str().to_owned(),
            name: attendee.name.clone(),
            attended: !presence.visits.is_empty(),
            presence: PresenceView::new(&presence),
        };
        Self {
            meeting_id: meeting.id.to_string(),
            occurrence_id: date.occurrence_id.clone(),
            starts_at: moment(date.interval.starts_at),
            ends_at: moment(date.interval.ends_at),
            started_at: attendance.started_at.map(moment),
            ended_at: attendance.ended_at.map(moment),
            checked: attendance.is_checked,
            attendees: attendees.iter().zip(attendance.attendees).map(one).collect(),
            others: attendance
                .others
                .iter()
                .map(|(identity, presence)| OtherPresence::new(meeting, identity, presence))
                .collect(),
        }
    }
}

impl OtherPresence {
    fn new(meeting: &Meeting, identity: &Identity, presence: &Presence) -> Self {
        let host = meeting.host.as_ref().is_some_and(|host| {
            identity.users.contains(host.host_id.as_str())
                || identity.emails.iter().any(|email| host.email.same_as(email))
        });
        Self {
            email: identity.emails.first().cloned(),
            shown_name: identity.names.first().cloned(),
            host,
            presence: PresenceView::new(presence),
        }
    }
}

impl PresenceView {
    fn new(presence: &Presence) -> Self {
        let view = |visit: &shared::domain::attendance::Visit| VisitView {
            joined_at: visit.joined_at.map(moment),
            left_at: visit.left_at.map(moment),
        };
        Self { seconds: presence.total.num_seconds(), visits: presence.visits.iter().map(view).collect() }
    }
}
