//! When and on which host: what the bodies of bookings and of checks have in common.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::Value;

use super::fields::{Fault, Reader};
use super::parse;
use super::problem::FieldCode;
use crate::domain::interval::Interval;
use crate::domain::meeting::{HostName, HostWish, Kind, Schedule};
use crate::domain::recurrence::{End, MOST_DATES, Pattern, Recurrence, RecurrenceError};
use crate::domain::wall_time;
use crate::zoom::meetings::fits_zoom;

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// From when on a schedule may begin.
#[derive(Debug, Clone, Copy)]
pub struct Earliest<'a> {
    /// The present moment.
    pub now: DateTime<Utc>,
    /// Dates whose first may stay although it has begun.
    pub except: Option<&'a [Interval]>,
}

/// Reads `start`, `time_zone`, `duration_minutes` and `recurrence`; with the dates that they give.
pub fn schedule(body: &Reader<'_>, kind: Kind, earliest: Earliest<'_>) -> Option<(Schedule, Vec<Interval>)> {
    let zone = body.field("time_zone", zone);
    let zone_is_wrong = matches!(zone, super::fields::Field::Wrong);
    let zone = zone.value();
    let start = body.required("start", start);
    let duration = body.required("duration_minutes", |value| parse::integer(value, 1..=1440));
    let local = start.and_then(|start| match (start, zone) {
        (Start::Moment(moment), zone) => {
            let zone = zone.unwrap_or(Tz::UTC);
            Some((moment.with_timezone(&zone).naive_local(), zone))
        }
        (Start::Wall(wall), Some(zone)) => match wall_time::resolve(wall, zone) {
            Ok(_) => Some((wall, zone)),
            Err(skipped) => {
                body.fault("start", Fault::invalid(skipped.to_string()));
                None
            }
        },
        (Start::Wall(_), None) => {
            if !zone_is_wrong {
                let detail = "is required where start has no offset: an IANA name, like Asia/Jakarta";
                body.fault("time_zone", Fault::new(FieldCode::Required, detail));
            }
            None
        }
    });
    let recurrence = match body.object("recurrence") {
        None => Some(None),
        Some(rule) => recurrence(&rule, kind, local.map(|(wall, _)| wall)).map(Some),
    };
    let ((local_start, time_zone), recurrence) = (local?, recurrence?);
    // Whether the start is past does not hang on how long a date is.
    let duration_minutes = duration.unwrap_or(1);
    let schedule = Schedule { local_start, time_zone, duration_minutes, recurrence };
    match schedule.dates() {
        Ok(dates) => {
            refuse_past(body, &dates, earliest);
            duration.map(|_| (schedule, dates))
        }
        Err(error) => {
            let code = match error {
                RecurrenceError::TooMany => FieldCode::OutOfRange,
                RecurrenceError::None | RecurrenceError::TooFew => FieldCode::Invalid,
                RecurrenceError::OverlapsItself => FieldCode::Contradiction,
            };
            body.fault("recurrence", Fault::new(code, error.to_string()));
            None
        }
    }
}

/// Notes a start that is past.
fn refuse_past(body: &Reader<'_>, dates: &[Interval], earliest: Earliest<'_>) {
    let first = |dates: &[Interval]| dates.first().map(|date| date.starts_at);
    let kept = earliest.except.is_some_and(|except| first(except) == first(dates));
    if !kept && dates.first().is_some_and(|first| first.starts_at < earliest.now) {
        body.fault("start", Fault::invalid("is in the past; choose a time to come"));
    }
}

