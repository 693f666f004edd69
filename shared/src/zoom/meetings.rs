//! Meetings and webinars at Zoom.

use chrono::{DateTime, Datelike, SecondsFormat, Utc, Weekday};
use http::Method;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::transport::Call;
use super::{App, Zoom, ZoomError};
use crate::domain::ids::HostId;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};
use crate::domain::recurrence::{Pattern, Recurrence};
use crate::domain::settings::{MeetingSettings, Recording};

/// The most pages of a host's meetings that are read: 30,000 meetings.
const MOST_PAGES: usize = 100;

/// A meeting as Zoom gives it.
#[derive(Debug, Deserialize)]
pub struct MeetingReply {
    /// The meeting number.
    pub id: u64,
    /// The title.
    #[serde(default)]
    pub topic: String,
    /// The link that attendees join by.
    #[serde(default)]
    pub join_url: String,
    /// The link that lets its holder in as the host.
    pub start_url: Option<SecretString>,
    /// The passcode.
    pub password: Option<String>,
    /// The start of a single meeting.
    pub start_time: Option<DateTime<Utc>>,
    /// The length of a single meeting, in minutes.
    pub duration: Option<u16>,
    /// The dates of a series.
    #[serde(default)]
    pub occurrences: Vec<Occurrence>,
    /// `waiting` or `started`.
    pub status: Option<String>,
}

/// A date of a series as Zoom gives it.
#[derive(Debug, Deserialize)]
pub struct Occurrence {
    /// The id of the date.
    pub occurrence_id: String,
    /// Its start.
    pub start_time: DateTime<Utc>,
    /// Its length in minutes.
    pub duration: u16,
    /// `available` or `deleted`.
    #[serde(default)]
    pub status: String,
}

/// A line of a host's list of meetings.
#[derive(Debug, Deserialize)]
pub struct ListedMeeting {
    /// The meeting number.
    pub id: u64,
    /// The title.
    #[serde(default)]
    pub topic: String,
    /// The start of the meeting, or of one of its dates.
    pub start_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct MeetingList {
    #[serde(default)]
    next_page_token: String,
    #[serde(default, alias = "webinars")]
    meetings: Vec<ListedMeeting>,
}

impl Zoom {
    /// Makes a meeting. Zoom has no idempotency key: after [`ZoomError::Unclear`] it may exist.
    pub async fn create_meeting(
        &self,
        app: &App,
        host: &HostId,
        meeting: &Meeting,
    ) -> Result<MeetingReply, ZoomError> {
        let body = payload(meeting);
        let path = ["users", host.as_str(), plural(meeting.kind)];
        self.call(app, &Call { method: Method::POST, path: &path, query: &[], body: Some(&body) }).await
    }

    /// Reads a meeting.
    pub async fn read_meeting(&self, app: &App, kind: Kind, id: u64) -> Result<MeetingReply, ZoomError> {
        let id = id.to_string();
        let path = [plural(kind), &id];
        // Dates of a series that are past are dates still.
        let query = [("show_previous_occurrences", "true")];
        self.call(app, &Call { method: Method::GET, path: &path, query: &query, body: None }).await
    }

    /// Makes a meeting what `meeting` says.
    pub async fn update_meeting(&self, app: &App, id: u64, meeting: &Meeting) -> Result<(), ZoomError> {
        let body = payload(meeting);
        let id = id.to_string();
        let path = [plural(meeting.kind), &id];
        self.send(app, &Call { method: Method::PATCH, path: &path, query: &[], body: Some(&body) })
            .await
            .map(drop)
    }

