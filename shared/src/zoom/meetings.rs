//! Meetings and webinars at Zoom.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::operation::Operation;
use super::transport::Call;
use super::{App, Zoom, ZoomError, payload};
use crate::domain::date::Date;
use crate::domain::ids::HostId;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};
use crate::domain::settings::MeetingSettings;

/// The most pages of a host's meetings that are read: 30,000 meetings.
const MOST_PAGES: usize = 100;

/// A meeting as Zoom gives it.
#[derive(Debug, Deserialize)]
pub struct MeetingReply {
    /// The meeting number.
    pub id: u64,
    /// Zoom's id of the session that runs, or is next.
    #[serde(default)]
    pub uuid: String,
    /// The Zoom user whose meeting it is.
    #[serde(default)]
    pub host_id: String,
    /// The user's address.
    #[serde(default)]
    pub host_email: String,
    /// The title.
    #[serde(default)]
    pub topic: String,
    /// What it is about, where Zoom says so.
    pub agenda: Option<String>,
    /// How it behaves, in Zoom's names.
    #[serde(default)]
    pub settings: Map<String, Value>,
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
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// The rule of a series, in Zoom's names.
    pub recurrence: Option<Value>,
    /// What it is, as a number.
    #[serde(rename = "type")]
    rhythm: Option<u8>,
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

/// How much of a meeting a change sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, the schedule too: Zoom gives a series new dates.
    Whole,
    /// What it is like; its dates stay, each as it is.
    Details,
}

/// A line of a host's list of meetings.
#[derive(Debug, Deserialize)]
pub struct ListedMeeting {
    /// The meeting number.
    pub id: u64,
    /// The title.
    #[serde(default)]
    pub topic: String,
    /// What it is about: the beginning, where that is long.
    pub agenda: Option<String>,
    /// The start of the meeting, or of one of its dates.
    pub start_time: Option<DateTime<Utc>>,
    /// The length, in minutes.
    pub duration: Option<u16>,
    /// What it is, as a number.
    #[serde(default, rename = "type")]
    rhythm: u8,
}

impl ListedMeeting {
    /// The one date of a meeting that is no series; a line of a series tells nothing of its other dates.
    pub fn only_date(&self) -> Option<Interval> {
        if SERIES.contains(&self.rhythm) || !self.is_timed() {
            return None;
        }
        Some(Interval::of_minutes(self.start_time?, self.duration?))
    }

    /// Whether it may have a date at all.
    pub fn is_timed(&self) -> bool {
        !UNTIMED.contains(&self.rhythm)
    }
}

