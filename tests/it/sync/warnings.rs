//! Overlaps that come from Zoom are kept, flagged and told.

use serde_json::{Value, json};

use super::world::{HOST, World, at_zoom, busy, path};
use crate::support::{admin, meeting_on};

impl World {
    async fn warnings(&self, meeting: &Value) -> Value {
        self.meeting(meeting).await["warnings"].clone()
    }

    /// What the owner was written.
    async fn told(&self) -> Vec<Value> {
        let to_owner = |mail: &Value| mail["to"] == json!(["head@school.example"]);
        self.app.mails().await.into_iter().filter(to_owner).collect()
    }
}

#[tokio::test]
async fn one_beside_what_was_made_in_zoom_says_so_until_that_is_gone() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    let number = world.make("Staff only", "2027-03-10T09:30:00Z").await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(
        world.busy(HOST).await,
        [busy("lectern", "2027-03-10T09:00:00Z"), busy("zoom", "2027-03-10T09:30:00Z")]
    );
    let flagged = world.meeting(&booked).await;
    assert_eq!((&flagged["warnings"], &flagged["version"]), (&json!(["overlaps_in_zoom"]), &json!(2)));
    let told = world.told().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0]["subject"].as_str().unwrap().contains("Lesson"), "{}", told[0]);
    for part in ["text", "html"] {
        assert!(told[0][part].as_str().unwrap().contains("10 March 2027"), "{}", told[0]);
    }
    // Told once, however often it is looked at.
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.meeting(&booked).await, flagged);
    assert_eq!(world.told().await.len(), 1);
    world.zoom("DELETE", &format!("/meetings/{number}"), &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 1]);
    assert_eq!(world.warnings(&booked).await, json!([]));
}

#[tokio::test]
async fn one_that_is_moved_onto_another_stays_there_and_both_say_so() {
    let world = World::start().await;
    let first = world.app.book(&admin(), &meeting_on("First", "2027-03-10T09:00:00", HOST)).await;
    let second = world.app.book(&admin(), &meeting_on("Second", "2027-03-11T09:00:00", HOST)).await;
    world.cycle().await;
    world.zoom("PATCH", &at_zoom(&second), &json!({"start_time": "2027-03-10T09:30:00Z"})).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    for meeting in [&first, &second] {
        assert_eq!(world.warnings(meeting).await, json!(["overlaps_in_zoom"]));
    }
    assert_eq!(
        world.busy(HOST).await,
        [busy("lectern", "2027-03-10T09:00:00Z"), busy("lectern", "2027-03-10T09:30:00Z")]
    );
    assert_eq!(world.told().await.len(), 2);
    // A change that leaves the time as it is leaves the warning.
    let renamed = world.app.patch(&admin(), &path(&second), &json!({"topic": "Other"})).await;
    assert_eq!(renamed.body["warnings"], json!(["overlaps_in_zoom"]), "{}", renamed.text);
    let moved = world.app.patch(&admin(), &path(&second), &json!({"start": "2027-03-10T10:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(moved.body["warnings"], json!([]));
    world.cycle().await;
    assert_eq!(world.warnings(&first).await, json!([]));
    assert_eq!(world.told().await.len(), 2);
}

#[tokio::test]
async fn what_is_no_doing_of_zooms_is_not_flagged() {
    let world = World::start().await;
    let hosts = world.app.get(&admin(), &format!("/v1/connections/{}/hosts", world.connection)).await.body;
    let host = hosts["items"].as_array().unwrap().iter().find(|host| host["email"] == HOST).unwrap();
    let host = format!("/v1/connections/{}/hosts/{}", world.connection, host["id"].as_str().unwrap());
    world.app.patch(&admin(), &host, &json!({"concurrent_meetings": 2})).await;
    let first = world.app.book(&admin(), &meeting_on("First", "2027-03-10T09:00:00", HOST)).await;
    world.app.book(&admin(), &meeting_on("Second", "2027-03-10T09:00:00", HOST)).await;
    world.app.patch(&admin(), &host, &json!({"concurrent_meetings": 1})).await;
    world.cycle().await;
    assert_eq!(world.warnings(&first).await, json!([]));
}
