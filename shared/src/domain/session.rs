//! The sessions of a meeting: each time that it runs at Zoom is one.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::meeting::{Meeting, State};

/// The longest that a session lasts at Zoom.
const LONGEST: TimeDelta = TimeDelta::hours(30);

/// The newest session of a meeting that Zoom has told of.
///
/// This is all that is kept of what was told: a meeting has one session at a time, so that whatever concerns
/// another session than the newest, and is older, changes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Zoom's id of the session.
    pub uuid: String,
    /// When it began, as far as is known.
    pub started_at: DateTime<Utc>,
    /// When it ended, where it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// When the newest that is known of it happened.
    pub told_at: DateTime<Utc>,
}

/// That a session began or ended, as Zoom tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTold {
    /// Zoom's id of the session.
    pub uuid: String,
    /// When Zoom says that this happened.
    pub at: DateTime<Utc>,
    /// When the session began, where that is told.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended; none where it began.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Session {
    /// What is known after `told`, in whatever order and however often things are told.
    fn after(known: Option<&Self>, told: &SessionTold) -> Self {
        let new = || Self {
            uuid: told.uuid.clone(),
            started_at: told.started_at.filter(|start| told.at - *start <= LONGEST).unwrap_or(told.at),
            ended_at: told.ended_at,
            told_at: told.at,
        };
        match known {
            None => new(),
            Some(known) if known.uuid == told.uuid => Self {
                uuid: known.uuid.clone(),
                started_at: new().started_at.min(known.started_at),
                // What has ended does not begin again: the next session has another id.
                ended_at: known.ended_at.max(told.ended_at),
                told_at: known.told_at.max(told.at),
            },
            Some(known) if (known.told_at, &known.uuid) < (told.at, &told.uuid) => new(),
            Some(known) => known.clone(),
        }
    }
}

impl Meeting {
    /// Takes in that a session began or ended; `false` where that changes nothing.
    ///
    /// A meeting that is ended early keeps its time: until that is over, its host may begin it again.
    pub fn hear(&mut self, told: &SessionTold, now: DateTime<Utc>) -> bool {
        if !matches!(self.state, State::Scheduled | State::Started | State::Ended) {
            return false;
        }
        let session = Session::after(self.session.as_ref(), told);
        if self.session.as_ref() == Some(&session) {
            return false;
        }
        self.session = Some(session);
        let state = self.state_by_session(now);
        if state != self.state {
            self.state = state;
            self.version += 1;
            self.updated_at = now;
        }
        true
    }

    /// The date that the newest session is of: the one that was under way when it began, or else the next.
    fn session_date(&self) -> Option<&Date> {
        let session = self.session.as_ref()?;
        self.live_dates().find(|date| date.interval.ends_at > session.started_at)
    }

    fn state_by_session(&self, now: DateTime<Utc>) -> State {
        let (Some(session), Some(date)) = (&self.session, self.session_date()) else { return State::Ended };
        match session.ended_at {
            None if date.interval.ends_at > now => State::Started,
            // Somebody tried the room out before.
            Some(end) if end < date.interval.starts_at => State::Scheduled,
            _ if self.live_dates().any(|other| other.interval.starts_at >= date.interval.ends_at) => {
                State::Scheduled
            }
            _ => State::Ended,
        }
    }

    /// Whether it runs at `now`, by Zoom's word. Whatever Zoom says, it does not run beyond the end of its date.
    pub fn runs_at(&self, now: DateTime<Utc>) -> bool {
        let runs = self.session.as_ref().is_some_and(|session| session.ended_at.is_none());
        runs && self.session_date().is_some_and(|date| date.interval.ends_at > now)
    }

    /// Whether Zoom has told that `date` is over, be its time or not.
    pub fn has_ended(&self, date: &Date) -> bool {
        let end = self.session.as_ref().and_then(|session| session.ended_at);
        end.is_some_and(|end| end >= date.interval.starts_at) && self.session_date() == Some(date)
    }
}
