//! Every example of Zoom's own description, made to be about a meeting of ours, is taken and has its effect.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::world::{ACCOUNT, HOST, World, millis};
use crate::support::{admin, meeting_on};

const BESIDE_THE_PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/zoom/webhooks.json");

/// Zoom's description of its webhooks, beside the project or where the environment says.
fn description() -> Option<Value> {
    let file =
        std::env::var_os("ZOOM_WEBHOOKS").map_or_else(|| PathBuf::from(BESIDE_THE_PROJECT), PathBuf::from);
    let Ok(text) = std::fs::read(&file) else {
        eprintln!("skipped: Zoom's description is not at {}", file.display());
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// The example of an event; where it is written as a text, what it reads as.
fn example(description: &Value, name: &str) -> Value {
    let content = &description["webhooks"][name]["post"]["requestBody"]["content"]["application/json"];
    let value = &content["examples"]["json-example"]["value"];
    value.as_str().map_or_else(|| value.clone(), |text| serde_json::from_str(text).unwrap())
}

/// The example, of a meeting of ours in a session of it at a moment.
fn about(mut event: Value, meeting: &Value, at: &str) -> Value {
    event["payload"]["account_id"] = json!(ACCOUNT);
    if event["event"] == "app_deauthorized" {
        event["payload"]["deauthorization_time"] = json!(at);
        assert!(event["payload"]["client_id"].is_string());
        event["payload"]["client_id"] = json!("sandbox-client");
        return event;
    }
    event["event_ts"] = json!(millis(at));
    let object = &mut event["payload"]["object"];
    let number: u64 = meeting["zoom_meeting_id"].as_str().unwrap().parse().unwrap();
    // As the example has it: a text, or an integer.
    object["id"] = if object["id"].is_string() { meeting["zoom_meeting_id"].clone() } else { json!(number) };
    for (name, value) in [("start_time", "2027-03-01T09:00:00Z"), ("end_time", at)] {
        if object[name].is_string() {
            object[name] = json!(value);
        }
    }
    for name in ["join_time", "date_time", "leave_time"] {
        if object["participant"][name].is_string() {
            object["participant"][name] = json!(at);
        }
    }
    event
}

#[tokio::test]
async fn each_has_its_effect() {
    let Some(description) = description() else { return };
    let world = World::start().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-1", "email": "jchill@example.com"}]);
    let meeting = world.app.book(&admin(), &body).await;
    let webinar = {
        let mut body = meeting_on("Talk", "2027-03-01T09:00:00", "host2@sandbox.example");
        body["kind"] = json!("webinar");
        body["attendees"] = json!([{"id": "u-1", "email": "jchill@example.com"}]);
        world.app.book(&admin(), &body).await
    };
    world.at("2027-03-01T09:50:00Z");
    let tell = async |name: &str, of: &Value, at: &str| {
        world.told(&[about(example(&description, name), of, at)]).await;
    };
    let attendance = async |of: &Value| {
        let path = format!("/v1/meetings/{}/attendance", of["id"].as_str().unwrap());
        world.app.get(&admin(), &path).await.body["attendees"][0]["seconds"].as_i64().unwrap()
    };
    let recordings = async || {
        let path = format!("/v1/meetings/{}/recordings", meeting["id"].as_str().unwrap());
        world.app.get(&admin(), &path).await.body["items"].as_array().unwrap().len()
    };
    for (kind, of) in [("meeting", &meeting), ("webinar", &webinar)] {
        tell(&format!("{kind}.created"), of, "2027-03-01T08:00:00Z").await;
        tell(&format!("{kind}.updated"), of, "2027-03-01T08:10:00Z").await;
        tell(&format!("{kind}.started"), of, "2027-03-01T09:00:00Z").await;
        assert_eq!(world.state(of).await.0, "started");
        tell(&format!("{kind}.participant_joined"), of, "2027-03-01T09:10:00Z").await;
        tell(&format!("{kind}.participant_left"), of, "2027-03-01T09:30:00Z").await;
        assert_eq!(attendance(of).await, 1200, "{kind}");
        tell(&format!("{kind}.ended"), of, "2027-03-01T09:45:00Z").await;
        assert_eq!(world.state(of).await.0, "ended");
    }
    tell("recording.completed", &meeting, "2027-03-01T09:46:00Z").await;
    // Two of its three files are the same file.
    assert_eq!(recordings().await, 2);
    tell("recording.trashed", &meeting, "2027-03-01T09:47:00Z").await;
    assert_eq!(recordings().await, 0);
    tell("recording.recovered", &meeting, "2027-03-01T09:48:00Z").await;
    assert_eq!(recordings().await, 2);
    tell("recording.transcript_completed", &meeting, "2027-03-01T09:48:30Z").await;
    assert!(recordings().await >= 2);
    let before = recordings().await;
    tell("recording.deleted", &meeting, "2027-03-01T09:49:00Z").await;
    assert!(recordings().await < before);
    for (kind, of) in [("meeting", &meeting), ("webinar", &webinar)] {
        let path = format!("/meetings/{}", of["zoom_meeting_id"].as_str().unwrap());
        assert_eq!(world.app.sandbox("DELETE", &path, &json!({})).await.status, 204);
        tell(&format!("{kind}.deleted"), of, "2027-03-01T09:50:00Z").await;
        assert_eq!(world.state(of).await.0, "cancelled");
    }
    tell("meeting.permanently_deleted", &meeting, "2027-03-01T09:51:00Z").await;
    tell("meeting.recovered", &meeting, "2027-03-01T09:49:30Z").await;
    assert_eq!(world.state(&meeting).await.0, "cancelled");
    tell("app_deauthorized", &meeting, "2027-03-01T09:52:00Z").await;
    let path = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.get(&admin(), &path).await.body["active"], false);
}

#[tokio::test]
async fn each_of_the_rest_is_taken() {
    let Some(description) = description() else { return };
    let world = World::start().await;
    let names: Vec<&String> = description["webhooks"].as_object().unwrap().keys().collect();
    assert!(names.len() >= 30);
    for name in names {
        let body = example(&description, name).to_string().into_bytes();
        let answer = world.send_raw(&world.connection, &world.token, body).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{name}");
    }
    assert_eq!(world.app.tick().await["webhooks"]["received"], 0, "another account's");
}
