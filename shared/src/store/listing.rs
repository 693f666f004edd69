//! What a list keeps of a meeting: what lists filter and order by, and no more.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index, Scope, Shelf};
use super::lists::{Place, Tab};
use super::{Item, StoreError, to_item};
use crate::domain::ids::{ConnectionId, CourseId, HostId, LessonId, UserId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{Course, Meeting, State};

/// What a list keeps of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    organizer: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connection: Option<ConnectionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<HostId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    courses: Vec<Course>,
    dates: Spans,
}

/// Spans of time, kept as the seconds at which each begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<i64>", into = "Vec<i64>")]
struct Spans(Vec<Interval>);

impl From<Vec<i64>> for Spans {
    fn from(seconds: Vec<i64>) -> Self {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        let pairs = seconds.as_chunks().0;
        Self(pairs.iter().map(|&[from, to]| Interval { starts_at: at(from), ends_at: at(to) }).collect())
    }
}

impl From<Spans> for Vec<i64> {
    fn from(spans: Spans) -> Self {
        spans.0.iter().flat_map(|span| [span.starts_at.timestamp(), span.ends_at.timestamp()]).collect()
    }
}

impl Listing {
    /// What lists keep of `meeting`.
    pub fn of(meeting: &Meeting) -> Self {
        let host = meeting.host.as_ref();
        Self {
            organizer: meeting.organizer_id.clone(),
            connection: host.map(|host| host.connection_id.clone()),
            host: host.map(|host| host.host_id.clone()),
            courses: meeting.courses.clone(),
            dates: Spans(spans(meeting)),
        }
    }

    /// The start of the date that is under way at `now`, or else of the next one.
    pub(super) fn current_start(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.dates.0.iter().find(|date| date.ends_at > now).map(|date| date.starts_at)
    }
}

/// Which meetings of a list are looked for; what is left out holds for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Given by this user.
    pub organizer: Option<UserId>,
    /// Placed in this course.
    pub course: Option<CourseId>,
    /// Placed in this lesson.
    pub lesson: Option<LessonId>,
    /// Of this connection.
    pub connection: Option<ConnectionId>,
    /// On this host.
    pub host: Option<HostId>,
    /// With a date that ends after this moment.
    pub from: Option<DateTime<Utc>>,
    /// With a date that starts before this moment.
    pub to: Option<DateTime<Utc>>,
}

impl Filter {
    /// Whether `listing` is among what is looked for. Of what is upcoming the dates to come are what counts.
    pub(super) fn holds(&self, listing: &Listing, tab: Tab, now: DateTime<Utc>) -> bool {
        let course = |id: &CourseId| listing.courses.iter().any(|course| course.course_id == *id);
        let lesson = |id: &LessonId| {
            let in_course = |course: &Course| self.course.as_ref().is_none_or(|id| *id == course.course_id);
            listing.courses.iter().any(|course| course.lesson_id.as_ref() == Some(id) && in_course(course))
        };
        let from = if tab == Tab::Upcoming { self.from.max(Some(now)) } else { self.from };
        let in_time = |date: &Interval| {
            from.is_none_or(|from| date.ends_at > from) && self.to.is_none_or(|to| date.starts_at < to)
        };
        self.organizer.as_ref().is_none_or(|id| *id == listing.organizer)
            && self.course.as_ref().is_none_or(course)
            && self.lesson.as_ref().is_none_or(lesson)
            && self.connection.as_ref().is_none_or(|id| Some(id) == listing.connection.as_ref())
            && self.host.as_ref().is_none_or(|id| Some(id) == listing.host.as_ref())
            && ((self.from.is_none() && self.to.is_none()) || listing.dates.0.iter().any(in_time))
    }