/// Reads `host`: `"auto"`, or a connection's host by `host_id` or `email`.
pub fn host(body: &Reader<'_>) -> HostWish {
    let auto = match body.raw("host") {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) if text == "auto" => true,
        Some(Value::String(_)) => {
            body.fault("host", Fault::invalid("must be \"auto\" or an object with connection_id"));
            true
        }
        Some(_) => false,
    };
    let Some(host) = (!auto).then(|| body.object("host")).flatten() else { return HostWish::Auto };
    let connection_id = host.field("connection_id", parse::parsed);
    let id = host.optional("host_id", parse::parsed);
    let email = host.optional("email", parse::parsed);
    let name = match (id, email) {
        (Some(id), None) => HostName::Id(id),
        (None, Some(email)) => HostName::Email(email),
        (None, None) => HostName::Default,
        (Some(_), Some(_)) => {
            host.fault("email", Fault::new(FieldCode::Contradiction, "name the host by host_id or by email"));
            HostName::Default
        }
    };
    match (connection_id.value(), name) {
        (Some(connection_id), name) => HostWish::Named { connection_id, host: name },
        (None, HostName::Default) => {
            let detail = "is required where neither host_id nor email is given";
            host.fault("connection_id", Fault::new(FieldCode::Required, detail));
            HostWish::Auto
        }
        (None, name) => HostWish::Anywhere(name),
    }
}

/// Reads the kind.
pub fn kind(body: &Reader<'_>) -> Kind {
    body.optional("kind", |value| parse::one_of(value, &["meeting", "webinar"])).unwrap_or(Kind::Meeting)
}

/// An IANA time zone.
pub fn zone(value: &Value) -> Result<Tz, Fault> {
    let name = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    name.parse()
        .map_err(|_| Fault::invalid("there is no such time zone; use an IANA name, like Asia/Jakarta"))
}

/// A start on the wall clock of `zone`, or with an offset.
pub fn start_in(value: &Value, zone: Tz) -> Result<DateTime<Utc>, Fault> {
    match start(value)? {
        Start::Moment(moment) => Ok(moment),
        Start::Wall(wall) => {
            wall_time::resolve(wall, zone).map_err(|skipped| Fault::invalid(skipped.to_string()))
        }
    }
}

/// The name of a weekday in a request.
pub fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS[day.num_days_from_monday() as usize]
}

#[derive(Debug, Clone, Copy)]
enum Start {
    Wall(NaiveDateTime),
    Moment(DateTime<Utc>),
}

impl Start {
    /// Without fractions; a leap second is no time that a meeting starts at.
    fn to_the_second(self) -> Option<Self> {
        const SECOND: u32 = 1_000_000_000;
        match self {
            Self::Wall(wall) if wall.nanosecond() < SECOND => wall.with_nanosecond(0).map(Self::Wall),
            Self::Moment(moment) if moment.nanosecond() < SECOND => {
                moment.with_nanosecond(0).map(Self::Moment)
            }
            Self::Wall(_) | Self::Moment(_) => None,
        }
    }
}

fn start(value: &Value) -> Result<Start, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    let moment = DateTime::parse_from_rfc3339(text).map(|moment| Start::Moment(moment.to_utc()));
    let wall = || {
        let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).map(Start::Wall)
    };
    let start = moment
        .ok()
        .or_else(wall)
        .and_then(Start::to_the_second)
        .ok_or_else(|| Fault::invalid("must be a time like 2027-12-01T20:30:00, or with an offset"))?;
    let moment = match start {
        Start::Moment(moment) => moment,
        Start::Wall(wall) => wall.and_utc(),
    };
    if !fits_zoom(moment) || moment.year() > 2200 {
        return Err(Fault::new(FieldCode::OutOfRange, "must lie between the years 2000 and 2200"));
    }
    Ok(start)
}

