//! The dates that Zoom gives a series are the truth, where they are others than were asked for.

use serde_json::json;

use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";
const CREATE: &str = "POST /users/{userId}/meetings";

fn series() -> serde_json::Value {
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    body
}

#[tokio::test]
async fn the_difference_is_booked_too() {
    let (app, _) = App::connected().await;
    app.fault(CREATE, "other_dates", 1).await;
    let booked = app.book(&admin(), &series()).await;
    assert_eq!(booked["occurrences"][0]["starts_at"], "2027-03-02T10:00:00Z");
    let taken = app.post(&admin(), "/v1/meetings", &meeting_on("x", "2027-03-03T10:30:00", HOST)).await;
    assert_eq!((taken.status, taken.code()), (409, "schedule_conflict"));
    app.book(&admin(), &meeting_on("Free again", "2027-03-03T09:00:00", HOST)).await;
}

#[tokio::test]
async fn where_it_cannot_be_the_whole_booking_is_undone() {
    let (app, _) = App::connected().await;
    let other = app.book(&admin(), &meeting_on("Other", "2027-03-03T10:30:00", HOST)).await;
    app.fault(CREATE, "other_dates", 1).await;
    let refused = app.post_with_key(&admin(), "/v1/meetings", "k", &series()).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    assert_eq!(refused.body["clashes"][0]["meeting_id"], other["id"]);
    let all = app.get(&admin(), "/v1/meetings?tab=all").await.body;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom.len(), 1);
    app.book(&admin(), &meeting_on("Free", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn a_move_to_a_host_where_they_cannot_be_leaves_all_as_it_was() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &series()).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let before = app.get(&admin(), &path).await.body;
    app.book(&admin(), &meeting_on("Other", "2027-03-03T10:30:00", "host2@sandbox.example")).await;
    app.fault(CREATE, "other_dates", 1).await;
    let refused = app.patch(&admin(), &path, &json!({"host": {"email": "host2@sandbox.example"}})).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    assert_eq!(app.get(&admin(), &path).await.body, before);
    let zoom = app
        .zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", "host2@sandbox.example")
        .await;
    assert_eq!(zoom.len(), 1, "{zoom:#?}");
    app.book(&admin(), &meeting_on("Free", "2027-03-02T09:00:00", "host2@sandbox.example")).await;
}

#[tokio::test]
async fn time_held_on_the_old_host_is_not_held_on_the_new() {
    let (app, _) = App::connected().await;
    let mut body = series();
    body["start"] = json!("2027-03-02T10:00:00");
    let booked = app.book(&admin(), &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    app.book(&admin(), &meeting_on("Other", "2027-03-03T10:00:00", "host2@sandbox.example")).await;
    // Asked for at nine, the dates come out at ten: the time that the series has, but on its old host.
    app.fault(CREATE, "other_dates", 1).await;
    let change = json!({"start": "2027-03-02T09:00:00", "host": {"email": "host2@sandbox.example"}});
    let refused = app.patch(&admin(), &path, &change).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    assert_eq!(app.get(&admin(), &path).await.body, booked);
}

#[tokio::test]
async fn a_reply_that_leaves_the_dates_out_takes_none_away() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &series()).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    app.fault("GET /meetings/{meetingId}", "other_dates", 2).await;
    let moved = app.patch(&admin(), &path, &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!(
        (moved.status, moved.body["occurrences"].as_array().map(Vec::len)),
        (200, Some(3)),
        "{}",
        moved.text
    );
    for day in 2..5 {
        let taken = meeting_on("x", &format!("2027-03-{day:02}T14:00:00"), HOST);
        assert_eq!(app.post(&admin(), "/v1/meetings", &taken).await.status, 409);
    }
}
