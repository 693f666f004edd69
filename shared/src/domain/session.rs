//! The sessions of a meeting: each time that it runs at Zoom is one.
//!
//! A session is held for one date, the one that was under way or next when it began, and stays with that date
//! wherever the meeting is moved afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::interval::Interval;
use super::meeting::{Meeting, State};

/// The longest that a session lasts at Zoom.
pub const LONGEST: TimeDelta = TimeDelta::hours(30);

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
    /// When the date was that it was held for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_for: Option<Interval>,
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

impl SessionTold {
    /// When the session began, as far as this tells. Zoom may give the planned start of one that has ended.
    pub fn start(&self) -> DateTime<Utc> {
        let end = self.ended_at.unwrap_or(self.at);
        self.started_at.filter(|start| *start <= end && end - *start <= LONGEST).unwrap_or(end)
    }
}

impl Session {
    /// What is known after `told`, in whatever order and however often things are told; `held_for` is the date
    /// that it is held for, as the meeting is now.
    fn after(known: Option<&Self>, told: &SessionTold, held_for: Option<Interval>) -> Self {
        let new =
            Self { uuid: told.uuid.clone(), started_at: told.start(), ended_at: told.ended_at, held_for };
        match known {
            None => new,
            Some(known) if known.uuid == told.uuid => {
                let is_earlier = new.started_at < known.started_at;
                Self {
                    uuid: new.uuid,
                    started_at: new.started_at.min(known.started_at),
                    // What has ended does not begin again: the next session has another id.
                    ended_at: known.ended_at.max(told.ended_at),
                    held_for: if is_earlier { new.held_for } else { known.held_for.or(new.held_for) },
                }
            }
            Some(known) if known.place() < new.place() => new,
            Some(known) => known.clone(),
        }
    }

    /// Its place among a meeting's sessions. They do not overlap, so that any moment of each tells which is newer;
    /// when it was told, which may be late, does not.
    fn place(&self) -> (DateTime<Utc>, &str) {
        (self.ended_at.unwrap_or(self.started_at), &self.uuid)
    }
}

impl Meeting {
    /// Takes in that a session began or ended; `false` where that changes nothing. `held_for` is the date that it
    /// was held for, where that is known from before; else it is the one that the meeting has for it now.
    ///
    /// A meeting that is ended early keeps its time: until that is over, its host may begin it again.
    pub fn hear(&mut self, told: &SessionTold, held_for: Option<Interval>, now: DateTime<Utc>) -> bool {
        if !matches!(self.state, State::Scheduled | State::Started | State::Ended) {
            return false;
        }
        let held_for = held_for.or_else(|| self.date_for(told.start()).map(|date| date.interval));
        let session = Session::after(self.session.as_deref(), told, held_for);
        if self.session.as_deref() == Some(&session) {
            return false;
        }
        self.session = Some(Box::new(session));
        let state = self.state_by_session(now);
        if state != self.state {
            self.state = state;
            self.version += 1;
            self.updated_at = now;
        }
        true
    }

    /// The date that a session which begins at `at` is held for: the one that is under way or comes next, or else
    /// the last.
    pub fn date_for(&self, at: DateTime<Utc>) -> Option<&Date> {
        let next = self.live_dates().find(|date| date.interval.ends_at > at);
        next.or_else(|| self.live_dates().next_back())
    }

    /// The date, as it is now, of a session that began at `started_at`, and ended at `ended_at` where it has. One
    /// that has been moved since to where the session was not is another date.
    pub fn date_of_session(
        &self,
        held_for: Option<Interval>,
        started_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
    ) -> Option<&Date> {
        let Some(held_for) = held_for else { return self.date_for(started_at) };
        let same = self.live_dates().find(|date| date.interval.starts_at == held_for.starts_at);
        let lasted = Interval { starts_at: started_at, ends_at: ended_at.unwrap_or(held_for.ends_at) };
        same.or_else(|| self.live_dates().find(|date| date.interval.overlaps(&lasted)))
    }

    /// The date that the newest session is of.
    fn session_date(&self) -> Option<&Date> {
        let session = self.session.as_ref()?;
        self.date_of_session(session.held_for, session.started_at, session.ended_at)
    }

    fn state_by_session(&self, now: DateTime<Utc>) -> State {
        let Some(session) = &self.session else { return self.state };
        let Some(date) = self.session_date() else {
            // It was held for a date that has been moved away.
            return if self.current_date(now).is_some() { State::Scheduled } else { State::Ended };
        };
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
