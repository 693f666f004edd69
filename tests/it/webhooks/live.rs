//! The sandbox tells what is done to it, as Zoom does.

use serde_json::{Value, json};

use super::world::{ACCOUNT, HOST, World};
use crate::support::{admin, meeting_on};

async fn listening() -> World {
    let world = World::start().await;
    let url = format!("{}/v1/webhooks/zoom/{}", world.app.stack.url(), world.connection);
    let wrong = json!({"account_id": ACCOUNT, "url": url, "secret_token": "another"});
    assert_eq!(world.app.sandbox("POST", "/webhooks", &wrong).await.status, 422);
    let body = json!({"account_id": ACCOUNT, "url": url, "secret_token": world.token});
    let subscribed = world.app.sandbox("POST", "/webhooks", &body).await;
    assert_eq!(subscribed.status, 201, "{}", subscribed.text);
    world
}

impl World {
    /// Does something to a meeting in the sandbox.
    pub(super) async fn act(&self, meeting: &Value, action: &str, body: Value) -> Value {
        let path = format!("/meetings/{}/{action}", meeting["zoom_meeting_id"].as_str().unwrap());
        let answer = self.app.sandbox("POST", &path, &body).await;
        assert!(answer.status < 300, "{action}: {}", answer.text);
        answer.body
    }
}

#[tokio::test]
async fn a_lesson_from_beginning_to_end() {
    let world = listening().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    let ana = world.act(&meeting, "join", json!({"name": "A.", "customer_key": "u-ana"})).await;
    world.app.tick().await;
    assert_eq!(world.state(&meeting).await, ("started".to_owned(), "started".to_owned()));
    world.at("2027-03-01T09:40:00Z");
    world.act(&meeting, "leave", json!({"user_id": ana["user_id"]})).await;
    world.act(&meeting, "join", json!({"name": "Guest"})).await;
    world.at("2027-03-01T09:50:00Z");
    world.act(&meeting, "end", json!({})).await;
    world.act(&meeting, "recording", json!({"action": "completed"})).await;
    world.app.tick().await;
    assert_eq!(world.state(&meeting).await, ("ended".to_owned(), "ended".to_owned()));
    let id = meeting["id"].as_str().unwrap();
    let attendance = world.app.get(&admin(), &format!("/v1/meetings/{id}/attendance")).await.body;
    assert!((2399..=2401).contains(&attendance["attendees"][0]["seconds"].as_i64().unwrap()), "{attendance}");
    assert_eq!(attendance["others"][0]["shown_name"], "Guest");
    assert_eq!(attendance["checked"], false);
    let recordings = world.app.get(&admin(), &format!("/v1/meetings/{id}/recordings")).await.body;
    assert_eq!(recordings["items"].as_array().map(Vec::len), Some(2));
    // Some minutes later Zoom's own list is read, once, and says the same.
    world.at("2027-03-01T10:05:00Z");
    world.app.calls().await;
    assert_eq!(world.app.tick().await["reconciler"]["sessions_checked"], 1);
    assert_eq!(world.app.calls().await["zoom"]["GET /past_meetings/{meetingId}/participants"], 1);
    assert_eq!(world.app.tick().await["reconciler"]["sessions_checked"], 0);
    let mut checked = world.app.get(&admin(), &format!("/v1/meetings/{id}/attendance")).await.body;
    assert_eq!(checked["checked"], true);
    checked["checked"] = json!(false);
    assert_eq!(checked["attendees"][0]["attended"], true);
    assert_eq!(checked["others"].as_array().map(Vec::len), Some(1));
    world.act(&meeting, "recording", json!({"action": "trashed"})).await;
    world.app.tick().await;
    let recordings = world.app.get(&admin(), &format!("/v1/meetings/{id}/recordings")).await.body;
    assert_eq!(recordings["items"], json!([]));
}

#[tokio::test]
async fn who_was_there_is_known_from_zooms_list_where_nothing_was_told() {
    let world = listening().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    assert_eq!(world.app.tick().await["webhooks"]["failed"], 0);
    // From here on nothing gets through but the end.
    let id = meeting["id"].as_str().unwrap();
    assert_eq!(world.app.sandbox("DELETE", "/webhooks", &json!({})).await.status, 204);
    world.act(&meeting, "join", json!({"name": "A.", "email": "ana@x.example"})).await;
    world.at("2027-03-01T09:30:00Z");
    world.act(&meeting, "end", json!({})).await;
    world.at("2027-03-02T17:00:00Z");
    assert_eq!(world.app.tick().await["reconciler"]["sessions_checked"], 1);
    let attendance = world.app.get(&admin(), &format!("/v1/meetings/{id}/attendance")).await.body;
    assert_eq!(attendance["checked"], true, "{attendance}");
    assert!(is_half_an_hour(&attendance["attendees"][0]["seconds"]), "{attendance}");
}

