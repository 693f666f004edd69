//! A meeting's dates as a recurrence (RFC 5545, 3.8.5).

use std::collections::BTreeMap;

use calcard::icalendar::{ICalendarDay, ICalendarFrequency, ICalendarRecurrenceRule, ICalendarWeekday};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Offset, TimeDelta, Utc, Weekday};

use super::moment;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Date, Meeting};
use crate::domain::recurrence::{End, Pattern, Recurrence};
use crate::domain::wall_time;

/// The dates of a meeting: those that a rule gives or that are listed, the slots, and what differs from them.
pub(super) struct Series<'a> {
    /// The first date, with the length that all have.
    pub(super) first: Interval,
    /// The rule that gives the other slots.
    pub(super) rule: Option<ICalendarRecurrenceRule>,
    /// The other slots, where no rule gives them.
    pub(super) listed: Vec<DateTime<Utc>>,
    /// What the rule gives and is no date.
    pub(super) excluded: Vec<DateTime<Utc>>,
    /// Dates that are others than their slot makes them.
    pub(super) exceptions: Vec<(DateTime<Utc>, &'a Date)>,
    /// The end of the last date.
    last_end: DateTime<Utc>,
}

impl<'a> Series<'a> {
    /// The dates of `meeting` that were not called off.
    pub(super) fn of(meeting: &'a Meeting) -> Self {
        let schedule = &meeting.schedule;
        let dates: Vec<&Date> = meeting.live_dates().collect();
        let single = |first: Interval| Self {
            first,
            rule: None,
            listed: Vec::new(),
            excluded: Vec::new(),
            exceptions: Vec::new(),
            last_end: first.ends_at,
        };
        let slots = slots(&dates);
        let (Some((&start, _)), Some((&last, _))) = (slots.first_key_value(), slots.last_key_value()) else {
            // All were called off by themselves, or none is known yet: the schedule still says when it
            // begins.
            let start = wall_time::resolve_shifting(schedule.local_start, schedule.time_zone);
            return single(Interval::of_minutes(start, schedule.duration_minutes));
        };
        let Some(recurrence) = &schedule.recurrence else { return single(dates[0].interval) };
        let mut series = single(Interval::of_minutes(start, schedule.duration_minutes));
        match ruled(meeting, recurrence, start, last, &slots) {
            Some((rule, excluded)) => (series.rule, series.excluded) = (Some(rule), excluded),
            None => series.listed = slots.keys().skip(1).copied().collect(),
        }
        series.exceptions = slots.into_iter().filter(|(slot, date)| differs(meeting, *slot, date)).collect();
        let ends = dates.iter().map(|date| date.interval.ends_at);
        series.last_end = ends.fold(series.first.ends_at, Ord::max);
        series
    }

    /// The years, whole, of which a zone must be defined.
    pub(super) fn years(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let earliest = self.exceptions.iter().map(|(_, date)| date.interval.starts_at);
        let earliest = earliest.fold(self.first.starts_at, Ord::min);
        let first_day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let begin = |year| first_day(year).and_time(NaiveTime::MIN).and_utc();
        // A new year comes to some zones before it does in UTC, and a rule of the zone shows in two years.
        (begin(earliest.year()) - TimeDelta::days(1), begin(self.last_end.year() + 2))
    }
}

/// Each date by the start that it is known by: the one of its rule, or its own where that is another date's.
fn slots<'a>(dates: &[&'a Date]) -> BTreeMap<DateTime<Utc>, &'a Date> {
    let (moved, unmoved): (Vec<&Date>, Vec<&Date>) = dates.iter().partition(|date| date.moved_from.is_some());
    let mut slots: BTreeMap<_, _> = unmoved.into_iter().map(|date| (date.rule_start(), date)).collect();
    for date in moved {
        let of_rule = date.rule_start();
        let slot = if slots.contains_key(&of_rule) { date.interval.starts_at } else { of_rule };
        slots.insert(slot, date);
    }
    slots
}

/// Whether a date needs an event of its own.
fn differs(meeting: &Meeting, slot: DateTime<Utc>, date: &Date) -> bool {
    let zone = meeting.schedule.time_zone;
    let offset = |moment: DateTime<Utc>| moment.with_timezone(&zone).offset().fix();
    date.agenda.is_some()
        || date.interval != Interval::of_minutes(slot, meeting.schedule.duration_minutes)
        // Many calendars add a length on the wall clock: where that changes meanwhile, they must be told the
        // end.
        || offset(date.interval.starts_at) != offset(date.interval.ends_at)
}

/// The rule that gives the slots from `start` to `last`, and what it gives besides; none where calendars
/// would read other dates out of it.
fn ruled(
    meeting: &Meeting,
    recurrence: &Recurrence,
    start: DateTime<Utc>,
    last: DateTime<Utc>,
    slots: &BTreeMap<DateTime<Utc>, &Date>,
) -> Option<(ICalendarRecurrenceRule, Vec<DateTime<Utc>>)> {
    let schedule = &meeting.schedule;
    let mut given = recurrence.starts(schedule.local_start, schedule.time_zone).ok()?;
    given.retain(|given| (start..=last).contains(given));
    // What a rule gives at a time that does not exist is ignored and not counted (RFC 5545, 3.3.10), where
    // ours shifts it forward.
    let time = schedule.local_start.time();
    let exists = |given: &DateTime<Utc>| given.with_timezone(&schedule.time_zone).time() == time;
    if !given.iter().all(exists) || !slots.keys().all(|slot| given.contains(slot)) {
        return None;
    }
    let count = u32::try_from(given.len()).ok()?;
    let excluded = given.into_iter().filter(|given| !slots.contains_key(given)).collect();
    Some((rule(recurrence, count, last), excluded))
}

fn rule(recurrence: &Recurrence, count: u32, last: DateTime<Utc>) -> ICalendarRecurrenceRule {
    let mut rule = ICalendarRecurrenceRule { interval: Some(recurrence.interval), ..Default::default() };
    match recurrence.end {
        End::Count(_) => rule.count = Some(count),
        End::Until(_) => rule.until = Some(moment::utc(last)),
    }
    let day = |ordwk, weekday| ICalendarDay { ordwk, weekday: weekday_of(weekday) };
    match &recurrence.pattern {
        Pattern::Daily => rule.freq = ICalendarFrequency::Daily,
        Pattern::Weekly(days) => {
            rule.freq = ICalendarFrequency::Weekly;
            rule.byday = days.iter().map(|weekday| day(None, *weekday)).collect();
            // As the rule is expanded here; it tells where only every second week counts.
            rule.wkst = Some(ICalendarWeekday::Sunday);
        }
        Pattern::MonthDay(day) => {
            rule.freq = ICalendarFrequency::Monthly;
            rule.bymonthday = vec![i8::try_from(*day).unwrap_or(31)];
        }
        Pattern::MonthWeekday(week, weekday) => {
            rule.freq = ICalendarFrequency::Monthly;
            rule.byday = vec![day(Some(i16::from(*week)), *weekday)];
        }
    }
    rule
}

fn weekday_of(weekday: Weekday) -> ICalendarWeekday {
    match weekday {
        Weekday::Mon => ICalendarWeekday::Monday,
        Weekday::Tue => ICalendarWeekday::Tuesday,
        Weekday::Wed => ICalendarWeekday::Wednesday,
        Weekday::Thu => ICalendarWeekday::Thursday,
        Weekday::Fri => ICalendarWeekday::Friday,
        Weekday::Sat => ICalendarWeekday::Saturday,
        Weekday::Sun => ICalendarWeekday::Sunday,
    }
}
