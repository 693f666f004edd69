//! Does what the script says, through the front door, and collects what comes of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};
use notifications::Mailer;
use serde_json::{Value, json};
use shared::deps::Deps;

use super::script::{Act, Offset, Person, Plan, Script, at};
use crate::support::{App, account_of, admin, queue};

/// A mail as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mail {
    pub(super) meeting: usize,
    pub(super) to: String,
    pub(super) kind: String,
    /// At which run it was sent.
    pub(super) run: DateTime<Utc>,
    /// The date that it names.
    pub(super) names: String,
}

/// The term as it goes by.
pub(super) struct Walk {
    app: App,
    deps: Deps,
    mailer: Mailer,
    /// What the booking of each meeting answered.
    booked: BTreeMap<usize, Value>,
    pub(super) mails: Vec<Mail>,
}

impl Walk {
    pub(super) async fn start(meetings: usize) -> Self {
        let app = App::start().await;
        // Each meeting has a host of its own, so that none is in the way of another.
        let users: Vec<String> = (0..meetings).map(host).collect();
        app.zoom_account("rooms", &users).await;
        app.connect(&admin(), &account_of("Rooms", "rooms")).await;
        let (deps, mailer) = (app.deps(), Mailer::new(app.stack.aws(), None));
        Self { app, deps, mailer, booked: BTreeMap::new(), mails: Vec::new() }
    }

    /// Goes through the whole script, with the functions at work at each of `runs`.
    pub(super) async fn go(&mut self, script: &Script, runs: &BTreeSet<DateTime<Utc>>) {
        let mut acts = script.acts.iter().peekable();
        for (number, run) in runs.iter().enumerate() {
            while let Some((when, meeting, act)) = acts.next_if(|(when, ..)| when < run) {
                self.app.stack.clock().set(*when);
                self.act(*meeting, act).await;
            }
            self.app.stack.clock().set(*run);
            match number % 8 {
                3 => self.run_twice().await,
                7 => drop(futures::join!(self.app.tick(), self.app.tick())),
                _ => drop(self.app.tick().await),
            }
            self.collect(*run).await;
        }
        assert!(acts.next().is_none(), "the last runs are missing");
    }

    /// Both functions twice, side by side; the messages stay in the queue and come again later.
    async fn run_twice(&self) {
        let (one, other) = futures::join!(reminders::run(&self.deps), reminders::run(&self.deps));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        let batch = queue::receive(&self.deps).await;
        let handle = |batch| notifications::handle(&self.deps, &self.mailer, batch);
        futures::join!(handle(batch.clone()), handle(batch));
    }

    /// Takes what was mailed in a run out of the mailbox.
    async fn collect(&mut self, run: DateTime<Utc>) {
        let mails = self.app.mails().await;
        if !mails.is_empty() {
            self.app.send(self.app.bare("DELETE", "/_local/mail")).await;
        }
        self.mails.extend(mails.iter().map(|mail| read(mail, run)));
    }

    async fn act(&mut self, meeting: usize, act: &Act) {
        if let Act::Book(plan) = act {
            let booked = self.app.book(&admin(), &body(meeting, plan)).await;
            self.booked.insert(meeting, booked);
            return;
        }
        let booked = &self.booked[&meeting];
        let path = path(booked);
        let (method, path, body) = match act {
            Act::Book(_) => unreachable!("booked above"),
            Act::Move(start) => ("PATCH", path, json!({"start": start})),
            Act::MoveDate(place, start) => ("PATCH", date(booked, *place), json!({"start": start})),
            Act::Reword => ("PATCH", path, json!({"agenda": format!("As of {}", self.app.now())})),
            Act::Remind(offsets) => ("PATCH", path, json!({"reminders": texts(offsets)})),
            Act::Cancel => ("DELETE", path, Value::Null),
            Act::CancelDate(place) => ("DELETE", date(booked, *place), Value::Null),
            Act::Add(added) => ("POST", format!("{path}/attendees"), json!({"attendees": people(added)})),
            Act::Remove(id) => ("DELETE", format!("{path}/attendees/{id}"), Value::Null),
        };
        let request = self.app.request(&admin(), method, &path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = self.app.send(request).await;
        assert!(answer.status < 300, "{act:?} of {meeting} at {}: {}", self.app.now(), answer.text);
    }

    /// What Lectern says that it has sent of a meeting, and has not.
    pub(super) async fn deliveries(&self, meeting: usize) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{}/deliveries?limit=100{cursor}", path(&self.booked[&meeting]));
            let page = self.app.get(&admin(), &path).await;
            assert_eq!(page.status, 200, "{}", page.text);
            all.extend(page.body["items"].as_array().unwrap().iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

fn host(meeting: usize) -> String {
    format!("room{meeting}@rooms.example")
}

fn topic(meeting: usize) -> String {
    format!("Lesson {meeting:03}")
}

fn path(booked: &Value) -> String {
    format!("/v1/meetings/{}", booked["id"].as_str().unwrap())
}

/// The path of the date that had that place when the series was booked.
fn date(booked: &Value, place: usize) -> String {
    format!("{}/occurrences/{}", path(booked), booked["occurrences"][place]["id"].as_str().unwrap())
}

fn texts(offsets: &[Offset]) -> Vec<&'static str> {
    offsets.iter().map(|offset| offset.text()).collect()
}

fn people(people: &[Person]) -> Vec<Value> {
    people.iter().map(|person| json!({"id": person.id, "email": person.email})).collect()
}

fn body(meeting: usize, plan: &Plan) -> Value {
    let mut body = json!({
        "topic": topic(meeting), "start": plan.start, "time_zone": plan.zone.name(), "duration_minutes": 60,
        "host": {"email": host(meeting)}, "attendees": people(&plan.people), "reminders": texts(&plan.offsets),
    });
    if let Some(weeks) = plan.weeks {
        body["recurrence"] = json!({"frequency": "weekly", "count": weeks});
    }
    body
}

fn read(mail: &Value, run: DateTime<Utc>) -> Mail {
    let (subject, text) = (mail["subject"].as_str().unwrap(), mail["text"].as_str().unwrap());
    let (kind, rest) = subject.split_once(": Lesson ").unwrap_or_else(|| panic!("{subject}"));
    let when = text.lines().find(|line| line.contains(" 2027, ")).unwrap_or_else(|| panic!("{text}"));
    // Of a date that goes on past midnight the end is set off.
    let names = when.split_once(": ").and_then(|(_, when)| when.split_once('–'));
    let names = names.map(|(start, _)| start.trim_end());
    // No mail leaves before the run that sends it.
    assert!(at(mail["sent_at"].as_str().unwrap()) >= run, "{mail}");
    Mail {
        meeting: rest[..3].parse().unwrap(),
        to: mail["to"][0].as_str().unwrap().to_owned(),
        kind: kind.to_owned(),
        run,
        names: names.unwrap_or_else(|| panic!("{when}")).to_owned(),
    }
}

/// A moment as Lectern writes it.
pub(super) fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