/// Half an hour, but for the moments that pass by themselves between what a test does.
pub(super) fn is_half_an_hour(seconds: &Value) -> bool {
    seconds.as_i64().is_some_and(|seconds| (1790..=1810).contains(&seconds))
}

/// Runs the schedule every twenty minutes until then.
pub(super) async fn until(world: &World, time: &str) {
    let end: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
    while world.app.now() < end {
        assert!(world.app.stack.clock().advance(1200));
        world.app.tick().await;
    }
}

#[tokio::test]
async fn without_any_event_all_is_known_within_a_cycle() {
    let world = World::start().await;
    let mut body = meeting_on("Lesson", "2027-03-01T10:00:00", HOST);
    body["duration_minutes"] = json!(120);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    let empty = world.book("2027-03-01T13:00:00").await;
    world.at("2027-03-01T10:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    world.act(&meeting, "join", json!({"name": "A.", "email": "ana@x.example"})).await;
    until(&world, "2027-03-01T11:10:00Z").await;
    assert_eq!(world.state(&meeting).await, ("started".to_owned(), "started".to_owned()));
    world.at("2027-03-01T11:40:00Z");
    world.act(&meeting, "end", json!({})).await;
    world.act(&meeting, "recording", json!({"action": "completed"})).await;
    until(&world, "2027-03-01T13:30:00Z").await;
    let of = |what: &str| format!("/v1/meetings/{}/{what}", meeting["id"].as_str().unwrap());
    let attendance = world.app.get(&admin(), &of("attendance")).await.body;
    assert_eq!(
        (&attendance["checked"], &attendance["attendees"][0]["seconds"]),
        (&json!(true), &json!(6000)),
        "{attendance}"
    );
    assert_eq!(attendance["started_at"], "2027-03-01T10:00:00Z");
    assert_eq!(attendance["ended_at"], "2027-03-01T11:40:00Z");
    let recordings = world.app.get(&admin(), &of("recordings")).await.body;
    assert_eq!(recordings["items"].as_array().map(Vec::len), Some(2));
    // Of a date at which nobody came Zoom is asked ever more seldom, for a day.
    world.app.calls().await;
    until(&world, "2027-03-02T16:00:00Z").await;
    let calls = world.app.calls().await;
    let asked = calls["zoom"]["GET /past_meetings/{meetingId}/instances"].as_u64().unwrap();
    assert!((2..=6).contains(&asked), "{calls}");
    assert_eq!(calls["zoom"].get("GET /past_meetings/{meetingId}/participants"), None);
    until(&world, "2027-03-03T16:00:00Z").await;
    let later = world.app.calls().await;
    assert_eq!(later["zoom"].get("GET /past_meetings/{meetingId}/instances"), None);
    assert_eq!(world.state(&empty).await.0, "ended");
}

#[tokio::test]
async fn a_lesson_that_was_over_before_anybody_asked_is_found() {
    let world = World::start().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    for (from, to) in [("09:00", "09:10"), ("09:20", "09:40")] {
        world.at(&format!("2027-03-01T{from}:00Z"));
        world.act(&meeting, "start", json!({})).await;
        world.act(&meeting, "join", json!({"name": "A.", "email": "ana@x.example"})).await;
        world.at(&format!("2027-03-01T{to}:00Z"));
        world.act(&meeting, "end", json!({})).await;
    }
    until(&world, "2027-03-01T11:30:00Z").await;
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let attendance = world.app.get(&admin(), &path).await.body;
    assert_eq!(attendance["checked"], true, "{attendance}");
    assert!(is_half_an_hour(&attendance["attendees"][0]["seconds"]), "{attendance}");
}

#[tokio::test]
async fn what_fails_for_a_while_is_looked_up_later() {
    let world = listening().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    world.app.tick().await;
    assert_eq!(world.app.sandbox("DELETE", "/webhooks", &json!({})).await.status, 204);
    world.act(&meeting, "join", json!({"name": "A.", "email": "ana@x.example"})).await;
    world.at("2027-03-01T09:30:00Z");
    world.act(&meeting, "end", json!({})).await;
    // The app is switched off for a while, just then.
    let switch =
        |enabled: bool| json!({"account_id": ACCOUNT, "client_id": "sandbox-client", "enabled": enabled});
    assert!(world.app.sandbox("PATCH", "/apps", &switch(false)).await.status < 300);
    until(&world, "2027-03-01T10:30:00Z").await;
    assert!(world.app.sandbox("PATCH", "/apps", &switch(true)).await.status < 300);
    until(&world, "2027-03-01T14:00:00Z").await;
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let attendance = world.app.get(&admin(), &path).await.body;
    assert_eq!(attendance["checked"], true, "{attendance}");
    assert!(is_half_an_hour(&attendance["attendees"][0]["seconds"]), "{attendance}");
}

#[tokio::test]
async fn a_plan_without_the_list_leaves_attendance_as_it_was_told() {
    let world = listening().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:00:00Z");
    world.act(&meeting, "start", json!({})).await;
    world.act(&meeting, "end", json!({})).await;
    world.app.fault("GET /past_meetings/{meetingId}/participants", "no_permission", 1).await;
    world.app.tick().await;
    world.at("2027-03-01T09:15:00Z");
    assert_eq!(world.app.tick().await["reconciler"]["sessions_checked"], 1);
    world.at("2027-03-03T09:15:00Z");
    assert_eq!(world.app.tick().await["reconciler"]["sessions_checked"], 0);
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    assert_eq!(world.app.get(&admin(), &path).await.body["checked"], false);
}

#[tokio::test]
async fn what_is_deleted_in_zoom_is_called_off_here_and_attendees_are_told() {
    let world = listening().await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    assert_eq!(world.app.tick().await["webhooks"]["failed"], 0);
    let path = format!("/meetings/{}", meeting["zoom_meeting_id"].as_str().unwrap());
    assert_eq!(world.app.sandbox("DELETE", &path, &json!({})).await.status, 204);
    world.app.tick().await;
    assert_eq!(world.meeting(&meeting).await["status"], "cancelled");
    assert_eq!(world.app.mails().await.len(), 2);
    world.app.book(&admin(), &meeting_on("Next", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn a_date_that_is_deleted_from_here_leaves_the_others() {
    let world = listening().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    let (id, date) = (series["id"].as_str().unwrap(), series["occurrences"][0]["id"].as_str().unwrap());
    let path = format!("/v1/meetings/{id}/occurrences/{date}");
    assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    assert_eq!(world.app.tick().await["webhooks"]["failed"], 0);
    assert_eq!(world.meeting(&series).await["status"], "scheduled");
}

#[tokio::test]
async fn an_app_that_is_removed_in_zoom_is_let_go() {
    let world = listening().await;
    let body = json!({"account_id": ACCOUNT, "client_id": "sandbox-client"});
    assert_eq!(world.app.sandbox("POST", "/apps/deauthorize", &body).await.status, 204);
    world.app.tick().await;
    let path = format!("/v1/connections/{}", world.connection);
    let connection = world.app.get(&admin(), &path).await.body;
    assert_eq!((&connection["active"], &connection["status"]), (&json!(false), &json!("failed")));
}

#[tokio::test]
async fn the_removal_of_another_app_is_not_told_to_this_one() {
    let world = World::start().await;
    let other = json!({"account_id": ACCOUNT, "client_id": "app-2", "client_secret": "x", "scopes": "all"});
    assert!(world.app.sandbox("POST", "/accounts", &other).await.status < 300);
    let url = format!("{}/v1/webhooks/zoom/{}", world.app.stack.url(), world.connection);
    let body = json!({
        "account_id": ACCOUNT, "url": url, "secret_token": world.token, "client_id": "sandbox-client",
    });
    assert_eq!(world.app.sandbox("POST", "/webhooks", &body).await.status, 201);
    for (app, received) in [("app-2", 0), ("sandbox-client", 1)] {
        let removal = json!({"account_id": ACCOUNT, "client_id": app});
        assert_eq!(world.app.sandbox("POST", "/apps/deauthorize", &removal).await.status, 204);
        assert_eq!(world.app.tick().await["webhooks"]["received"], received, "{app}");
    }
}

#[tokio::test]
async fn a_meeting_that_moves_to_another_host_is_not_called_off() {
    let world = listening().await;
    let meeting = world.book("2027-03-02T09:00:00").await;
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    let moved = json!({"host": {"email": "host2@sandbox.example"}});
    assert_eq!(world.app.patch(&admin(), &path, &moved).await.status, 200);
    assert_eq!(world.app.tick().await["webhooks"]["failed"], 0);
    assert_eq!(world.meeting(&meeting).await["status"], "scheduled");
}
