//! The dates of series against a calculation that shares nothing with them: a walk of the calendar, day by
//! day, and jiff's reading of the zones, in every zone whose clocks change in the years 2026 to 2028.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod oracle;
mod zones;

use std::cell::Cell;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};
use shared::domain::recurrence::{End, Pattern, Recurrence};

use self::zones::Change;

/// How many rules are tried in each zone.
const RULES: u32 = 100;

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A rule and where it begins.
#[derive(Debug, Clone)]
struct Series {
    start: NaiveDateTime,
    recurrence: Recurrence,
}

#[test]
fn every_zone_with_changing_clocks_gets_the_dates_of_an_independent_calculation() {
    let zones = zones::with_changes();
    assert!(zones.len() > 190, "{} zones", zones.len());
    for zone in &zones {
        let (skipped, repeated) = (Cell::new(0), Cell::new(0));
        let config = Config { cases: RULES, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, zone.random());
        let outcome = runner.run(&series(&zone.changes), |series| {
            let ours = series.recurrence.starts(series.start, zone.ours);
            let expected = oracle::walls(&series.recurrence, series.start).map(|walls| {
                for wall in &walls {
                    let readings = zone.readings(*wall);
                    skipped.set(skipped.get() + u32::from(readings == 0));
                    repeated.set(repeated.get() + u32::from(readings == 2));
                }
                walls.into_iter().map(|wall| zone.moment(wall)).collect::<Vec<_>>()
            });
            prop_assert_eq!(zone.known(ours), zone.known(expected));
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{}: {error}", zone.ours.name());
        }
        // The rules did hit what they were aimed at.
        let has = |is: fn(&Change) -> bool| zone.changes.iter().any(is);
        assert!(skipped.get() > 0 || !has(|change| change.skips()), "{}: no skipped time", zone.ours.name());
        assert!(
            repeated.get() > 0 || !has(|change| !change.skips()),
            "{}: no repeated time",
            zone.ours.name()
        );
    }
}

#[test]
fn where_the_two_databases_of_zones_disagree_is_known() {
    assert_eq!(zones::disagreeing(), zones::DISAGREEING.map(|(name, _)| name));
}

/// Series that begin some days before a change of the clocks, mostly with a date on its very day, at a time
/// that is skipped or repeated then.
fn series(changes: &[Change]) -> impl Strategy<Value = Series> + use<> {
    (select(changes.to_vec()), 0_u64..40, 0_i64..100, 1_u16..=4)
        .prop_flat_map(|(change, days, percent, interval)| {
            let first = change.first_wall();
            let within = TimeDelta::seconds(change.length().num_seconds() * percent / 100);
            let at = (first + within).with_second(0).unwrap_or(first);
            let start = (at.date() - Days::new(days)).and_time(at.time());
            (Just(start), pattern(at.date()), Just(interval), end(start.date()))
        })
        .prop_map(|(start, pattern, interval, end)| Series {
            start,
            recurrence: Recurrence { pattern, interval, end },
        })
}

/// Patterns that match `day` or, more seldom, any.
fn pattern(day: NaiveDate) -> impl Strategy<Value = Pattern> {
    let week = i8::try_from(day.day0() / 7 + 1).unwrap();
    let week = if week > 4 { -1 } else { week };
    let own = day.weekday();
    prop_oneof![
        4 => Just(Pattern::Daily),
        4 => subsequence(WEEK.to_vec(), 0..=4).prop_map(move |mut days| {
            if !days.contains(&own) {
                days.push(own);
            }
            days.sort_by_key(Weekday::num_days_from_monday);
            Pattern::Weekly(days)
        }),
        1 => subsequence(WEEK.to_vec(), 1..=7).prop_map(Pattern::Weekly),
        3 => Just(Pattern::MonthDay(u8::try_from(day.day()).unwrap())),
        2 => (1_u8..=31).prop_map(Pattern::MonthDay),
        3 => Just(Pattern::MonthWeekday(week, own)),
        2 => (select(vec![-1, 1, 2, 3, 4]), select(WEEK.to_vec()))
            .prop_map(|(week, day)| Pattern::MonthWeekday(week, day)),
    ]
}

/// Ends by count and by day: some of the latter before the first date, some after the sixtieth.
fn end(start: NaiveDate) -> impl Strategy<Value = End> {
    prop_oneof![
        3 => (1_u16..=60).prop_map(End::Count),
        2 => (0_u64..300).prop_map(move |days| End::Until(start - Days::new(3) + Days::new(days))),
    ]
}
