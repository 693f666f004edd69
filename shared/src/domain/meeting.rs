//! Meetings and webinars.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::date::Date;
use super::email::Email;
use super::host::LedgerHost;
use super::ids::{AccountId, ConnectionId, CourseId, HostId, LessonId, MeetingId, TenantId, UserId};
use super::interval::Interval;
use super::news::News;
use super::offset::ReminderOffset;
use super::recording::RecordingAccess;
use super::recurrence::{Recurrence, RecurrenceError};
use super::session::Session;
use super::settings::{MeetingSettings, PartialSettings};
use super::wall_time;

/// How long before the start a learner may come in, where joining before the host is off.
pub const OPENS_MINUTES_BEFORE: i64 = 15;

/// A meeting, or a webinar, single or a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The tenant that it belongs to.
    pub tenant: TenantId,
    /// Who gives it.
    pub organizer_id: UserId,
    /// Where it stands; what the passing of time adds is told by [`Meeting::status_at`].
    pub state: State,
    /// Meeting or webinar.
    pub kind: Kind,
    /// Its title (1 to 200 characters).
    pub topic: String,
    /// What it is about (at most 2,000 characters).
    pub agenda: String,
    /// When.
    pub schedule: Schedule,
    /// The dates: one for a single meeting; of a series what Zoom says they are.
    pub dates: Vec<Date>,
    /// The host as it was asked for.
    pub wish: HostWish,
    /// Alternative hosts as they were asked for, by Zoom user id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternative_wishes: Vec<HostId>,
    /// The host whose time it takes; none for a draft.
    pub host: Option<BookedHost>,
    /// Those who may start it too, and whose time it takes as well.
    pub alternative_hosts: Vec<AlternativeHost>,
    /// What Zoom gave it.
    pub zoom: Option<ZoomMeeting>,
    /// What a person must enter; chosen by Zoom where nobody did.
    pub passcode: Option<String>,
    /// The settings that were asked for.
    pub requested_settings: PartialSettings,
    /// What of them was changed in Zoom since, which nobody has asked for here.
    #[serde(default, skip_serializing_if = "PartialSettings::is_empty")]
    pub followed_settings: PartialSettings,
    /// The settings in force.
    pub settings: MeetingSettings,
    /// Who sees its recordings.
    #[serde(default, skip_serializing_if = "RecordingAccess::is_default")]
    pub recording_access: RecordingAccess,
    /// The courses that it is placed in (at most 20).
    pub courses: Vec<Course>,
    /// How many attend.
    pub attendee_count: u32,
    /// When reminders go out (at most 10).
    pub reminders: Vec<ReminderOffset>,
    /// Whether they are to be the tenant's default, since the request named none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminders_are_default: bool,
    /// Whether it was a draft before it was booked: one again, should the booking fail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_draft: bool,
    /// What the organizer should know.
    pub warnings: Vec<Warning>,
    /// A change that is under way between here and Zoom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<Change>>,
    /// Its newest session at Zoom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Box<Session>>,
    /// The end of the last date of which Zoom need not be asked any more for sessions that nothing was told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_until: Option<DateTime<Utc>>,
    /// When Zoom was last asked for such sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<DateTime<Utc>>,
    /// Up to when reminders have been queued.
    pub reminded_until: DateTime<Utc>,
    /// What attendees are still to be told.
    #[serde(default)]
    pub news: News,
    /// Counts the changes that callers see.
    pub version: u64,
    /// Counts every write of it, those that callers do not see too.
    pub revision: u64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When Zoom was last told of it from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
}

/// Where a meeting stands between here and Zoom; to callers, its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Status)]
pub enum State {
    /// Kept here alone, with no booking.
    Draft,
    /// Booked here; Zoom's answer is not known yet.
    Pending,
    /// Booked here and made at Zoom.
    Scheduled,
    /// Running, by Zoom's word.
    Started,
    /// Over, by Zoom's word.
    Ended,
    /// Called off.
    Cancelled,
    /// Never came about.
    Failed,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A meeting.
    Meeting,
    /// A webinar.
    Webinar,
}

/// When a meeting takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The start on the wall clock of `time_zone`.
    pub local_start: NaiveDateTime,
    /// The zone.
    pub time_zone: Tz,
    /// How long each date is (1 to 1440).
    pub duration_minutes: u16,
    /// The rule of a series.
    pub recurrence: Option<Recurrence>,
}

/// The host that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostWish {
    /// Whoever is free.
    Auto,
    /// One of the tenant's, whichever connection reaches it.
    Anywhere(HostName),
    /// One of a connection.
    Named {
        /// The connection.
        connection_id: ConnectionId,
        /// Which of its hosts.
        host: HostName,
    },
}

/// How a request names a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostName {
    /// By Zoom's user id.
    Id(HostId),
    /// By the address in Zoom.
    Email(Email),
    /// The connection's default host.
    Default,
}

/// The host whose time a meeting takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedHost {
    /// Through which connection.
    pub connection_id: ConnectionId,
    /// The Zoom account.
    pub account_id: AccountId,
    /// The Zoom user.
    pub host_id: HostId,
    /// The user's address in Zoom.
    pub email: Email,
    /// The name that others see.
    pub display_name: String,
}

impl BookedHost {
    /// Whose time it is in the ledger.
    pub fn ledger(&self) -> LedgerHost {
        LedgerHost { account_id: self.account_id.clone(), host_id: self.host_id.clone() }
    }
}

