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

/// The minutes in which the session of an attendance began and ended.
fn minutes(known: &Value) -> [Option<&str>; 2] {
    ["started_at", "ended_at"].map(|name| known[name].as_str().map(|at| &at["2027-03-01T".len()..][..5]))
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

#[tokio::test]
async fn what_zoom_does_not_answer_of_one_meeting_holds_up_no_other() {
    let world = World::start().await;
    let mut running = Vec::new();
    for host in [HOST, "host2@sandbox.example"] {
        world.app.book(&admin(), &meeting_on("Over", "2027-03-01T08:30:00", host)).await;
        let mut body = meeting_on("Running", "2027-03-01T10:00:00", host);
        body["duration_minutes"] = json!(120);
        running.push(world.app.book(&admin(), &body).await);
    }
    world.at("2027-03-01T10:00:00Z");
    for meeting in &running {
        world.act(meeting, "start", json!({})).await;
    }
    world.app.fault("GET /past_meetings/{meetingId}/instances", "status_404", 1000).await;
    until(&world, "2027-03-01T11:30:00Z").await;
    for meeting in &running {
        assert_eq!(world.state(meeting).await.0, "started");
    }
}

#[tokio::test]
async fn a_line_that_cannot_be_read_takes_no_session_with_it() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    world.at("2027-03-01T09:30:00Z");
    world.act(&meeting, "end", json!({})).await;
    world.app.fault("GET /past_meetings/{meetingId}/instances", "patchy", 1000).await;
    until(&world, "2027-03-01T12:00:00Z").await;
    assert_eq!(minutes(&attendance(&world, &meeting).await), [Some("09:00"), Some("09:30")]);
}

#[tokio::test]
async fn a_session_that_runs_on_after_its_date_is_known_once_it_is_over() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-01T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    world.at("2027-03-01T09:50:00Z");
    world.act(&series, "start", json!({})).await;
    until(&world, "2027-03-01T11:30:00Z").await;
    // It is not one of the next day.
    assert_eq!(world.meeting(&series).await["status"], "scheduled");
    world.act(&series, "end", json!({})).await;
    until(&world, "2027-03-01T13:30:00Z").await;
    let of = async |date: usize| {
        let date = series["occurrences"][date]["id"].as_str().unwrap();
        let id = series["id"].as_str().unwrap();
        let path = format!("/v1/meetings/{id}/attendance?occurrence_id={date}");
        world.app.get(&admin(), &path).await.body
    };
    assert_eq!(minutes(&of(0).await), [Some("09:50"), Some("11:30")]);
    assert_eq!(minutes(&of(1).await), [None, None]);
}

#[tokio::test]
async fn a_session_that_zoom_lists_late_is_found() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    world.at("2027-03-01T09:30:00Z");
    world.act(&meeting, "end", json!({})).await;
    world.app.fault("GET /past_meetings/{meetingId}/instances", "not_there", 1).await;
    until(&world, "2027-03-01T14:00:00Z").await;
    assert_eq!(minutes(&attendance(&world, &meeting).await), [Some("09:00"), Some("09:30")]);
}
