//! The rule of a series that was made anew in Zoom.

use chrono::Weekday;
use serde_json::Value;

use super::shown::minutes;
use crate::domain::interval::Interval;
use crate::domain::meeting::Schedule;
use crate::domain::recurrence::{End, MOST_DATES, Pattern, Recurrence};
use crate::zoom::meetings::MeetingReply;

/// The schedule that gives the dates that Zoom shows; a rule that cannot be read stays what it was.
pub(super) fn schedule(
    before: &Schedule,
    reply: &MeetingReply,
    at_zoom: &[(Option<String>, Interval)],
) -> Schedule {
    let mut schedule = before.clone();
    if let Some((_, first)) = at_zoom.first() {
        schedule.local_start = first.starts_at.with_timezone(&schedule.time_zone).naive_local();
        schedule.duration_minutes = minutes(first);
    }
    let dates = u16::try_from(reply.occurrences.len()).unwrap_or(MOST_DATES).min(MOST_DATES);
    if let Some(read) = reply.recurrence.as_ref().and_then(|rule| recurrence(rule, dates)) {
        schedule.recurrence = Some(read);
    }
    schedule
}

fn recurrence(rule: &Value, dates: u16) -> Option<Recurrence> {
    let number = |name: &str| rule[name].as_i64();
    let pattern = match number("type")? {
        1 => Pattern::Daily,
        2 => {
            let days = rule["weekly_days"].as_str()?.split(',').map(|day| weekday(day.trim().parse().ok()?));
            let mut days = days.collect::<Option<Vec<Weekday>>>()?;
            days.sort_unstable_by_key(Weekday::num_days_from_monday);
            days.dedup();
            Pattern::Weekly(days)
        }
        3 => match number("monthly_day") {
            Some(day) => Pattern::MonthDay(u8::try_from(day).ok()?),
            None => Pattern::MonthWeekday(
                i8::try_from(number("monthly_week")?).ok()?,
                weekday(number("monthly_week_day")?)?,
            ),
        },
        _ => return None,
    };
    let interval = u16::try_from(number("repeat_interval").unwrap_or(1)).ok()?.max(1);
    Some(Recurrence { pattern, interval, end: End::Count(dates) })
}

/// Zoom counts the days of the week from Sunday, which is 1.
fn weekday(number: i64) -> Option<Weekday> {
    let days =
        [Weekday::Sun, Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat];
    days.get(usize::try_from(number - 1).ok()?).copied()
}