fn recurrence(rule: &Reader<'_>, kind: Kind, start: Option<NaiveDateTime>) -> Option<Recurrence> {
    let frequency: Option<Frequency> =
        rule.required("frequency", |value| parse::one_of(value, &["daily", "weekly", "monthly"]));
    let interval = rule.optional("interval", |value| parse::integer(value, 1_u16..=99));
    let weekdays = rule.array("weekdays", 7, |value, pointer| {
        weekday(value).map_err(|fault| rule.errors().add(pointer, fault)).ok()
    });
    let weekdays = weekdays.value();
    let month_day = rule.optional("month_day", |value| parse::integer(value, 1_u8..=31));
    let month_week = rule.optional("month_week", |value| {
        parse::integer(value, -1_i8..=4)
            .ok()
            .filter(|week| *week != 0)
            .ok_or_else(|| Fault::new(FieldCode::OutOfRange, "must be 1 to 4, or -1 for the last"))
    });
    let month_weekday = rule.optional("month_weekday", weekday);
    let end = end(rule);

    let frequency = frequency?;
    let foreign = |name: &'static str, given: bool, of: Frequency| {
        if given && frequency != of {
            let detail = format!("does not go with the frequency {}", frequency.name());
            rule.fault(name, Fault::new(FieldCode::Contradiction, detail));
        }
    };
    foreign("weekdays", weekdays.is_some(), Frequency::Weekly);
    foreign("month_day", month_day.is_some(), Frequency::Monthly);
    foreign("month_week", month_week.is_some(), Frequency::Monthly);
    foreign("month_weekday", month_weekday.is_some(), Frequency::Monthly);
    let pattern = match frequency {
        Frequency::Daily => Pattern::Daily,
        Frequency::Weekly => {
            let mut days = weekdays.unwrap_or_default();
            if days.is_empty() {
                days.push(start?.weekday());
            }
            days.sort_by_key(|day| day.num_days_from_monday());
            let doubles = days.windows(2).any(|pair| pair[0] == pair[1]);
            if doubles {
                rule.fault("weekdays", Fault::new(FieldCode::NotUnique, "names a day twice"));
            }
            Pattern::Weekly(days)
        }
        Frequency::Monthly => match (month_day, month_week, month_weekday) {
            (Some(day), None, None) => Pattern::MonthDay(day),
            (None, Some(week), Some(day)) => Pattern::MonthWeekday(week, day),
            (None, None, None) => Pattern::MonthDay(u8::try_from(start?.day()).unwrap_or(1)),
            _ => {
                let detail = "give month_day alone, or month_week with month_weekday";
                rule.fault("month_day", Fault::new(FieldCode::Contradiction, detail));
                return None;
            }
        },
    };
    let interval = interval.unwrap_or(1);
    let longest = Recurrence::longest_interval(&pattern, kind);
    if interval > longest {
        rule.fault("interval", Fault::new(FieldCode::OutOfRange, format!("must be from 1 to {longest}")));
        return None;
    }
    Some(Recurrence { pattern, interval, end: end? })
}

fn end(rule: &Reader<'_>) -> Option<End> {
    let given = |name| rule.raw(name).is_some_and(|value| !value.is_null());
    let both = given("count") && given("until");
    let neither = !given("count") && !given("until");
    let count = rule.optional("count", |value| parse::integer(value, 1..=MOST_DATES));
    let until = rule.optional("until", |value| {
        let text = value.as_str().ok_or_else(|| Fault::wrong_type("a date"))?;
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|day| (2000..=2300).contains(&day.year()))
            .ok_or_else(|| Fault::invalid("must be a date like 2027-12-31"))
    });
    if both {
        rule.fault("until", Fault::new(FieldCode::Contradiction, "give count or until, not both"));
        return None;
    }
    if neither {
        rule.fault("count", Fault::new(FieldCode::Required, "count or until is required"));
        return None;
    }
    count.map(End::Count).or(until.map(End::Until))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
}

impl Frequency {
    fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }
}

fn weekday(value: &Value) -> Result<Weekday, Fault> {
    let days =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    let place = WEEKDAYS.iter().position(|name| *name == text);
    place.map(|place| days[place]).ok_or_else(|| Fault::invalid("must be one of MO, TU, WE, TH, FR, SA, SU"))
}
