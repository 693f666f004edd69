//! Times as a reader sees them.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::interval::Interval;
use crate::language::{Language, Message};

/// From so far ahead on, a reader thinks in days.
const DAYS_FROM_HOURS: i64 = 12;
/// From so far ahead on, minutes are left out.
const WHOLE_HOURS_FROM: u64 = 6;

/// A date in a reader's language and zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The day: `Tuesday, 1 December 2026`.
    pub day: String,
    /// From when to when: `20:30–21:30`, with the day of the end where it is another.
    pub hours: String,
    /// Both on one line.
    pub day_and_hours: String,
    /// The zone: `Asia/Jakarta (UTC+07:00)`.
    pub zone: String,
    /// Day and start in few letters: `Tue 1 Dec, 20:30`.
    pub short: String,
}

impl When {
    /// How `date` looks in `zone`.
    pub fn new(language: Language, date: Interval, zone: Tz) -> Self {
        let (start, end) = (date.starts_at.with_timezone(&zone), date.ends_at.with_timezone(&zone));
        let hours = Message::new("hours").with("start", time(start));
        let hours = if start.date_naive() == end.date_naive() {
            hours.with("end", time(end))
        } else {
            hours.attribute("overnight").with("end", moment(end))
        };
        let (day, hours) = (language.say(&day(start)), language.say(&hours));
        let both = Message::new("day-and-hours").with("day", day.as_str()).with("hours", hours.as_str());
        Self {
            day_and_hours: language.say(&both),
            day,
            hours,
            zone: zone_text(start),
            short: language.say(&moment(start)),
        }
    }
}

/// How long it is from `now` to `start`, as a reader in `zone` says it: `in 1 hour`, `tomorrow`.
pub fn countdown(now: DateTime<Utc>, start: DateTime<Utc>, zone: Tz) -> Message {
    let left = (start - now).max(TimeDelta::zero());
    if left >= TimeDelta::hours(DAYS_FROM_HOURS) {
        let day = |moment: DateTime<Utc>| moment.with_timezone(&zone).date_naive();
        return match (day(start) - day(now)).num_days().unsigned_abs() {
            0 => Message::new("countdown-today"),
            1 => Message::new("countdown-tomorrow"),
            days => Message::new("countdown-days").with("days", days),
        };
    }
    // A reminder leaves a little after it is due: one of an hour says an hour, not 59 minutes.
    let minutes = (left.num_seconds().unsigned_abs() + 30) / 60;
    let minutes = if minutes >= 10 { (minutes + 2) / 5 * 5 } else { minutes.max(1) };
    let minutes = if minutes >= WHOLE_HOURS_FROM * 60 { (minutes + 30) / 60 * 60 } else { minutes };
    match (minutes / 60, minutes % 60) {
        (0, minutes) => Message::new("countdown-minutes").with("minutes", minutes),
        (hours, 0) => Message::new("countdown-hours").with("hours", hours),
        (hours, minutes) => {
            Message::new("countdown-hours-minutes").with("hours", hours).with("minutes", minutes)
        }
    }
}

fn day(at: DateTime<Tz>) -> Message {
    // As text: a year is no quantity, which some language might write with a separator.
    of_day("day", at).with("year", at.year().to_string())
}

fn moment(at: DateTime<Tz>) -> Message {
    of_day("moment", at).with("time", time(at))
}

fn of_day(key: &'static str, at: DateTime<Tz>) -> Message {
    Message::new(key)
        .with("weekday", at.weekday().number_from_monday())
        .with("day", at.day())
        .with("month", at.month())
}

