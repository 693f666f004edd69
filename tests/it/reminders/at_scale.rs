//! What a run costs where very many reminders are stored, and how much it takes where very many are overdue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use reminders::Report;
use serde_json::{Value, json};
use shared::clock::{Clock, SharedClock};
use shared::deps::Deps;

use super::world::SHARDS;
use crate::support::bulk::{Item, embedded, stack_holding};
use crate::support::recorder::Recorder;
use crate::support::{App, NOW, booked};

/// How many reminders are due.
const DUE: usize = 100;
/// How many are stored, unless `LECTERN_MANY_REMINDERS` says another number for the many.
const FEW: usize = 1_000;
const MANY: usize = 20_000;
/// As many meetings as a run takes of a shard.
const MOST: usize = 2_000;

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn id(n: usize) -> String {
    format!("mtg_{n:032x}")
}

/// A meeting with one reminder, which is due at that moment, as `shards` shards hold it.
fn stored(deps: &Deps, n: usize, due: DateTime<Utc>, shards: u16) -> Vec<Item> {
    let made = now() - TimeDelta::days(30);
    let meeting = booked::meeting(&id(n), made, due + TimeDelta::hours(1), 1, &["PT1H"]);
    let writes = deps.store.meeting_writes(&meeting, None, made, shards).unwrap();
    // The first is the meeting; no run reads its places in lists.
    let meeting = writes.into_iter().next().unwrap().put.unwrap();
    vec![embedded(meeting.item)]
}

/// The calls that a run makes to the table, and how many bytes each operation answers.
async fn cost(count: usize) -> (Value, BTreeMap<String, usize>) {
    let data = tempfile::tempdir().unwrap();
    let app = stack_holding(data.path(), count, |deps, n| {
        let minutes = i64::try_from(n).unwrap();
        // Those that are due stand among the others, not before them.
        let later = now() + TimeDelta::minutes(1 + minutes);
        stored(deps, n, if n % 10 == 7 && n < 10 * DUE { now() } else { later }, SHARDS)
    })
    .await;
    let (recorder, url) = Recorder::start(&app.stack.endpoints().aws_url).await;
    let aws = app.stack.aws().to_builder().endpoint_url(url.as_str()).build();
    let deps = Deps::new(app.stack.config().clone(), &aws, app.stack.clock().clone());
    app.calls().await;
    let report = reminders::run(&deps).await.unwrap();
    assert_eq!(report, Report { due: DUE, queued: DUE, moved: DUE });
    let calls = app.calls().await["dynamodb"].clone();
    let mut bytes = BTreeMap::new();
    for passed in recorder.take() {
        if calls.get(&passed.operation).is_some() {
            *bytes.entry(passed.operation).or_default() += passed.answered;
        }
    }
    (calls, bytes)
}

#[tokio::test]
async fn a_run_costs_the_same_with_few_reminders_stored_and_with_very_many() {
    let many = std::env::var("LECTERN_MANY_REMINDERS").map_or(MANY, |count| count.parse().unwrap());
    let few = cost(FEW).await;
    // Each shard asks once whose platforms are to be told.
    assert_eq!(few.0, json!({"BatchGetItem": SHARDS, "Query": SHARDS, "TransactWriteItems": DUE}));
    assert!(few.1["Query"] > 100 * DUE, "{few:?}");
    assert_eq!(cost(many).await, few);
}

/// A stack with so many overdue meetings in one shard, the n-th of which has been due since n seconds; and what
/// functions with that shard and `clock` are made of.
async fn overdue(data: &std::path::Path, count: usize, clock: SharedClock) -> (App, Deps) {
    let app = stack_holding(data, count, |deps, n| {
        stored(deps, n, now() - TimeDelta::seconds(i64::try_from(n).unwrap()), 1)
    })
    .await;
    let mut config = app.stack.config().clone();
    config.reminder_shards = 1;
    let deps = Deps::new(config, app.stack.aws(), clock);
    (app, deps)
}

/// The meetings that are still due, the longest due first.
async fn left(deps: &Deps) -> Vec<String> {
    let due = deps.store.due_meetings(0, now() + TimeDelta::minutes(1), MOST).await.unwrap();
    due.into_iter().map(|meeting| meeting.id.to_string()).collect()
}

#[tokio::test]
async fn after_an_outage_a_run_takes_the_oldest_and_leaves_the_rest_to_the_next() {
    let (data, rest) = (tempfile::tempdir().unwrap(), 30);
    // However slow the machine is, no time is up.
    let (_app, deps) = overdue(data.path(), MOST + rest, running(0)).await;
    let report = reminders::run(&deps).await.unwrap();
    assert_eq!(report, Report { due: MOST, queued: MOST, moved: MOST });
    let newest: Vec<String> = (0..rest).rev().map(id).collect();
    assert_eq!(left(&deps).await, newest);
    let report = reminders::run(&deps).await.unwrap();
    assert_eq!(report, Report { due: rest, queued: rest, moved: rest });
}

/// A clock that goes on by so many seconds whenever it is read.
#[derive(Debug)]
struct Running {
    read: AtomicI64,
    seconds: i64,
}

impl Clock for Running {
    fn now(&self) -> DateTime<Utc> {
        let reads = self.read.fetch_add(1, Ordering::SeqCst);
        self::now() + TimeDelta::seconds(reads * self.seconds)
    }
}

fn running(seconds: i64) -> SharedClock {
    Arc::new(Running { read: AtomicI64::new(0), seconds })
}

#[tokio::test]
async fn a_slow_run_ends_before_the_next_begins_and_leaves_the_rest_to_it() {
    let data = tempfile::tempdir().unwrap();
    let (_app, deps) = overdue(data.path(), 250, running(20)).await;
    let moved = reminders::run(&deps).await.unwrap().moved;
    assert!(moved > 0 && moved < 250, "{moved}");
    let newest: Vec<String> = (0..250 - moved).rev().map(id).collect();
    assert_eq!(left(&deps).await, newest);
}
