//! Who was in a meeting, and for how long.
//!
//! People are known by what identifies them (a registration, the key that the LMS gave them, an address), never by
//! the name that they show.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::attendee::Attendee;
use super::date::Date;
use super::ids::AttendeeId;
use super::interval::Interval;
use super::meeting::Meeting;

/// How far apart two moments may be that tell of the same: events and Zoom's own list are not of one clock.
const SAME_MOMENT: TimeDelta = TimeDelta::seconds(60);

/// What Zoom tells of who somebody is. What is told of one stay is gathered, so that it is the same whatever
/// comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Zoom's ids of their registration.
    pub registrants: BTreeSet<String>,
    /// The keys that the LMS let them join with.
    pub customer_keys: BTreeSet<String>,
    /// Their addresses.
    pub emails: BTreeSet<String>,
    /// Zoom's ids of them as its users.
    pub users: BTreeSet<String>,
    /// The names that they show, which say nothing of who they are.
    pub names: BTreeSet<String>,
}

/// That somebody came or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// They came.
    Joined(DateTime<Utc>),
    /// They left.
    Left(DateTime<Utc>),
}

/// Somebody who came or left, as Zoom tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitTold {
    /// Zoom's id of the session.
    pub session: String,
    /// What Zoom calls them from when they come until they leave.
    pub stay: String,
    /// Who they are.
    pub identity: Identity,
    /// What they did.
    pub movement: Movement,
}

/// Somebody's stay in a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stay {
    /// Zoom's id of the session.
    pub session: String,
    /// When the date was that they came for, as the meeting was then.
    pub held_for: Option<Interval>,
    /// Who it was.
    pub identity: Identity,
    /// When they came.
    pub joins: BTreeSet<DateTime<Utc>>,
    /// When they left.
    pub leaves: BTreeSet<DateTime<Utc>>,
}

/// All that is known of who was in a meeting's sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visits {
    /// When each session began and ended, by Zoom's id of it.
    pub sessions: BTreeMap<String, Bounds>,
    /// Who was in them.
    pub stays: Vec<Stay>,
}

/// When a session began and ended, as far as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Its beginning.
    pub starts: BTreeSet<DateTime<Utc>>,
    /// Its end.
    pub ends: BTreeSet<DateTime<Utc>>,
    /// When the date was that it was held for, as the meeting was then.
    pub held_for: Option<Interval>,
    /// Whether Zoom's own list of who was there has been read.
    pub is_checked: bool,
}

/// Who was there on one date of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    /// When it began, where it did.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, where it has.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether Zoom's own list of who was there has been read for all of it.
    pub is_checked: bool,
    /// Those who were to attend, in the order in which they were given.
    pub attendees: Vec<Presence>,
    /// Everybody else who was there.
    pub others: Vec<(Identity, Presence)>,
}

/// How long somebody was there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// Their visits, in the order of time.
    pub visits: Vec<Visit>,
    /// How long they were there: what two visits have in common counts once.
    pub total: TimeDelta,
}

/// One visit; an end of it that nobody knows is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// When they came.
    pub joined_at: Option<DateTime<Utc>>,
    /// When they left.
    pub left_at: Option<DateTime<Utc>>,
}

impl Identity {
    /// Takes in what else is known.
    fn gather(&mut self, other: &Self) {
        let pairs = [
            (&mut self.registrants, &other.registrants),
            (&mut self.customer_keys, &other.customer_keys),
            (&mut self.emails, &other.emails),
            (&mut self.users, &other.users),
            (&mut self.names, &other.names),
        ];
        for (known, more) in pairs {
            known.extend(more.iter().cloned());
        }
    }

    /// Whether the two are known to be one person: by anything by which people are known, and addresses whatever
    /// their case. Without any of that a stay is a person by itself.
    fn is_same(&self, other: &Self) -> bool {
        let sets = [
            (&self.registrants, &other.registrants),
            (&self.customer_keys, &other.customer_keys),
            (&self.users, &other.users),
        ];
        let lower = |emails: &BTreeSet<String>| -> BTreeSet<String> {
            emails.iter().map(|email| email.to_lowercase()).collect()
        };
        sets.iter().any(|(one, another)| !one.is_disjoint(another))
            || !lower(&self.emails).is_disjoint(&lower(&other.emails))
    }
}

