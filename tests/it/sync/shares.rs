//! Shares of hosts go over a queue: once each, whatever becomes of their messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_lambda_events::event::sqs::SqsEvent;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::clock::{Clock, SharedClock};
use shared::deps::Deps;
use shared::domain::connection::Connection;

use super::interrupted::LEASE;
use super::world::{HOST, World, at_zoom};
use crate::support::{admin, meeting_on, queue};

const LISTS: &str = "GET /users/{userId}/meetings";
const READ: &str = "GET /meetings/{meetingId}";

/// A clock by which much time goes by from one look to the next.
#[derive(Debug)]
struct Hasty {
    clock: SharedClock,
    looks: AtomicI64,
}

impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::seconds(20 * self.looks.fetch_add(1, Ordering::Relaxed))
    }
}

impl World {
    /// The message of the next cycle's share, which the reconciler has just queued.
    async fn share(&self) -> SqsEvent {
        assert!(self.app.stack.clock().advance(46 * 60));
        let report = reconciler::run(&self.deps()).await.unwrap();
        assert_eq!((report.shares_queued, report.hosts_compared), (1, 0));
        self.queued().await
    }

    async fn queued(&self) -> SqsEvent {
        let deps = self.deps();
        let messages = queue::take(&deps, &deps.config.comparisons_queue_url).await;
        assert_eq!(messages.records.len(), 1);
        messages
    }
}

/// How many hosts are compared for a message; none of it is to come again.
async fn compared(deps: &Deps, message: &SqsEvent) -> usize {
    let (response, report) = reconciler::handle(deps, message.clone()).await;
    assert_eq!(response.batch_item_failures.len(), 0);
    report.hosts_compared
}

#[tokio::test]
async fn a_share_whose_message_comes_twice_is_compared_once() {
    let world = World::start().await;
    let deps = world.deps();
    let message = world.share().await;
    world.app.calls().await;
    let (first, second) = futures::join!(compared(&deps, &message), compared(&deps, &message));
    assert_eq!(first + second, 3);
    assert_eq!(compared(&deps, &message).await, 0);
    assert_eq!(world.app.calls().await["zoom"][LISTS], 3);
}

#[tokio::test]
async fn a_share_whose_message_is_lost_is_queued_again() {
    let world = World::start().await;
    let deps = world.deps();
    let lost = world.share().await;
    assert_eq!(reconciler::run(&deps).await.unwrap().shares_queued, 0);
    assert!(world.app.stack.clock().advance(LEASE));
    assert_eq!(reconciler::run(&deps).await.unwrap().shares_queued, 1);
    assert_eq!(compared(&deps, &world.queued().await).await, 3);
    // It was only late.
    assert_eq!(compared(&deps, &lost).await, 0);
}

#[tokio::test]
async fn a_share_that_cannot_be_read_comes_again() {
    let world = World::start().await;
    let message = world.share().await;
    let nowhere = world.app.stack.aws().clone().into_builder().endpoint_url("http://127.0.0.1:1").build();
    let clock = world.app.stack.clock().clone();
    let cut_off = Deps::new(world.app.stack.config().clone(), &nowhere, clock);
    let (response, report) = reconciler::handle(&cut_off, message.clone()).await;
    let again: Vec<_> =
        response.batch_item_failures.into_iter().map(|one| Some(one.item_identifier)).collect();
    assert_eq!(again, [message.records[0].message_id.clone()]);
    assert_eq!((report.shares_failed, report.hosts_compared), (1, 0));
    assert_eq!(compared(&world.deps(), &message).await, 3);

    let mut nonsense = message;
    nonsense.records[0].body = Some("{}".to_owned());
    let (response, _) = reconciler::handle(&world.deps(), nonsense).await;
    assert_eq!(response.batch_item_failures.len(), 1);
}

#[tokio::test]
async fn a_share_that_cannot_be_compared_comes_again() {
    let world = World::start().await;
    let message = world.share().await;
    let mut config = world.app.stack.config().clone();
    config.secrets_prefix = "elsewhere".to_owned();
    let without_secrets = Deps::new(config, world.app.stack.aws(), world.app.stack.clock().clone());
    let (response, report) = reconciler::handle(&without_secrets, message.clone()).await;
    assert_eq!((response.batch_item_failures.len(), report.shares_failed, report.hosts_compared), (1, 1, 0));
    assert_eq!(compared(&world.deps(), &message).await, 3);
}

