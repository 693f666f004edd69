//! A meeting as Zoom shows it.
//!
//! What Zoom does not show stays as it is here: the agendas of single dates, courses, reminders. So does what has
//! begun, whose time may have been cut short here.

use chrono::{DateTime, Utc};

use super::rule;
use crate::domain::date::Date;
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;
use crate::zoom::meetings::MeetingReply;

/// The longest topic.
pub(super) const LONGEST_TOPIC: usize = 200;
/// The longest agenda.
const LONGEST_AGENDA: usize = 2000;
/// How much of an agenda lists show at least: 250 characters, less what may stand for the rest.
const LISTED_AGENDA: usize = 240;
/// The longest date.
const LONGEST_MINUTES: u16 = 1440;

/// `meeting` with what Zoom shows of it; the same where that is nothing else.
pub(super) fn shown(meeting: &Meeting, reply: &MeetingReply, now: DateTime<Utc>) -> Meeting {
    let mut shown = meeting.clone();
    // Everything has a topic, and an agenda may be cleared.
    let topic = Some(&reply.topic).filter(|topic| !topic.trim().is_empty());
    if let Some(topic) = topic.and_then(|topic| other_text(&meeting.topic, topic, LONGEST_TOPIC)) {
        shown.topic = topic;
    }
    let agenda = reply.agenda.as_ref();
    if let Some(agenda) = agenda.and_then(|agenda| other_text(&meeting.agenda, agenda, LONGEST_AGENDA)) {
        shown.agenda = agenda;
    }
    let settings = reply.settings_over(meeting.kind, meeting.settings);
    if settings != meeting.settings {
        shown.follow_settings(settings);
    }
    let passcode = reply.password.as_ref().filter(|passcode| !passcode.is_empty());
    if passcode.is_some() && passcode != meeting.passcode.as_ref() {
        shown.passcode = passcode.cloned();
        // The link holds the passcode.
        if let (Some(zoom), false) = (&mut shown.zoom, reply.join_url.is_empty()) {
            zoom.join_url.clone_from(&reply.join_url);
        }
    }
    let at_zoom = reply.dates();
    let is_series = !reply.occurrences.is_empty();
    if is_series {
        follow_series(&mut shown, meeting, reply, &at_zoom, now);
        return shown;
    }
    // What has no fixed time any more keeps its times here: its link still works, and Zoom names no others.
    let Some((_, date)) = at_zoom.into_iter().next() else { return shown };
    match meeting.dates.as_slice() {
        // A reply that leaves the dates out says nothing of them, unless it says that there is but one.
        _ if meeting.schedule.recurrence.is_some() && reply.is_single() => {
            follow_the_only_one(&mut shown, meeting, date, now);
        }
        [ours] if meeting.schedule.recurrence.is_none() => follow_single(&mut shown, ours, date, now),
        _ => {}
    }
    shown
}

/// Whether two spans are the same to Zoom, which knows no fractions of a second.
pub(super) fn is_same(one: &Interval, other: &Interval) -> bool {
    one.starts_at.timestamp() == other.starts_at.timestamp()
        && one.ends_at.timestamp() == other.ends_at.timestamp()
}

/// Whether two texts are the same to Zoom, which may trim them.
pub(super) fn is_same_text(one: &str, other: &str) -> bool {
    one.trim() == other.trim()
}

/// Whether a list that shows the beginning of an agenda shows that of `ours`.
pub(super) fn begins_alike(ours: &str, listed: &str) -> bool {
    let beginning = |text: &str| text.trim().chars().take(LISTED_AGENDA).collect::<String>();
    beginning(ours) == beginning(listed)
}

fn other_text(ours: &str, theirs: &str, longest: usize) -> Option<String> {
    let is_other = !is_same_text(ours, theirs);
    is_other.then(|| theirs.trim().chars().take(longest).collect())
}

fn follow_single(shown: &mut Meeting, ours: &Date, date: Interval, now: DateTime<Utc>) {
    if is_same(&ours.interval, &date) || has_begun(ours, &date, now) {
        return;
    }
    let schedule = &mut shown.schedule;
    if ours.interval.starts_at != date.starts_at {
        schedule.local_start = date.starts_at.with_timezone(&schedule.time_zone).naive_local();
    }
    schedule.duration_minutes = minutes(&date);
    shown.dates = vec![Date { interval: date, ..ours.clone() }];
}