fn time(at: DateTime<Tz>) -> String {
    at.format("%H:%M").to_string()
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

    fn said(language: Language, now: &str, start: &str, zone: Tz) -> String {
        language.say(&countdown(at(now), at(start), zone))
    }

    #[test]
    fn a_date_is_told_in_the_readers_zone() {
        let date = Interval::of_minutes(at("2026-12-01T13:30:00Z"), 60);
        let jakarta = When::new(Language::English, date, Tz::Asia__Jakarta);
        assert_eq!(jakarta.day, "Tuesday, 1 December 2026");
        assert_eq!(jakarta.hours, "20:30–21:30");
        assert_eq!(jakarta.zone, "Asia/Jakarta (UTC+07:00)");
        assert_eq!(jakarta.short, "Tue 1 Dec, 20:30");
        let sao_paulo = When::new(Language::English, date, Tz::America__Sao_Paulo);
        assert_eq!(
            (sao_paulo.hours.as_str(), sao_paulo.zone.as_str()),
            ("10:30–11:30", "America/Sao Paulo (UTC-03:00)")
        );
        let utc = When::new(Language::English, date, Tz::UTC);
        assert_eq!(utc.zone, "UTC");
        let kiritimati = When::new(Language::English, date, Tz::Pacific__Kiritimati);
        assert_eq!(kiritimati.day, "Wednesday, 2 December 2026");
    }

    #[test]
    fn an_end_on_another_day_names_the_day() {
        let date = Interval::of_minutes(at("2026-12-01T23:30:00Z"), 60);
        assert_eq!(When::new(Language::English, date, Tz::UTC).hours, "23:30 – Wed 2 Dec, 00:30");
    }

    #[test]
    fn the_zone_shows_the_offset_of_that_date() {
        let offset =
            |text| When::new(Language::English, Interval::of_minutes(at(text), 60), Tz::Europe__Berlin).zone;
        assert_eq!(offset("2027-03-27T10:00:00Z"), "Europe/Berlin (UTC+01:00)");
        assert_eq!(offset("2027-03-28T10:00:00Z"), "Europe/Berlin (UTC+02:00)");
    }

    #[test]
    fn a_countdown_reads_as_one_would_say_it() {
        let start = "2026-12-02T13:30:00Z";
        for (now, expected) in [
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
            assert_eq!(said(Language::English, now, start, Tz::UTC), expected, "{now}");
        }
    }

    #[test]
    fn days_are_counted_by_the_readers_calendar() {
        let english = |now, start, zone| said(Language::English, now, start, zone);
        let (now, start) = ("2026-12-01T01:00:00Z", "2026-12-01T22:00:00Z");
        assert_eq!(english(now, start, Tz::UTC), "today");
        assert_eq!(english(now, start, Tz::Asia__Jakarta), "tomorrow");
        // The night in which the clocks go back has 25 hours.
        assert_eq!(english("2026-10-24T08:00:00Z", "2026-10-25T09:00:00Z", Tz::Europe__Berlin), "tomorrow");
    }

    #[test]
    fn every_language_writes_dates_its_own_way() {
        let date = Interval::of_minutes(at("2026-12-01T13:30:00Z"), 60);
        for (language, day_and_hours, short) in [
            (Language::English, "Tuesday, 1 December 2026, 20:30–21:30", "Tue 1 Dec, 20:30"),
            (Language::Indonesian, "Selasa, 1 Desember 2026, 20:30–21:30", "Sel, 1 Des, 20:30"),
            (
                Language::Portuguese,
                "terça-feira, 1º de dezembro de 2026, 20:30–21:30",
                "ter., 1º de dez., 20:30",
            ),
            (Language::Russian, "вторник, 1 декабря 2026 г., 20:30–21:30", "вт, 1 дек., 20:30"),
            (Language::French, "mardi 1er décembre 2026, 20:30–21:30", "mar. 1er déc., 20:30"),
            (Language::Japanese, "2026年12月1日(火) 20:30〜21:30", "12月1日(火) 20:30"),
        ] {
            let when = When::new(language, date, Tz::Asia__Jakarta);
            assert_eq!((when.day_and_hours.as_str(), when.short.as_str()), (day_and_hours, short));
        }
        let later = Interval::of_minutes(at("2027-08-08T23:30:00Z"), 60);
        let day = |language| When::new(language, later, Tz::UTC).day_and_hours;
        assert_eq!(day(Language::French), "dimanche 8 août 2027, 23:30 – lun. 9 août, 00:30");
        assert_eq!(day(Language::Portuguese), "domingo, 8 de agosto de 2027, 23:30 – seg., 9 de ago., 00:30");
        assert_eq!(day(Language::Russian), "воскресенье, 8 августа 2027 г., 23:30 – пн, 9 авг., 00:30");
        assert_eq!(day(Language::Japanese), "2027年8月8日(日) 23:30〜8月9日(月) 00:30");
    }

    #[test]
    fn countdowns_follow_the_plurals_of_the_language() {
        let start = "2026-12-02T13:30:00Z";
        for (language, now, expected) in [
            (Language::Russian, "2026-12-02T13:29:00Z", "через 1 минуту"),
            (Language::Russian, "2026-12-02T13:28:00Z", "через 2 минуты"),
            (Language::Russian, "2026-12-02T13:25:00Z", "через 5 минут"),
            (Language::Russian, "2026-12-02T12:30:00Z", "через 1 час"),
            (Language::Russian, "2026-12-02T11:00:00Z", "через 2 часа 30 минут"),
            (Language::Russian, "2026-12-02T08:30:00Z", "через 5 часов"),
            (Language::Russian, "2026-12-01T13:30:00Z", "завтра"),
            (Language::Russian, "2026-11-30T13:30:00Z", "через 2 дня"),
            (Language::Russian, "2026-11-11T13:30:00Z", "через 21 день"),
            (Language::Russian, "2026-11-02T13:30:00Z", "через 30 дней"),
            (Language::French, "2026-12-02T12:00:00Z", "dans 1 heure et 30 minutes"),
            (Language::French, "2026-12-02T01:00:00Z", "aujourd'hui"),
            (Language::Portuguese, "2026-12-02T12:30:00Z", "em 1 hora"),
            (Language::Portuguese, "2026-11-29T13:30:00Z", "em 3 dias"),
            (Language::Indonesian, "2026-12-02T13:00:00Z", "30 menit lagi"),
            (Language::Japanese, "2026-12-02T12:00:00Z", "1時間30分後に"),
        ] {
            assert_eq!(said(language, now, start, Tz::UTC), expected);
        }
    }
}
