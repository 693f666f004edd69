//! Series: which dates a rule gives.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use rrule::{Frequency as RuleFrequency, NWeekday, RRule};
use serde::{Deserialize, Serialize};

use super::meeting::Kind;
use super::wall_time;

/// The most dates that a series may have; Zoom's own limit (`recurrence.end_times`).
pub const MOST_DATES: u16 = 60;

/// A rule that gives the dates of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// What repeats.
    pub pattern: Pattern,
    /// Every how many days, weeks or months.
    pub interval: u16,
    /// When it is over.
    pub end: End,
}

/// What repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Every so many days.
    Daily,
    /// On these weekdays, without doubles, Monday first.
    Weekly(Vec<Weekday>),
    /// On this day of the month (1 to 31); months without it are skipped.
    MonthDay(u8),
    /// On the n-th (1 to 4, or -1 for the last) such weekday of the month.
    MonthWeekday(i8, Weekday),
}

/// When a series is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// After so many dates (1 to 60).
    Count(u16),
    /// With the last date on or before this day of the meeting's zone.
    Until(NaiveDate),
}

/// Why a rule gives no series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// More than 60 dates.
    #[error("the series has more than 60 dates, Zoom's limit; end it earlier or split it in two")]
    TooMany,
    /// No date at all.
    #[error("the rule gives no date; let it end later")]
    None,
    /// Fewer dates than the count asks for.
    #[error("the rule does not reach that many dates")]
    TooFew,
    /// Dates that run into each other.
    #[error("a date of the series begins before the one before it has ended; shorten them or space them out")]
    OverlapsItself,
}

impl Recurrence {
    /// The longest interval that Zoom takes for such a pattern (`repeat_interval` in Zoom's API).
    pub fn longest_interval(pattern: &Pattern, kind: Kind) -> u16 {
        match (pattern, kind) {
            (Pattern::Daily, Kind::Meeting) => 99,
            (Pattern::Daily, Kind::Webinar) => 90,
            (Pattern::Weekly(_), Kind::Meeting) => 50,
            (Pattern::Weekly(_), Kind::Webinar) => 12,
            (Pattern::MonthDay(_) | Pattern::MonthWeekday(..), Kind::Meeting) => 10,
            (Pattern::MonthDay(_) | Pattern::MonthWeekday(..), Kind::Webinar) => 3,
        }
    }

