//! Ending a meeting that runs.

use serde_json::{Value, json};

use crate::support::{App, admin, instructor, meeting_on};

const HOST: &str = "host1@sandbox.example";

async fn start(app: &App, meeting: &Value) {
    let path = format!("/meetings/{}/start", meeting["zoom_meeting_id"].as_str().unwrap());
    assert_eq!(app.sandbox("POST", &path, &json!({})).await.status, 200);
}

fn end(meeting: &Value) -> String {
    format!("/v1/meetings/{}/end", meeting["id"].as_str().unwrap())
}

#[tokio::test]
async fn only_what_runs_is_ended() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let early = app.post(&admin(), &end(&booked), &json!({})).await;
    assert_eq!((early.status, early.code()), (409, "meeting_not_editable"), "{}", early.text);
    app.stack.clock().set("2027-03-02T09:10:00Z".parse().unwrap());
    start(&app, &booked).await;
    assert_eq!(app.post(&instructor("u-x"), &end(&booked), &json!({})).await.status, 403);
    let ended = app.post(&admin(), &end(&booked), &json!({})).await;
    assert_eq!((ended.status, &ended.body["status"]), (200, &json!("ended")), "{}", ended.text);
    // What is left of its time is the host's again.
    app.book(&admin(), &meeting_on("Next", "2027-03-02T09:30:00", HOST)).await;
    let again = app.post(&admin(), &end(&booked), &json!({})).await;
    assert_eq!((again.status, again.code()), (409, "meeting_not_editable"), "{}", again.text);
    let expired = app.get(&admin(), "/v1/meetings?tab=expired").await.body;
    assert_eq!(expired["items"][0]["id"], booked["id"]);
    let upcoming = app.get(&admin(), "/v1/meetings").await.body;
    assert_eq!(upcoming["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(upcoming["items"][0]["topic"], "Next");
}

#[tokio::test]
async fn of_a_series_the_date_ends_that_runs() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let booked = app.book(&admin(), &body).await;
    app.stack.clock().set("2027-03-02T09:10:00Z".parse().unwrap());
    start(&app, &booked).await;
    let ended = app.post(&admin(), &end(&booked), &json!({})).await;
    assert_eq!((ended.status, &ended.body["status"]), (200, &json!("scheduled")), "{}", ended.text);
    assert_ne!(app.zoom_meeting(booked["zoom_meeting_id"].as_str().unwrap()).await["status"], "started");
}

#[tokio::test]
async fn what_was_deleted_in_zoom_is_called_off_here() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let number = booked["zoom_meeting_id"].as_str().unwrap();
    assert_eq!(app.sandbox("DELETE", &format!("/meetings/{number}"), &json!({})).await.status, 204);
    assert_eq!(app.post(&admin(), &end(&booked), &json!({})).await.status, 409);
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.get(&admin(), &path).await.body["status"], "cancelled");
    app.book(&admin(), &meeting_on("Next", "2027-03-02T09:00:00", HOST)).await;
}
