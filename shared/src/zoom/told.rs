//! Whether Zoom has made a change, told from what it says of the meeting.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::meetings::MeetingReply;
use super::payload;
use crate::domain::date::Date;
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;

/// Which side of a change Zoom shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// All that was to change is as it was.
    Before,
    /// All that was to change has changed.
    After,
    /// Some of it, or something else: an account may override what it was told.
    Neither,
}

impl Told {
    fn of(votes: impl IntoIterator<Item = Self>) -> Self {
        let mut votes = votes.into_iter();
        let Some(first) = votes.next() else { return Self::After };
        if votes.all(|vote| vote == first) { first } else { Self::Neither }
    }

    fn vote<T: PartialEq>(told: &T, before: &T, after: &T) -> Self {
        if told == after {
            Self::After
        } else if told == before {
            Self::Before
        } else {
            Self::Neither
        }
    }
}

impl MeetingReply {
    fn agenda_text(&self) -> &str {
        self.agenda.as_deref().unwrap_or_default()
    }

    /// Which side of the change from `before` to `after` this shows, as far as the two differ.
    pub fn told(&self, before: &Meeting, after: &Meeting, now: DateTime<Utc>) -> Told {
        let mut votes = Vec::new();
        if before.topic != after.topic {
            votes.push(Told::vote(&self.topic, &before.topic, &after.topic));
        }
        if before.agenda != after.agenda {
            votes.push(Told::vote(&self.agenda_text(), &before.agenda.as_str(), &after.agenda.as_str()));
        }
        if before.passcode != after.passcode {
            votes.push(Told::vote(&self.password, &before.passcode, &after.passcode));
        }
        let settings = |meeting| payload::details(meeting).remove("settings").unwrap_or_default();
        let (was, wanted) = (settings(before), settings(after));
        for (name, wanted) in wanted.as_object().into_iter().flatten() {
            let was = was.get(name).unwrap_or(&Value::Null);
            if was != wanted {
                votes.push(Told::vote(self.settings.get(name).unwrap_or(&Value::Null), was, wanted));
            }
        }
        if before.schedule != after.schedule {
            let to_come = |dates: Vec<Interval>| -> BTreeSet<Interval> {
                dates.into_iter().filter(|date| date.starts_at > now).collect()
            };
            let told = to_come(self.dates().into_iter().map(|(_, interval)| interval).collect());
            // Dates that differ from the rule are sent after it, so either may be what Zoom has.
            let shows = |meeting: &Meeting| {
                told == to_come(payload::rule_dates(meeting, now)) || told == to_come(meeting.intervals())
            };
            votes.push(match (shows(before), shows(after)) {
                (_, true) => Told::After,
                (true, false) => Told::Before,
                (false, false) => Told::Neither,
            });
        }
        Told::of(votes)
    }

    /// Which side of the change of one date this shows: it was read for that date. `agenda` is the meeting's.
    pub fn told_of_date(&self, before: &Date, after: &Date, agenda: &str) -> Told {
        let mut votes = Vec::new();
        if before.interval != after.interval {
            let told =
                self.start_time.zip(self.duration).map(|(start, long)| Interval::of_minutes(start, long));
            votes.push(Told::vote(&told, &Some(before.interval), &Some(after.interval)));
        }
        if before.agenda != after.agenda {
            let of = |date: &Date| date.agenda.clone().unwrap_or_else(|| agenda.to_owned());
            votes.push(Told::vote(&self.agenda_text().to_owned(), &of(before), &of(after)));
        }
        Told::of(votes)
    }
}
