//! What calendars show of a series are its dates, whatever the rule, the zone, and what became of single
//! dates.

use chrono::{DateTime, Duration, NaiveDateTime, TimeDelta, Utc, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use shared::calendar::{Publisher, Purpose, write};
use shared::domain::interval::Interval;
use shared::domain::meeting::{Date, HostWish, Kind, Meeting, Schedule, State, ZoomMeeting};
use shared::domain::recurrence::{End, Pattern, Recurrence};
use shared::domain::settings::{MeetingSettings, PartialSettings};
use shared::language::Language;
use shared::mail::message::sender;

use crate::support::calendar::{Component, Shown, read};

/// Zones with daylight saving by half an hour, by two hours, negative, at midnight, paused for Ramadan; of
/// the south; with none.
const ZONES: [Tz; 12] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Europe__Dublin,
    Tz::Australia__Lord_Howe,
    Tz::Antarctica__Troll,
    Tz::Africa__Casablanca,
    Tz::Africa__Cairo,
    Tz::America__Santiago,
    Tz::Pacific__Auckland,
    Tz::Asia__Kathmandu,
    Tz::America__Sao_Paulo,
    Tz::UTC,
];
const CASES: u32 = 1_500;
/// Where the random choices begin, so that a failure is there at the next run too.
const SEED: u64 = 5;

/// What becomes of one date.
#[derive(Debug, Clone)]
enum Fate {
    Stays,
    CalledOff,
    Moved { minutes: i64 },
    Another { minutes: u16 },
    Agenda,
}