/// One who may start a meeting in the host's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlternativeHost {
    /// The Zoom user.
    pub host_id: HostId,
    /// The user's address in Zoom.
    pub email: Email,
}

/// What Zoom gave a meeting. Not its start link: that is fetched when the host asks and never kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomMeeting {
    /// The meeting number.
    pub id: u64,
    /// The link that attendees join by.
    pub join_url: String,
}

/// Where in the LMS a meeting is placed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Course {
    /// The course.
    pub course_id: CourseId,
    /// The lesson of it.
    pub lesson_id: Option<LessonId>,
}

/// What an organizer should know of a meeting; never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The host is on Zoom's free plan, which ends a meeting after 40 minutes.
    #[serde(rename = "basic_host_40_minutes")]
    BasicHost40Minutes,
    /// More people attend than fit in.
    CapacityBelowAttendees,
    /// Those who join in a browser cannot save a local recording.
    BrowserJoinCannotRecordLocally,
    /// Something that was made or moved in Zoom itself takes place at the same time.
    OverlapsInZoom,
}

/// A change that was booked here and of which Zoom's answer is not known yet. What it takes is held beside
/// what the meeting holds already, until Zoom has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it began: after a minute another request may settle it.
    pub began_at: DateTime<Utc>,
    /// What is to become of the meeting.
    pub action: ChangeAction,
    /// How many creates and updates of the day were counted for it.
    #[serde(default)]
    pub counted: u32,
    /// Whether dates that Zoom must be told of one by one are counted among them.
    #[serde(default)]
    pub dates_counted: bool,
}

/// What is to become of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAction {
    /// It is called off.
    Cancel,
    /// It becomes this.
    Replace(Box<Meeting>),
    /// What runs of it is brought to an end.
    End,
}

impl Schedule {
    /// The dates that the schedule gives.
    pub fn dates(&self) -> Result<Vec<Interval>, RecurrenceError> {
        let starts = match &self.recurrence {
            None => vec![wall_time::resolve_shifting(self.local_start, self.time_zone)],
            Some(recurrence) => recurrence.starts(self.local_start, self.time_zone)?,
        };
        let dates: Vec<Interval> =
            starts.into_iter().map(|start| Interval::of_minutes(start, self.duration_minutes)).collect();
        if dates.windows(2).any(|pair| pair[0].overlaps(&pair[1])) {
            return Err(RecurrenceError::OverlapsItself);
        }
        Ok(dates)
    }
}

impl Meeting {
    /// The dates that were not called off.
    pub fn live_dates(&self) -> impl DoubleEndedIterator<Item = &Date> + Clone {
        self.dates.iter().filter(|date| !date.cancelled)
    }

    /// The spans of the dates that were not called off.
    pub fn intervals(&self) -> Vec<Interval> {
        self.live_dates().map(|date| date.interval).collect()
    }

    /// The date that is under way at `now`, or else the next one.
    pub fn current_date(&self, now: DateTime<Utc>) -> Option<&Date> {
        self.live_dates().find(|date| date.interval.ends_at > now)
    }

    /// Whether a date is still to begin at `now`.
    pub fn has_dates_to_come(&self, now: DateTime<Utc>) -> bool {
        self.live_dates().any(|date| date.interval.starts_at > now)
    }

    /// The end of the last date.
    pub fn last_end(&self) -> Option<DateTime<Utc>> {
        self.live_dates().map(|date| date.interval.ends_at).max()
    }

    /// The status at `now`: a booked meeting is over once its last date is, and does not run between its dates.
    pub fn status_at(&self, now: DateTime<Utc>) -> State {
        match self.state {
            State::Scheduled | State::Started if self.current_date(now).is_none() => State::Ended,
            State::Started if !self.runs_at(now) => State::Scheduled,
            state => state,
        }
    }

    /// Whether the meeting takes its hosts' time.
    pub fn holds_time(&self) -> bool {
        matches!(self.state, State::Pending | State::Scheduled | State::Started | State::Ended)
    }

    /// When Zoom was last told of it from here. Of one that was stored before this was kept, its last change may
    /// have been told.
    pub fn last_sent_at(&self) -> DateTime<Utc> {
        self.sent_at.unwrap_or(self.updated_at)
    }

    /// Since when something is under way between here and Zoom, where something is.
    pub fn unsettled_since(&self) -> Option<DateTime<Utc>> {
        let pending = (self.state == State::Pending).then_some(self.updated_at);
        self.change.as_ref().map(|change| change.began_at).or(pending)
    }

    /// When something is next to be done about it: news to tell, a reminder, or the move to its next date in the
    /// lists.
    pub fn next_wake(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let tells = self.untold_news(now);
        match self.state {
            State::Scheduled | State::Started => {
                let rolls = self.current_date(now).map(|date| date.interval.ends_at);
                let reminds = self.next_reminder().map(|(due, ..)| due);
                [tells, rolls, reminds].into_iter().flatten().min()
            }
            State::Cancelled | State::Ended => tells,
            State::Draft | State::Pending | State::Failed => None,
        }
    }

    /// When a learner may come in to a date: 15 minutes before, or at once where attendees may join before
    /// the host.
    pub fn opens_at(&self, date: &Date) -> DateTime<Utc> {
        if self.settings.join_before_host {
            self.created_at.min(date.interval.starts_at)
        } else {
            date.interval.starts_at - chrono::TimeDelta::minutes(OPENS_MINUTES_BEFORE)
        }
    }
}
