//! What is known of a meeting says whether it is a webinar, not what an event calls it.

use serde_json::json;

use super::shared_account::{BOOKED, Neighbour};
use super::world::{HOST, World, at_zoom, busy};

impl World {
    /// Takes in what Zoom has told as if it were of webinars; how many messages are to come again.
    async fn mistake_for_webinars(&self) -> usize {
        let mut told = self.events().await;
        for message in &mut told.records {
            let body = message.body.take().unwrap();
            assert!(body.contains(r#""kind":"meeting""#), "{body}");
            message.body = Some(body.replace(r#""kind":"meeting""#, r#""kind":"webinar""#));
        }
        assert!(!told.records.is_empty());
        webhooks::handle(&self.deps(), told).await.batch_item_failures.len()
    }
}

#[tokio::test]
async fn what_was_made_in_zoom_keeps_its_time() {
    let world = World::listening().await;
    let made = world.make("Made", BOOKED).await;
    assert_eq!(world.work().await, 0);
    world.zoom("PATCH", &format!("/meetings/{made}"), &json!({"topic": "Renamed"})).await;
    assert_eq!(world.mistake_for_webinars().await, 0);
    assert_eq!(world.busy(HOST).await, [busy("zoom", BOOKED)]);
}

#[tokio::test]
async fn a_neighbours_meeting_is_not_called_off() {
    let world = World::listening().await;
    let neighbour = Neighbour::of(&world).await;
    assert_eq!(world.work().await, 0);
    neighbour.switch(&world, false).await;
    assert!(world.app.stack.clock().advance(120));
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"topic": "Renamed"})).await;
    assert_eq!(world.mistake_for_webinars().await, 0);
    assert_eq!(neighbour.status(&world).await, "scheduled");
    assert_eq!(world.busy(HOST).await, [busy("lectern", BOOKED)]);
}
