//! What is changed of a meeting's settings in Zoom holds, and is not taken for what was asked for here.

use serde_json::{Value, json};

use super::world::{HOST, World, at_zoom, path};
use crate::support::{admin, meeting_on};

/// Who comes in before the host, and whether they wait.
fn entry(meeting: &Value) -> (bool, bool) {
    let is_on = |name: &str| meeting["settings"][name].as_bool().unwrap();
    (is_on("join_before_host"), is_on("waiting_room"))
}

const JOINS: (bool, bool) = (true, false);
const WAITS: (bool, bool) = (false, true);

impl World {
    async fn booked(&self, settings: &Value) -> Value {
        let mut body = meeting_on("Lesson", "2027-03-10T09:00:00", HOST);
        body["settings"] = settings.clone();
        let booked = self.app.book(&admin(), &body).await;
        assert_eq!(self.work().await, 0);
        booked
    }

    /// Sets it in Zoom, and follows.
    async fn set_in_zoom(&self, meeting: &Value, settings: &Value) -> Value {
        assert!(self.app.stack.clock().advance(120));
        self.zoom("PATCH", &at_zoom(meeting), &json!({"settings": settings})).await;
        assert_eq!(self.work().await, 0);
        self.meeting(meeting).await
    }

    /// Asks for it here, which must be done, here and in Zoom.
    async fn ask(&self, meeting: &Value, settings: &Value) -> Value {
        let changed = self.app.patch(&admin(), &path(meeting), &json!({"settings": settings})).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let shown = self.app.zoom_get(&at_zoom(meeting)).await;
        assert_eq!(entry(&shown), entry(&changed.body), "{}", changed.text);
        assert_eq!(self.work().await, 0);
        changed.body
    }
}

#[tokio::test]
async fn a_waiting_room_that_was_on_and_off_again_in_zoom_can_be_asked_for() {
    let world = World::listening().await;
    let booked = world.booked(&json!({})).await;
    assert_eq!(entry(&booked), JOINS);
    let on = world.set_in_zoom(&booked, &json!({"waiting_room": true})).await;
    assert_eq!(entry(&on), WAITS);
    let off = json!({"waiting_room": false, "join_before_host": true});
    assert_eq!(entry(&world.set_in_zoom(&booked, &off).await), JOINS);
    assert_eq!(entry(&world.ask(&booked, &json!({"waiting_room": true})).await), WAITS);
    assert_eq!(entry(&world.ask(&booked, &json!({"waiting_room": false})).await), JOINS);
}

#[tokio::test]
async fn joining_that_was_switched_on_in_zoom_gives_way_to_a_waiting_room() {
    let world = World::listening().await;
    let defaults = json!({"defaults": {"join_before_host": false}});
    let connection = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.patch(&admin(), &connection, &defaults).await.status, 200);
    let booked = world.booked(&json!({})).await;
    assert_eq!(entry(&booked), (false, false));
    assert_eq!(entry(&world.set_in_zoom(&booked, &json!({"join_before_host": true})).await), JOINS);
    let renamed = world.app.patch(&admin(), &path(&booked), &json!({"topic": "Other"})).await;
    assert_eq!((renamed.status, entry(&renamed.body)), (200, JOINS), "{}", renamed.text);
    assert_eq!(entry(&world.ask(&booked, &json!({"waiting_room": true})).await), WAITS);
}

#[tokio::test]
async fn what_is_asked_for_wins_over_what_was_changed_in_zoom_before() {
    let world = World::listening().await;
    let booked = world.booked(&json!({"host_video": true, "waiting_room": false})).await;
    let changed = json!({"waiting_room": true, "host_video": false, "participant_video": true});
    let followed = world.set_in_zoom(&booked, &changed).await;
    assert_eq!(entry(&followed), WAITS);
    let asked = world.ask(&booked, &json!({"join_before_host": true, "host_video": true})).await;
    assert_eq!(entry(&asked), JOINS);
    let of = |meeting: &Value, name: &str| meeting["settings"][name].clone();
    assert_eq!((of(&asked, "host_video"), of(&asked, "participant_video")), (json!(true), json!(true)));
    // `null` leaves it to the connection.
    let cleared = world.ask(&booked, &json!({"participant_video": null, "join_before_host": null})).await;
    assert_eq!((of(&cleared, "participant_video"), entry(&cleared)), (json!(false), JOINS));
}

#[tokio::test]
async fn a_copy_behaves_as_its_original_does_in_zoom() {
    let world = World::listening().await;
    let booked = world.booked(&json!({})).await;
    let off = json!({"waiting_room": false, "join_before_host": true, "host_video": true});
    world.set_in_zoom(&booked, &json!({"waiting_room": true})).await;
    let original = world.set_in_zoom(&booked, &off).await;
    let duplicate = format!("{}/duplicate", path(&booked));
    let copy = world.app.post(&admin(), &duplicate, &json!({"start": "2027-03-11T09:00:00"})).await;
    assert_eq!((copy.status, &copy.body["settings"]), (201, &original["settings"]), "{}", copy.text);
    let other = json!({"start": "2027-03-12T09:00:00", "settings": {"waiting_room": true}});
    let copy = world.app.post(&admin(), &duplicate, &other).await;
    assert_eq!((copy.status, entry(&copy.body)), (201, WAITS), "{}", copy.text);
    assert_eq!(copy.body["settings"]["host_video"], true);
}

#[tokio::test]
async fn what_was_asked_for_at_first_does_not_come_back_with_another_change() {
    let world = World::listening().await;
    let room_on = (json!({"join_before_host": true}), json!({"waiting_room": true}), WAITS);
    let room_off =
        (json!({"waiting_room": true}), json!({"waiting_room": false, "join_before_host": true}), JOINS);
    for (day, (asked, changed, entered)) in [room_on, room_off].into_iter().enumerate() {
        let mut body = meeting_on("Lesson", &format!("2027-03-1{day}T09:00:00"), HOST);
        body["settings"] = asked;
        let booked = world.app.book(&admin(), &body).await;
        assert_eq!(world.work().await, 0);
        assert_eq!(entry(&world.set_in_zoom(&booked, &changed).await), entered);
        world.app.calls().await;
        let same = world.app.patch(&admin(), &path(&booked), &json!({})).await;
        assert_eq!((same.status, entry(&same.body)), (200, entered), "{}", same.text);
        assert_eq!(world.app.calls().await["zoom"], Value::Null);
        let renamed = world.app.patch(&admin(), &path(&booked), &json!({"topic": "Other"})).await;
        assert_eq!((renamed.status, entry(&renamed.body)), (200, entered), "{}", renamed.text);
        assert_eq!(entry(&world.app.zoom_get(&at_zoom(&booked)).await), entered);
        assert_eq!(world.work().await, 0);
        let duplicate = json!({"start": format!("2027-03-2{day}T09:00:00")});
        let copy = world.app.post(&admin(), &format!("{}/duplicate", path(&booked)), &duplicate).await;
        assert_eq!((copy.status, entry(&copy.body)), (201, entered), "{}", copy.text);
    }
}
