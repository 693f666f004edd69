//! What ought to be: every meeting with its hosts and times, and which bookings that lets in.

use std::collections::BTreeMap;

use super::operations::{HOSTS, Operation, Place, TENANTS};

/// A half-open span, in minutes.
pub(super) type Span = (i64, i64);

/// The meetings that there ought to be, and the settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct World {
    pub(super) meetings: Vec<Meeting>,
    capacity: [[usize; HOSTS]; TENANTS],
    buffer: [i64; TENANTS],
    /// Whether a tenant ever let a host run two meetings at once.
    pub(super) ever_two: bool,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meeting {
    pub(super) tenant: usize,
    pub(super) id: String,
    pub(super) state: State,
    /// Where it is asked to be.
    place: Place,
    /// The host that it has, once it is booked.
    pub(super) host: Option<usize>,
    /// Its number at Zoom, once it is booked.
    pub(super) zoom: Option<String>,
    start: i64,
    minutes: i64,
    pub(super) dates: u32,
    /// The dates that are others than the rule makes them; none where one was called off.
    own: BTreeMap<u32, Option<Span>>,
}

/// How far a meeting has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Draft,
    Booked,
    Cancelled,
    /// A draft that was deleted.
    Gone,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Done; with the meeting as it is now, where the reply has one.
    Done(Option<Reply>),
    /// The time is taken.
    Refused,
    /// The host that it has was named as its alternative host too.
    Invalid,
    /// The meeting was called off, or another change of it is under way.
    NotEditable,
    /// There is no such meeting.
    NotFound,
    /// Another request was at work on the same meeting.
    Overtaken,
}

/// What a reply says of a meeting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    pub(super) id: String,
    pub(super) host: Option<usize>,
    pub(super) zoom: Option<String>,
}

/// A taken span of a host's time: whose, and by which meeting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Busy {
    pub(super) host: usize,
    pub(super) span: Span,
    pub(super) tenant: usize,
    pub(super) id: String,
}

