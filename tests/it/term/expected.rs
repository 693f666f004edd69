//! What is to be sent, reckoned from the script alone: nothing here is Lectern's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::script::{Act, Offset, Person, Plan, Script};
use super::wall;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Invitation,
    Update,
    Cancellation,
    /// To one who attends no more.
    Removal,
    /// Of the date at that moment, so long before it.
    Reminder(DateTime<Utc>, Offset),
}

/// What is to become of one piece of news or reminder for one attendee.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) meeting: usize,
    pub(super) kind: Kind,
    pub(super) attendee: String,
    pub(super) email: String,
    /// At which run.
    pub(super) run: DateTime<Utc>,
    /// When it came up; of news no later than this.
    pub(super) due: DateTime<Utc>,
    /// The date that the mail names, as it reads on the meeting's wall; none where no mail is sent.
    pub(super) names: Option<String>,
}

/// A reminder of a date at that moment, so long before it.
type Pair = (DateTime<Utc>, Offset);

#[derive(Debug, Clone)]
struct Guest {
    email: String,
    since: DateTime<Utc>,
    is_invited: bool,
}

struct Date {
    start: DateTime<Utc>,
    is_off: bool,
}

const LENGTH: TimeDelta = TimeDelta::hours(1);

/// A meeting as it stands.
struct Meeting {
    zone: Tz,
    dates: Vec<Date>,
    offsets: Vec<Offset>,
    is_off: bool,
    guests: BTreeMap<String, Guest>,
    /// Since when it has each of its reminders.
    pairs: BTreeMap<Pair, DateTime<Utc>>,
    /// Those that a run has dealt with.
    passed: BTreeSet<Pair>,
    /// Who has been told of which, or is not to be.
    settled: BTreeSet<(String, Pair)>,
    news: Option<News>,
    /// Who was invited and attends no more, and is to be told so: ids and addresses.
    departed: Vec<(String, String)>,
}

#[derive(Clone, Copy)]
struct News {
    at: DateTime<Utc>,
    concerns_all: bool,
}

impl Meeting {
    fn book(plan: &Plan, now: DateTime<Utc>) -> Self {
        let nth = |week: usize| plan.start + TimeDelta::weeks(i64::try_from(week).unwrap());
        let starts = (0..plan.weeks.unwrap_or(1)).map(|week| wall::moment(plan.zone, nth(week)));
        let mut meeting = Self {
            zone: plan.zone,
            dates: starts.map(|start| Date { start, is_off: false }).collect(),
            offsets: plan.offsets.clone(),
            is_off: false,
            guests: BTreeMap::new(),
            pairs: BTreeMap::new(),
            passed: BTreeSet::new(),
            settled: BTreeSet::new(),
            news: None,
            departed: Vec::new(),
        };
        meeting.add(&plan.people, now);
        meeting.pair(now);
        meeting
    }

    fn apply(&mut self, act: &Act, now: DateTime<Utc>) {
        match act {
            Act::Book(_) => unreachable!("a meeting is booked once"),
            Act::Move(start) => self.set(0, *start, now),
            Act::MoveDate(place, start) => self.set(*place, *start, now),
            Act::Remind(offsets) => self.offsets.clone_from(offsets),
            Act::CancelDate(place) => {
                self.dates[*place].is_off = true;
                self.note(now, true);
            }
            Act::Cancel => {
                self.is_off = true;
                self.note(now, true);
            }
            Act::Reword => self.note(now, true),
            Act::Add(people) => self.add(people, now),
            Act::Remove(id) => self.remove(id, now),
        }
        self.pair(now);
    }

    fn set(&mut self, place: usize, start: NaiveDateTime, now: DateTime<Utc>) {
        self.dates[place].start = wall::moment(self.zone, start);
        self.note(now, true);
    }

    fn add(&mut self, people: &[Person], now: DateTime<Utc>) {
        for Person { id, email } in people {
            if self.guests.get(id).is_none_or(|guest| guest.email != *email) {
                self.remove(id, now);
                self.guests.insert(id.clone(), Guest { email: email.clone(), since: now, is_invited: false });
                self.note(now, false);
            }
        }
    }

    fn remove(&mut self, id: &str, now: DateTime<Utc>) {
        let gone = self.guests.remove(id).filter(|guest| guest.is_invited);
        if let Some(guest) = gone {
            self.departed.push((id.to_owned(), guest.email));
            self.note(now, false);
        }
    }

    fn note(&mut self, now: DateTime<Utc>, concerns_all: bool) {
        let before = self.news.is_some_and(|news| news.concerns_all);
        self.news = Some(News { at: now, concerns_all: concerns_all || before });
    }

    /// Takes up the reminders that it has now; those that it had already it has had since then.
    fn pair(&mut self, now: DateTime<Utc>) {
        let live = self.dates.iter().filter(|date| !date.is_off && !self.is_off);
        let pairs = live.flat_map(|date| self.offsets.iter().map(|offset| (date.start, *offset)));
        self.pairs = pairs.map(|pair| (pair, self.pairs.get(&pair).copied().unwrap_or(now))).collect();
    }

    fn due(&self, (start, offset): Pair) -> DateTime<Utc> {
        offset.before(start, self.zone)
    }

