//! What Zoom tells is known at once, and what comes back of one's own writes changes nothing.

use serde_json::{Value, json};

use super::world::{HOST, World, at_zoom, busy, path};
use crate::support::{admin, meeting_on};

impl World {
    /// Lets the queues be worked off; returns how many messages are to come again.
    pub(super) async fn work(&self) -> Value {
        let tick = self.app.tick().await;
        for name in ["meetings_followed", "meetings_cancelled", "zoom_times_taken", "zoom_times_freed"] {
            assert_eq!(tick["reconciler"][name], 0, "{tick}");
        }
        tick["webhooks"]["failed"].clone()
    }
}

#[tokio::test]
async fn what_is_made_moved_and_deleted_in_zoom_is_known_at_once() {
    let world = World::listening().await;
    let number = world.make("Staff only", "2027-03-10T09:00:00Z").await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-10T09:00:00Z")]);
    let path = format!("/meetings/{number}");
    world.zoom("PATCH", &path, &json!({"start_time": "2027-03-12T09:00:00Z"})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-12T09:00:00Z")]);
    world.zoom("DELETE", &path, &Value::Null).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, []);
}

#[tokio::test]
async fn a_meeting_that_is_moved_in_zoom_follows_at_once() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    world.zoom("PATCH", &at_zoom(&booked), &json!({"start_time": "2027-03-12T09:00:00Z"})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["starts_at"], "2027-03-12T09:00:00Z");
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-12T09:00:00Z")]);
}

#[tokio::test]
async fn one_that_is_moved_twice_in_a_minute_follows_twice() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    // Nor does it matter what is changed here alone.
    let attendees = json!({"attendees": [{"id": "u-ana", "email": "ana@x.example"}]});
    let added = world.app.put(&admin(), &format!("{}/attendees", path(&booked)), &attendees).await;
    assert_eq!(added.status, 200, "{}", added.text);
    for hour in [12, 15] {
        let start = format!("2027-03-12T{hour}:00:00Z");
        world.zoom("PATCH", &at_zoom(&booked), &json!({"start_time": start})).await;
        assert_eq!(world.work().await, 0);
        assert_eq!(world.busy(HOST).await, [busy("lectern", &start)]);
        assert!(world.app.stack.clock().advance(10));
    }
    world.zoom("PATCH", &at_zoom(&booked), &json!({"topic": "Other"})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["topic"], "Other");
}

#[tokio::test]
async fn what_is_moved_right_after_it_was_booked_follows_if_the_event_says_the_same() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(10));
    world.zoom("PATCH", &at_zoom(&booked), &json!({"start_time": "2027-03-12T09:00:00Z"})).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-12T09:00:00Z")]);
    // The event tells nothing that would prove that Zoom shows what is newer.
    world.zoom("PATCH", &at_zoom(&booked), &json!({"topic": "Other"})).await;
    assert_eq!(world.work().await, 1);
    assert_eq!(world.meeting(&booked).await["topic"], "Lesson");
    world.zoom("DELETE", &at_zoom(&booked), &Value::Null).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["status"], "cancelled");
}

#[tokio::test]
async fn what_is_written_from_here_comes_back_and_changes_nothing() {
    let world = World::listening().await;
    let mut body = meeting_on("Series", "2027-03-03T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 4});
    body["agenda"] = json!("All of it");
    let series = world.app.book(&admin(), &body).await;
    let single = world.app.book(&admin(), &meeting_on("Single", "2027-03-20T09:00:00", HOST)).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&series).await, series);
    assert_eq!(world.meeting(&single).await, single);

    let date = |n: usize| {
        format!("{}/occurrences/{}", path(&series), series["occurrences"][n]["id"].as_str().unwrap())
    };
    let patches = [
        (path(&single), json!({"start": "2027-03-21T09:00:00Z", "topic": "Moved", "passcode": "abc123"})),
        (date(1), json!({"start": "2027-03-04T15:00:00Z", "agenda": "Elsewhere"})),
        (date(2), json!({"duration_minutes": 90})),
        (path(&series), json!({"topic": "Renamed", "duration_minutes": 30})),
        (path(&single), json!({"host": {"email": "host2@sandbox.example"}})),
    ];
    for (path, patch) in patches {
        let patched = world.app.patch(&admin(), &path, &patch).await;
        assert_eq!(patched.status, 200, "{}", patched.text);
        assert_eq!(world.work().await, 0, "{patch}");
    }
    assert_eq!(world.app.delete(&admin(), &date(3)).await.status, 204);
    assert_eq!(world.work().await, 0);
    let stand = [world.meeting(&series).await, world.meeting(&single).await];
    assert_eq!((&stand[0]["version"], &stand[1]["version"]), (&json!(5), &json!(3)));
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!([world.meeting(&series).await, world.meeting(&single).await], stand);
    assert_eq!(world.app.delete(&admin(), &path(&series)).await.status, 204);
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(HOST).await, []);
}

#[tokio::test]
async fn a_change_that_is_under_way_is_left_alone() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    // Zoom makes the change and does not say so, nor can it be asked.
    world.app.fault("PATCH /meetings/{meetingId}", "timeout_after_commit", 1).await;
    world.app.fault("GET /meetings/{meetingId}", "status_500", 3).await;
    let patch = json!({"start": "2027-03-12T09:00:00Z"});
    assert_eq!(world.app.patch(&admin(), &path(&booked), &patch).await.status, 503);
    let both = [busy("lectern", "2027-03-10T09:00:00Z"), busy("lectern", "2027-03-12T09:00:00Z")];
    assert_eq!(world.work().await, 1);
    assert_eq!(world.busy(HOST).await, both);
    assert!(world.app.stack.clock().advance(61));
    world.app.tick().await;
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-12T09:00:00Z")]);
    assert_eq!(world.meeting(&booked).await["starts_at"], "2027-03-12T09:00:00Z");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_and_what_is_made_in_zoom_at_the_same_moment_both_stand() {
    let world = World::start().await;
    let mut refused = 0;
    for day in 10..18 {
        world.make("Staff only", &format!("2027-03-{day}T09:30:00Z")).await;
        assert!(world.app.stack.clock().advance(46 * 60));
        let body = meeting_on("Lesson", &format!("2027-03-{day}T09:00:00"), HOST);
        let admin = admin();
        let (tick, booked) = tokio::join!(world.app.tick(), world.app.post(&admin, "/v1/meetings", &body));
        assert_eq!(tick["reconciler"]["zoom_times_taken"], 1, "{tick}");
        match booked.status {
            409 => refused += 1,
            201 => {
                // Whichever came first, the meeting says that it overlaps once both are known.
                world.cycle().await;
                assert_eq!(world.meeting(&booked.body).await["warnings"], json!(["overlaps_in_zoom"]));
            }
            status => panic!("{status}: {}", booked.text),
        }
    }
    let lectern = |busy: &(String, String)| busy.0 == "lectern";
    let all = world.busy(HOST).await;
    assert_eq!(all.iter().filter(|busy| lectern(busy)).count(), 8 - refused);
    assert_eq!(all.iter().filter(|busy| !lectern(busy)).count(), 8);
}
