//! Zoom's recurrence rules and the dates they give.

use chrono::{DateTime, Utc, Weekday};
use rrule::{Frequency, NWeekday, RRule};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::meeting::{Kind, Occurrence, instant};

/// The most dates a series has.
pub(super) const MOST_DATES: u16 = 60;

/// A recurrence as Zoom accepts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recurrence {
    pub(super) pattern: Pattern,
    pub(super) interval: u16,
    pub(super) end: End,
}

/// The days of a recurrence; weekdays are Zoom's numbers, 1 for Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pattern {
    Daily,
    Weekly(Vec<u8>),
    MonthlyOn(u8),
    MonthlyWeek { week: i8, day: u8 },
}

/// Where a recurrence ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    After(u16),
    Until(DateTime<Utc>),
}

impl Pattern {
    /// The longest interval Zoom takes.
    pub(super) fn longest_interval(&self, kind: Kind) -> u16 {
        match (self, kind) {
            (Self::Daily, Kind::Meeting) => 99,
            (Self::Daily, Kind::Webinar) => 90,
            (Self::Weekly(_), Kind::Meeting) => 50,
            (Self::Weekly(_), Kind::Webinar) => 12,
            (_, Kind::Meeting) => 10,
            (_, Kind::Webinar) => 3,
        }
    }
}

impl Recurrence {
    /// The dates from `start` on, whose wall time in `zone` every date keeps. A wall time that a clock
    /// change skips shifts forward. Empty where the recurrence ends before it begins.
    pub(super) fn dates(&self, start: DateTime<Utc>, zone: chrono_tz::Tz) -> Vec<DateTime<Utc>> {
        let start = start.with_timezone(&rrule::Tz::from(zone));
        let rule = match &self.pattern {
            Pattern::Daily => RRule::new(Frequency::Daily),
            Pattern::Weekly(days) => RRule::new(Frequency::Weekly)
                .by_weekday(days.iter().map(|day| NWeekday::Every(weekday(*day))).collect()),
            Pattern::MonthlyOn(day) => {
                RRule::new(Frequency::Monthly).by_month_day(vec![i8::try_from(*day).unwrap_or(31)])
            }
            Pattern::MonthlyWeek { week, day } => RRule::new(Frequency::Monthly)
                .by_weekday(vec![NWeekday::Nth(i16::from(*week), weekday(*day))]),
        };
        // Zoom's weeks begin on Sunday, which matters when several days recur every other week.
        let rule = rule.interval(self.interval).week_start(Weekday::Sun);
        let rule = match self.end {
            End::After(count) => rule.count(u32::from(count)),
            End::Until(until) => rule.until(until.with_timezone(&rrule::Tz::UTC)),
        };
        match rule.build(start) {
            Ok(set) => set.all(MOST_DATES).dates.iter().map(DateTime::to_utc).collect(),
            Err(error) => {
                tracing::debug!(%error, "a recurrence without dates");
                Vec::new()
            }
        }
    }

    /// The occurrences from `start` on.
    pub(super) fn occurrences(
        &self,
        start: DateTime<Utc>,
        zone: chrono_tz::Tz,
        duration: u32,
    ) -> Vec<Occurrence> {
        self.dates(start, zone)
            .into_iter()
            .map(|start_time| Occurrence {
                // Zoom's ids are the first planned start in milliseconds; a moved date keeps its id.
                id: start_time.timestamp_millis().to_string(),
                start_time,
                duration,
                deleted: false,
                agenda: None,
                settings: serde_json::Map::new(),
            })
            .collect()
    }

    /// The recurrence as Zoom echoes it.
    pub(super) fn json(&self) -> Value {
        let mut body = match &self.pattern {
            Pattern::Daily => json!({"type": 1}),
            Pattern::Weekly(days) => {
                let days: Vec<_> = days.iter().map(u8::to_string).collect();
                json!({"type": 2, "weekly_days": days.join(",")})
            }
            Pattern::MonthlyOn(day) => json!({"type": 3, "monthly_day": day}),
            Pattern::MonthlyWeek { week, day } => {
                json!({"type": 3, "monthly_week": week, "monthly_week_day": day})
            }
        };
        body["repeat_interval"] = json!(self.interval);
        match self.end {
            End::After(count) => body["end_times"] = json!(count),
            End::Until(until) => body["end_date_time"] = json!(instant(until)),
        }
        body
    }
}

