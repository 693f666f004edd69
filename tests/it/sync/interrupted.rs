//! Whatever call a comparison dies at, the next one finds what is left.

use std::time::Duration;

use serde_json::{Value, json};
use shared::deps::Deps;

use super::world::{HOST, World, at_zoom, busy};
use crate::support::{admin, meeting_on};

/// Longer than a run owns a chore.
const LEASE: i64 = 301;

impl World {
    fn deps(&self) -> Deps {
        let mut config = self.app.stack.config().clone();
        config.zoom.timeout = Duration::from_secs(2);
        Deps::new(config, self.app.stack.aws(), self.app.stack.clock().clone())
    }

    /// Runs a comparison that is due and dies after so many calls; returns whether it did.
    async fn die_after(&self, calls: u64) -> bool {
        let deps = self.deps();
        let interruption = self.app.stack.interruption();
        interruption.after(calls);
        let mut running = tokio::spawn(async move { reconciler::run(&deps).await.map(drop) });
        tokio::select! {
            done = &mut running => done.unwrap().unwrap(),
            () = interruption.reached() => {
                running.abort();
                assert!(running.await.unwrap_err().is_cancelled());
            }
        }
        interruption.lift().is_some()
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
        let died = world.die_after(calls).await;
        assert!(world.app.stack.clock().advance(LEASE));
        reconciler::run(&world.deps()).await.unwrap();
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