    /// Deletes a meeting; one that Zoom no longer has is deleted.
    pub async fn delete_meeting(&self, app: &App, kind: Kind, id: u64) -> Result<(), ZoomError> {
        let id = id.to_string();
        let path = [plural(kind), &id];
        let call = Call { method: Method::DELETE, path: &path, query: &[], body: None };
        match self.send(app, &call).await {
            Ok(_) | Err(ZoomError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A host's meetings to come, over all pages.
    pub async fn upcoming_meetings(
        &self,
        app: &App,
        kind: Kind,
        host: &HostId,
    ) -> Result<Vec<ListedMeeting>, ZoomError> {
        let path = ["users", host.as_str(), plural(kind)];
        let mut meetings = Vec::new();
        let mut next = String::new();
        for _ in 0..MOST_PAGES {
            // `upcoming` reaches six months ahead; `scheduled` holds everything that is to come.
            let mut query = vec![("type", "scheduled"), ("page_size", "300")];
            if !next.is_empty() {
                query.push(("next_page_token", &next));
            }
            let call = Call { method: Method::GET, path: &path, query: &query, body: None };
            let page: MeetingList = self.call(app, &call).await?;
            meetings.extend(page.meetings);
            if page.next_page_token.is_empty() {
                return Ok(meetings);
            }
            next = page.next_page_token;
        }
        Err(ZoomError::Rejected {
            code: 0,
            message: "the host has more meetings than can be listed".to_owned(),
        })
    }
}

impl MeetingReply {
    /// The dates that Zoom holds, without those that were called off, in order.
    pub fn dates(&self) -> Vec<(Option<String>, Interval)> {
        if self.occurrences.is_empty() {
            let single = self.start_time.zip(self.duration);
            return single
                .map(|(start, minutes)| (None, Interval::of_minutes(start, minutes)))
                .into_iter()
                .collect();
        }
        let mut dates: Vec<_> = self
            .occurrences
            .iter()
            .filter(|occurrence| occurrence.status != "deleted")
            .map(|o| (Some(o.occurrence_id.clone()), Interval::of_minutes(o.start_time, o.duration)))
            .collect();
        dates.sort_by_key(|(_, interval)| *interval);
        dates
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Meeting => "meetings",
        Kind::Webinar => "webinars",
    }
}

/// A meeting in Zoom's names (`POST /users/{userId}/meetings`, `…/webinars`).
fn payload(meeting: &Meeting) -> Value {
    let schedule = &meeting.schedule;
    let kind = match (meeting.kind, &schedule.recurrence) {
        (Kind::Meeting, None) => 2,
        (Kind::Meeting, Some(_)) => 8,
        (Kind::Webinar, None) => 5,
        (Kind::Webinar, Some(_)) => 9,
    };
    let mut body = json!({
        "topic": meeting.topic,
        "type": kind,
        "start_time": start_time(meeting),
        "timezone": schedule.time_zone.name(),
        "duration": schedule.duration_minutes,
        "agenda": meeting.agenda,
        "settings": settings(meeting),
    });
    if let Some(body) = body.as_object_mut() {
        if let Some(passcode) = &meeting.passcode {
            body.insert("password".to_owned(), json!(passcode));
        }
        if let Some(rule) = &schedule.recurrence {
            body.insert("recurrence".to_owned(), recurrence(rule, meeting));
        }
    }
    body
}

/// A single meeting's start is told in UTC, which names one moment; a series' as the wall time that it keeps.
fn start_time(meeting: &Meeting) -> String {
    let schedule = &meeting.schedule;
    let first = meeting.dates.first().map(|date| date.interval.starts_at);
    match (first, &schedule.recurrence) {
        (Some(first), None) => first.to_rfc3339_opts(SecondsFormat::Secs, true),
        (Some(first), Some(_)) => {
            let day = first.with_timezone(&schedule.time_zone).date_naive();
            day.and_time(schedule.local_start.time()).format("%Y-%m-%dT%H:%M:%S").to_string()
        }
        (None, _) => schedule.local_start.format("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

fn recurrence(rule: &Recurrence, meeting: &Meeting) -> Value {
    let weekday = |day: Weekday| day.num_days_from_sunday() + 1;
    let mut body = match &rule.pattern {
        Pattern::Daily => json!({"type": 1}),
        Pattern::Weekly(days) => {
            let mut days: Vec<u32> = days.iter().copied().map(weekday).collect();
            days.sort_unstable();
            let days: Vec<String> = days.iter().map(u32::to_string).collect();
            json!({"type": 2, "weekly_days": days.join(",")})
        }
        Pattern::MonthDay(day) => json!({"type": 3, "monthly_day": day}),
        Pattern::MonthWeekday(week, day) => {
            json!({"type": 3, "monthly_week": week, "monthly_week_day": weekday(*day)})
        }
    };
    if let Some(body) = body.as_object_mut() {
        body.insert("repeat_interval".to_owned(), json!(rule.interval));
        // The dates are known, so their number ends the series; Zoom's end date is a moment in UTC, which
        // near midnight is open to doubt.
        body.insert("end_times".to_owned(), json!(meeting.dates.len()));
    }
    body
}

fn settings(meeting: &Meeting) -> Value {
    let MeetingSettings {
        join_before_host,
        host_video,
        participant_video,
        mute_upon_entry,
        enforce_login,
        waiting_room,
        recording,
    } = meeting.settings;
    let recording = match recording {
        Recording::None => "none",
        Recording::Local => "local",
        Recording::Cloud => "cloud",
    };
    let alternatives: Vec<&str> = meeting.alternative_hosts.iter().map(|host| host.email.as_str()).collect();
    let mut body = Map::from_iter([
        ("host_video".to_owned(), json!(host_video)),
        ("meeting_authentication".to_owned(), json!(enforce_login)),
        ("auto_recording".to_owned(), json!(recording)),
        ("alternative_hosts".to_owned(), json!(alternatives.join(";"))),
    ]);
    match meeting.kind {
        Kind::Meeting => body.extend([
            ("join_before_host".to_owned(), json!(join_before_host)),
            ("participant_video".to_owned(), json!(participant_video)),
            ("mute_upon_entry".to_owned(), json!(mute_upon_entry)),
            ("waiting_room".to_owned(), json!(waiting_room)),
        ]),
        Kind::Webinar => body.extend([("panelists_video".to_owned(), json!(participant_video))]),
    }
    Value::Object(body)
}

/// The year that `start_time` is in must have four digits for Zoom.
pub fn fits_zoom(start: DateTime<Utc>) -> bool {
    (2000..=9999).contains(&start.year())
}
