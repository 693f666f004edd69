//! Sessions of which little or nothing is told, and Zoom's answers about them.

use serde_json::{Value, json};

use super::live::until;
use super::world::{HOST, World, session};
use crate::support::{admin, meeting_on};

/// A lesson from 10:00 to 12:00.
async fn long_lesson(world: &World) -> Value {
    let mut body = meeting_on("Lesson", "2027-03-01T10:00:00", HOST);
    body["duration_minutes"] = json!(120);
    world.app.book(&admin(), &body).await
}

async fn attendance(world: &World, meeting: &Value) -> Value {
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    world.app.get(&admin(), &path).await.body
}

#[tokio::test]
async fn an_answer_that_does_not_say_whether_a_meeting_runs_ends_nothing() {
    let world = World::start().await;
    let meeting = long_lesson(&world).await;
    world.at("2027-03-01T10:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    let seen = world.app.zoom_meeting(meeting["zoom_meeting_id"].as_str().unwrap()).await;
    let uuid = seen["uuid"].as_str().unwrap();
    world.told(&[session("meeting.started", &meeting, uuid, "2027-03-01T10:00:00Z")]).await;
    world.app.calls().await;
    world.app.fault("GET /meetings/{meetingId}", "patchy", 100).await;
    until(&world, "2027-03-01T11:40:00Z").await;
    assert!(world.app.calls().await["zoom"]["GET /meetings/{meetingId}"].is_number());
    assert_eq!(world.state(&meeting).await, ("started".to_owned(), "started".to_owned()));
}

#[tokio::test]
async fn a_session_that_zoom_does_not_know_yet_is_left_open_until_hours_after_its_date() {
    let world = World::start().await;
    let meeting = long_lesson(&world).await;
    world.at("2027-03-01T10:00:00Z");
    world.told(&[session("meeting.started", &meeting, "s1", "2027-03-01T10:00:00Z")]).await;
    until(&world, "2027-03-01T11:40:00Z").await;
    assert_eq!(world.state(&meeting).await, ("started".to_owned(), "started".to_owned()));
    until(&world, "2027-03-01T14:40:00Z").await;
    assert_eq!(attendance(&world, &meeting).await["ended_at"], json!(null));
    until(&world, "2027-03-01T16:00:00Z").await;
    assert_eq!(attendance(&world, &meeting).await["ended_at"], "2027-03-01T12:00:00Z");
}
