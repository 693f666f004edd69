//! What is done in a term, and when: drawn from a seed, so that it is broad and always the same.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rand::rngs::StdRng;
use rand::seq::{IndexedMutRandom, IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};

use super::wall;
use crate::support::NOW;

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) meetings: usize,
    /// How many of them are series.
    pub(super) series: usize,
    pub(super) attendees: usize,
    /// How many reminders each has.
    pub(super) offsets: usize,
}

/// How long before a date a reminder goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Offset {
    Days(i64),
    Minutes(i64),
}

/// As they are written, and as they are meant.
const OFFSETS: [(&str, Offset); 11] = [
    ("P7D", Offset::Days(7)),
    ("P3D", Offset::Days(3)),
    ("P2D", Offset::Days(2)),
    ("P1D", Offset::Days(1)),
    ("PT24H", Offset::Minutes(24 * 60)),
    ("PT12H", Offset::Minutes(12 * 60)),
    ("PT2H", Offset::Minutes(120)),
    ("PT1H30M", Offset::Minutes(90)),
    ("PT1H", Offset::Minutes(60)),
    ("PT30M", Offset::Minutes(30)),
    ("PT5M", Offset::Minutes(5)),
];

impl Offset {
    pub(super) fn text(self) -> &'static str {
        OFFSETS.iter().find(|(_, offset)| *offset == self).unwrap().0
    }

    pub(super) fn parse(text: &str) -> Self {
        OFFSETS.iter().find(|(name, _)| *name == text).unwrap().1
    }

    /// When a reminder of a date at `start` in `zone` is due.
    pub(super) fn before(self, start: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => start - TimeDelta::minutes(minutes),
            Self::Days(days) => {
                wall::moment(zone, start.with_timezone(&zone).naive_local() - TimeDelta::days(days))
            }
        }
    }
}

/// One who attends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) email: String,
}

/// A meeting of an hour as it is booked.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) zone: Tz,
    pub(super) start: NaiveDateTime,
    /// Of a series: how many weeks.
    pub(super) weeks: Option<usize>,
    pub(super) offsets: Vec<Offset>,
    pub(super) people: Vec<Person>,
}

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Book(Plan),
    /// To another start.
    Move(NaiveDateTime),
    /// One date of a series, by its place in the rule, to another start.
    MoveDate(usize, NaiveDateTime),
    Reword,
    Remind(Vec<Offset>),
    Cancel,
    CancelDate(usize),
    /// Adds people; whoever is there already has the address that is given now.
    Add(Vec<Person>),
    Remove(String),
}

/// Everything that is done, in order: when, to which meeting, what.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) acts: Vec<(DateTime<Utc>, usize, Act)>,
    /// No run takes place from the first moment until the second.
    pub(super) outage: (DateTime<Utc>, DateTime<Utc>),
}

const ZONES: [Tz; 4] = [Tz::Europe__Berlin, Tz::America__New_York, Tz::Asia__Jakarta, Tz::America__Sao_Paulo];
const WEEKS: i64 = 12;
/// How many people there are from whom those who attend are drawn.
const PEOPLE: usize = 300;
/// How long someone who was removed stays away at least.
const ABSENCE: TimeDelta = TimeDelta::hours(7);

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Script {
    pub(super) fn draw(seed: u64, size: Size) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        // In the clocks' weeks: the days on which New York and Berlin go forward, and the night after, whose
        // day before lacks the hour.
        let mut slots =
            vec![at("2027-03-14T18:00:00Z"), at("2027-03-28T12:00:00Z"), at("2027-03-29T00:30:00Z")];
        let first = at("2027-03-03T00:00:00Z");
        slots.extend((0..18).map(|_| {
            let day = random.random_range(0..WEEKS * 7 - 4);
            first + TimeDelta::days(day) + TimeDelta::minutes(30 * random.random_range(14..40))
        }));
        let failing = at("2027-04-14T13:00:00Z");
        slots.extend([failing, failing + TimeDelta::hours(2)]);
        let outage = (failing - TimeDelta::hours(5), failing + TimeDelta::hours(1));
        let outage = (outage.0 + TimeDelta::seconds(20), outage.1 + TimeDelta::seconds(20));

        let mut acts = Vec::new();
        for meeting in 0..size.meetings {
            let mut story = Story::new(&mut random, &slots, outage, size);
            let is_series = meeting < size.series;
            acts.extend(story.tell(is_series).into_iter().map(|(when, act)| (when, meeting, act)));
        }
        acts.sort_by_key(|(when, meeting, _)| (*when, *meeting));
        Self { acts, outage }
    }
}

/// What happens to one meeting.
struct Story<'a> {
    random: &'a mut StdRng,
    slots: &'a [DateTime<Utc>],
    outage: (DateTime<Utc>, DateTime<Utc>),
    size: Size,
    zone: Tz,
    start: DateTime<Utc>,
    weeks: Option<usize>,
    offsets: Vec<Offset>,
    people: Vec<Person>,
    gone: Vec<(DateTime<Utc>, Person)>,
    /// The dates of a series that nothing was done to.
    untouched: Vec<usize>,
}

impl<'a> Story<'a> {
    fn new(
        random: &'a mut StdRng,
        slots: &'a [DateTime<Utc>],
        outage: (DateTime<Utc>, DateTime<Utc>),
        size: Size,
    ) -> Self {
        let zone = *ZONES.choose(random).unwrap();
        let start = *slots.choose(random).unwrap();
        let (offsets, people) = (Vec::new(), Vec::new());
        let (gone, untouched) = (Vec::new(), Vec::new());
        Self { random, slots, outage, size, zone, start, weeks: None, offsets, people, gone, untouched }
    }

