//! A term in simulated time: every mail that is sent is one that the script of the term calls for, and the
//! other way round.

mod expected;
mod script;
mod walk;
mod wall;

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::TimeDelta;
use serde_json::Value;

use self::expected::{Kind, Told};
use self::script::{Offset, Script, Size, at};
use self::walk::{Mail, Walk, written};

const SEED: u64 = 2027;
/// What a test can afford.
const PART: Size = Size { meetings: 40, series: 3, attendees: 12, offsets: 5 };
/// Instead of it where `LECTERN_WHOLE_TERM` is set: some 30,000 mails.
const WHOLE: Size = Size { meetings: 120, series: 3, attendees: 40, offsets: 5 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_term_sends_what_its_script_calls_for_and_nothing_else() {
    let is_whole = std::env::var_os("LECTERN_WHOLE_TERM").is_some();
    walk(SEED, if is_whole { WHOLE } else { PART }).await;
}

#[test]
fn the_script_of_the_term_has_everything_in_it() {
    for size in [PART, WHOLE] {
        let script = Script::draw(SEED, size);
        let told = expected::told(&script, &expected::runs(&script));
        let some = |what: &str, holds: &dyn Fn(&Told) -> bool| {
            assert!(told.iter().filter(|told| holds(told)).count() >= 10, "{what} in {size:?}");
        };
        some("invitations", &|told| told.kind == Kind::Invitation);
        some("updates", &|told| told.kind == Kind::Update);
        some("cancellations", &|told| told.kind == Kind::Cancellation);
        some("removals", &|told| told.kind == Kind::Removal);
        let is_reminder = |told: &Told| matches!(told.kind, Kind::Reminder(..));
        let is_late = |told: &Told| is_reminder(told) && told.run - told.due > TimeDelta::minutes(1);
        some("reminders sent late", &|told| is_late(told) && told.names.is_some());
        some("too late to be sent", &|told| matches!(told.kind, Kind::Reminder(at, _) if told.run >= at));
        some(
            "past when invited",
            &|told| matches!(told.kind, Kind::Reminder(at, _) if told.run < at && told.names.is_none()),
        );
        let is_odd = |told: &Told| match told.kind {
            Kind::Reminder(at, Offset::Days(days)) => at - told.due != TimeDelta::days(days),
            _ => false,
        };
        some("days before that are no 24 hours", &is_odd);
    }
}

async fn walk(seed: u64, size: Size) {
    let script = Script::draw(seed, size);
    let runs = expected::runs(&script);
    let told = expected::told(&script, &runs);
    let mut walk = Walk::start(size.meetings).await;
    walk.go(&script, &runs).await;

    let about =
        |meeting: usize| script.acts.iter().filter(move |(_, of, _)| *of == meeting).collect::<Vec<_>>();
    let mails = told.iter().filter_map(mail);
    compare("mails", mails, walk.mails.iter().cloned(), |mail| about(mail.meeting));
    for meeting in 0..size.meetings {
        let deliveries = walk.deliveries(meeting).await;
        let expected = told.iter().filter(|told| told.meeting == meeting).map(Delivery::expected);
        compare("deliveries", expected, deliveries.iter().map(Delivery::read), |_| about(meeting));
    }
}

/// The mail that tells it, where one is sent.
fn mail(told: &Told) -> Option<Mail> {
    Some(Mail {
        meeting: told.meeting,
        to: told.email.clone(),
        kind: match told.kind {
            Kind::Invitation => "Invitation",
            Kind::Update => "Updated",
            Kind::Cancellation => "Cancelled",
            Kind::Removal => "No longer invited",
            Kind::Reminder(..) => "Reminder",
        }
        .to_owned(),
        run: told.run,
        names: told.names.clone()?,
    })
}

/// What is listed of a notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Delivery {
    attendee: String,
    kind: String,
    of: Option<(String, Offset)>,
    /// When a reminder was due.
    due: Option<String>,
    status: &'static str,
}

impl Delivery {
    fn expected(told: &Told) -> Self {
        let (kind, of) = match told.kind {
            Kind::Invitation => ("invitation", None),
            Kind::Update => ("update", None),
            Kind::Cancellation | Kind::Removal => ("cancellation", None),
            Kind::Reminder(start, offset) => ("reminder", Some((written(start), offset))),
        };
        Self {
            attendee: told.attendee.clone(),
            kind: kind.to_owned(),
            due: of.is_some().then(|| written(told.due)),
            of,
            status: if told.names.is_some() { "sent" } else { "skipped" },
        }
    }

    fn read(item: &Value) -> Self {
        let text = |name: &str| item[name].as_str().map(str::to_owned);
        let of = text("occurrence_start").zip(text("offset").map(|offset| Offset::parse(&offset)));
        let status = item["status"].as_str().unwrap();
        if status == "sent" {
            assert!(at(item["sent_at"].as_str().unwrap()) >= at(item["due_at"].as_str().unwrap()), "{item}");
        }
        Self {
            attendee: text("attendee_id").unwrap(),
            kind: text("kind").unwrap(),
            due: of.is_some().then(|| text("due_at").unwrap()),
            of,
            status: ["sent", "skipped", "failed"].into_iter().find(|known| *known == status).unwrap(),
        }
    }
}

/// Both lists hold the same, each as often.
fn compare<T: Ord + Clone + Debug, A: Debug>(
    what: &str,
    expected: impl Iterator<Item = T>,
    actual: impl Iterator<Item = T>,
    about: impl Fn(&T) -> A,
) {
    let mut counts: BTreeMap<T, i32> = BTreeMap::new();
    expected.for_each(|one| *counts.entry(one).or_default() += 1);
    actual.for_each(|one| *counts.entry(one).or_default() -= 1);
    counts.retain(|_, count| *count != 0);
    let shown: Vec<String> = counts.iter().take(10).map(|(one, count)| format!("{count} {one:?}")).collect();
    assert!(
        counts.is_empty(),
        "{} differences in {what} (1: missing, -1: not called for), the first\n{}\nwhere was done {:?}",
        counts.len(),
        shown.join("\n"),
        counts.keys().next().map(about),
    );
}