impl Bounds {
    fn span(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.starts.first().copied(), self.ends.last().copied())
    }
}

impl Attendance {
    /// Who was there on `date`, as far as is known at `now`.
    pub fn of(
        meeting: &Meeting,
        date: &Date,
        visits: &Visits,
        attendees: &[Attendee],
        now: DateTime<Utc>,
    ) -> Self {
        let sessions: BTreeMap<&str, &Bounds> = visits
            .sessions
            .iter()
            .filter(|(id, bounds)| visits.date(meeting, id, bounds) == Some(date))
            .map(|(id, bounds)| (id.as_str(), bounds))
            .collect();
        let people = People::among(attendees, &visits.stays);
        let (mut here, mut others) = (BTreeMap::<usize, Vec<Visit>>::new(), Others::default());
        for stay in &visits.stays {
            let Some(bounds) = sessions.get(stay.session.as_str()) else { continue };
            let found = stay.visits(visits.end(&stay.session, bounds));
            match people.find(&stay.identity) {
                Some(place) => here.entry(place).or_default().extend(found),
                None => others.add(&stay.identity, found),
            }
        }
        let until = date.interval.ends_at.min(now);
        let places = 0..attendees.len();
        Self {
            started_at: sessions.iter().filter_map(|(id, bounds)| visits.start(id, bounds)).min(),
            ended_at: sessions.iter().map(|(id, bounds)| visits.end(id, bounds)).max().flatten(),
            is_checked: !sessions.is_empty() && sessions.values().all(|bounds| bounds.is_checked),
            attendees: places.map(|n| Presence::of(here.remove(&n).unwrap_or_default(), until)).collect(),
            others: others.0.into_iter().map(|(who, visits)| (who, Presence::of(visits, until))).collect(),
        }
    }
}

impl Visits {
    /// The date, as it is now, that the session of that id is of; none where nothing is known of the session.
    pub fn date_of<'a>(&self, meeting: &'a Meeting, id: &str) -> Option<&'a Date> {
        self.date(meeting, id, self.sessions.get(id)?)
    }

    /// The date, as it is now, that a session is of.
    fn date<'a>(&self, meeting: &'a Meeting, id: &str, bounds: &Bounds) -> Option<&'a Date> {
        let stays =
            || self.stays.iter().filter(|stay| stay.session == id).filter_map(|stay| stay.held_for).min();
        let held_for = bounds.held_for.or_else(stays);
        meeting.date_of_session(held_for, self.start(id, bounds)?, self.end(id, bounds))
    }

    /// When a session began: as Zoom told, or else with the first who came.
    fn start(&self, id: &str, bounds: &Bounds) -> Option<DateTime<Utc>> {
        let first = || {
            let stays = self.stays.iter().filter(|stay| stay.session == id);
            stays.filter_map(|stay| stay.joins.first().or(stay.leaves.first())).min().copied()
        };
        bounds.span().0.or_else(first).or(bounds.span().1)
    }

    /// When a session ended: as Zoom told, or else, once its own list was read, with the last who left; at the
    /// latest when the next began.
    fn end(&self, id: &str, bounds: &Bounds) -> Option<DateTime<Utc>> {
        let stays = self.stays.iter().filter(|stay| bounds.is_checked && stay.session == id);
        let last = || stays.filter_map(|stay| stay.leaves.last()).max().copied();
        let next = || {
            let start = self.start(id, bounds)?;
            self.sessions.values().filter_map(|other| other.span().0).filter(|other| *other > start).min()
        };
        bounds.span().1.or_else(last).or_else(next)
    }
}

/// Those who are to attend, by what they are known by.
struct People {
    keys: BTreeMap<String, usize>,
    emails: BTreeMap<String, usize>,
    registrants: BTreeMap<String, usize>,
}

