//! Times as a reader sees them.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use super::words::Words;
use crate::domain::interval::Interval;

/// From so far ahead on, a reader thinks in days.
const DAYS_FROM_HOURS: i64 = 12;
/// From so far ahead on, minutes are left out.
const WHOLE_HOURS_FROM: i64 = 6;

/// A date in a reader's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The day: `Tuesday, 1 December 2026`.
    pub day: String,
    /// From when to when: `20:30–21:30`, with the day of the end where it is another.
    pub hours: String,
    /// The zone: `Asia/Jakarta (UTC+07:00)`.
    pub zone: String,
    /// Day and start in few letters: `Tue 1 Dec, 20:30`.
    pub short: String,
}

impl When {
    /// How `date` looks in `zone`.
    pub fn new(words: &Words, date: Interval, zone: Tz) -> Self {
        let (start, end) = (date.starts_at.with_timezone(&zone), date.ends_at.with_timezone(&zone));
        let end_text = if start.date_naive() == end.date_naive() {
            end.format("%H:%M").to_string()
        } else {
            format!(" {}", short(words, end))
        };
        let separator = if end_text.starts_with(' ') { " \u{2013}" } else { "\u{2013}" };
        Self {
            day: (words.date)(
                words.weekdays[start.weekday().num_days_from_monday() as usize],
                start.day(),
                words.months[start.month0() as usize],
                start.year(),
            ),
            hours: format!("{}{separator}{end_text}", start.format("%H:%M")),
            zone: zone_text(start),
            short: short(words, start),
        }
    }
}

/// How long it is from `now` to `start`, as a reader in `zone` says it: `in 1 hour`, `tomorrow`.
pub fn countdown(words: &Words, now: DateTime<Utc>, start: DateTime<Utc>, zone: Tz) -> String {
    let left = (start - now).max(TimeDelta::zero());
    if left >= TimeDelta::hours(DAYS_FROM_HOURS) {
        let day = |moment: DateTime<Utc>| moment.with_timezone(&zone).date_naive();
        return match (day(start) - day(now)).num_days() {
            ..=0 => words.today.to_owned(),
            1 => words.tomorrow.to_owned(),
            days => (words.in_days)(days),
        };
    }
    // A reminder leaves a little after it is due: one of an hour says an hour, not 59 minutes.
    let minutes = (left.num_seconds() + 30) / 60;
    let minutes = if minutes >= 10 { (minutes + 2) / 5 * 5 } else { minutes.max(1) };
    let minutes = if minutes >= WHOLE_HOURS_FROM * 60 { (minutes + 30) / 60 * 60 } else { minutes };
    if minutes < 60 { (words.in_minutes)(minutes) } else { (words.in_hours)(minutes / 60, minutes % 60) }
}

fn short(words: &Words, at: DateTime<Tz>) -> String {
    (words.moment_short)(
        words.weekdays_short[at.weekday().num_days_from_monday() as usize],
        at.day(),
        words.months_short[at.month0() as usize],
        &at.format("%H:%M").to_string(),
    )
}

fn zone_text(at: DateTime<Tz>) -> String {
    let zone = at.timezone();
    match zone {
        Tz::UTC | Tz::Etc__UTC => "UTC".to_owned(),
        _ => format!("{} (UTC{})", zone.name().replace('_', " "), at.format("%:z")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn words() -> &'static Words {
        Words::of("en")
    }

    #[test]
    fn a_date_is_told_in_the_readers_zone() {
        let date = Interval::of_minutes(at("2026-12-01T13:30:00Z"), 60);
        let jakarta = When::new(words(), date, Tz::Asia__Jakarta);
        assert_eq!(jakarta.day, "Tuesday, 1 December 2026");
        assert_eq!(jakarta.hours, "20:30–21:30");
        assert_eq!(jakarta.zone, "Asia/Jakarta (UTC+07:00)");
        assert_eq!(jakarta.short, "Tue 1 Dec, 20:30");
        let sao_paulo = When::new(words(), date, Tz::America__Sao_Paulo);
        assert_eq!(
            (sao_paulo.hours.as_str(), sao_paulo.zone.as_str()),
            ("10:30–11:30", "America/Sao Paulo (UTC-03:00)")
        );
        let utc = When::new(words(), date, Tz::UTC);
        assert_eq!(utc.zone, "UTC");
        let kiritimati = When::new(words(), date, Tz::Pacific__Kiritimati);
        assert_eq!(kiritimati.day, "Wednesday, 2 December 2026");
    }

    #[test]
    fn an_end_on_another_day_names_the_day() {
        let date = Interval::of_minutes(at("2026-12-01T23:30:00Z"), 60);
        assert_eq!(When::new(words(), date, Tz::UTC).hours, "23:30 – Wed 2 Dec, 00:30");
    }

    #[test]
    fn the_zone_shows_the_offset_of_that_date() {
        let offset = |text| When::new(words(), Interval::of_minutes(at(text), 60), Tz::Europe__Berlin).zone;
        assert_eq!(offset("2027-03-27T10:00:00Z"), "Europe/Berlin (UTC+01:00)");
        assert_eq!(offset("2027-03-28T10:00:00Z"), "Europe/Berlin (UTC+02:00)");
    }

    #[test]
    fn a_countdown_reads_as_one_would_say_it() {
        let start = at("2026-12-02T13:30:00Z");
        for (now, said) in [
            ("2026-12-02T13:30:00Z", "in 1 minute"),
            ("2026-12-02T13:25:00Z", "in 5 minutes"),
            ("2026-12-02T13:26:50Z", "in 3 minutes"),
            ("2026-12-02T12:30:00Z", "in 1 hour"),
            ("2026-12-02T12:31:10Z", "in 1 hour"),
            ("2026-12-02T12:00:20Z", "in 1 hour 30 minutes"),
            ("2026-12-02T12:44:30Z", "in 45 minutes"),
            ("2026-12-02T11:30:40Z", "in 2 hours"),
            ("2026-12-02T06:45:00Z", "in 7 hours"),
            ("2026-12-02T01:00:00Z", "today"),
            ("2026-12-01T13:30:00Z", "tomorrow"),
            ("2026-12-01T00:00:00Z", "tomorrow"),
            ("2026-11-30T23:59:00Z", "in 2 days"),
            ("2026-11-02T13:30:00Z", "in 30 days"),
        ] {
            assert_eq!(countdown(words(), at(now), start, Tz::UTC), said, "{now}");
        }
    }

    #[test]
    fn days_are_counted_by_the_readers_calendar() {
        let (now, start) = (at("2026-12-01T01:00:00Z"), at("2026-12-01T22:00:00Z"));
        assert_eq!(countdown(words(), now, start, Tz::UTC), "today");
        assert_eq!(countdown(words(), now, start, Tz::Asia__Jakarta), "tomorrow");
        // The night in which the clocks go back has 25 hours.
        let (now, start) = (at("2026-10-24T08:00:00Z"), at("2026-10-25T09:00:00Z"));
        assert_eq!(countdown(words(), now, start, Tz::Europe__Berlin), "tomorrow");
    }
}