#[test]
fn calendars_show_the_dates_that_there_are() {
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(
        &(schedules(), prop::collection::vec(fates(), 60)),
        |(schedule, fates)| {
            // A rule that gives no dates, or ones that run into each other, is never booked.
            let Ok(dates) = schedule.dates() else { return Ok(()) };
            let mut meeting = series(schedule, dates);
            for (date, fate) in meeting.dates.iter_mut().zip(&fates) {
                become_of(date, fate);
            }
            meeting.dates.sort_by_key(|date| date.interval);
            prop_assert_eq!(shown(&meeting), expected(&meeting), "{}", ics(&meeting));
            Ok(())
        },
    );
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_rule_is_written_as_a_rule_where_it_says_the_dates() {
    let count = |pattern, interval, start: &str| {
        let mut meeting = weekly_at(start, Tz::Europe__Berlin, 5);
        meeting.schedule.recurrence = Some(Recurrence { pattern, interval, end: End::Count(5) });
        rule(&replanned(meeting))
    };
    let weekdays = || Pattern::Weekly(vec![Weekday::Tue, Weekday::Thu]);
    assert_eq!(
        count(weekdays(), 2, "2027-03-02T09:00:00").as_deref(),
        Some("FREQ=WEEKLY;COUNT=5;INTERVAL=2;BYDAY=TU,TH;WKST=SU")
    );
    assert_eq!(
        count(Pattern::Daily, 1, "2027-03-02T09:00:00").as_deref(),
        Some("FREQ=DAILY;COUNT=5;INTERVAL=1")
    );
    assert_eq!(
        count(Pattern::MonthDay(31), 1, "2027-03-02T09:00:00").as_deref(),
        Some("FREQ=MONTHLY;COUNT=5;INTERVAL=1;BYMONTHDAY=31")
    );
    assert_eq!(
        count(Pattern::MonthWeekday(-1, Weekday::Fri), 1, "2027-03-02T09:00:00").as_deref(),
        Some("FREQ=MONTHLY;COUNT=5;INTERVAL=1;BYDAY=-1FR")
    );
    let mut until = weekly_at("2027-03-02T09:00:00", Tz::Europe__Berlin, 5);
    let end = End::Until("2027-04-01".parse().unwrap());
    until.schedule.recurrence =
        Some(Recurrence { pattern: Pattern::Weekly(vec![Weekday::Tue]), interval: 1, end });
    assert_eq!(
        rule(&replanned(until)).as_deref(),
        Some("FREQ=WEEKLY;UNTIL=20270330T070000Z;INTERVAL=1;BYDAY=TU;WKST=SU")
    );
}

#[test]
fn a_skipped_hour_makes_a_list_of_dates() {
    // The clocks skip 02:00 to 03:00 on 28 March: that date is held at 03:30.
    let mut meeting = weekly_at("2027-03-27T02:30:00", Tz::Europe__Berlin, 3);
    meeting.schedule.recurrence =
        Some(Recurrence { pattern: Pattern::Daily, interval: 1, end: End::Count(3) });
    let meeting = replanned(meeting);
    let calendar = read(&ics(&meeting));
    let listed: Vec<&str> = calendar.master().all("RDATE").map(|property| property.value.as_str()).collect();
    assert_eq!((rule(&meeting), listed), (None, vec!["20270328T033000", "20270329T023000"]));
    assert_eq!(calendar.dates(), expected(&meeting));
}

#[test]
fn the_later_of_two_equal_wall_times_is_told_in_utc() {
    // 02:30 comes twice on 31 October in Berlin: at 00:30 and at 01:30 UTC.
    let mut meeting = weekly_at("2027-10-24T09:00:00", Tz::Europe__Berlin, 2);
    meeting.dates[1].moved_from = Some(meeting.dates[1].interval.starts_at);
    meeting.dates[1].interval = Interval::of_minutes("2027-10-31T01:30:00Z".parse().unwrap(), 60);
    let calendar = read(&ics(&meeting));
    let own = calendar.parts("VEVENT").find(|event| event.property("RECURRENCE-ID").is_some()).unwrap();
    assert_eq!(own.value("DTSTART"), Some("20271031T013000Z"));
    assert_eq!(own.value("DTEND"), Some("20271031T033000"));
    assert_eq!(calendar.dates(), expected(&meeting));
}

#[test]
fn dates_that_no_rule_gives_are_listed() {
    let mut meeting = weekly_at("2027-03-02T09:00:00", Tz::Europe__Berlin, 3);
    // Zoom says another date than the rule.
    meeting.dates[1].interval = Interval::of_minutes("2027-03-10T08:00:00Z".parse().unwrap(), 60);
    assert_eq!((rule(&meeting), shown(&meeting)), (None, expected(&meeting)));
    // A date was moved to an earlier day, and the rule has since been given a date at its place again.
    let mut meeting = weekly_at("2027-03-02T09:00:00", Tz::Europe__Berlin, 3);
    let moved = Date {
        moved_from: Some(meeting.dates[1].interval.starts_at),
        ..Date::planned(Interval::of_minutes("2027-03-04T08:00:00Z".parse().unwrap(), 60))
    };
    meeting.dates.insert(1, moved);
    assert_eq!(shown(&meeting), expected(&meeting));
}

#[test]
fn every_zone_is_defined_as_it_is() {
    for zone in TZ_VARIANTS {
        let start = "2027-01-15T12:00:00".parse::<NaiveDateTime>().unwrap();
        let recurrence = Recurrence { pattern: Pattern::MonthDay(15), interval: 1, end: End::Count(40) };
        let schedule = Schedule {
            local_start: start,
            time_zone: zone,
            duration_minutes: 60,
            recurrence: Some(recurrence),
        };
        let dates = schedule.dates().unwrap();
        let meeting = series(schedule, dates);
        assert_eq!(shown(&meeting), expected(&meeting), "{zone}");
        let calendar = read(&ics(&meeting));
        let utc = matches!(zone, Tz::UTC | Tz::Etc__UTC);
        assert_eq!(calendar.parts("VTIMEZONE").count(), usize::from(!utc), "{zone}");
    }
}

#[test]
fn without_a_date_left_it_begins_when_the_schedule_says() {
    let mut meeting = weekly_at("2027-03-02T09:00:00", Tz::Europe__Berlin, 2);
    meeting.state = State::Cancelled;
    for date in &mut meeting.dates {
        date.cancelled = true;
    }
    let calendar = read(&ics(&meeting));
    let starts: Vec<DateTime<Utc>> = calendar.dates().into_iter().map(|date| date.starts_at).collect();
    assert_eq!(starts, ["2027-03-02T08:00:00Z".parse::<DateTime<Utc>>().unwrap()]);
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let weekday = prop::sample::select(vec![
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ]);
    let week = prop::sample::select(vec![1_i8, 2, 3, 4, -1]);
    let pattern = prop_oneof![
        2 => Just(Pattern::Daily),
        4 => prop::collection::hash_set(weekday.clone(), 1..4).prop_map(|days| {
            let mut days: Vec<Weekday> = days.into_iter().collect();
            days.sort_by_key(|day| day.num_days_from_monday());
            Pattern::Weekly(days)
        }),
        1 => (1_u8..=31).prop_map(Pattern::MonthDay),
        1 => (28_u8..=31).prop_map(Pattern::MonthDay),
        2 => (week, weekday).prop_map(|(week, day)| Pattern::MonthWeekday(week, day)),
    ];
    // Half of them begin while clocks change.
    let minute = prop_oneof![0_i64..4 * 4, 0_i64..24 * 4].prop_map(|quarter| quarter * 15);
    let end = prop_oneof![(1_u16..=30).prop_map(Ok), (0_i64..300).prop_map(Err)];
    let length = prop::sample::select(vec![15_u16, 45, 60, 90, 180, 1_440]);
    let zone = prop::sample::select(ZONES.to_vec());
    (pattern, 1_u16..4, 0_i64..700, minute, end, length, zone).prop_map(
        |(pattern, interval, day, minute, end, duration_minutes, time_zone)| {
            let first: NaiveDateTime = "2027-01-01T00:00:00".parse().unwrap();
            let local_start = first + Duration::days(day) + Duration::minutes(minute);
            let end = match end {
                Ok(count) => End::Count(count),
                Err(days) => End::Until((local_start + Duration::days(days)).date()),
            };
            let recurrence = Some(Recurrence { pattern, interval, end });
            Schedule { local_start, time_zone, duration_minutes, recurrence }
        },
    )
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Stays),
        2 => Just(Fate::CalledOff),
        2 => (-300_i64..300).prop_map(|minutes| Fate::Moved { minutes }),
        1 => prop::sample::select(vec![10_u16, 30, 240]).prop_map(|minutes| Fate::Another { minutes }),
        1 => Just(Fate::Agenda),
    ]
}