fn weekday(number: u8) -> Weekday {
    match number {
        1 => Weekday::Sun,
        2 => Weekday::Mon,
        3 => Weekday::Tue,
        4 => Weekday::Wed,
        5 => Weekday::Thu,
        6 => Weekday::Fri,
        _ => Weekday::Sat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(pattern: Pattern, interval: u16, end: End, start: &str, zone: &str) -> Vec<String> {
        let rule = Recurrence { pattern, interval, end };
        let dates = rule.dates(start.parse().unwrap(), zone.parse().unwrap());
        dates.into_iter().map(instant).collect()
    }

    #[test]
    fn wall_time_stays_over_the_end_of_summer_time() {
        let dates =
            dates(Pattern::Weekly(vec![3]), 1, End::After(3), "2027-10-19T07:00:00Z", "Europe/Berlin");
        assert_eq!(dates, ["2027-10-19T07:00:00Z", "2027-10-26T07:00:00Z", "2027-11-02T08:00:00Z"]);
    }

    #[test]
    fn a_skipped_wall_time_shifts_forward() {
        // 02:30 does not exist in New York on 14 March 2027.
        let dates = dates(Pattern::Daily, 1, End::After(3), "2027-03-13T07:30:00Z", "America/New_York");
        assert_eq!(dates, ["2027-03-13T07:30:00Z", "2027-03-14T07:30:00Z", "2027-03-15T06:30:00Z"]);
    }

    #[test]
    fn a_repeated_wall_time_means_the_earlier() {
        // 01:30 comes twice in New York on 7 November 2027.
        let dates = dates(Pattern::Daily, 1, End::After(3), "2027-11-06T05:30:00Z", "America/New_York");
        assert_eq!(dates, ["2027-11-06T05:30:00Z", "2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z"]);
    }

    #[test]
    fn the_first_date_is_the_first_match() {
        // 1 December 2027 is a Wednesday; Tuesdays and Thursdays recur.
        let dates =
            dates(Pattern::Weekly(vec![3, 5]), 1, End::After(3), "2027-12-01T13:30:00Z", "Asia/Jakarta");
        assert_eq!(dates, ["2027-12-02T13:30:00Z", "2027-12-07T13:30:00Z", "2027-12-09T13:30:00Z"]);
    }

    #[test]
    fn weeks_begin_on_sunday() {
        // From a Monday, every other week on Sunday and Monday: the next Sunday is of the skipped week.
        let dates = dates(Pattern::Weekly(vec![1, 2]), 2, End::After(3), "2027-01-04T10:00:00Z", "UTC");
        assert_eq!(dates, ["2027-01-04T10:00:00Z", "2027-01-17T10:00:00Z", "2027-01-18T10:00:00Z"]);
    }

    #[test]
    fn months_without_a_31st_are_skipped() {
        let dates = dates(Pattern::MonthlyOn(31), 1, End::After(3), "2027-01-31T10:00:00Z", "UTC");
        assert_eq!(dates, ["2027-01-31T10:00:00Z", "2027-03-31T10:00:00Z", "2027-05-31T10:00:00Z"]);
    }

    #[test]
    fn the_last_friday_until_a_date() {
        let until = End::Until("2027-03-26T10:00:00Z".parse().unwrap());
        let pattern = Pattern::MonthlyWeek { week: -1, day: 6 };
        let dates = dates(pattern, 1, until, "2027-01-01T10:00:00Z", "UTC");
        assert_eq!(dates, ["2027-01-29T10:00:00Z", "2027-02-26T10:00:00Z", "2027-03-26T10:00:00Z"]);
    }

    #[test]
    fn no_series_has_more_than_sixty_dates() {
        let until = End::Until("2029-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(dates(Pattern::Daily, 1, until, "2027-01-01T10:00:00Z", "UTC").len(), 60);
        let past = End::Until("2026-01-01T00:00:00Z".parse().unwrap());
        assert!(dates(Pattern::Daily, 1, past, "2027-01-01T10:00:00Z", "UTC").is_empty());
    }
}
