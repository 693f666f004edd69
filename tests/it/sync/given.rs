//! Meetings that are given to another host in Zoom.

use serde_json::{Value, json};

use super::world::{HOST, OTHER_HOST, World, at_zoom, busy, path};
use crate::support::{admin, meeting_on};

const TIME: &str = "2027-03-10T09:00:00Z";

impl World {
    /// Gives a meeting to another host, in Zoom.
    async fn give(&self, meeting: &Value, host: &str) {
        self.zoom("PATCH", &at_zoom(meeting), &json!({"schedule_for": host})).await;
    }

    async fn host_of(&self, meeting: &Value) -> Value {
        self.meeting(meeting).await["host"]["email"].clone()
    }
}

#[tokio::test]
async fn its_time_goes_with_it_at_once() {
    let world = World::listening().await;
    let given = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    let beside = meeting_on("Beside", "2027-03-10T09:30:00", OTHER_HOST);
    let beside = world.app.book(&admin(), &beside).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    world.give(&given, OTHER_HOST).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.host_of(&given).await, OTHER_HOST);
    assert_eq!(world.busy(HOST).await, []);
    assert_eq!(
        world.busy(OTHER_HOST).await,
        [busy("lectern", TIME), busy("lectern", "2027-03-10T09:30:00Z")]
    );
    for meeting in [&given, &beside] {
        assert_eq!(world.meeting(meeting).await["warnings"], json!(["overlaps_in_zoom"]));
    }
    // It is the same meeting at Zoom, and can be changed from here as before.
    let moved = world.app.patch(&admin(), &path(&given), &json!({"start": "2027-03-11T09:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(moved.body["zoom_meeting_id"], given["zoom_meeting_id"]);
    assert_eq!(world.work().await, 0);
    assert_eq!(world.host_of(&given).await, OTHER_HOST);
}

#[tokio::test]
async fn a_series_goes_with_all_its_dates_within_a_cycle() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-10T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    let series = world.app.book(&admin(), &body).await;
    world.cycle().await;
    let times = world.busy(HOST).await;
    assert_eq!(times.len(), 3);
    world.give(&series, OTHER_HOST).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, []);
    assert_eq!(world.busy(OTHER_HOST).await, times);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn an_alternative_host_who_gets_it_is_its_host_alone() {
    let world = World::start().await;
    let mut body = meeting_on("Lesson", "2027-03-10T09:00:00", HOST);
    let hosts = world.app.get(&admin(), &format!("/v1/connections/{}/hosts", world.connection)).await.body;
    let other = hosts["items"].as_array().unwrap().iter().find(|host| host["email"] == OTHER_HOST).unwrap();
    body["alternative_hosts"] = json!([other["id"]]);
    let given = world.app.book(&admin(), &body).await;
    world.cycle().await;
    world.give(&given, OTHER_HOST).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.host_of(&given).await, OTHER_HOST);
    assert_eq!(world.meeting(&given).await["alternative_hosts"], json!([]));
    assert_eq!(world.busy(OTHER_HOST).await, [busy("lectern", TIME)]);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn one_that_was_made_in_zoom_takes_the_other_hosts_time() {
    let world = World::listening().await;
    let number = world.make("Staff only", TIME).await;
    assert_eq!(world.work().await, 0);
    world.zoom("PATCH", &format!("/meetings/{number}"), &json!({"schedule_for": OTHER_HOST})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, []);
    assert_eq!(world.busy(OTHER_HOST).await, [busy("zoom", TIME)]);
}

#[tokio::test]
async fn one_that_is_given_to_somebody_unknown_stays_until_they_are_known() {
    let world = World::start().await;
    let given = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    world.cycle().await;
    let new = json!({"account_id": "sandbox-account", "email": "new@sandbox.example", "type": 2});
    assert_eq!(world.app.sandbox("POST", "/users", &new).await.status, 201);
    world.give(&given, "new@sandbox.example").await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, [busy("lectern", TIME)]);
    let path = format!("/v1/connections/{}/verify", world.connection);
    assert_eq!(world.app.post(&admin(), &path, &json!({})).await.status, 200);
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.host_of(&given).await, "new@sandbox.example");
    assert_eq!(world.busy("new@sandbox.example").await, [busy("lectern", TIME)]);
}