fn become_of(date: &mut Date, fate: &Fate) {
    let Interval { starts_at, .. } = date.interval;
    let length = date.interval.length();
    match *fate {
        Fate::Stays => {}
        Fate::CalledOff => date.cancelled = true,
        Fate::Moved { minutes } => {
            let moved = starts_at + TimeDelta::minutes(minutes);
            date.moved_from = (moved != starts_at).then_some(starts_at);
            date.interval = Interval { starts_at: moved, ends_at: moved + length };
        }
        Fate::Another { minutes } => date.interval = Interval::of_minutes(starts_at, minutes),
        Fate::Agenda => date.agenda = Some("Of its own".to_owned()),
    }
}

/// A weekly series of so many hours, on the weekday of its start.
fn weekly_at(start: &str, zone: Tz, count: u16) -> Meeting {
    let local_start: NaiveDateTime = start.parse().unwrap();
    let day = chrono::Datelike::weekday(&local_start);
    let recurrence = Recurrence { pattern: Pattern::Weekly(vec![day]), interval: 1, end: End::Count(count) };
    let schedule =
        Schedule { local_start, time_zone: zone, duration_minutes: 60, recurrence: Some(recurrence) };
    let dates = schedule.dates().unwrap();
    series(schedule, dates)
}

/// The meeting with the dates that its schedule gives.
fn replanned(meeting: Meeting) -> Meeting {
    let dates = meeting.schedule.dates().unwrap();
    series(meeting.schedule, dates)
}

fn series(schedule: Schedule, dates: Vec<Interval>) -> Meeting {
    let made = "2026-11-01T00:00:00Z".parse().unwrap();
    Meeting {
        id: "mtg_1".parse().unwrap(),
        tenant: "school".parse().unwrap(),
        organizer_id: "u-t".parse().unwrap(),
        state: State::Scheduled,
        kind: Kind::Meeting,
        topic: "Fire safety".to_owned(),
        agenda: "What burns".to_owned(),
        schedule,
        dates: dates.into_iter().map(Date::planned).collect(),
        wish: HostWish::Auto,
        alternative_wishes: Vec::new(),
        host: None,
        alternative_hosts: Vec::new(),
        zoom: Some(ZoomMeeting { id: 1, join_url: "https://zoom.example/j/1".to_owned() }),
        passcode: None,
        requested_settings: PartialSettings::default(),
        followed_settings: PartialSettings::default(),
        settings: MeetingSettings::default(),
        recording_access: shared::domain::recording::RecordingAccess::default(),
        courses: Vec::new(),
        attendee_count: 0,
        reminders: Vec::new(),
        reminders_are_default: false,
        was_draft: false,
        warnings: Vec::new(),
        change: None,
        session: None,
        asked_until: None,
        asked_at: None,
        reminded_until: made,
        news: shared::domain::news::News::default(),
        version: 1,
        revision: 1,
        created_at: made,
        updated_at: made,
        sent_at: None,
    }
}

fn ics(meeting: &Meeting) -> String {
    let organizer = sender(None, "Lectern <noreply@lectern.example>").unwrap();
    let publisher = Publisher { organizer: &organizer, domain: "api.lectern.example" };
    write(meeting, Purpose::Publish, publisher, Language::English, meeting.updated_at)
}

fn rule(meeting: &Meeting) -> Option<String> {
    read(&ics(meeting)).master().value("RRULE").map(str::to_owned)
}

/// The dates that a calendar shows, by agenda.
fn shown(meeting: &Meeting) -> Vec<Shown> {
    let calendar: Component = read(&ics(meeting));
    calendar.dates()
}

fn expected(meeting: &Meeting) -> Vec<Shown> {
    let description = |date: &Date| {
        let agenda = date.agenda.as_deref().unwrap_or(&meeting.agenda);
        format!("{agenda}\n\nJoin the meeting: https://zoom.example/j/1")
    };
    let mut dates: Vec<Shown> = (meeting.live_dates())
        .map(|date| Shown {
            starts_at: date.interval.starts_at,
            ends_at: date.interval.ends_at,
            description: description(date),
        })
        .collect();
    dates.sort();
    // Without a date left, the schedule's own start stands.
    if dates.is_empty() {
        let start = shared::domain::wall_time::resolve_shifting(
            meeting.schedule.local_start,
            meeting.schedule.time_zone,
        );
        let Interval { starts_at, ends_at } = Interval::of_minutes(start, meeting.schedule.duration_minutes);
        let description = format!("{}\n\nJoin the meeting: https://zoom.example/j/1", meeting.agenda);
        dates.push(Shown { starts_at, ends_at, description });
    }
    dates
}