/// Follows a series that has become a single meeting, once a date that runs is over.
fn follow_the_only_one(shown: &mut Meeting, meeting: &Meeting, date: Interval, now: DateTime<Utc>) {
    let runs = |ours: &Date| ours.interval.starts_at <= now && now < ours.interval.ends_at;
    if meeting.live_dates().any(runs) || date.ends_at <= now {
        return;
    }
    let schedule = &mut shown.schedule;
    schedule.local_start = date.starts_at.with_timezone(&schedule.time_zone).naive_local();
    schedule.duration_minutes = minutes(&date);
    schedule.recurrence = None;
    shown.dates = vec![Date::planned(date)];
}

fn follow_series(
    shown: &mut Meeting,
    meeting: &Meeting,
    reply: &MeetingReply,
    at_zoom: &[(Option<String>, Interval)],
    now: DateTime<Utc>,
) {
    let is_it = |ours: &Date, id: &Option<String>, date: &Interval| {
        if ours.occurrence_id.is_some() { ours.occurrence_id == *id } else { is_same(&ours.interval, date) }
    };
    let is_there = |ours: &&Date| at_zoom.iter().any(|(id, date)| is_it(ours, id, date));
    let to_come = |date: &&Date| !date.cancelled && date.interval.starts_at > now;
    // Another rule gives other dates, under other ids.
    let is_new_rule = meeting.schedule.recurrence.is_none()
        || (meeting.dates.iter().any(|date| to_come(&date))
            && !meeting.dates.iter().filter(to_come).any(|date| is_there(&date)));
    let mut dates: Vec<Date> = Vec::with_capacity(at_zoom.len());
    for (id, date) in at_zoom {
        match meeting.dates.iter().find(|ours| is_it(ours, id, date)) {
            Some(ours) if is_same(&ours.interval, date) && !ours.cancelled => dates.push(ours.clone()),
            Some(ours) if has_begun(ours, date, now) => dates.push(ours.clone()),
            Some(ours) => dates.push(Date {
                interval: *date,
                cancelled: false,
                moved_from: Some(ours.rule_start()).filter(|start| *start != date.starts_at),
                ..ours.clone()
            }),
            None if date.ends_at <= now => {}
            None => dates.push(Date { occurrence_id: id.clone(), ..Date::planned(*date) }),
        }
    }
    for ours in meeting.dates.iter().filter(|ours| !is_there(ours)) {
        if ours.interval.starts_at <= now {
            dates.push(ours.clone());
        } else if !is_new_rule {
            dates.push(Date { cancelled: true, ..ours.clone() });
        }
    }
    dates.sort_by_key(|date| date.interval);
    let mut before = meeting.dates.clone();
    before.sort_by_key(|date| date.interval);
    if dates == before {
        return;
    }
    if is_new_rule {
        shown.schedule = rule::schedule(&meeting.schedule, reply, at_zoom);
    } else if let Some(length) = common_length(&dates, now) {
        shown.schedule.duration_minutes = length;
    }
    shown.dates = dates;
}

/// Whether a date has begun here and there: its time is what it was.
fn has_begun(ours: &Date, at_zoom: &Interval, now: DateTime<Utc>) -> bool {
    ours.interval.starts_at <= now && at_zoom.starts_at <= now
}

/// The length of all dates to come, where it is one and the same.
fn common_length(dates: &[Date], now: DateTime<Utc>) -> Option<u16> {
    let mut lengths = dates
        .iter()
        .filter(|date| !date.cancelled && date.interval.starts_at > now)
        .map(|d| minutes(&d.interval));
    let first = lengths.next()?;
    // One date that is left says nothing of the rule.
    let mut others = 0;
    for length in lengths {
        if length != first {
            return None;
        }
        others += 1;
    }
    (others > 0).then_some(first)
}

pub(super) fn minutes(date: &Interval) -> u16 {
    u16::try_from(date.length().num_minutes()).unwrap_or(LONGEST_MINUTES).clamp(1, LONGEST_MINUTES)
}