    /// What a run sends, and what it finds too late.
    fn run(&mut self, meeting: usize, now: DateTime<Utc>) -> Vec<Told> {
        let mut told = Vec::new();
        if let Some(news) = self.news.take() {
            self.tell(news, meeting, now, &mut told);
        }
        self.remind(meeting, now, &mut told);
        told
    }

    fn tell(&mut self, news: News, meeting: usize, now: DateTime<Utc>, told: &mut Vec<Told>) {
        let departed = std::mem::take(&mut self.departed);
        let to_come = self.dates.iter().filter(|date| !date.is_off).map(|date| date.start);
        let Some(next) = to_come.filter(|start| *start + LENGTH > now).min() else { return };
        let names = Some(self.names(next));
        let tell = |kind, id: &str, email: &str| Told {
            meeting,
            kind,
            attendee: id.to_owned(),
            email: email.to_owned(),
            run: now,
            due: news.at,
            names: names.clone(),
        };
        let removal = if self.is_off { Kind::Cancellation } else { Kind::Removal };
        told.extend(departed.iter().map(|(id, email)| tell(removal, id, email)));
        for (id, guest) in &mut self.guests {
            let kind = match (self.is_off, guest.is_invited) {
                (false, false) => Kind::Invitation,
                (false, true) if news.concerns_all => Kind::Update,
                (true, true) => Kind::Cancellation,
                // Whoever never heard of it need not hear that it is off, nor who knows all of who else comes.
                (true, false) | (false, true) => continue,
            };
            told.push(tell(kind, id, &guest.email));
            if guest.is_invited {
                continue;
            }
            guest.is_invited = true;
            // What was past when they were added, or when the meeting came to it, is recorded and not sent.
            for (pair, since) in &self.pairs {
                let due = pair.1.before(pair.0, self.zone);
                let is_past = due <= guest.since.max(*since);
                if is_past && pair.0 > now && self.settled.insert((id.clone(), *pair)) {
                    let skipped = tell(Kind::Reminder(pair.0, pair.1), id, &guest.email);
                    told.push(Told { due, names: None, ..skipped });
                }
            }
        }
    }

    fn remind(&mut self, meeting: usize, now: DateTime<Utc>, told: &mut Vec<Told>) {
        for (pair, since) in self.pairs.clone() {
            let due = self.due(pair);
            if due > now || !self.passed.insert(pair) || due <= since {
                continue;
            }
            let names = (now < pair.0).then(|| self.names(pair.0));
            for (id, guest) in &self.guests {
                if self.settled.insert((id.clone(), pair)) {
                    told.push(Told {
                        meeting,
                        kind: Kind::Reminder(pair.0, pair.1),
                        attendee: id.clone(),
                        email: guest.email.clone(),
                        run: now,
                        due,
                        names: names.clone(),
                    });
                }
            }
        }
    }

    fn names(&self, start: DateTime<Utc>) -> String {
        start.with_timezone(&self.zone).format("%A, %-d %B %Y, %H:%M").to_string()
    }
}

/// All runs at which something can happen, some at which nothing can among them; runs are once a minute, and
/// none falls into the outage.
pub(super) fn runs(script: &Script) -> BTreeSet<DateTime<Utc>> {
    let mut moments = BTreeSet::new();
    let mut meetings = BTreeMap::new();
    for (when, meeting, act) in &script.acts {
        apply(&mut meetings, *when, *meeting, act);
        let stands = &meetings[meeting];
        moments.insert(*when);
        moments.extend(stands.pairs.keys().map(|pair| stands.due(*pair)).filter(|due| due > when));
    }
    let (from, until) = script.outage;
    let run = |moment: DateTime<Utc>| {
        let second = i64::from(moment.second());
        let run = moment + TimeDelta::seconds((20 - second).rem_euclid(60));
        if run >= from && run < until { until } else { run }
    };
    let runs: BTreeSet<DateTime<Utc>> = moments.into_iter().map(run).collect();
    let early = runs.iter().step_by(5).map(|run| *run - TimeDelta::minutes(1));
    let early: Vec<DateTime<Utc>> = early.filter(|early| *early < from || *early >= until).collect();
    runs.into_iter().chain(early).collect()
}

fn apply(meetings: &mut BTreeMap<usize, Meeting>, when: DateTime<Utc>, meeting: usize, act: &Act) {
    if let Act::Book(plan) = act {
        meetings.insert(meeting, Meeting::book(plan, when));
    } else {
        meetings.get_mut(&meeting).unwrap().apply(act, when);
    }
}

/// Everything that is to be sent at `runs`, or is to be recorded as skipped.
pub(super) fn told(script: &Script, runs: &BTreeSet<DateTime<Utc>>) -> Vec<Told> {
    let mut acts = script.acts.iter().peekable();
    let mut meetings = BTreeMap::new();
    let mut told = Vec::new();
    for run in runs {
        while let Some((when, meeting, act)) = acts.next_if(|(when, ..)| when < run) {
            apply(&mut meetings, *when, *meeting, act);
        }
        for (number, meeting) in &mut meetings {
            told.extend(meeting.run(*number, *run));
        }
    }
    told
}
