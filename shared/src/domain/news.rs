//! What attendees are still to be told of a meeting.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::meeting::{Date, Meeting, State};
use super::trace::TraceId;

/// The news of a meeting, counted: what is said of it changes, and people are added. Each piece of news has a
/// number; all up to one are told together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The number of the latest; 0 where there is none.
    pub latest: u32,
    /// Up to which they have been handed on to be told.
    pub told: u32,
    /// The number of the latest by which everybody is concerned; the others concern those who were added.
    pub for_all: u32,
    /// When the latest came up.
    pub at: Option<DateTime<Utc>>,
    /// How many attendees were removed, or have another address, who are still to be told so.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub departed: u32,
    /// The trace of the request that it came of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
}

/// What one attendee is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Told {
    /// That the meeting takes place.
    Invitation,
    /// That it has changed.
    Update,
    /// That it does not take place.
    Cancellation,
    /// That they do not attend any more.
    Removal,
}

impl News {
    /// Since when there is something to be told.
    pub fn untold_since(&self) -> Option<DateTime<Utc>> {
        self.at.filter(|_| self.latest > self.told)
    }

    /// Notes news for everybody, which came of the request of that trace.
    pub fn add_for_all(&mut self, now: DateTime<Utc>, trace: Option<TraceId>) {
        self.add_for_some(now, trace);
        self.for_all = self.latest;
    }

    /// Notes news for those who are added; returns their number.
    pub fn add_for_some(&mut self, now: DateTime<Utc>, trace: Option<TraceId>) -> u32 {
        self.latest += 1;
        self.at = Some(now);
        self.trace = trace.or(self.trace);
        self.latest
    }

    /// Takes all as handed on to be told.
    pub fn hand_on(&mut self) {
        self.told = self.latest;
        self.departed = 0;
    }
}

impl Meeting {
    /// Notes what is news beside `before`, which attendees may know.
    pub fn note_news(&mut self, before: &Self, now: DateTime<Utc>, trace: Option<TraceId>) {
        self.news = before.news;
        let is_over = !self.has_dates_to_come(now) && !before.has_dates_to_come(now);
        if !is_over && says(self, now) != says(before, now) {
            self.news.add_for_all(now, trace);
        }
    }

    /// What one is to be told who was added with the news of number `since` and has been told up to `after`, now
    /// that the rest is told.
    pub fn told(&self, since: u32, after: u32) -> Option<Told> {
        let is_new = after == 0 || since > after;
        match self.state {
            // Whoever never heard of it need not hear that it is off.
            State::Scheduled | State::Started | State::Ended | State::Cancelled if self.is_off() => {
                (!is_new).then_some(Told::Cancellation)
            }
            State::Scheduled | State::Started if is_new => Some(Told::Invitation),
            State::Scheduled | State::Started => (self.news.for_all > after).then_some(Told::Update),
            State::Draft | State::Pending | State::Ended | State::Cancelled | State::Failed => None,
        }
    }

    /// Whether news that came up `at` then still helps: what was to come then may be over `now`.
    pub fn news_helps(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.current_date(now).is_some() || self.last_end().is_none_or(|end| end <= at)
    }

    /// Since when there is news that is to be told.
    pub fn untold_news(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.news.untold_since().filter(|at| self.news_helps(*at, now))
    }

    /// Whether the latest news is that nothing of it is to come any more.
    fn is_off(&self) -> bool {
        let left_nothing = |at| self.last_end().is_none_or(|end| end <= at);
        self.state == State::Cancelled || self.news.at.is_some_and(left_nothing)
    }

    /// What one is to be told who knew of the meeting and does not attend any more.
    pub fn told_departed(&self) -> Option<Told> {
        match self.state {
            State::Scheduled | State::Started | State::Cancelled if self.is_off() => Some(Told::Cancellation),
            State::Scheduled | State::Started => Some(Told::Removal),
            State::Draft | State::Pending | State::Ended | State::Cancelled | State::Failed => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What mails and calendars say of a meeting and its dates to come: one that runs, and is ended early, is no news.
fn says(meeting: &Meeting, now: DateTime<Utc>) -> impl PartialEq + '_ {
    let to_come = meeting.live_dates().filter(|date| date.interval.starts_at > now);
    let dates: Vec<_> = to_come.map(|Date { interval, agenda, .. }| (*interval, agenda)).collect();
    (
        (&meeting.topic, &meeting.agenda, meeting.kind, meeting.schedule.time_zone, dates),
        (&meeting.passcode, &meeting.zoom, meeting.host.as_ref().map(|host| &host.display_name)),
    )
}
