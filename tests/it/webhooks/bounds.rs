//! What is signed and still cannot be: too long for a key, or of a time at which nothing can have happened.

use serde_json::{Value, json};

use super::world::{ACCOUNT, World, event, millis, session};

const AT: &str = "2027-03-01T09:00:00Z";

/// Somebody who came to a session.
fn joined(meeting: &Value, uuid: &str, person: &Value) -> Value {
    let object = json!({"id": meeting["zoom_meeting_id"], "uuid": uuid, "participant": person});
    event("meeting.participant_joined", AT, &object)
}

fn recorded(meeting: &Value, uuid: &str, files: &Value) -> Value {
    let object = json!({"id": meeting["zoom_meeting_id"], "uuid": uuid, "recording_files": files});
    event("recording.completed", AT, &object)
}

fn removed(at: &str, client_id: &str) -> Value {
    let payload = json!({"account_id": ACCOUNT, "client_id": client_id, "deauthorization_time": at});
    json!({"event": "app_deauthorized", "payload": payload})
}

/// An event, with another value at a place of it.
fn with(mut event: Value, place: &str, value: Value) -> Value {
    *event.pointer_mut(place).unwrap() = value;
    event
}

/// Tells each of the events, of which nothing may be queued.
async fn nothing_follows(world: &World, meeting: &Value, events: Vec<Value>) {
    for event in events {
        world.tell(&event).await;
        let tick = world.app.tick().await;
        assert_eq!(tick["webhooks"]["received"], 0, "{:.300}", event.to_string());
    }
    assert_eq!(world.state(meeting).await.0, "scheduled");
}

#[tokio::test]
async fn what_is_too_long_to_be_kept_is_taken_without_effect() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let long = "u".repeat(1_001);
    let person = json!({"user_id": "1", "user_name": "Ana", "email": "ana@x.example"});
    let mut events: Vec<Value> =
        ["user_id", "participant_uuid", "participant_user_id", "registrant_id", "customer_key", "email"]
            .into_iter()
            .map(|name| {
                let mut person = person.clone();
                person[name] = json!(long);
                joined(&meeting, "s1", &person)
            })
            .collect();
    for uuid in [long.as_str(), "", " "] {
        events.push(session("meeting.started", &meeting, uuid, AT));
        events.push(session("meeting.ended", &meeting, uuid, AT));
        events.push(joined(&meeting, uuid, &person));
        events.push(recorded(&meeting, uuid, &json!([{"id": "f1"}])));
    }
    let files: Value = (0..10_000).map(|n| json!({"id": n.to_string()})).collect();
    events.push(recorded(&meeting, "s1", &files));
    events.push(removed(AT, &long));
    nothing_follows(&world, &meeting, events).await;
}

#[tokio::test]
async fn the_longest_that_is_taken_can_be_kept() {
    let world = World::start().await;
    world.at("2027-03-01T09:01:00Z");
    let meeting = world.book("2027-03-01T09:02:00").await;
    // What separates the parts of a key takes three times its room there.
    let (uuid, stay) = ("#".repeat(128), "%".repeat(128));
    let person = json!({"user_id": stay, "user_name": "N".repeat(10_000), "email": "ana@x.example"});
    let files: Value = (0..1_000).map(|n| json!({"id": format!("file-{n}"), "file_type": "MP4"})).collect();
    world
        .told(&[
            session("meeting.started", &meeting, &uuid, AT),
            joined(&meeting, &uuid, &person),
            recorded(&meeting, &uuid, &files),
        ])
        .await;
    assert_eq!(world.state(&meeting).await.0, "started");
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let attendance = world.app.get(&crate::support::admin(), &path).await.body;
    assert_eq!(attendance["others"][0]["shown_name"].as_str().map(str::len), Some(200), "{attendance}");
}

#[tokio::test]
async fn a_moment_at_which_nothing_can_have_happened_is_not_believed() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let started = || session("meeting.started", &meeting, "s1", AT);
    let ended = || session("meeting.ended", &meeting, "s1", AT);
    let came = || joined(&meeting, "s1", &json!({"user_id": "1", "join_time": AT}));
    let mut events = Vec::new();
    for at in [
        json!(0),
        json!(-1),
        json!(millis("9999-12-31T23:59:59Z")),
        json!(i64::MAX),
        json!(millis("2027-03-02T08:10:00Z")),
    ] {
        events.extend([started(), ended(), came()].map(|event| with(event, "/event_ts", at.clone())));
    }
    for at in
        ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+262142-12-31T23:59:59Z", "2027-03-02T08:10:00Z"]
    {
        events.push(with(ended(), "/payload/object/end_time", json!(at)));
        events.push(with(came(), "/payload/object/participant/join_time", json!(at)));
        events.push(recorded(&meeting, "s1", &json!([{"id": "f1", "recording_start": at}])));
        events.push(removed(at, "sandbox-client"));
    }
    nothing_follows(&world, &meeting, events).await;
}

#[tokio::test]
async fn what_is_told_late_or_by_a_clock_that_is_ahead_is_believed() {
    for at in ["2021-07-14T02:44:51Z", "2027-03-01T20:00:00Z"] {
        let world = World::start().await;
        let meeting = world.book("2027-03-01T09:00:00").await;
        world.tell(&session("meeting.started", &meeting, "s1", at)).await;
        let tick = world.app.tick().await;
        assert_eq!(tick["webhooks"], json!({"received": 1, "handled": 1, "failed": 0}), "{at}");
    }
}

#[tokio::test]
async fn the_time_that_was_planned_may_be_any() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:31:00Z");
    for planned in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+262142-12-31T23:59:59Z"] {
        let mut started = session("meeting.started", &meeting, "s1", AT);
        let mut ended = session("meeting.ended", &meeting, "s1", "2027-03-01T09:30:00Z");
        let mut updated = event("meeting.updated", AT, &json!({"id": meeting["zoom_meeting_id"]}));
        for event in [&mut started, &mut ended, &mut updated] {
            event["payload"]["object"]["start_time"] = json!(planned);
        }
        world.told(&[started, ended, updated]).await;
        assert_eq!(world.state(&meeting).await.0, "ended", "{planned}");
    }
}
