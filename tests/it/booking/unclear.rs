//! Zoom gives no clear answer: the time stays reserved, and the same key ends in the same one meeting.

use std::time::Duration;

use serde_json::json;

use crate::support::{App, admin, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";
const CREATE: &str = "POST /users/{userId}/meetings";

/// A stack whose functions lose patience with Zoom early.
async fn impatient() -> App {
    with(local::Options::memory()).await
}

async fn with(options: local::Options) -> App {
    let options =
        local::Options { daily_writes: 10_000, zoom_timeout: Duration::from_millis(500), ..options };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    app
}

#[tokio::test]
async fn after_any_unclear_answer_the_same_key_ends_in_one_meeting() {
    let app = impatient().await;
    let faults = ["timeout_after_commit", "timeout_before", "disconnect", "status_500", "malformed"];
    for (day, fault) in faults.into_iter().enumerate() {
        let body = meeting_on(fault, &format!("2027-03-{:02}T09:00:00", day + 2), HOST);
        app.fault(CREATE, fault, 1).await;
        let lost = app.post_with_key(&admin(), "/v1/meetings", fault, &body).await;
        assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{fault}: {}", lost.text);
        assert!(!lost.header("retry-after").is_empty());
        // Nobody else gets the time meanwhile.
        assert_eq!(app.post(&admin(), "/v1/meetings", &body).await.status, 409, "{fault}");
        let pending = app.get(&admin(), "/v1/meetings?tab=all").await.body["items"][0].clone();
        assert_eq!(pending["status"], "pending", "{fault}");
        let join = format!("/v1/meetings/{}/join", pending["id"].as_str().unwrap());
        assert_eq!(app.get(&admin(), &join).await.status, 404);

        let made = app.post_with_key(&admin(), "/v1/meetings", fault, &body).await;
        assert_eq!((made.status, &made.body["status"]), (201, &json!("scheduled")), "{fault}: {}", made.text);
        assert_eq!(made.body["id"], pending["id"]);
        let replay = app.post_with_key(&admin(), "/v1/meetings", fault, &body).await;
        assert_eq!(
            (replay.text, replay.headers["idempotency-replayed"].as_bytes()),
            (made.text, &b"true"[..])
        );
        let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
        assert_eq!(zoom.len(), day + 1, "{fault}");
    }
}

#[tokio::test]
async fn what_zoom_certainly_did_not_do_leaves_nothing_behind() {
    let app = impatient().await;
    for (fault, times, status, code) in
        [("daily_limit", 1, 429, "daily_quota_exhausted"), ("status_429", 9, 429, "rate_limited")]
    {
        app.fault(CREATE, fault, times).await;
        let host = if times == 1 { HOST } else { "host2@sandbox.example" };
        let body = meeting_on("Lesson", "2027-03-02T09:00:00", host);
        let refused = app.post_with_key(&admin(), "/v1/meetings", fault, &body).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{}", refused.text);
        assert_eq!(app.get(&admin(), "/v1/meetings?tab=all").await.body["items"], json!([]));
        app.sandbox("DELETE", "/faults", &json!({})).await;
    }
    let query = "/v1/availability?from=2027-03-01T00:00:00Z&to=2027-03-05T00:00:00Z";
    let hosts = app.get(&admin(), query).await.body;
    assert!(hosts["items"].as_array().unwrap().iter().all(|host| host["busy"] == json!([])), "{hosts:#}");
}

#[tokio::test]
async fn a_token_that_died_early_is_fetched_once_more() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", HOST)).await;
    app.calls().await;
    app.fault(CREATE, "dead_token", 1).await;
    app.book(&admin(), &meeting_on("Second", "2027-03-02T11:00:00", HOST)).await;
    let calls = app.calls().await;
    assert_eq!(
        (&calls["zoom"][CREATE], &calls["zoom"]["POST /oauth/token"]),
        (&json!(2), &json!(1)),
        "{calls}"
    );
}

#[tokio::test]
async fn a_token_that_died_is_fetched_by_one_caller_for_all() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", HOST)).await;
    app.calls().await;
    app.fault(CREATE, "dead_token", 1).await;
    let who = admin();
    let bodies: Vec<_> =
        (3..13).map(|day| meeting_on("Lesson", &format!("2027-03-{day:02}T09:00:00"), HOST)).collect();
    futures::future::join_all(bodies.iter().map(|body| app.book(&who, body))).await;
    assert_eq!(app.calls().await["zoom"]["POST /oauth/token"], 1);
}