/// The numbers of what recurs at fixed times: a meeting, a webinar.
const SERIES: [u8; 2] = [8, 9];
/// The numbers of what takes place once, at a fixed time: a meeting, a webinar.
const SINGLE: [u8; 2] = [2, 5];
/// The numbers of what recurs without a fixed time.
const UNTIMED: [u8; 2] = [3, 6];

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
        let body = payload::whole(meeting, self.clock.now());
        let operation = Operation::create(meeting.kind);
        self.call(app, &Call { operation, id: host.as_str(), query: &[], body: Some(&body) }).await
    }

    /// Reads a meeting.
    pub async fn read_meeting(&self, app: &App, kind: Kind, id: u64) -> Result<MeetingReply, ZoomError> {
        // Dates of a series that are past are dates still.
        let query = [("show_previous_occurrences", "true")];
        let operation = Operation::read(kind);
        self.call(app, &Call { operation, id: &id.to_string(), query: &query, body: None }).await
    }

    /// Reads a meeting as it is on one date of a series: `start_time`, `duration` and `agenda` are the date's.
    pub async fn read_date(
        &self,
        app: &App,
        kind: Kind,
        id: u64,
        occurrence_id: &str,
    ) -> Result<MeetingReply, ZoomError> {
        let query = [("occurrence_id", occurrence_id), ("show_previous_occurrences", "true")];
        let operation = Operation::read(kind);
        self.call(app, &Call { operation, id: &id.to_string(), query: &query, body: None }).await
    }

    /// Makes a meeting what `meeting` says.
    pub async fn update_meeting(
        &self,
        app: &App,
        id: u64,
        meeting: &Meeting,
        extent: Extent,
    ) -> Result<(), ZoomError> {
        let body = match extent {
            Extent::Whole => payload::whole(meeting, self.clock.now()),
            Extent::Details => Value::Object(payload::details(meeting)),
        };
        self.change(app, Operation::update(meeting.kind), id, None, Some(&body)).await
    }

    /// Makes one date of a series what `date` says, under the id that it has at Zoom; with an agenda where one
    /// is to be sent.
    pub async fn update_date(
        &self,
        app: &App,
        (kind, id): (Kind, u64),
        occurrence_id: &str,
        date: &Date,
        agenda: Option<&str>,
    ) -> Result<(), ZoomError> {
        let body = payload::date(date, agenda);
        match self.change(app, Operation::update(kind), id, Some(occurrence_id), Some(&body)).await {
            // Whether the date is gone or all of the meeting, only the meeting itself tells.
            Err(ZoomError::NotFound { code, message }) => match self.read_meeting(app, kind, id).await {
                Ok(_) => Err(ZoomError::Rejected { code, message }),
                Err(error) => Err(error),
            },
            result => result,
        }
    }

    /// Deletes a meeting; one that Zoom no longer has is deleted.
    pub async fn delete_meeting(&self, app: &App, kind: Kind, id: u64) -> Result<(), ZoomError> {
        match self.change(app, Operation::delete(kind), id, None, None).await {
            Err(ZoomError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Deletes one date of a series; one that Zoom no longer has is deleted.
    ///
    /// # Errors
    /// [`ZoomError::NotFound`] where all of the meeting is gone.
    pub async fn delete_date(
        &self,
        app: &App,
        kind: Kind,
        id: u64,
        occurrence_id: &str,
    ) -> Result<(), ZoomError> {
        match self.change(app, Operation::delete(kind), id, Some(occurrence_id), None).await {
            // Zoom calls a date that is gone an invalid parameter; only the meeting itself tells.
            Err(refused @ (ZoomError::Rejected { .. } | ZoomError::NotFound { .. })) => {
                let reply = self.read_meeting(app, kind, id).await?;
                if reply.has_date(occurrence_id) { Err(refused) } else { Ok(()) }
            }
            result => result,
        }
    }

    /// Ends what runs of a meeting (`PUT /meetings/{meetingId}/status`).
    pub async fn end_meeting(&self, app: &App, kind: Kind, id: u64) -> Result<(), ZoomError> {
        self.change(app, Operation::end(kind), id, None, Some(&json!({"action": "end"}))).await
    }

    async fn change(
        &self,
        app: &App,
        operation: Operation,
        id: u64,
        occurrence_id: Option<&str>,
        body: Option<&Value>,
    ) -> Result<(), ZoomError> {
        let query: Vec<(&str, &str)> = occurrence_id.map(|id| ("occurrence_id", id)).into_iter().collect();
        self.send(app, &Call { operation, id: &id.to_string(), query: &query, body }).await.map(drop)
    }

    /// A host's meetings to come, and some that are over, over all pages.
    pub async fn upcoming_meetings(
        &self,
        app: &App,
        kind: Kind,
        host: &HostId,
    ) -> Result<Vec<ListedMeeting>, ZoomError> {
        // `upcoming` reaches six months ahead; `scheduled` holds everything that is to come.
        self.listed(app, kind, host, "scheduled").await
    }

    /// The numbers of a host's meetings with a date within six months, over all pages.
    pub async fn soon(&self, app: &App, kind: Kind, host: &HostId) -> Result<BTreeSet<u64>, ZoomError> {
        let listed = self.listed(app, kind, host, "upcoming").await?;
        Ok(listed.into_iter().map(|line| line.id).collect())
    }

    async fn listed(
        &self,
        app: &App,
        kind: Kind,
        host: &HostId,
        list: &str,
    ) -> Result<Vec<ListedMeeting>, ZoomError> {
        let operation = Operation::list(kind);
        let mut meetings = Vec::new();
        let mut next = String::new();
        for _ in 0..MOST_PAGES {
            let mut query = vec![("type", list), ("page_size", "300")];
            if !next.is_empty() {
                query.push(("next_page_token", &next));
            }
            let call = Call { operation, id: host.as_str(), query: &query, body: None };
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
    /// Whether a series has a date of that id, which was not called off.
    pub fn has_date(&self, occurrence_id: &str) -> bool {
        self.occurrences.iter().any(|date| date.occurrence_id == occurrence_id && date.status != "deleted")
    }

    /// Whether it runs at this moment; none where Zoom does not say.
    pub fn is_running(&self) -> Option<bool> {
        match self.status.as_deref() {
            Some("started") => Some(true),
            Some("waiting") => Some(false),
            _ => None,
        }
    }

    /// How it behaves, in Lectern's names; `ours` where Zoom does not say.
    pub fn settings_over(&self, kind: Kind, ours: MeetingSettings) -> MeetingSettings {
        payload::settings_shown(kind, &self.settings, ours)
    }

    /// Who may start it in the host's place, by address or id, where Zoom says so.
    pub fn alternative_hosts(&self) -> Option<Vec<&str>> {
        let listed = self.settings.get("alternative_hosts")?.as_str()?;
        // Of a webinar the description has commas.
        Some(listed.split([';', ',']).map(str::trim).filter(|name| !name.is_empty()).collect())
    }

    /// Whether Zoom says that it takes place once.
    pub fn is_single(&self) -> bool {
        self.rhythm.is_some_and(|rhythm| SINGLE.contains(&rhythm))
    }

    /// The dates that Zoom holds, without those that were called off, in order.
    pub fn dates(&self) -> Vec<(Option<String>, Interval)> {
        if self.rhythm.is_some_and(|rhythm| UNTIMED.contains(&rhythm)) {
            return Vec::new();
        }
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

/// The year that `start_time` is in must have four digits for Zoom.
pub fn fits_zoom(start: DateTime<Utc>) -> bool {
    (2000..=9999).contains(&start.year())
}