    /// Whether the keys of the list `scope` leave something for [`Filter::holds`] to decide.
    pub(super) fn looks_through(&self, scope: &Scope, tab: Tab, now: DateTime<Utc>) -> bool {
        let other = |given: Option<Scope>| given.is_some_and(|given| given != *scope);
        other(self.organizer.clone().map(Scope::Organizer))
            || other(self.course.clone().map(Scope::Course))
            || other(self.connection.clone().map(Scope::Connection))
            || other(self.host.clone().map(Scope::Host))
            || self.lesson.is_some()
            || match tab {
                Tab::Upcoming => self.from.is_some_and(|from| from > now),
                Tab::Expired => self.to.is_some(),
                Tab::Drafts | Tab::All => self.from.is_some() || self.to.is_some(),
            }
    }
}

/// The item that keeps `meeting` in the list `scope`, on the shelves that `now` puts it on.
pub(super) fn item(meeting: &Meeting, scope: &Scope, now: DateTime<Utc>) -> Result<Item, StoreError> {
    let tenant = &meeting.tenant;
    let mut item = to_item(&keys::listing(tenant, scope, &meeting.id), &Listing::of(meeting))?;
    for (shelf, at) in shelves(meeting, now) {
        keys::place(
            &mut item,
            if shelf == Shelf::Ended { Index::Ended } else { Index::Upcoming },
            keys::shelf(tenant, scope, shelf),
            keys::by_time(at, meeting.id.as_str()),
        );
    }
    Ok(item)
}

/// The shelves that a meeting stands on at `now`, and where.
pub(super) fn shelves(meeting: &Meeting, now: DateTime<Utc>) -> Vec<(Shelf, DateTime<Utc>)> {
    match meeting.state {
        State::Draft => vec![(Shelf::Drafts, meeting.created_at)],
        State::Pending | State::Scheduled | State::Started => {
            let next = meeting.current_date(now).map(|date| (Shelf::Upcoming, date.interval.starts_at));
            let last = meeting.last_end().map(|end| (Shelf::Ended, end));
            next.into_iter().chain(last).collect()
        }
        State::Ended => vec![(Shelf::Ended, ended_at(meeting))],
        State::Cancelled | State::Failed => Vec::new(),
    }
}

/// A meeting's place on a tab at `now`; none where it does not stand there.
pub(super) fn place(meeting: &Meeting, tab: Tab, now: DateTime<Utc>) -> Option<Place> {
    let on = |shelf| shelves(meeting, now).into_iter().find(|(on, _)| *on == shelf).map(|(_, at)| at);
    let at = match tab {
        Tab::Upcoming => Some(on(Shelf::Upcoming)?),
        Tab::Drafts => Some(on(Shelf::Drafts)?),
        Tab::Expired => Some(on(Shelf::Ended).filter(|end| *end <= now)?),
        Tab::All => None,
    };
    Some(Place { id: meeting.id.clone(), at: at.map(|at| keys::by_time(at, meeting.id.as_str())) })
}

/// Whether the lists hold `meeting` where `now` has it, whenever it was that they were last written.
///
/// They were written when the meeting was, or are the same as if they had been: since then they are right for
/// as long as no date has come to its end.
pub(super) fn stands_still(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    let written = meeting.updated_at.max(meeting.reminded_until);
    !meeting.live_dates().any(|date| written < date.interval.ends_at && date.interval.ends_at <= now)
}

/// The spans that a meeting takes; one that Zoom has ended takes no time after that.
fn spans(meeting: &Meeting) -> Vec<Interval> {
    let mut spans = meeting.intervals();
    if meeting.state == State::Ended {
        let end = ended_at(meeting);
        spans.retain(|span| span.starts_at < end);
        for span in &mut spans {
            span.ends_at = span.ends_at.min(end);
        }
    }
    spans
}

/// When a meeting that Zoom has ended was over, as far as is known here.
fn ended_at(meeting: &Meeting) -> DateTime<Utc> {
    meeting.last_end().map_or(meeting.updated_at, |end| end.min(meeting.updated_at))
}