impl Meeting {
    /// Its dates.
    pub(super) fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = (0..self.dates).filter_map(|date| self.span(date)).collect();
        spans.sort_unstable();
        spans
    }

    /// One of its dates, where that was not called off.
    fn span(&self, date: u32) -> Option<Span> {
        let start = self.rule_start(date);
        self.own.get(&date).copied().unwrap_or(Some((start, start + self.minutes)))
    }

    /// When its rule lets a date begin.
    pub(super) fn rule_start(&self, date: u32) -> i64 {
        self.start + i64::from(date) * 24 * 60
    }

    /// Whether one of its dates begins before the one before it has ended.
    fn runs_into_itself(&self) -> bool {
        self.spans().windows(2).any(|pair| pair[1].0 < pair[0].1)
    }

    fn busy(&self) -> Vec<Busy> {
        let hosts = self.host.into_iter().chain(self.place.alternative);
        let busy = |host, span| Busy { host, span, tenant: self.tenant, id: self.id.clone() };
        let booked = self.state == State::Booked;
        hosts
            .filter(|_| booked)
            .flat_map(|host| self.spans().into_iter().map(move |span| busy(host, span)))
            .collect()
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self { meetings: Vec::new(), capacity: [[1; HOSTS]; TENANTS], buffer: [0; TENANTS], ever_two: false }
    }

    /// All time that is taken.
    pub(super) fn busy(&self) -> Vec<Busy> {
        let mut busy: Vec<Busy> = self.meetings.iter().flat_map(Meeting::busy).collect();
        busy.sort();
        busy
    }

    /// What comes of `operation`, if it may end with `outcome`.
    pub(super) fn after(&self, operation: &Operation, outcome: &Outcome) -> Option<Self> {
        let mut next = self.clone();
        let expected = match (operation, operation.meeting().map(|place| &self.meetings[place])) {
            (_, Some(meeting)) if meeting.state == State::Gone => Outcome::NotFound,
            (Operation::Delete { meeting }, Some(before)) => {
                let draft = before.state == State::Draft;
                next.meetings[*meeting].state = if draft { State::Gone } else { State::Cancelled };
                Outcome::Done(None)
            }
            (Operation::CallOffDate { date, .. }, Some(before)) if before.state == State::Cancelled => {
                let there_was = before.dates > 1 && *date < before.dates;
                if there_was { Outcome::Done(None) } else { Outcome::NotEditable }
            }
            (Operation::MoveDate { date, .. } | Operation::CallOffDate { date, .. }, Some(before))
                if before.state != State::Cancelled
                    && (before.state == State::Draft || before.dates == 1 || *date >= before.dates) =>
            {
                Outcome::NotFound
            }
            (Operation::CallOffDate { meeting, date }, Some(before)) => {
                let last = before.spans().len() == 1 && before.span(*date).is_some();
                if last {
                    next.meetings[*meeting].state = State::Cancelled;
                } else {
                    next.meetings[*meeting].own.insert(*date, None);
                }
                Outcome::Done(None)
            }
            (Operation::MoveDate { date, .. }, Some(before))
                if before.state == State::Booked && before.span(*date).is_none() =>
            {
                Outcome::NotEditable
            }
            (Operation::Duplicate { .. }, _) => return self.book(operation, outcome, self.busy()),
            (_, Some(meeting)) if meeting.state == State::Cancelled => Outcome::NotEditable,
            (Operation::Capacity { tenant, host, most }, _) => {
                next.capacity[*tenant][*host] = *most;
                next.ever_two |= *most == 2;
                Outcome::Done(None)
            }
            (Operation::Buffer { tenant, minutes }, _) => {
                next.buffer[*tenant] = *minutes;
                Outcome::Done(None)
            }
            _ => return self.book(operation, outcome, self.busy()),
        };
        (expected == *outcome).then_some(next)
    }

    /// Whether `operation` may be refused for want of time when all of `busy` is in the way.
    pub(super) fn may_refuse(&self, operation: &Operation, busy: Vec<Busy>) -> bool {
        let state = operation.meeting().map(|place| self.meetings[place].state);
        let books = !matches!(
            operation,
            Operation::Delete { .. }
                | Operation::CallOffDate { .. }
                | Operation::Capacity { .. }
                | Operation::Buffer { .. }
        );
        // What has been called off can still be copied.
        let editable = state != Some(State::Cancelled) || matches!(operation, Operation::Duplicate { .. });
        books
            && editable
            && state != Some(State::Gone)
            && self.book(operation, &Outcome::Refused, busy).is_some()
    }

    /// What comes of a booking, or the change of one, among `busy`, if it may end with `outcome`.
    fn book(&self, operation: &Operation, outcome: &Outcome, busy: Vec<Busy>) -> Option<Self> {
        let before = match operation {
            Operation::Create { .. } | Operation::Duplicate { .. } => None,
            _ => operation.meeting().map(|place| &self.meetings[place]),
        };
        let mut after = self.wanted(operation);
        let booked = before.filter(|before| before.state == State::Booked);
        // The host that it has is not another one, however it was found.
        if let Some(booked) = booked
            && after.place.host.is_some()
            && after.place.host == booked.host
        {
            after.place.host = booked.place.host;
        }
        let unchanged = booked.is_some_and(|booked| *booked == after);
        let stays = booked.is_some_and(|booked| booked.place.host == after.place.host);
        if (stays && after.host == after.place.alternative) || after.runs_into_itself() {
            return (*outcome == Outcome::Invalid).then(|| self.clone());
        }
        // The time that it has, on the hosts that it has, it keeps, whatever the rules have become since.
        let held =
            booked.filter(|booked| booked.place == after.place).map(Meeting::spans).unwrap_or_default();
        let is_held = |span: &Span| held.iter().any(|held| held.0 <= span.0 && span.1 <= held.1);
        if after.state == State::Booked && !unchanged {
            let busy: Vec<Busy> = busy.into_iter().filter(|busy| busy.id != after.id).collect();
            let asked = if stays { after.host } else { after.place.host };
            let free = |host: &usize| {
                asked.is_none_or(|asked| asked == *host)
                    && after.place.alternative != Some(*host)
                    && std::iter::once(*host).chain(after.place.alternative).all(|host| {
                        let more = after.spans().into_iter().filter(|span| !is_held(span));
                        more.into_iter().all(|span| self.is_free(&busy, after.tenant, host, span))
                    })
            };
            let free: Vec<usize> = (0..HOSTS).filter(free).collect();
            match outcome {
                Outcome::Refused if free.is_empty() => return Some(self.clone()),
                Outcome::Done(Some(reply)) if reply.host.is_some_and(|host| free.contains(&host)) => {}
                _ => return None,
            }
        }
        let Outcome::Done(Some(reply)) = outcome else { return None };
        let fits = match after.state {
            State::Booked => reply.zoom.is_some() && (!unchanged || reply.host == after.host),
            State::Draft | State::Cancelled | State::Gone => reply.host.is_none() && reply.zoom.is_none(),
        };
        (after.host, after.zoom) = (reply.host, reply.zoom.clone());
        let mut next = self.clone();
        match before.and(operation.meeting()) {
            Some(place) => next.meetings[place] = after,
            None => next.meetings.push(Meeting { id: reply.id.clone(), ..after }),
        }
        fits.then_some(next)
    }

    /// The meeting that an operation asks for.
    fn wanted(&self, operation: &Operation) -> Meeting {
        if let Operation::Create { tenant, place, start, minutes, dates, draft } = operation {
            return Meeting {
                tenant: *tenant,
                id: String::new(),
                state: if *draft { State::Draft } else { State::Booked },
                place: *place,
                host: None,
                zoom: None,
                start: *start,
                minutes: *minutes,
                dates: *dates,
                own: BTreeMap::new(),
            };
        }
        let mut wanted = self.meetings[operation.meeting().unwrap()].clone();
        match operation {
            Operation::Move { start, .. } => {
                if wanted.start != *start {
                    wanted.own.clear();
                }
                wanted.start = *start;
            }
            Operation::Resize { minutes, .. } => {
                if wanted.minutes != *minutes {
                    for span in wanted.own.values_mut().flatten() {
                        span.1 = span.0 + minutes;
                    }
                }
                wanted.minutes = *minutes;
            }
            Operation::MoveDate { date, start, .. } => {
                // Each date of a series is moved within its own day.
                let start = start + i64::from(*date) * 24 * 60;
                let length = wanted.span(*date).map_or(0, |span| span.1 - span.0);
                if start == wanted.rule_start(*date) && length == wanted.minutes {
                    wanted.own.remove(date);
                } else {
                    wanted.own.insert(*date, Some((start, start + length)));
                }
            }
            Operation::Rehost { place, .. } => wanted.place = *place,
            Operation::Plan { .. } => wanted.state = State::Booked,
            Operation::Duplicate { start, .. } => {
                wanted = Meeting {
                    id: String::new(),
                    state: State::Booked,
                    host: None,
                    zoom: None,
                    start: *start,
                    own: BTreeMap::new(),
                    ..wanted
                };
            }
            Operation::Create { .. }
            | Operation::Delete { .. }
            | Operation::CallOffDate { .. }
            | Operation::Capacity { .. }
            | Operation::Buffer { .. } => {}
        }
        wanted
    }

    /// Whether a host is free, looked at minute by minute.
    fn is_free(&self, busy: &[Busy], tenant: usize, host: usize, (from, to): Span) -> bool {
        let window = (from - self.buffer[tenant], to + self.buffer[tenant]);
        let near: Vec<&Busy> = busy
            .iter()
            .filter(|busy| busy.host == host && busy.span.0 < window.1 && window.0 < busy.span.1)
            .collect();
        // What one tenant says of a host counts among its own meetings alone.
        let shared = near.iter().any(|busy| busy.tenant != tenant);
        let most = if shared { 1 } else { self.capacity[tenant][host] };
        (window.0..window.1).all(|minute| {
            near.iter().filter(|busy| busy.span.0 <= minute && minute < busy.span.1).count() < most
        })
    }
}