    fn tell(&mut self, is_series: bool) -> Vec<(DateTime<Utc>, Act)> {
        let opening = at(NOW) + TimeDelta::seconds(110);
        let booked = if is_series {
            // Over the weeks in which the clocks change.
            self.start = at("2027-03-09T07:00:00Z") + TimeDelta::hours(self.random.random_range(0..60));
            self.weeks = Some(8);
            self.untouched = (1..8).collect();
            opening
        } else if self.random.random_bool(0.6) {
            opening
        } else {
            // Later, and so within some of its offsets.
            let before = TimeDelta::minutes(*[25, 100, 600, 2_000, 6_000].choose(self.random).unwrap());
            let later = opening.max(self.start - before + TimeDelta::seconds(50));
            if self.is_outage(later) { opening } else { later }
        };
        self.offsets = self.some_offsets();
        for _ in 0..self.size.attendees {
            let newcomer = self.newcomer();
            self.people.push(newcomer);
        }
        let local = self.local(self.start);
        let plan = Plan {
            zone: self.zone,
            start: local,
            weeks: self.weeks,
            offsets: self.offsets.clone(),
            people: self.people.clone(),
        };
        let mut acts = vec![(booked, Act::Book(plan))];
        let mut now = booked;
        for _ in 0..self.random.random_range(0..6) {
            now = self.later(now);
            if now + TimeDelta::minutes(1) >= self.last_start() {
                break;
            }
            let act = self.act(now);
            let is_end = matches!(act, Act::Cancel);
            acts.push((now, act));
            if is_end {
                break;
            }
        }
        acts
    }

    fn some_offsets(&mut self) -> Vec<Offset> {
        let drawn = OFFSETS.choose_multiple(self.random, self.size.offsets);
        drawn.map(|(_, offset)| *offset).collect()
    }

    fn newcomer(&mut self) -> Person {
        loop {
            let id = format!("u-{:03}", self.random.random_range(0..PEOPLE));
            let is_known = self.people.iter().chain(self.gone.iter().map(|(_, person)| person));
            if is_known.into_iter().all(|person| person.id != id) {
                return Person { email: format!("{id}@x.example"), id };
            }
        }
    }

    fn local(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        moment.with_timezone(&self.zone).naive_local()
    }

    /// The start of the date with that place in the rule.
    fn nth(&self, place: usize) -> DateTime<Utc> {
        let weeks = TimeDelta::weeks(i64::try_from(place).unwrap());
        wall::moment(self.zone, self.local(self.start) + weeks)
    }

    fn last_start(&self) -> DateTime<Utc> {
        self.nth(self.weeks.map_or(0, |weeks| weeks - 1))
    }

    /// A moment after `now`: a noon, at which much is done, or just after a reminder is due and before the run
    /// that sends it.
    fn later(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let due: Vec<DateTime<Utc>> = (0..self.weeks.unwrap_or(1))
            .flat_map(|place| self.offsets.iter().map(move |offset| (place, *offset)))
            .map(|(place, offset)| offset.before(self.nth(place), self.zone) + TimeDelta::seconds(10))
            .filter(|due| *due > now + TimeDelta::minutes(2))
            .collect();
        match due.choose(self.random) {
            Some(due) if self.random.random_bool(0.4) => *due,
            _ => {
                let left = (self.last_start() - now).num_days().max(1);
                let day = now.date_naive() + TimeDelta::days(self.random.random_range(1..=left));
                Utc.from_utc_datetime(&day.and_hms_opt(12, 0, 50).unwrap())
            }
        }
    }

    fn act(&mut self, now: DateTime<Utc>) -> Act {
        match self.random.random_range(0..100) {
            0..20 => self.reschedule(now),
            20..40 => {
                let there = self.people.len();
                for _ in 0..self.random.random_range(1..=3) {
                    let newcomer = self.newcomer();
                    self.people.push(newcomer);
                }
                let returns = self.gone.iter().position(|(since, _)| now - *since > ABSENCE);
                self.people.extend(returns.map(|place| self.gone.remove(place).1));
                Act::Add(self.people[there..].to_vec())
            }
            40..60 => {
                let person = self.people.remove(self.random.random_range(0..self.people.len()));
                let id = person.id.clone();
                self.gone.push((now, person));
                Act::Remove(id)
            }
            60..70 => {
                let person = self.people.choose_mut(self.random).unwrap();
                person.email = format!("new-{}", person.email);
                Act::Add(vec![person.clone()])
            }
            70..80 => {
                self.offsets = self.some_offsets();
                Act::Remind(self.offsets.clone())
            }
            80..90 if self.weeks.is_none() => Act::Cancel,
            _ => Act::Reword,
        }
    }

    fn is_outage(&self, now: DateTime<Utc>) -> bool {
        self.outage.0 <= now && now < self.outage.1
    }

    fn reschedule(&mut self, now: DateTime<Utc>) -> Act {
        if self.weeks.is_some() {
            self.untouched.shuffle(self.random);
            let soon = now + TimeDelta::hours(1);
            let Some(at) = self.untouched.iter().position(|place| self.nth(*place) > soon) else {
                return Act::Reword;
            };
            let place = self.untouched.remove(at);
            if self.random.random_bool(0.3) {
                return Act::CancelDate(place);
            }
            let hours = TimeDelta::hours(self.random.random_range(1..30));
            return Act::MoveDate(place, self.local(self.nth(place)) + hours);
        }
        let to_come: Vec<DateTime<Utc>> = (self.slots.iter().copied())
            .filter(|slot| *slot > now + TimeDelta::minutes(10) && *slot != self.start)
            .collect();
        let Some(slot) = to_come.choose(self.random) else { return Act::Reword };
        self.start = *slot;
        Act::Move(self.local(*slot))
    }
}
