//! Two tenants on one Zoom account.

use serde_json::{Value, json};

use super::world::{HOST, World, at_zoom, busy};
use crate::support::{Caller, account, admin, caller, meeting_on, secret};

const MOVED: &str = "2027-03-11T09:00:00Z";
pub(super) const BOOKED: &str = "2027-03-10T09:00:00Z";

/// The administrator of another tenant, with an app of its own.
pub(super) struct Neighbour {
    admin: Caller,
    connection: String,
    pub(super) lesson: Value,
}

impl Neighbour {
    /// Connects the account, and books a lesson.
    pub(super) async fn of(world: &World) -> Self {
        Self::with(world, json!("all")).await
    }

    /// The same, with an app that was given `scopes`.
    async fn with(world: &World, scopes: Value) -> Self {
        let admin = caller("academy", "u-a", local::token::Role::Admin);
        let app = json!({"account_id": "sandbox-account", "client_id": "app2", "scopes": scopes,
                         "client_secret": secret("app2")});
        assert!(world.app.sandbox("POST", "/accounts", &app).await.status < 300);
        let body = account("Theirs", "sandbox-account", "app2", &secret("app2"));
        let connection = world.app.connect(&admin, &body).await["id"].as_str().unwrap().to_owned();
        let lesson = world.app.book(&admin, &meeting_on("Secret", "2027-03-10T09:00:00", HOST)).await;
        Self { admin, connection, lesson }
    }

    /// Switches the app on or off in Zoom's console, which a check finds.
    pub(super) async fn switch(&self, world: &World, enabled: bool) {
        let body = json!({"account_id": "sandbox-account", "client_id": "app2", "enabled": enabled});
        assert!(world.app.sandbox("PATCH", "/apps", &body).await.status < 300);
        let path = format!("/v1/connections/{}/verify", self.connection);
        let checked = world.app.post(&self.admin, &path, &json!({})).await;
        let status = if enabled { "verified" } else { "failed" };
        assert_eq!(checked.body["verification"]["status"], status, "{}", checked.text);
    }

    pub(super) async fn status(&self, world: &World) -> Value {
        world.app.get(&self.admin, &super::world::path(&self.lesson)).await.body["status"].clone()
    }
}

#[tokio::test]
async fn what_its_owner_cannot_follow_takes_the_time_that_zoom_shows() {
    let world = World::start().await;
    let neighbour = Neighbour::of(&world).await;
    world.cycle().await;
    neighbour.switch(&world, false).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": MOVED})).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    let both = [busy("lectern", BOOKED), busy("zoom", MOVED)];
    assert_eq!(world.busy(HOST).await, both);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    // Moved back, it takes what was booked for it and nothing else.
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": BOOKED})).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 1]);
    assert_eq!(world.busy(HOST).await, [busy("lectern", BOOKED)]);

    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": MOVED})).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    neighbour.switch(&world, true).await;
    world.cycle().await;
    assert_eq!(world.busy(HOST).await, [busy("lectern", MOVED)]);
    world.cycle().await;
    assert_eq!(world.busy(HOST).await, [busy("lectern", MOVED)]);
}

#[tokio::test]
async fn an_owner_who_may_not_read_cannot_follow() {
    let world = World::start().await;
    let scopes = [
        "user:read:list_users",
        "user:read:user",
        "meeting:write:meeting",
        "meeting:update:meeting",
        "meeting:delete:meeting",
    ]
    .map(|scope| format!("{scope}:admin"));
    let neighbour = Neighbour::with(&world, json!(scopes)).await;
    world.cycle().await;
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": MOVED})).await;
    world.cycle().await;
    assert_eq!(world.busy(HOST).await, [busy("lectern", BOOKED), busy("zoom", MOVED)]);
}

#[tokio::test]
async fn it_is_known_at_once_and_one_that_is_deleted_is_called_off() {
    let world = World::listening().await;
    let neighbour = Neighbour::of(&world).await;
    assert_eq!(world.work().await, 0);
    neighbour.switch(&world, false).await;
    assert!(world.app.stack.clock().advance(120));
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": MOVED})).await;
    world.app.tick().await;
    assert_eq!(world.busy(HOST).await, [busy("lectern", BOOKED), busy("zoom", MOVED)]);
    world.zoom("DELETE", &at_zoom(&neighbour.lesson), &Value::Null).await;
    world.app.tick().await;
    assert_eq!(world.busy(HOST).await, []);
    assert_eq!(neighbour.status(&world).await, "cancelled");
}

#[tokio::test]
async fn what_its_owner_follows_is_left_to_them() {
    let world = World::listening().await;
    let neighbour = Neighbour::of(&world).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    world.zoom("PATCH", &at_zoom(&neighbour.lesson), &json!({"start_time": MOVED})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, [busy("lectern", BOOKED)]);
    world.zoom("DELETE", &at_zoom(&neighbour.lesson), &Value::Null).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(neighbour.status(&world).await, "scheduled");
    world.cycle().await;
    assert_eq!(neighbour.status(&world).await, "cancelled");
}

#[tokio::test]
async fn what_is_made_in_zoom_at_the_time_of_anothers_booking_takes_it_too() {
    let world = World::listening().await;
    let neighbour = Neighbour::of(&world).await;
    assert_eq!(world.work().await, 0);
    world.make("Staff only", BOOKED).await;
    // It may be the neighbour's, who is just making one.
    assert_eq!(world.app.tick().await["webhooks"]["failed"], 1);
    // It comes again within seconds, and each time later.
    for (seconds, received) in [(4, 0), (2, 1), (6, 0), (5, 1)] {
        assert!(world.app.stack.clock().advance(seconds));
        assert_eq!(world.app.tick().await["webhooks"]["received"], received);
    }
    assert!(world.app.stack.clock().advance(400));
    world.app.tick().await;
    assert_eq!(world.busy(HOST).await.len(), 2);
    let cancelled = world.app.delete(&neighbour.admin, &super::world::path(&neighbour.lesson)).await;
    assert_eq!(cancelled.status, 204, "{}", cancelled.text);
    assert_eq!(world.busy(HOST).await, [busy("zoom", BOOKED)]);
    let wanted = meeting_on("Lesson", "2027-03-10T09:00:00", HOST);
    assert_eq!(world.app.post(&admin(), "/v1/meetings", &wanted).await.status, 409);
}
