//! Which days a rule names, by looking at each day in turn.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use shared::domain::recurrence::{End, MOST_DATES, Pattern, Recurrence, RecurrenceError};

/// The wall times of a series that begins at `start`.
pub(crate) fn walls(rule: &Recurrence, start: NaiveDateTime) -> Result<Vec<NaiveDateTime>, RecurrenceError> {
    let days = start.date().iter_days().filter(|day| matches(rule, start.date(), *day));
    let days: Vec<NaiveDate> = match rule.end {
        End::Count(count) => days.take(count.into()).collect(),
        // One more than there may be is enough to know.
        End::Until(last) => days.take_while(|day| *day <= last).take(usize::from(MOST_DATES) + 1).collect(),
    };
    match days.len() {
        0 => Err(RecurrenceError::None),
        many if many > MOST_DATES.into() => Err(RecurrenceError::TooMany),
        _ => Ok(days.into_iter().map(|day| day.and_time(start.time())).collect()),
    }
}

fn matches(rule: &Recurrence, first: NaiveDate, day: NaiveDate) -> bool {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
    let sunday = |day: NaiveDate| day - TimeDelta::days(day.weekday().num_days_from_sunday().into());
    let (named, passed) = match &rule.pattern {
        Pattern::Daily => (true, (day - first).num_days()),
        Pattern::Weekly(days) => {
            (days.contains(&day.weekday()), (sunday(day) - sunday(first)).num_days() / 7)
        }
        Pattern::MonthDay(number) => (day.day() == u32::from(*number), months(day) - months(first)),
        Pattern::MonthWeekday(week, weekday) => {
            let is_nth = match week {
                // The last is the one that has none a week later in its month.
                -1 => (day + TimeDelta::weeks(1)).month() != day.month(),
                nth => i64::from(day.day0() / 7) + 1 == i64::from(*nth),
            };
            (is_nth && day.weekday() == *weekday, months(day) - months(first))
        }
    };
    named && passed % i64::from(rule.interval) == 0
}
