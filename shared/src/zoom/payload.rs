//! Meetings in Zoom's names (`POST /users/{userId}/meetings`, `PATCH /meetings/{meetingId}` and the same of
//! webinars).

use chrono::{DateTime, SecondsFormat, Utc, Weekday};
use serde_json::{Map, Value, json};

use crate::domain::date::Date;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};
use crate::domain::recurrence::{Pattern, Recurrence};
use crate::domain::settings::{MeetingSettings, Recording};

/// All of a meeting, its schedule too.
///
/// Of a series only the dates that have not begun by `now` are told: Zoom takes a start that is past for now
/// when it makes a meeting, and ignores it when it changes one.
pub(super) fn whole(meeting: &Meeting, now: DateTime<Utc>) -> Value {
    let schedule = &meeting.schedule;
    let kind = match (meeting.kind, &schedule.recurrence) {
        (Kind::Meeting, None) => 2,
        (Kind::Meeting, Some(_)) => 8,
        (Kind::Webinar, None) => 5,
        (Kind::Webinar, Some(_)) => 9,
    };
    let mut body = details(meeting);
    body.insert("type".to_owned(), json!(kind));
    body.insert("timezone".to_owned(), json!(schedule.time_zone.name()));
    body.insert("duration".to_owned(), json!(schedule.duration_minutes));
    let dates = rule_dates(meeting, now);
    body.insert("start_time".to_owned(), json!(start_time(meeting, dates.first())));
    if let Some(rule) = &schedule.recurrence {
        body.insert("recurrence".to_owned(), recurrence(rule, dates.len()));
    }
    Value::Object(body)
}

/// What a meeting is like, without when it takes place.
pub(super) fn details(meeting: &Meeting) -> Map<String, Value> {
    let mut body = Map::from_iter([
        ("topic".to_owned(), json!(meeting.topic)),
        ("agenda".to_owned(), json!(meeting.agenda)),
        ("settings".to_owned(), settings(meeting)),
    ]);
    if let Some(passcode) = &meeting.passcode {
        body.insert("password".to_owned(), json!(passcode));
    }
    body
}

/// One date of a series, with an agenda where one is to be sent.
pub(super) fn date(date: &Date, agenda: Option<&str>) -> Value {
    let mut body = json!({
        "start_time": date.interval.starts_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "duration": date.interval.length().num_minutes(),
    });
    if let Some(agenda) = agenda {
        body["agenda"] = json!(agenda);
    }
    body
}

/// The dates that the rule gives and that have not begun; all of them where none is left.
pub(super) fn rule_dates(meeting: &Meeting, now: DateTime<Utc>) -> Vec<Interval> {
    let all = meeting.schedule.dates().unwrap_or_else(|_| meeting.intervals());
    let left: Vec<Interval> = all.iter().filter(|date| date.starts_at > now).copied().collect();
    if left.is_empty() { all } else { left }
}

/// A single meeting's start is told in UTC, which names one moment; a series' as the wall time that it keeps.
fn start_time(meeting: &Meeting, first: Option<&Interval>) -> String {
    let schedule = &meeting.schedule;
    match (first, &schedule.recurrence) {
        (Some(first), None) => first.starts_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        (Some(first), Some(_)) => {
            let day = first.starts_at.with_timezone(&schedule.time_zone).date_naive();
            day.and_time(schedule.local_start.time()).format("%Y-%m-%dT%H:%M:%S").to_string()
        }
        (None, _) => schedule.local_start.format("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

fn recurrence(rule: &Recurrence, dates: usize) -> Value {
    let weekday = |day: Weekday| day.num_days_from_sunday() + 1;
    let mut body = match &rule.pattern {
        Pattern::Daily => json!({"type": 1}),
        Pattern::Weekly(days) => {
            let mut days: Vec<u32> = days.iter().copied().map(weekday).collect();
            days.sort_unstable();
            let days: Vec<String> = days.iter().map(u32::to_string).collect();
            json!({"type": 2, "weekly_days": days.join(",")})
        }
        Pattern::MonthDay(day) => json!({"type": 3, "monthly_day": day}),
        Pattern::MonthWeekday(week, day) => {
            json!({"type": 3, "monthly_week": week, "monthly_week_day": weekday(*day)})
        }
    };
    body["repeat_interval"] = json!(rule.interval);
    // The dates are known, so their number ends the series; Zoom's end date is a moment in UTC, which near
    // midnight is open to doubt.
    body["end_times"] = json!(dates);
    body
}

fn settings(meeting: &Meeting) -> Value {
    let MeetingSettings {
        join_before_host,
        host_video,
        participant_video,
        mute_upon_entry,
        enforce_login,
        waiting_room,
        recording,
    } = meeting.settings;
    let recording = match recording {
        Recording::None => "none",
        Recording::Local => "local",
        Recording::Cloud => "cloud",
    };
    let alternatives: Vec<&str> = meeting.alternative_hosts.iter().map(|host| host.email.as_str()).collect();
    let mut body = Map::from_iter([
        ("host_video".to_owned(), json!(host_video)),
        ("meeting_authentication".to_owned(), json!(enforce_login)),
        ("auto_recording".to_owned(), json!(recording)),
        ("alternative_hosts".to_owned(), json!(alternatives.join(";"))),
    ]);
    match meeting.kind {
        Kind::Meeting => body.extend([
            ("join_before_host".to_owned(), json!(join_before_host)),
            ("participant_video".to_owned(), json!(participant_video)),
            ("mute_upon_entry".to_owned(), json!(mute_upon_entry)),
            ("waiting_room".to_owned(), json!(waiting_room)),
        ]),
        Kind::Webinar => body.extend([("panelists_video".to_owned(), json!(participant_video))]),
    }
    Value::Object(body)
}

/// The settings as Zoom shows them; `ours` where it does not. A waiting room keeps everybody out before the host,
/// whatever else is said.
pub(super) fn settings_shown(
    kind: Kind,
    shown: &Map<String, Value>,
    ours: MeetingSettings,
) -> MeetingSettings {
    let flag = |name: &str, ours: bool| shown.get(name).and_then(Value::as_bool).unwrap_or(ours);
    let mut settings = MeetingSettings {
        host_video: flag("host_video", ours.host_video),
        enforce_login: flag("meeting_authentication", ours.enforce_login),
        recording: match shown.get("auto_recording").and_then(Value::as_str) {
            Some("none") => Recording::None,
            Some("local") => Recording::Local,
            Some("cloud") => Recording::Cloud,
            _ => ours.recording,
        },
        ..ours
    };
    match kind {
        Kind::Meeting => {
            settings.participant_video = flag("participant_video", ours.participant_video);
            settings.mute_upon_entry = flag("mute_upon_entry", ours.mute_upon_entry);
            settings.waiting_room = flag("waiting_room", ours.waiting_room);
            settings.join_before_host =
                !settings.waiting_room && flag("join_before_host", ours.join_before_host);
        }
        Kind::Webinar => settings.participant_video = flag("panelists_video", ours.participant_video),
    }
    settings
}