impl People {
    fn among(attendees: &[Attendee], stays: &[Stay]) -> Self {
        let id = |attendee: &Attendee| -> String { AttendeeId::into(attendee.id.clone()) };
        let mut people = Self {
            keys: attendees.iter().enumerate().map(|(n, one)| (id(one), n)).collect(),
            emails: BTreeMap::new(),
            registrants: BTreeMap::new(),
        };
        // Of two with one address the first is meant.
        for (n, one) in attendees.iter().enumerate() {
            people.emails.entry(one.email.as_str().to_lowercase()).or_insert(n);
        }
        // Whose a registration is, another stay may tell.
        for stay in stays {
            if let Some(place) = people.find(&stay.identity) {
                for registrant in &stay.identity.registrants {
                    people.registrants.entry(registrant.clone()).or_insert(place);
                }
            }
        }
        people
    }

    fn find(&self, identity: &Identity) -> Option<usize> {
        let by_key = identity.customer_keys.iter().find_map(|key| self.keys.get(key));
        let by_email = || identity.emails.iter().find_map(|email| self.emails.get(&email.to_lowercase()));
        let by_registrant = || identity.registrants.iter().find_map(|one| self.registrants.get(one));
        by_key.or_else(by_email).or_else(by_registrant).copied()
    }
}

/// Those who were there and are not known.
#[derive(Default)]
struct Others(Vec<(Identity, Vec<Visit>)>);

impl Others {
    fn add(&mut self, identity: &Identity, mut visits: Vec<Visit>) {
        let mut whole = identity.clone();
        // One stay may tell of several that they are the same person.
        let same = self.0.extract_if(.., |(other, _)| other.is_same(identity));
        for (other, more) in same {
            whole.gather(&other);
            visits.extend(more);
        }
        self.0.push((whole, visits));
    }
}

impl Stay {
    /// The visits of a stay in a session that ended at `end`, where it has.
    fn visits(&self, end: Option<DateTime<Utc>>) -> Vec<Visit> {
        let joins = self.joins.iter().map(|at| (*at, true));
        let mut moments: Vec<_> = joins.chain(self.leaves.iter().map(|at| (*at, false))).collect();
        moments.sort_by_key(|(at, joins)| (*at, !joins));
        let (mut visits, mut open) = (Vec::<Visit>::new(), None);
        for (at, joins) in moments {
            match (joins, open) {
                (true, None) => open = Some(at),
                // Told twice.
                (true, Some(_)) => {}
                (false, Some(from)) => {
                    visits.push(Visit { joined_at: Some(from), left_at: Some(at) });
                    open = None;
                }
                (false, None) => {
                    let last = visits.last_mut().and_then(|visit| visit.left_at.as_mut());
                    match last.filter(|left| at - **left <= SAME_MOMENT) {
                        Some(left) => *left = at,
                        None => visits.push(Visit { joined_at: None, left_at: Some(at) }),
                    }
                }
            }
        }
        if let Some(from) = open {
            // The clock that tells of people may be ahead of the one that tells of the session.
            visits.push(Visit { joined_at: Some(from), left_at: end.map(|end| end.max(from)) });
        }
        visits
    }
}

impl Presence {
    /// These visits; one whose end is not known counts until `until`, one whose beginning is not counts nothing.
    fn of(mut visits: Vec<Visit>, until: DateTime<Utc>) -> Self {
        visits.sort_unstable();
        let mut spans: Vec<Interval> = visits
            .iter()
            .filter_map(|visit| Some((visit.joined_at?, visit.left_at.unwrap_or(until))))
            .filter(|(from, to)| from < to)
            .map(|(starts_at, ends_at)| Interval { starts_at, ends_at })
            .collect();
        spans.sort_unstable();
        let (mut total, mut counted) = (TimeDelta::zero(), None::<DateTime<Utc>>);
        for span in spans {
            let from = counted.map_or(span.starts_at, |counted| counted.max(span.starts_at));
            total += (span.ends_at - from).max(TimeDelta::zero());
            counted = counted.max(Some(span.ends_at));
        }
        Self { visits, total }
    }
}