#[tokio::test]
async fn a_share_ends_in_time_and_the_next_goes_on_where_it_ended() {
    let world = World::start().await;
    let mut message = world.share().await;
    let hasty = || {
        let clock = Hasty { clock: world.app.stack.clock().clone(), looks: AtomicI64::new(0) };
        Deps::new(world.app.stack.config().clone(), world.app.stack.aws(), Arc::new(clock))
    };
    let mut hosts = Vec::new();
    for pause in [10 * 60, 10 * 60, 60 * 60] {
        hosts.push(compared(&hasty(), &message).await);
        assert!(world.app.stack.clock().advance(pause));
        assert_eq!(reconciler::run(&world.deps()).await.unwrap().shares_queued, 1);
        message = world.queued().await;
    }
    assert_eq!(hosts, [1, 1, 1]);
    // The cycle is over, and another begins.
    assert_eq!(compared(&world.deps(), &message).await, 3);
}

#[tokio::test]
async fn every_meeting_of_a_host_that_has_very_many_is_read() {
    let world = World::start().await;
    let mut last = Value::Null;
    for n in 0..62 {
        let start = format!("2027-03-{:02}T{:02}:00:00", 1 + n / 3, 9 + n % 3);
        last = world.app.book(&admin(), &meeting_on("Lesson", &start, HOST)).await;
    }
    world.zoom("PATCH", &at_zoom(&last), &json!({"password": "kiosk"})).await;
    let message = world.share().await;
    world.app.calls().await;
    compared(&world.deps(), &message).await;
    assert_eq!(world.app.calls().await["zoom"][READ], 60);
    assert!(world.app.stack.clock().advance(60));
    assert_eq!(reconciler::run(&world.deps()).await.unwrap().shares_queued, 1);
    compared(&world.deps(), &world.queued().await).await;
    assert_eq!(world.app.calls().await["zoom"][READ], 2);
    assert_eq!(world.meeting(&last).await["passcode"], "kiosk");
}

#[tokio::test]
async fn a_meeting_of_which_zoom_gives_no_clear_answer_holds_up_no_other() {
    let world = World::start().await;
    let mut lessons = Vec::new();
    for hour in 9..11 {
        let start = format!("2027-03-10T{hour:02}:00:00");
        lessons.push(world.app.book(&admin(), &meeting_on("Lesson", &start, HOST)).await);
    }
    world.cycle().await;
    for lesson in &lessons {
        world.zoom("PATCH", &at_zoom(lesson), &json!({"password": "kiosk"})).await;
    }
    world.app.fault(READ, "malformed", 1).await;
    assert!(world.app.stack.clock().advance(46 * 60));
    let report = queue::reconcile(&world.deps()).await;
    assert_eq!((report.hosts_compared, report.meetings_followed, report.comparisons_put_off), (3, 1, 1));
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    for lesson in &lessons {
        assert_eq!(world.meeting(lesson).await["passcode"], "kiosk");
    }
}

#[tokio::test]
async fn a_share_of_a_connection_that_is_leaving_is_left() {
    let world = World::start().await;
    let deps = world.deps();
    let message = world.share().await;
    let (tenant, id) = ("school".parse().unwrap(), world.connection.parse().unwrap());
    let before = deps.store.connection(&tenant, &id).await.unwrap().unwrap();
    let leaving = Connection { leaving: true, version: before.version + 1, ..before.clone() };
    assert!(deps.store.replace_connection(&leaving, &before).await.unwrap());
    assert_eq!(compared(&deps, &message).await, 0);
    assert_eq!(reconciler::run(&deps).await.unwrap().connections_removed, 1);
}

#[tokio::test]
async fn a_share_of_a_connection_that_was_removed_meanwhile_is_left() {
    let world = World::start().await;
    let message = world.share().await;
    let path = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    world.app.calls().await;
    assert_eq!(compared(&world.deps(), &message).await, 0);
    assert_eq!(world.app.calls().await["zoom"][LISTS], Value::Null);
    assert_eq!(queue::reconcile(&world.deps()).await.shares_queued, 0);
}
