//! Which moments are believed: what is kept of an event is compared with others, and a moment that cannot be
//! would stand before or after all of them for good.

use chrono::{DateTime, TimeDelta, Utc};
use shared::domain::attendance::Movement;

use super::{Event, Told, Unreadable};

/// The beginning of 2011: nothing was held at Zoom before there was Zoom.
const FIRST: DateTime<Utc> = DateTime::from_timestamp_secs(1_293_840_000).expect("it is in range");
/// How far ahead of the clock here something may have happened.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// What was told, where each thing can have happened when it says so.
pub(super) fn checked(told: Told, now: DateTime<Utc>) -> Result<Told, Unreadable> {
    for at in moments(&told.event) {
        check(at, now)?;
    }
    Ok(told)
}

/// Checks that something can have happened at `at`.
pub(super) fn check(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Unreadable> {
    if FIRST <= at && at <= now + AHEAD { Ok(()) } else { Err(Unreadable::Unbelievable) }
}

/// When what an event tells has happened. Where a session is told to have begun before it ended, that may be
/// when it was planned, and is looked at when it is used.
fn moments(event: &Event) -> Vec<DateTime<Utc>> {
    match event {
        Event::Session { told, .. } => told.ended_at.into_iter().collect(),
        Event::Visit { told, .. } => match told.movement {
            Movement::Joined(at) | Movement::Left(at) => vec![at],
        },
        Event::Recording { told, .. } => {
            told.files.iter().flat_map(|file| [file.starts_at, file.ends_at]).flatten().collect()
        }
        Event::Deauthorized { at, .. } => vec![*at],
        Event::Schedule { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_have_happened_is_not_believed() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2027-03-01T08:00:00Z");
        for believed in ["2011-01-01T00:00:00Z", "2021-07-14T02:44:51Z", "2027-03-02T08:00:00Z"] {
            assert!(check(at(believed), now).is_ok(), "{believed}");
        }
        for wrong in
            ["1970-01-01T00:00:00Z", "2010-12-31T23:59:59Z", "2027-03-02T08:00:01Z", "9999-12-31T23:59:59Z"]
        {
            assert!(check(at(wrong), now).is_err(), "{wrong}");
        }
    }
}
