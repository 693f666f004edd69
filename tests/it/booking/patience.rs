//! No request outlasts its patience; what it had begun is settled after it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, admin, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";

/// What one run of the schedule found left behind, settled and put off.
async fn settled(app: &App) -> (u64, u64, u64) {
    let report = app.tick().await["reconciler"].clone();
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("left_behind"), count("settled"), count("put_off"))
}

#[tokio::test]
async fn a_request_is_given_up_and_its_retry_ends_in_the_same_meeting() {
    let options = local::Options { patience: Duration::from_millis(700), ..local::Options::memory() };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    app.fault("POST /users/{userId}/meetings", "timeout_after_commit", 1).await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    let given_up = app.post_with_key(&admin(), "/v1/meetings", "k", &body).await;
    assert_eq!((given_up.status, given_up.code()), (503, "zoom_unavailable"), "{}", given_up.text);
    assert!(!given_up.header("retry-after").is_empty());
    let made = app.post_with_key(&admin(), "/v1/meetings", "k", &body).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("scheduled")), "{}", made.text);
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom.len(), 1);
}

#[tokio::test]
async fn what_nobody_asks_for_again_is_taken_over_or_taken_back_by_the_schedule() {
    let options = local::Options { zoom_timeout: Duration::from_millis(300), ..local::Options::memory() };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    for (fault, start) in [("timeout_after_commit", "2027-03-02"), ("timeout_before", "2027-03-03")] {
        app.fault("POST /users/{userId}/meetings", fault, 1).await;
        let body = meeting_on(fault, &format!("{start}T09:00:00"), HOST);
        assert_eq!(app.post(&admin(), "/v1/meetings", &body).await.status, 503);
    }
    // The requests might still be at work.
    assert_eq!(settled(&app).await, (0, 0, 0));
    assert!(app.stack.clock().advance(61));
    assert_eq!(settled(&app).await, (2, 2, 0));
    let all = app.get(&admin(), "/v1/meetings?tab=all").await.body;
    let found: Vec<(&Value, &Value)> =
        all["items"].as_array().unwrap().iter().map(|item| (&item["topic"], &item["status"])).collect();
    let expected = [("timeout_before", "failed"), ("timeout_after_commit", "scheduled")];
    assert_eq!(
        found,
        expected
            .map(|(topic, status)| (json!(topic), json!(status)))
            .iter()
            .map(|(t, s)| (t, s))
            .collect::<Vec<_>>()
    );
    // What has failed stays so, unless its own request comes again.
    let failed = format!("/v1/meetings/{}", all["items"][0]["id"].as_str().unwrap());
    let change = app.patch(&admin(), &failed, &json!({"agenda": "x"})).await;
    assert_eq!((change.status, change.code()), (409, "meeting_not_editable"), "{}", change.text);
    assert_eq!(app.get(&admin(), &format!("{failed}/join")).await.status, 404);
    assert_eq!(app.get(&admin(), "/v1/meetings").await.body["items"].as_array().map(Vec::len), Some(1));
    app.book(&admin(), &meeting_on("Free", "2027-03-03T09:00:00", HOST)).await;
}

#[tokio::test]
async fn the_same_key_makes_what_has_failed() {
    let options = local::Options { zoom_timeout: Duration::from_millis(300), ..local::Options::memory() };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
    app.fault("POST /users/{userId}/meetings", "timeout_before", 1).await;
    assert_eq!(app.post_with_key(&admin(), "/v1/meetings", "k", &body).await.status, 503);
    assert!(app.stack.clock().advance(61));
    assert_eq!(settled(&app).await, (1, 1, 0));
    let failed = app.get(&admin(), "/v1/meetings?tab=all").await.body["items"][0].clone();
    let made = app.post_with_key(&admin(), "/v1/meetings", "k", &body).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("scheduled")), "{}", made.text);
    assert_eq!((&made.body["id"], &made.body["attendee_count"]), (&failed["id"], &json!(1)));
    let attendees = format!("/v1/meetings/{}/attendees", made.body["id"].as_str().unwrap());
    assert_eq!(app.get(&admin(), &attendees).await.body["items"][0]["id"], "u-1");
}

#[tokio::test]
async fn what_cannot_be_settled_is_put_off_and_holds_nobody_up() {
    let options = local::Options { zoom_timeout: Duration::from_millis(300), ..local::Options::memory() };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    // The first comparison with Zoom's lists reads them too.
    app.tick().await;
    app.fault("POST /users/{userId}/meetings", "timeout_after_commit", 1).await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    assert_eq!(app.post(&admin(), "/v1/meetings", &body).await.status, 503);
    assert!(app.stack.clock().advance(61));
    app.fault("GET /users/{userId}/meetings", "status_500", 3).await;
    assert_eq!(settled(&app).await, (1, 0, 1));
    assert_eq!(settled(&app).await, (0, 0, 0));
    assert!(app.stack.clock().advance(301));
    assert_eq!(settled(&app).await, (1, 1, 0));
}
