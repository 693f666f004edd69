//! Bringing what is kept here of a series and what Zoom holds of it together.
//!
//! A series is sent to Zoom as its rule; dates that were moved or called off by themselves are then sent one by
//! one. What Zoom says the dates are is the truth.

use chrono::{DateTime, Utc};

use super::BookingError;
use super::mark::mark_again;
use crate::deps::Deps;
use crate::domain::date::Date;
use crate::domain::meeting::{Kind, Meeting, State, ZoomMeeting};
use crate::zoom::meetings::MeetingReply;
use crate::zoom::told::Told;
use crate::zoom::{App, ZoomError};

/// What is to be done at Zoom so that a series has the dates that it is to have.
struct Alignment {
    /// The ids of dates to delete.
    deletions: Vec<String>,
    /// Dates to send, each under its id.
    sends: Vec<(String, Date)>,
    /// The dates that there are then.
    dates: Vec<Date>,
}

/// `meeting` with the dates that Zoom has, after Zoom was told of those that differ from the rule; and `marked`
/// as it is stored then. Sending them again changes nothing, so that this may be begun anew after a crash.
pub(super) async fn align(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    meeting: &Meeting,
    reply: &MeetingReply,
) -> Result<(Meeting, Meeting), BookingError> {
    let mut marked = marked.clone();
    let mut aligned = meeting.clone();
    // A reply that leaves the dates out says nothing of them.
    if meeting.schedule.recurrence.is_none() || reply.occurrences.is_empty() {
        return Ok((marked, aligned));
    }
    let Alignment { deletions, sends, dates } = compare(deps, app, meeting, reply).await?;
    let counted = marked.change.as_ref().is_some_and(|change| change.dates_counted);
    if !sends.is_empty() && marked.change.is_some() && !counted {
        // In one write with the mark, so that whoever goes on after a crash does not count them again.
        let more = u32::try_from(sends.len()).unwrap_or(u32::MAX);
        marked = mark_again(deps, &marked, meeting, more, true).await?;
    }
    for id in deletions {
        deps.zoom.delete_date(app, meeting.kind, reply.id, &id).await?;
    }
    for (id, date) in sends {
        let agenda = date.agenda.as_deref();
        deps.zoom.update_date(app, (meeting.kind, reply.id), &id, &date, agenda).await?;
    }
    aligned.dates = dates;
    Ok((marked, aligned))
}

/// Compares the dates that `meeting` is to have with those that Zoom has.
async fn compare(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    reply: &MeetingReply,
) -> Result<Alignment, BookingError> {
    let now = deps.clock.now();
    let (mut deletions, mut sends) = (Vec::new(), Vec::new());
    let mut at_zoom: Vec<Date> = reply
        .dates()
        .into_iter()
        .map(|(occurrence_id, interval)| Date { occurrence_id, ..Date::planned(interval) })
        .collect();
    for wanted in meeting.dates.iter().filter(|date| is_own(meeting, date, now)) {
        let at = |start| at_zoom.iter().position(|date: &Date| date.interval.starts_at == start);
        let moved = at(wanted.interval.starts_at).filter(|_| !wanted.cancelled);
        let Some(place) = moved.or_else(|| at(wanted.rule_start())) else { continue };
        let Some(id) = at_zoom[place].occurrence_id.clone() else { continue };
        if wanted.cancelled {
            deletions.push(id);
            at_zoom.remove(place);
            continue;
        }
        let date = Date { occurrence_id: Some(id.clone()), ..wanted.clone() };
        if !is_sent(deps, app, meeting, (meeting.kind, reply.id), &id, &at_zoom[place], wanted).await? {
            sends.push((id, date.clone()));
        }
        at_zoom[place] = date;
    }
    Ok(Alignment { deletions, sends, dates: together(&meeting.dates, at_zoom, now) })
}

/// Whether Zoom was told of a date before.
async fn is_sent(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    (kind, number): (Kind, u64),
    id: &str,
    at_zoom: &Date,
    wanted: &Date,
) -> Result<bool, ZoomError> {
    if at_zoom.interval != wanted.interval || wanted.agenda.is_none() {
        return Ok(at_zoom.interval == wanted.interval);
    }
    // Only the date itself tells its agenda.
    let reply = deps.zoom.read_date(app, kind, number, id).await?;
    let untold = Date { agenda: None, ..wanted.clone() };
    Ok(reply.told_of_date(&untold, wanted, &meeting.agenda) == Told::After)
}

/// Whether a date that is to come is another than its rule makes it.
fn is_own(meeting: &Meeting, date: &Date, now: DateTime<Utc>) -> bool {
    date.is_exception(meeting.schedule.duration_minutes)
        && (date.interval.starts_at > now || date.rule_start() > now)
}

/// Zoom's dates, and with them those that Zoom does not tell of any more: what has begun, what was called off.
fn together(ours: &[Date], at_zoom: Vec<Date>, now: DateTime<Utc>) -> Vec<Date> {
    let same = |ours: &Date, zoom: &Date| {
        let by_id = ours.occurrence_id.is_some() && ours.occurrence_id == zoom.occurrence_id;
        by_id || ours.interval.starts_at == zoom.interval.starts_at
    };
    let kept = |date: &&Date| {
        let stays = date.cancelled || date.interval.starts_at <= now;
        stays && !at_zoom.iter().any(|zoom| same(date, zoom))
    };
    let mut all: Vec<Date> = ours.iter().filter(kept).cloned().collect();
    all.extend(at_zoom);
    all.sort_by_key(|date| date.interval);
    all
}

/// The reply with the dates of a series, which Zoom leaves out of some.
pub(super) async fn whole(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    reply: MeetingReply,
) -> Result<MeetingReply, ZoomError> {
    if meeting.schedule.recurrence.is_some() && reply.occurrences.is_empty() {
        return deps.zoom.read_meeting(app, meeting.kind, reply.id).await;
    }
    Ok(reply)
}

/// `meeting` as it is once Zoom has made it: with its number, link and passcode.
pub(super) fn made(meeting: Meeting, reply: MeetingReply) -> Meeting {
    let mut made = meeting;
    made.zoom = Some(ZoomMeeting { id: reply.id, join_url: reply.join_url });
    made.passcode = reply.password.filter(|passcode| !passcode.is_empty()).or(made.passcode);
    made.state = State::Scheduled;
    made.change = None;
    made.revision += 1;
    made
}