#[tokio::test]
async fn a_cancellation_that_zoom_did_not_answer_is_finished_by_the_next() {
    let app = impatient().await;
    for (day, fault) in ["timeout_after_commit", "status_500"].into_iter().enumerate() {
        let body = meeting_on("Lesson", &format!("2027-03-{:02}T09:00:00", day + 2), HOST);
        let booked = app.book(&admin(), &body).await;
        let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
        app.fault("DELETE /meetings/{meetingId}", fault, 1).await;
        let lost = app.delete(&admin(), &path).await;
        assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"));
        assert_eq!(app.get(&admin(), &path).await.body["status"], "scheduled");
        assert_eq!(app.post(&admin(), "/v1/meetings", &body).await.status, 409);
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
        app.book(&admin(), &body).await;
    }
}

#[tokio::test]
async fn a_move_that_zoom_made_without_answering_is_seen_to_be_made() {
    let app = impatient().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    app.fault("PATCH /meetings/{meetingId}", "timeout_after_commit", 1).await;
    let moved = app.patch(&admin(), &path, &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!(
        (moved.status, &moved.body["starts_at"]),
        (200, &json!("2027-03-02T14:00:00Z")),
        "{}",
        moved.text
    );
    app.book(&admin(), &meeting_on("Next", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn a_draft_whose_planning_zoom_did_not_answer_is_taken_up_by_the_next_change() {
    for fault in ["timeout_after_commit", "timeout_before"] {
        // Nobody waits long for a request that died.
        let app = with(local::Options { patience: Duration::from_secs(6), ..local::Options::memory() }).await;
        let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
        body["status"] = json!("draft");
        let draft = app.book(&admin(), &body).await;
        let path = format!("/v1/meetings/{}", draft["id"].as_str().unwrap());
        app.fault(CREATE, fault, 1).await;
        let lost = app.patch(&admin(), &path, &json!({"status": "planned"})).await;
        assert_eq!(lost.status, 503, "{}", lost.text);
        // The first request might still be at work.
        let early = app.patch(&admin(), &path, &json!({"status": "planned"})).await;
        assert_eq!((early.status, early.code()), (409, "meeting_not_editable"), "{}", early.text);
        assert!(app.stack.clock().advance(61));
        let planned = app.patch(&admin(), &path, &json!({"status": "planned"})).await;
        assert_eq!((planned.status, &planned.body["status"]), (200, &json!("scheduled")), "{}", planned.text);
        let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
        assert_eq!(zoom.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_pending_meeting_can_be_called_off() {
    for fault in ["timeout_after_commit", "timeout_before"] {
        let app = impatient().await;
        let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
        app.fault(CREATE, fault, 1).await;
        assert_eq!(app.post(&admin(), "/v1/meetings", &body).await.status, 503);
        let pending = app.get(&admin(), "/v1/meetings?tab=all").await.body["items"][0].clone();
        let path = format!("/v1/meetings/{}", pending["id"].as_str().unwrap());
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
        let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
        assert_eq!(zoom.len(), 0, "{fault}");
        app.book(&admin(), &body).await;
    }
}

#[tokio::test]
async fn a_change_that_was_left_behind_is_settled_by_the_next_one() {
    let app = impatient().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    // Zoom moves it and does not say so, nor when it is asked.
    app.fault("PATCH /meetings/{meetingId}", "timeout_after_commit", 1).await;
    app.fault("GET /meetings/{meetingId}", "status_500", 3).await;
    let lost = app.patch(&admin(), &path, &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{}", lost.text);
    // Both times are held until it is known.
    for start in ["2027-03-02T09:00:00", "2027-03-02T14:00:00"] {
        assert_eq!(app.post(&admin(), "/v1/meetings", &meeting_on("Other", start, HOST)).await.status, 409);
    }
    assert!(app.stack.clock().advance(61));
    let next = app.patch(&admin(), &path, &json!({"agenda": "Bring a pen"})).await;
    assert_eq!(
        (next.status, &next.body["starts_at"]),
        (200, &json!("2027-03-02T14:00:00Z")),
        "{}",
        next.text
    );
    app.book(&admin(), &meeting_on("Other", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn what_was_called_off_while_zoom_was_silent_does_not_come_back() {
    let app = impatient().await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    app.fault(CREATE, "timeout_after_commit", 1).await;
    assert_eq!(app.post_with_key(&admin(), "/v1/meetings", "k", &body).await.status, 503);
    let pending = app.get(&admin(), "/v1/meetings?tab=all").await.body["items"][0].clone();
    let path = format!("/v1/meetings/{}", pending["id"].as_str().unwrap());
    app.fault("GET /users/{userId}/meetings", "status_500", 3).await;
    assert_eq!(app.delete(&admin(), &path).await.status, 503);
    let again = app.post_with_key(&admin(), "/v1/meetings", "k", &body).await;
    assert_eq!((again.status, &again.body["status"]), (201, &json!("cancelled")), "{}", again.text);
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom.len(), 0);
    app.book(&admin(), &body).await;
}
