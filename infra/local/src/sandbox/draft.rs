//! The body of a create or update, read and checked as Zoom's schema has it.

use chrono::{DateTime, NaiveDateTime, Timelike, Utc};
use serde_json::{Map, Value};

use super::errors::{ZoomError, ZoomResult};
use super::fields::{Fields, Start};
use super::meeting::{Kind, Rhythm};
use super::recurrence::{End, MOST_DATES, Pattern, Recurrence};
use super::settings;

/// What a create or update asks for; what it leaves out is `None`.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) topic: Option<String>,
    pub(super) agenda: Option<String>,
    pub(super) rhythm: Option<Rhythm>,
    pub(super) duration: Option<u32>,
    pub(super) passcode: Option<String>,
    pub(super) default_passcode: Option<bool>,
    pub(super) start: Option<Start>,
    pub(super) timezone: Option<chrono_tz::Tz>,
    pub(super) recurrence: Option<Recurrence>,
    pub(super) settings: Map<String, Value>,
    pub(super) schedule_for: Option<String>,
    pub(super) pre_schedule: Option<bool>,
    pub(super) tracking_fields: Option<Value>,
}

impl Draft {
    pub(super) fn read(kind: Kind, body: &[u8]) -> ZoomResult<Self> {
        let body = object(body)?;
        let mut fields = Fields::new(&body, "");
        let mut draft = Self {
            topic: fields.string("topic", 200).map(str::to_owned),
            agenda: fields.string("agenda", 2000).map(str::to_owned),
            duration: fields.integer("duration", 1, 1440).and_then(|minutes| u32::try_from(minutes).ok()),
            passcode: passcode(kind, &mut fields),
            default_passcode: fields.boolean(match kind {
                Kind::Meeting => "default_password",
                Kind::Webinar => "default_passcode",
            }),
            start: fields.start("start_time"),
            timezone: fields.time_zone("timezone"),
            schedule_for: fields.string("schedule_for", 320).map(str::to_owned),
            pre_schedule: fields.boolean("pre_schedule"),
            tracking_fields: fields.value("tracking_fields").cloned(),
            ..Self::default()
        };
        if let Some(number) = fields.value("type") {
            draft.rhythm = number.as_i64().and_then(|number| kind.rhythm(number));
            if draft.rhythm.is_none() {
                fields.refuse("type", "Invalid field.");
            }
        }
        if draft.tracking_fields.as_ref().is_some_and(|value| !value.is_array()) {
            fields.refuse("tracking_fields", "Invalid field.");
        }
        if let Some(object) = fields.object("recurrence") {
            let mut inner = Fields::new(object, "recurrence.");
            draft.recurrence = recurrence(kind, &mut inner);
            fields.absorb(inner);
        }
        if let Some(object) = fields.object("settings") {
            let mut inner = Fields::new(object, "settings.");
            draft.settings = settings::read(kind, &mut inner);
            fields.absorb(inner);
        }
        fields.finish()?;
        Ok(draft)
    }
}

/// A body as a JSON object.
pub(super) fn object(body: &[u8]) -> ZoomResult<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(ZoomError::bad_request(300, "Request Body should be a valid JSON object.")),
    }
}

/// The moment of a start. Of a wall time that comes twice it is the earlier, and one that is skipped
/// shifts forward by the length of the gap.
pub(super) fn moment(start: Start, zone: chrono_tz::Tz) -> DateTime<Utc> {
    match start {
        Start::Moment(moment) => whole_second(moment),
        Start::Wall(wall) => whole_second(resolve(wall, zone)),
    }
}

pub(super) fn whole_second(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.with_nanosecond(0).unwrap_or(moment)
}