/// Every state that `outcomes` of things that were done at one moment may have led to: those of all orders in
/// which each fits.
pub(super) fn after_all(world: &World, done: &[(Operation, Outcome)]) -> Vec<World> {
    let (accepted, others): (Vec<_>, Vec<_>) =
        done.iter().cloned().partition(|(_, outcome)| matches!(outcome, Outcome::Done(_)));
    let mut ends = Vec::new();
    for order in orders(&accepted) {
        let mut passed = vec![world.clone()];
        for (operation, outcome) in order {
            let Some(next) = passed.last().and_then(|world| world.after(operation, outcome)) else { break };
            passed.push(next);
        }
        if passed.len() == accepted.len() + 1
            && others.iter().all(|other| explained(other, done, &passed))
            && let Some(end) = passed.pop()
            && !ends.contains(&end)
        {
            ends.push(end);
        }
    }
    ends
}

/// Whether one that was not done can have ended so while the world passed through those states.
fn explained(
    (operation, outcome): &(Operation, Outcome),
    done: &[(Operation, Outcome)],
    passed: &[World],
) -> bool {
    let same =
        done.iter().filter(|(other, _)| other.meeting().is_some() && other.meeting() == operation.meeting());
    let contended = same.count() > 1;
    match outcome {
        // A meeting that moves holds its old time and its new until it has moved, and either is in the way.
        Outcome::Refused => {
            let mut busy: Vec<Busy> = passed.iter().flat_map(World::busy).collect();
            busy.sort();
            busy.dedup();
            passed.iter().any(|world| world.may_refuse(operation, busy.clone()))
        }
        Outcome::Invalid | Outcome::NotEditable | Outcome::NotFound | Outcome::Overtaken => {
            contended || passed.iter().any(|world| world.after(operation, outcome).is_some())
        }
        Outcome::Done(_) => false,
    }
}

/// Every order of `items`.
fn orders<T>(items: &[T]) -> Vec<Vec<&T>> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in items {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                let left: Vec<usize> = (0..items.len()).filter(|place| !order.contains(place)).collect();
                left.into_iter().map(move |place| [order.clone(), vec![place]].concat())
            })
            .collect();
    }
    orders.into_iter().map(|order| order.into_iter().map(|place| &items[place]).collect()).collect()
}
