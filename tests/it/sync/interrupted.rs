//! Whatever call a comparison dies at, the next one finds what is left; and an event that dies comes again.

use std::time::Duration;

use aws_lambda_events::event::sqs::SqsEvent;
use serde_json::{Value, json};
use shared::deps::Deps;

use super::world::{HOST, World, at_zoom, busy};
use crate::support::{admin, meeting_on, queue};

/// Longer than a run owns a chore.
pub(super) const LEASE: i64 = 301;

impl World {
    pub(super) fn deps(&self) -> Deps {
        let mut config = self.app.stack.config().clone();
        config.zoom.timeout = Duration::from_secs(2);
        Deps::new(config, self.app.stack.aws(), self.app.stack.clock().clone())
    }

    /// Does something that dies after so many calls; returns whether it did.
    async fn die_after(&self, calls: u64, run: impl Future<Output = ()> + Send + 'static) -> bool {
        let interruption = self.app.stack.interruption();
        interruption.after(calls);
        let mut running = tokio::spawn(run);
        tokio::select! {
            done = &mut running => done.unwrap(),
            () = interruption.reached() => {
                running.abort();
                assert!(running.await.unwrap_err().is_cancelled());
            }
        }
        interruption.lift().is_some()
    }

    /// What Zoom has told since this was asked last.
    pub(super) async fn events(&self) -> SqsEvent {
        assert_eq!(self.app.sandbox("POST", "/webhooks/flush", &json!({})).await.status, 204);
        let deps = self.deps();
        queue::take(&deps, &deps.config.webhooks_queue_url).await
    }
}

#[tokio::test]
async fn a_comparison_that_dies_is_finished_by_the_next() {
    let world = World::start().await;
    let moved = world.app.book(&admin(), &meeting_on("Moved", "2027-03-10T09:00:00", HOST)).await;
    let made = world.make("Made", "2027-03-11T09:00:00Z").await;
    world.cycle().await;
    let mut day = 12;
    let mut points = 0;
    for calls in 0.. {
        day = if day == 26 { 12 } else { day + 1 };
        let deleted = meeting_on("Deleted", "2027-03-28T09:00:00", HOST);
        let deleted = world.app.book(&admin(), &deleted).await;
        let at = |hour: u32| format!("2027-03-{day}T{hour:02}:00:00Z");
        world.zoom("PATCH", &at_zoom(&moved), &json!({"start_time": at(9)})).await;
        world.zoom("PATCH", &format!("/meetings/{made}"), &json!({"start_time": at(9)})).await;
        world.zoom("DELETE", &at_zoom(&deleted), &Value::Null).await;
        assert!(world.app.stack.clock().advance(46 * 60));
        let deps = world.deps();
        let run = async move {
            queue::reconcile(&deps).await;
        };
        let died = world.die_after(calls, run).await;
        assert!(world.app.stack.clock().advance(LEASE));
        queue::reconcile(&world.deps()).await;
        let mut taken = world.busy(HOST).await;
        taken.sort();
        assert_eq!(taken, [busy("lectern", &at(9)), busy("zoom", &at(9))], "died at call {calls}");
        assert_eq!(world.meeting(&deleted).await["status"], "cancelled", "died at call {calls}");
        let followed = world.meeting(&moved).await;
        assert_eq!(followed["starts_at"], at(9), "died at call {calls}");
        assert_eq!(followed["warnings"], json!(["overlaps_in_zoom"]), "died at call {calls}");
        if !died {
            break;
        }
        points += 1;
    }
    assert!(points > 20, "{points} calls are too few to be right");
}

#[tokio::test]
async fn an_event_that_dies_comes_again_and_is_finished() {
    let world = World::listening().await;
    let moved = world.app.book(&admin(), &meeting_on("Moved", "2027-03-10T09:00:00", HOST)).await;
    let made = world.make("Made", "2027-03-11T09:00:00Z").await;
    assert_eq!(world.work().await, 0);
    let mut day = 12;
    let mut points = 0;
    for calls in 0.. {
        day = if day == 26 { 12 } else { day + 1 };
        let deleted = meeting_on("Deleted", "2027-03-28T09:00:00", HOST);
        let deleted = world.app.book(&admin(), &deleted).await;
        assert_eq!(webhooks::handle(&world.deps(), world.events().await).await.batch_item_failures.len(), 0);
        assert!(world.app.stack.clock().advance(120));
        let at = |hour: u32| format!("2027-03-{day}T{hour:02}:00:00Z");
        world.zoom("PATCH", &at_zoom(&moved), &json!({"start_time": at(9)})).await;
        world.zoom("PATCH", &format!("/meetings/{made}"), &json!({"start_time": at(9)})).await;
        world.zoom("DELETE", &at_zoom(&deleted), &Value::Null).await;
        let told = world.events().await;
        assert_eq!(told.records.len(), 3);
        let (deps, first) = (world.deps(), told.clone());
        let died = world.die_after(calls, async move { drop(webhooks::handle(&deps, first).await) }).await;
        // What had passed when it died may still be carried out while an event comes again: then it comes once more.
        for _ in 0..3 {
            let again = webhooks::handle(&world.deps(), told.clone()).await;
            if again.batch_item_failures.is_empty() {
                break;
            }
            assert!(world.app.stack.clock().advance(60));
        }
        let mut taken = world.busy(HOST).await;
        taken.sort();
        assert_eq!(taken, [busy("lectern", &at(9)), busy("zoom", &at(9))], "died at call {calls}");
        assert_eq!(world.meeting(&deleted).await["status"], "cancelled", "died at call {calls}");
        assert_eq!(world.meeting(&moved).await["starts_at"], at(9), "died at call {calls}");
        if !died {
            break;
        }
        points += 1;
    }
    assert!(points > 10, "{points} calls are too few to be right");
    // Whether they overlap is looked at by every comparison.
    world.cycle().await;
    assert_eq!(world.meeting(&moved).await["warnings"], json!(["overlaps_in_zoom"]));
}
