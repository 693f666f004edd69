//! The lists of a host's meetings and webinars.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use serde_json::json;

use super::api::{ApiRequest, Reply};
use super::draft;
use super::errors::{ZoomError, ZoomResult};
use super::fields::Start;
use super::meeting::{Kind, Meeting, Rhythm, instant};
use super::meetings;
use super::paging;
use super::state::State;

const LARGEST_PAGE: usize = 300;
/// How long a meeting number stays valid after its last date.
const DAYS_UNTIL_EXPIRY: (u64, u64) = (30, 365);
/// Upcoming and previous lists reach this far and no further.
const REACH: Months = Months::new(6);

#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Scheduled,
    Live,
    Upcoming,
    Previous,
}

pub(super) fn list(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let user = request.user(state)?;
    meetings::check_host(&user, kind)?;
    let list = match (kind, request.query("type").unwrap_or("scheduled")) {
        (_, "scheduled") => List::Scheduled,
        (_, "upcoming") | (Kind::Meeting, "upcoming_meetings") => List::Upcoming,
        (Kind::Meeting, "live") => List::Live,
        (Kind::Meeting, "previous_meetings") => List::Previous,
        _ => return Err(ZoomError::invalid_field("type", "Invalid field.")),
    };
    let window = match kind {
        Kind::Meeting => Window::read(request, list)?,
        // The list of webinars knows no dates and no six months.
        Kind::Webinar => Window { from: None, to: None },
    };
    let now = request.now;
    let mut found: Vec<_> = state
        .meetings_of(&request.token.account_id)
        .filter(|meeting| meeting.kind == kind && meeting.host_id == user.id)
        // Zoom lists no instant meetings, unless they run.
        .filter(|meeting| meeting.rhythm != Rhythm::Instant || list == List::Live)
        .filter(|meeting| belongs(meeting, list, now))
        .filter(|meeting| window.holds(meeting, now))
        .map(|meeting| (meeting.listed_start(now).map(|(start, _)| start), meeting.id, meeting.row(now)))
        .collect();
    found.sort_by_key(|(start, id, _)| (*start, *id));
    if list == List::Previous {
        found.reverse();
    }
    let rows: Vec<_> = found.into_iter().map(|(_, _, row)| row).collect();
    paging::page(&mut state.pages, request, kind.plural(), &rows, LARGEST_PAGE).map(Reply::Ok)
}

/// `GET /users/{userId}/upcoming_meetings`: the next 24 hours.
pub(super) fn next_day(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let user = request.user(state)?;
    let now = request.now;
    let mut found: Vec<_> = state
        .meetings_of(&request.token.account_id)
        .filter(|meeting| meeting.kind == Kind::Meeting && meeting.host_id == user.id)
        .filter(|meeting| belongs(meeting, List::Upcoming, now))
        .filter_map(|meeting| Some((meeting.listed_start(now)?, meeting)))
        .filter(|((start, _), _)| *start < now + Days::new(1))
        .collect();
    found.sort_by_key(|((start, _), meeting)| (*start, meeting.id));
    let rows: Vec<_> = found
        .into_iter()
        .map(|((start, duration), meeting)| {
            json!({
                "id": meeting.id,
                "topic": meeting.topic,
                "type": meeting.zoom_type(),
                "start_time": instant(start),
                "duration": duration,
                "timezone": meeting.timezone.name(),
                "created_at": instant(meeting.created_at),
                "join_url": meeting.join_url(),
                "passcode": meeting.passcode.as_ref().map_or("", |passcode| &passcode.plain),
                "use_pmi": false,
                "is_host": true,
                "is_all_day": false,
            })
        })
        .collect();
    Ok(Reply::Ok(json!({"total_records": rows.len(), "meetings": rows})))
}

fn belongs(meeting: &Meeting, list: List, now: DateTime<Utc>) -> bool {
    let running = meeting.running_since.is_some();
    let last_end = meeting.last_end();
    match list {
        List::Live => running,
        List::Upcoming => running || last_end.is_none_or(|end| end > now),
        List::Previous => !running && last_end.is_some_and(|end| end <= now),
        List::Scheduled => {
            let (once, series) = DAYS_UNTIL_EXPIRY;
            let days = if meeting.rhythm == Rhythm::Series { series } else { once };
            running || last_end.is_none_or(|end| end + Days::new(days) > now)
        }
    }
}

/// The time that a list is cut to, by its start times.
struct Window {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Window {
    fn read(request: &ApiRequest<'_>, list: List) -> ZoomResult<Self> {
        let zone = match request.query("timezone") {
            None => chrono_tz::UTC,
            Some(name) => name.parse().map_err(|_| ZoomError::invalid_field("timezone", "Invalid field."))?,
        };
        let day = |name: &str| match request.query(name) {
            None => Ok(None),
            Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(Some)
                .map_err(|_| ZoomError::invalid_field(name, "Invalid field.")),
        };
        let midnight = |day: NaiveDate| draft::moment(Start::Wall(day.and_time(NaiveTime::MIN)), zone);
        let from = day("from")?.map(midnight);
        // The last day is within the window to its end.
        let to = day("to")?.and_then(|day| day.succ_opt()).map(midnight);
        let now = request.now;
        Ok(match list {
            List::Scheduled | List::Live => Self { from, to },
            List::Upcoming => {
                let reach = from.unwrap_or(now) + REACH;
                Self { from, to: Some(to.map_or(reach, |to| to.min(reach))) }
            }
            List::Previous => {
                let reach = to.unwrap_or(now) - REACH;
                Self { from: Some(from.map_or(reach, |from| from.max(reach))), to }
            }
        })
    }

    /// A meeting without a time is in every window.
    fn holds(&self, meeting: &Meeting, now: DateTime<Utc>) -> bool {
        let Some((start, _)) = meeting.listed_start(now) else { return true };
        self.from.is_none_or(|from| start >= from) && self.to.is_none_or(|to| start < to)
    }
}
