//! A meeting as callers see it.

use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use shared::domain::meeting::{Course, Kind, Meeting, State, Warning};
use shared::domain::recording::RecordingAccess;
use shared::domain::recurrence::{End, Pattern, Recurrence};
use shared::domain::settings::MeetingSettings;
use shared::http::app::json;
use shared::http::etag::etag;
use shared::http::idempotency::kept_reply;
use shared::http::schedule::weekday_name;
use shared::store::idempotency::KeptReply;
use utoipa::ToSchema;

/// A meeting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Meeting)]
pub(crate) struct MeetingView {
    /// Its id.
    #[schema(example = "mtg_0193f2c4a1b27c3d8e4f5a6b7c8d9e0f")]
    pub id: String,
    /// Where it stands.
    pub status: State,
    /// Meeting or webinar.
    pub kind: Kind,
    /// Its title.
    pub topic: String,
    /// What it is about.
    pub agenda: String,
    /// The start, of a series of its first date.
    pub starts_at: String,
    /// The end, of a series of its first date.
    pub ends_at: String,
    /// The start on the wall clock of `time_zone`.
    pub local_start: String,
    /// The zone (IANA).
    pub time_zone: String,
    /// How long each date is.
    pub duration_minutes: u16,
    /// The rule of a series.
    pub recurrence: Option<RecurrenceView>,
    /// The dates of a series; none for a single meeting.
    pub occurrences: Vec<OccurrenceView>,
    /// The host; none for a draft.
    pub host: Option<HostView>,
    /// Those who may start it too.
    pub alternative_hosts: Vec<AlternativeHostView>,
    /// Zoom's meeting number.
    pub zoom_meeting_id: Option<String>,
    /// The link that attendees join by.
    pub join_url: Option<String>,
    /// What a person must enter.
    pub passcode: Option<String>,
    /// How it behaves in Zoom.
    pub settings: MeetingSettings,
    /// Who sees its recordings, beside those who give it.
    pub recording_access: RecordingAccess,
    /// Where in the LMS it is placed.
    pub courses: Vec<CourseView>,
    /// How many attend.
    pub attendee_count: u32,
    /// When reminders go out.
    pub reminders: Vec<String>,
    /// Who gives it.
    pub organizer_id: String,
    /// What the organizer should know.
    pub warnings: Vec<Warning>,
    /// Counts the changes; the `ETag` too.
    pub version: u64,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

/// The rule of a series.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Recurrence)]
pub(crate) struct RecurrenceView {
    /// `daily`, `weekly` or `monthly`.
    pub frequency: String,
    /// Every how many days, weeks or months.
    pub interval: u16,
    /// On which weekdays (`MO` to `SU`), of a weekly series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<String>>,
    /// On which day of the month (1 to 31), of a monthly series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_day: Option<u8>,
    /// In which week of the month (1 to 4, or -1 for the last), of a monthly series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_week: Option<i8>,
    /// On which weekday of that week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_weekday: Option<String>,
    /// How many dates (1 to 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A date of a series.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Occurrence)]
pub(crate) struct OccurrenceView {
    /// Zoom's id of the date; none before Zoom has given one.
    pub id: Option<String>,
    /// Its start.
    pub starts_at: String,
    /// Its end.
    pub ends_at: String,
    /// `scheduled` or `cancelled`.
    pub status: &'static str,
    /// What this date alone is about, where it has an agenda of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agenda: Option<String>,
}

/// The host of a meeting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeetingHost)]
pub(crate) struct HostView {
    /// Through which connection.
    pub connection_id: String,
    /// The Zoom user.
    pub host_id: String,
    /// The user's address in Zoom.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
}

/// One who may start a meeting too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlternativeHost)]
pub(crate) struct AlternativeHostView {
    /// The Zoom user.
    pub host_id: String,
    /// The user's address in Zoom.
    pub email: String,
}

/// Where in the LMS a meeting is placed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Course)]
pub(crate) struct CourseView {
    /// The course.
    pub course_id: String,
    /// The lesson of it.
    pub lesson_id: Option<String>,
}

/// A moment as callers see it.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl MeetingView {
    /// The meeting as it is at `now`.
    pub(crate) fn new(meeting: &Meeting, now: DateTime<Utc>) -> Self {
        let first = meeting.dates.first().map(|date| date.interval);
        let zone = meeting.schedule.time_zone;
        let local = first
            .map_or(meeting.schedule.local_start, |first| first.starts_at.with_timezone(&zone).naive_local());
        let is_series = meeting.schedule.recurrence.is_some();
        Self {
            id: meeting.id.to_string(),
            status: meeting.status_at(now),
            kind: meeting.kind,
            topic: meeting.topic.clone(),
            agenda: meeting.agenda.clone(),
            starts_at: first.map(|first| moment(first.starts_at)).unwrap_or_default(),
            ends_at: first.map(|first| moment(first.ends_at)).unwrap_or_default(),
            local_start: local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            time_zone: zone.name().to_owned(),
            duration_minutes: meeting.schedule.duration_minutes,
            recurrence: meeting.schedule.recurrence.as_ref().map(RecurrenceView::new),
            occurrences: if is_series { occurrences(meeting) } else { Vec::new() },
            host: meeting.host.as_ref().map(|host| HostView {
                connection_id: host.connection_id.to_string(),
                host_id: host.host_id.to_string(),
                email: host.email.to_string(),
                display_name: host.display_name.clone(),
            }),
            alternative_hosts: meeting
                .alternative_hosts
                .iter()
                .map(|host| AlternativeHostView {
                    host_id: host.host_id.to_string(),
                    email: host.email.to_string(),
                })
                .collect(),
            zoom_meeting_id: meeting.zoom.as_ref().map(|zoom| zoom.id.to_string()),
            join_url: meeting.zoom.as_ref().map(|zoom| zoom.join_url.clone()),
            passcode: meeting.passcode.clone(),
            settings: meeting.settings,
            recording_access: meeting.recording_access,
            courses: meeting.courses.iter().map(CourseView::new).collect(),
            attendee_count: meeting.attendee_count,
            reminders: meeting.reminders.iter().map(ToString::to_string).collect(),
            organizer_id: meeting.organizer_id.to_string(),
            warnings: meeting.warnings.clone(),
            version: meeting.version,
            created_at: moment(meeting.created_at),
            updated_at: moment(meeting.updated_at),
        }
    }
}

impl RecurrenceView {
    /// The rule as callers see it, which is also how they may send it.
    pub(crate) fn new(recurrence: &Recurrence) -> Self {
        let mut view = Self {
            frequency: String::new(),
            interval: recurrence.interval,
            weekdays: None,
            month_day: None,
            month_week: None,
            month_weekday: None,
            count: None,
            until: None,
        };
        match &recurrence.pattern {
            Pattern::Daily => "daily".clone_into(&mut view.frequency),
            Pattern::Weekly(days) => {
                "weekly".clone_into(&mut view.frequency);
                view.weekdays = Some(days.iter().map(|day| weekday_name(*day).to_owned()).collect());
            }
            Pattern::MonthDay(day) => {
                "monthly".clone_into(&mut view.frequency);
                view.month_day = Some(*day);
            }
            Pattern::MonthWeekday(week, day) => {
                "monthly".clone_into(&mut view.frequency);
                view.month_week = Some(*week);
                view.month_weekday = Some(weekday_name(*day).to_owned());
            }
        }
        match recurrence.end {
            End::Count(count) => view.count = Some(count),
            End::Until(day) => view.until = Some(day.to_string()),
        }
        view
    }
}

impl CourseView {
    pub(crate) fn new(course: &Course) -> Self {
        Self {
            course_id: course.course_id.to_string(),
            lesson_id: course.lesson_id.as_ref().map(ToString::to_string),
        }
    }
}

fn occurrences(meeting: &Meeting) -> Vec<OccurrenceView> {
    let is_off = matches!(meeting.state, State::Cancelled | State::Failed);
    meeting
        .dates
        .iter()
        .map(|date| OccurrenceView {
            id: date.occurrence_id.clone(),
            starts_at: moment(date.interval.starts_at),
            ends_at: moment(date.interval.ends_at),
            status: if date.cancelled || is_off { "cancelled" } else { "scheduled" },
            agenda: date.agenda.clone(),
        })
        .collect()
}

/// The reply that shows a meeting.
pub(crate) fn reply(status: StatusCode, meeting: &Meeting, now: DateTime<Utc>) -> Response {
    let mut response = json(status, &MeetingView::new(meeting, now));
    response.headers_mut().extend(headers(status, meeting));
    response
}

/// The reply to a create, as it is kept for its idempotency key.
pub(crate) fn kept(meeting: &Meeting, now: DateTime<Utc>) -> KeptReply {
    let body = serde_json::to_vec(&MeetingView::new(meeting, now)).unwrap_or_default();
    let mut headers = headers(StatusCode::CREATED, meeting);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    kept_reply(StatusCode::CREATED, &headers, &body)
}

fn headers(status: StatusCode, meeting: &Meeting) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(header::ETAG, etag(meeting.version))]);
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::try_from(format!("/v1/meetings/{}", meeting.id))
    {
        headers.insert(header::LOCATION, location);
    }
    headers
}