fn resolve(wall: NaiveDateTime, zone: chrono_tz::Tz) -> DateTime<Utc> {
    use chrono::{Duration, TimeZone};
    if let Some(moment) = zone.from_local_datetime(&wall).earliest() {
        return moment.to_utc();
    }
    // Within a gap: read the clock by the offset that held before it.
    let before = zone.from_local_datetime(&(wall - Duration::hours(3))).earliest();
    before.map_or_else(|| wall.and_utc(), |before| before.to_utc() + Duration::hours(3))
}

/// A meeting's passcode has letters, digits and a few signs; a webinar's may have others.
fn passcode(kind: Kind, fields: &mut Fields<'_>) -> Option<String> {
    let text = fields.string("password", 10)?;
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "@-_*".contains(letter);
    if kind == Kind::Meeting && !text.chars().all(allowed) {
        fields.refuse("password", "Invalid field.");
        return None;
    }
    Some(text.to_owned())
}

fn recurrence(kind: Kind, fields: &mut Fields<'_>) -> Option<Recurrence> {
    let pattern = pattern(fields);
    let longest = pattern.as_ref().map_or(99, |pattern| pattern.longest_interval(kind));
    let interval = match fields.value("repeat_interval") {
        Some(_) => fields.integer("repeat_interval", 1, i64::from(longest)),
        None => Some(1),
    };
    let end = end(fields);
    Some(Recurrence { pattern: pattern?, interval: u16::try_from(interval?).ok()?, end: end? })
}

fn pattern(fields: &mut Fields<'_>) -> Option<Pattern> {
    if fields.value("type").is_none() {
        fields.refuse("type", "Invalid field. The value is required.");
        return None;
    }
    match fields.integer("type", 1, 3)? {
        1 => Some(Pattern::Daily),
        2 => {
            let days = fields.string("weekly_days", 20).unwrap_or_default();
            let days: Option<Vec<u8>> = days
                .split(',')
                .map(|day| day.trim().parse().ok().filter(|day| (1..=7).contains(day)))
                .collect();
            if days.is_none() {
                fields.refuse("weekly_days", "Invalid field.");
            }
            days.map(|mut days| {
                days.sort_unstable();
                days.dedup();
                Pattern::Weekly(days)
            })
        }
        _ => monthly(fields),
    }
}

fn monthly(fields: &mut Fields<'_>) -> Option<Pattern> {
    if fields.value("monthly_week").is_none() && fields.value("monthly_week_day").is_none() {
        let day = match fields.value("monthly_day") {
            Some(_) => fields.integer("monthly_day", 1, 31)?,
            None => 1,
        };
        return u8::try_from(day).ok().map(Pattern::MonthlyOn);
    }
    for name in ["monthly_week", "monthly_week_day"] {
        if fields.value(name).is_none() {
            fields.refuse(name, "Invalid field. The value is required.");
        }
    }
    let week = fields.integer("monthly_week", -1, 4);
    if week == Some(0) {
        fields.refuse("monthly_week", "Invalid field.");
        return None;
    }
    let day = fields.integer("monthly_week_day", 1, 7);
    Some(Pattern::MonthlyWeek { week: i8::try_from(week?).ok()?, day: u8::try_from(day?).ok()? })
}

fn end(fields: &mut Fields<'_>) -> Option<End> {
    if fields.value("end_date_time").is_some() {
        if fields.value("end_times").is_some_and(|times| times.as_i64() != Some(0)) {
            fields.refuse("end_date_time", "Invalid field. Cannot be used with end_times.");
            return None;
        }
        return match fields.start("end_date_time")? {
            Start::Moment(until) => Some(End::Until(until)),
            Start::Wall(_) => {
                fields.refuse("end_date_time", "Invalid field.");
                None
            }
        };
    }
    let times = match fields.value("end_times") {
        Some(_) => fields.integer("end_times", 0, i64::from(MOST_DATES))?,
        None => 1,
    };
    // Zoom's 0 means without end, which holds as many dates as a series can.
    let times = if times == 0 { MOST_DATES } else { u16::try_from(times).ok()? };
    Some(End::After(times))
}
