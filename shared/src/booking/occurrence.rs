//! One date of a series: moved, changed, called off; booked by the same rule as all of it.

use chrono::{DateTime, Utc};

use super::cancel::{IfRefused, call_off};
use super::update::update;
use super::{Booker, BookingError};
use crate::deps::Deps;
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;
use crate::store::keys;

/// What is to become of one date; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateChange {
    /// Its start.
    pub start: Option<DateTime<Utc>>,
    /// Its length in minutes (1 to 1440).
    pub duration_minutes: Option<u16>,
    /// Its own agenda; `Some(None)`: that of the meeting.
    pub agenda: Option<Option<String>>,
}

/// Changes one date of the settled meeting `before`.
pub async fn change_date(
    deps: &Deps,
    booker: &Booker,
    before: Meeting,
    occurrence_id: &str,
    change: DateChange,
) -> Result<Meeting, BookingError> {
    let now = deps.clock.now();
    let place = place_of(&before, occurrence_id)?;
    let mut date = before.dates[place].clone();
    if date.cancelled {
        return Err(BookingError::NotEditable("This date was called off. Book another meeting."));
    }
    let rule_start = date.rule_start();
    let starts_at = change.start.unwrap_or(date.interval.starts_at);
    let length = change
        .duration_minutes
        .map_or_else(|| date.interval.length(), |m| chrono::TimeDelta::minutes(m.into()));
    let interval = Interval { starts_at, ends_at: starts_at + length };
    if interval != date.interval && date.interval.starts_at <= now {
        return Err(BookingError::NotEditable("This date has begun or is over: its time cannot be changed."));
    }
    let mut others = before.dates.iter().enumerate().filter(|(n, other)| *n != place && !other.cancelled);
    if let Some((_, other)) = others.find(|(_, other)| other.interval.overlaps(&interval)) {
        let detail =
            format!("runs into another date of the series, at {}", keys::moment(other.interval.starts_at));
        let pointer = if change.start.is_some() { "/start" } else { "/duration_minutes" };
        return Err(BookingError::Field { pointer, detail });
    }
    date.moved_from = (starts_at != rule_start).then_some(rule_start);
    date.interval = interval;
    if let Some(agenda) = change.agenda {
        date.agenda = agenda;
    }
    let mut wanted = before.clone();
    wanted.dates[place] = date;
    wanted.dates.sort_by_key(|date| date.interval);
    if wanted.intervals() != before.intervals() {
        wanted.carry_reminders(&before, now);
    }
    Box::pin(update(deps, booker, before, wanted)).await
}

/// Calls one date of the settled meeting `before` off; with the last one that was left the meeting itself is.
pub async fn call_off_date(
    deps: &Deps,
    booker: &Booker,
    before: Meeting,
    occurrence_id: &str,
) -> Result<(), BookingError> {
    let place = place_of(&before, occurrence_id)?;
    if before.dates[place].cancelled {
        return Ok(());
    }
    if before.dates[place].interval.ends_at <= deps.clock.now() {
        return Err(BookingError::NotEditable("This date is over: it cannot be called off."));
    }
    if before.live_dates().count() == 1 {
        return Box::pin(call_off(deps, before, IfRefused::Fail)).await;
    }
    let mut wanted = before.clone();
    wanted.dates[place].cancelled = true;
    Box::pin(update(deps, booker, before, wanted)).await.map(drop)
}

fn place_of(meeting: &Meeting, occurrence_id: &str) -> Result<usize, BookingError> {
    let is_it = |date: &crate::domain::date::Date| date.occurrence_id.as_deref() == Some(occurrence_id);
    meeting.dates.iter().position(is_it).ok_or(BookingError::NoSuchDate)
}
