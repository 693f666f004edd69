//! Shares of hosts go over a queue: once each, whatever becomes of their messages.

use aws_lambda_events::event::sqs::SqsEvent;
use serde_json::Value;
use shared::deps::Deps;

use super::interrupted::LEASE;
use super::world::World;
use crate::support::{admin, queue};

const LISTS: &str = "GET /users/{userId}/meetings";

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
    assert_eq!(report, reconciler::Report::default());
    assert_eq!(compared(&world.deps(), &message).await, 3);

    let mut nonsense = message;
    nonsense.records[0].body = Some("{}".to_owned());
    let (response, _) = reconciler::handle(&world.deps(), nonsense).await;
    assert_eq!(response.batch_item_failures.len(), 1);
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
