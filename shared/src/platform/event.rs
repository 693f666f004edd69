//! The events, as they are queued and as platforms read them.

use std::fmt;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::domain::connection::{Connection, Failure};
use crate::domain::ids::{ConnectionId, MeetingId, TenantId};
use crate::domain::meeting::{Course, Kind, Meeting, State};
use crate::domain::news::Told;
use crate::domain::offset::ReminderOffset;
use crate::domain::trace::TraceId;
use crate::store::keys;

/// A message of the queue of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformEvent {
    /// Whose platform is told.
    pub tenant: TenantId,
    /// Which event it is.
    pub id: EventId,
    /// What the platform is told.
    pub said: Said,
    /// The trace of the request that it came of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
}

/// The id of an event, made of what happened: an event that is queued twice is one and the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventId(String);

/// What a platform is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlatformEvent)]
pub struct Said {
    /// What has happened.
    #[serde(flatten)]
    pub event: Event,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    /// A meeting takes place.
    #[serde(rename = "meeting.scheduled")]
    MeetingScheduled(MeetingData),
    /// Something of what attendees are told about a meeting has changed.
    #[serde(rename = "meeting.updated")]
    MeetingUpdated(MeetingData),
    /// A meeting does not take place.
    #[serde(rename = "meeting.cancelled")]
    MeetingCancelled(MeetingData),
    /// A date of a meeting comes up.
    #[serde(rename = "reminder.due")]
    ReminderDue(ReminderData),
    /// A connection has stopped working.
    #[serde(rename = "connection.failed")]
    ConnectionFailed(ConnectionData),
}

/// A meeting as it was when the event was queued. Who attends, and what lets people in, is asked of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventMeeting)]
pub struct MeetingData {
    /// Its id.
    #[schema(value_type = String)]
    pub meeting_id: MeetingId,
    /// Counts its changes: of two events the one with the greater version is the newer.
    pub version: u64,
    /// Where it stands.
    pub status: State,
    /// Meeting or webinar.
    pub kind: Kind,
    /// Its title.
    pub topic: String,
    /// The start, of a series of its first date.
    pub starts_at: Option<DateTime<Utc>>,
    /// The end, of a series of its first date.
    pub ends_at: Option<DateTime<Utc>>,
    /// The zone (IANA).
    pub time_zone: String,
    /// Whether it has several dates.
    pub is_series: bool,
    /// Who gives it.
    pub organizer_id: String,
    /// Where in the platform it is placed.
    #[schema(value_type = Vec<Object>)]
    pub courses: Vec<Course>,
}

/// A date that comes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventReminder)]
pub struct ReminderData {
    /// The meeting.
    #[serde(flatten)]
    pub meeting: MeetingData,
    /// The start of the date.
    pub occurrence_start: DateTime<Utc>,
    /// How long before it (ISO 8601).
    #[schema(value_type = String, example = "PT1H")]
    pub offset: ReminderOffset,
}

/// A connection that has stopped working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventConnection)]
pub struct ConnectionData {
    /// Its id.
    #[schema(value_type = String)]
    pub connection_id: ConnectionId,
    /// What its people call it.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl EventId {
    /// The id as text: `evt_` and 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of what is known by `parts`, each of which is preceded by its length, so that no two lists of
    /// them have one id.
    fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(format!("evt_{}", hex::encode(&hash.finalize()[..16])))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl PlatformEvent {
    /// What is still to be told of a meeting's news; `None` where there is nothing. News of people who were
    /// added is none: the platform itself has added them.
    pub fn news(meeting: &Meeting, now: DateTime<Utc>) -> Option<Self> {
        let timestamp = meeting.news.untold_since()?;
        let data = MeetingData::new(meeting, now);
        let event = match meeting.told(0, meeting.news.told)? {
            Told::Invitation => Event::MeetingScheduled(data),
            Told::Update => Event::MeetingUpdated(data),
            Told::Cancellation => Event::MeetingCancelled(data),
            Told::Removal => return None,
        };
        let (tenant, id) = (&meeting.tenant, &meeting.id);
        let number = meeting.news.latest.to_string();
        let id = EventId::of(&["news", tenant.as_str(), id.as_str(), &number]);
        let said = Said { event, timestamp: timestamp.trunc_subsecs(0) };
        Some(Self { tenant: tenant.clone(), id, said, trace: meeting.news.trace })
    }

    /// That a date comes up: once for each date and offset.
    pub fn reminder(
        meeting: &Meeting,
        (due_at, occurrence_start, offset): (DateTime<Utc>, DateTime<Utc>, ReminderOffset),
        now: DateTime<Utc>,
    ) -> Self {
        let (tenant, id) = (&meeting.tenant, &meeting.id);
        let (start, before) = (keys::moment(occurrence_start), offset.to_string());
        let id = EventId::of(&["reminder", tenant.as_str(), id.as_str(), &start, &before]);
        let data = MeetingData::new(meeting, now);
        let event = Event::ReminderDue(ReminderData { meeting: data, occurrence_start, offset });
        let said = Said { event, timestamp: due_at.trunc_subsecs(0) };
        Self { tenant: tenant.clone(), id, said, trace: meeting.news.trace }
    }

    /// That a connection has stopped working.
    pub fn connection_failed(connection: &Connection, failure: Failure) -> Self {
        let (tenant, since) = (&connection.tenant, failure.since);
        let id = EventId::of(&["connection", tenant.as_str(), connection.id.as_str(), &keys::moment(since)]);
        let (connection_id, name) = (connection.id.clone(), connection.name.clone());
        let event = Event::ConnectionFailed(ConnectionData { connection_id, name, since });
        let said = Said { event, timestamp: since.trunc_subsecs(0) };
        Self { tenant: tenant.clone(), id, said, trace: None }
    }
}

impl MeetingData {
    fn new(meeting: &Meeting, now: DateTime<Utc>) -> Self {
        let first = meeting.dates.first().map(|date| date.interval);
        Self {
            meeting_id: meeting.id.clone(),
            version: meeting.version,
            status: meeting.status_at(now),
            kind: meeting.kind,
            topic: meeting.topic.clone(),
            starts_at: first.map(|first| first.starts_at),
            ends_at: first.map(|first| first.ends_at),
            time_zone: meeting.schedule.time_zone.name().to_owned(),
            is_series: meeting.schedule.recurrence.is_some(),
            organizer_id: meeting.organizer_id.to_string(),
            courses: meeting.courses.clone(),
        }
    }
}