    /// The starts of the dates: the first match on or after `start`, and on. The wall time stays the same all
    /// through; one that the clocks skip shifts forward (RFC 5545, 3.3.5).
    pub fn starts(&self, start: NaiveDateTime, zone: Tz) -> Result<Vec<DateTime<Utc>>, RecurrenceError> {
        // The rule is expanded in UTC, where no hour is skipped, and each wall time then placed in the zone.
        let rule = RRule::new(match self.pattern {
            Pattern::Daily => RuleFrequency::Daily,
            Pattern::Weekly(_) => RuleFrequency::Weekly,
            Pattern::MonthDay(_) | Pattern::MonthWeekday(..) => RuleFrequency::Monthly,
        })
        .interval(self.interval)
        // Zoom's weeks begin on Sunday (`weekly_days`: 1 is Sunday), which tells from the second week on.
        .week_start(Weekday::Sun);
        let rule = match &self.pattern {
            Pattern::Daily => rule,
            Pattern::Weekly(days) => rule.by_weekday(days.iter().copied().map(NWeekday::Every).collect()),
            Pattern::MonthDay(day) => rule.by_month_day(vec![i8::try_from(*day).unwrap_or(31)]),
            Pattern::MonthWeekday(week, day) => rule.by_weekday(vec![NWeekday::Nth(i16::from(*week), *day)]),
        };
        let wall = |moment: NaiveDateTime| rrule::Tz::UTC.from_utc_datetime(&moment);
        let rule = match self.end {
            End::Count(count) => rule.count(u32::from(count)),
            End::Until(day) if day < start.date() => return Err(RecurrenceError::None),
            End::Until(day) => {
                rule.until(wall(day.and_time(NaiveTime::MIN) + chrono::Duration::seconds(86_399)))
            }
        };
        let set = rule.build(wall(start)).map_err(|_| RecurrenceError::None)?;
        let result = set.all(MOST_DATES + 1);
        if result.dates.len() > usize::from(MOST_DATES) {
            return Err(RecurrenceError::TooMany);
        }
        if result.dates.is_empty() {
            return Err(RecurrenceError::None);
        }
        if let End::Count(count) = self.end
            && result.dates.len() < usize::from(count)
        {
            return Err(RecurrenceError::TooFew);
        }
        Ok(result.dates.iter().map(|date| wall_time::resolve_shifting(date.naive_utc(), zone)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(pattern: Pattern, interval: u16, end: End, start: &str, zone: Tz) -> Vec<String> {
        let starts = Recurrence { pattern, interval, end }.starts(start.parse().unwrap(), zone).unwrap();
        starts.iter().map(|s| s.with_timezone(&zone).format("%Y-%m-%dT%H:%M%:z").to_string()).collect()
    }

    #[test]
    fn nine_oclock_stays_nine_oclock() {
        let weekly = starts(
            Pattern::Weekly(vec![Weekday::Tue]),
            1,
            End::Count(3),
            "2027-03-16T09:00:00",
            Tz::Europe__Berlin,
        );
        assert_eq!(weekly, ["2027-03-16T09:00+01:00", "2027-03-23T09:00+01:00", "2027-03-30T09:00+02:00"]);
    }

    #[test]
    fn the_first_date_is_the_first_match_on_or_after_the_start() {
        let both = starts(
            Pattern::Weekly(vec![Weekday::Tue, Weekday::Thu]),
            1,
            End::Count(3),
            "2027-12-01T20:30:00",
            Tz::Asia__Jakarta,
        );
        assert_eq!(both, ["2027-12-02T20:30+07:00", "2027-12-07T20:30+07:00", "2027-12-09T20:30+07:00"]);
    }

    #[test]
    fn a_skipped_hour_shifts_forward_and_a_missing_31st_is_skipped() {
        let daily = starts(Pattern::Daily, 1, End::Count(2), "2027-03-27T02:30:00", Tz::Europe__Berlin);
        assert_eq!(daily, ["2027-03-27T02:30+01:00", "2027-03-28T03:30+02:00"]);
        let monthly = starts(Pattern::MonthDay(31), 1, End::Count(3), "2027-01-31T10:00:00", Tz::UTC);
        assert_eq!(monthly, ["2027-01-31T10:00+00:00", "2027-03-31T10:00+00:00", "2027-05-31T10:00+00:00"]);
        let last =
            starts(Pattern::MonthWeekday(-1, Weekday::Fri), 1, End::Count(2), "2027-01-01T10:00:00", Tz::UTC);
        assert_eq!(last, ["2027-01-29T10:00+00:00", "2027-02-26T10:00+00:00"]);
    }

    #[test]
    fn until_holds_its_own_day_in_the_meetings_zone() {
        let until = End::Until("2027-12-03".parse().unwrap());
        let late = starts(Pattern::Daily, 1, until, "2027-12-01T23:30:00", Tz::America__Los_Angeles);
        assert_eq!(late.len(), 3);
    }

    #[test]
    fn more_than_sixty_dates_and_none_at_all_are_refused() {
        let rule = |end| Recurrence { pattern: Pattern::Daily, interval: 1, end };
        let start = "2027-01-01T09:00:00".parse().unwrap();
        let until = |day: &str| End::Until(day.parse().unwrap());
        assert_eq!(rule(until("2027-03-01")).starts(start, Tz::UTC).map(|s| s.len()), Ok(60));
        assert_eq!(rule(until("2027-03-02")).starts(start, Tz::UTC), Err(RecurrenceError::TooMany));
        assert_eq!(rule(until("2026-12-31")).starts(start, Tz::UTC), Err(RecurrenceError::None));
    }
}
