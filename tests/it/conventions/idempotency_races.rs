//! `Idempotency-Key` where requests come at one moment, break off, or Zoom leaves them in the dark.

use std::time::Duration;

use futures::future::join_all;
use local::Options;
use serde_json::{Value, json};

use crate::support::{Answer, App, admin, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";
const CREATE: &str = "POST /users/{userId}/meetings";

fn body() -> Value {
    meeting_on("Once", "2027-04-01T09:00:00", HOST)
}

async fn post(app: &App) -> Answer {
    app.post_with_key(&admin(), "/v1/meetings", "k", &body()).await
}

/// Asserts that there is one meeting, here and at Zoom, and returns its id.
async fn one_meeting(app: &App) -> String {
    let list = app.get(&admin(), "/v1/meetings?tab=all").await;
    let items = list.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{}", list.text);
    assert_eq!(items[0]["status"], "scheduled", "{}", list.text);
    let at_zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(at_zoom.len(), 1, "{at_zoom:?}");
    assert_eq!(at_zoom[0]["id"].to_string(), items[0]["zoom_meeting_id"].as_str().unwrap());
    items[0]["id"].as_str().unwrap().to_owned()
}

/// Asks until the answer is final.
async fn settled(app: &App) -> Answer {
    loop {
        let answer = post(app).await;
        if answer.code() != "idempotency_in_progress" {
            return answer;
        }
        assert_eq!(answer.status, 409, "{}", answer.text);
    }
}

#[tokio::test]
async fn two_at_one_moment_make_one_meeting() {
    let (app, _) = App::connected().await;
    let (left, right) = futures::join!(post(&app), post(&app));
    for answer in [&left, &right] {
        assert!(
            answer.status == 201 || answer.code() == "idempotency_in_progress",
            "{} {}",
            answer.status,
            answer.text
        );
    }
    assert!(left.status == 201 || right.status == 201);
    let id = one_meeting(&app).await;
    assert_eq!(settled(&app).await.body["id"], id);
}

#[tokio::test]
async fn twenty_at_one_moment_make_one_meeting() {
    let (app, _) = App::connected().await;
    let answers = join_all((0..20).map(|_| post(&app))).await;
    let id = one_meeting(&app).await;
    let mut fresh = 0;
    for answer in answers {
        match answer.status {
            201 => {
                assert_eq!(answer.body["id"], id);
                fresh += usize::from(answer.header("Idempotency-Replayed").is_empty());
            }
            _ => assert_eq!(
                (answer.status, answer.code()),
                (409, "idempotency_in_progress"),
                "{}",
                answer.text
            ),
        }
    }
    assert_eq!(fresh, 1);
}

#[tokio::test]
async fn while_the_first_runs_the_others_are_told_so() {
    let (app, _) = App::connected().await;
    app.fault(CREATE, "slow", 1).await;
    let meanwhile = async {
        loop {
            // Until the first has come so far that its call is under way.
            let answer = post(&app).await;
            if answer.code() == "idempotency_in_progress" {
                return answer;
            }
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_ne!(answer.header("Idempotency-Replayed"), "true", "{}", answer.text);
        }
    };
    let (first, meanwhile) = futures::join!(post(&app), meanwhile);
    assert_eq!(meanwhile.status, 409, "{}", meanwhile.text);
    assert!(meanwhile.header("Retry-After").parse::<u32>().is_ok_and(|seconds| seconds >= 1));
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(one_meeting(&app).await, first.body["id"].as_str().unwrap());
}

#[tokio::test]
async fn a_request_that_broke_off_is_taken_over_when_its_lease_is_over() {
    let (app, _) = App::connected().await;
    app.fault(CREATE, "slow", 1).await;
    let request = app.request(&admin(), "POST", "/v1/meetings").header("Idempotency-Key", "k").json(&body());
    // The caller hangs up in the midst of it, and the request is dropped where it stands.
    let broken = request.timeout(Duration::from_millis(500)).send().await;
    assert!(broken.is_err_and(|error| error.is_timeout()));
    assert!(app.stack.clock().advance(30));
    let early = post(&app).await;
    assert_eq!((early.status, early.code()), (409, "idempotency_in_progress"), "{}", early.text);
    assert!(app.stack.clock().advance(31));
    let taken_over = settled(&app).await;
    assert_eq!(taken_over.status, 201, "{}", taken_over.text);
    assert_eq!(one_meeting(&app).await, taken_over.body["id"].as_str().unwrap());
    let again = post(&app).await;
    assert_eq!(
        (again.text.as_str(), again.header("Idempotency-Replayed")),
        (taken_over.text.as_str(), "true")
    );
}

#[tokio::test]
async fn a_5xx_or_429_is_not_kept_and_the_retry_goes_on_with_the_same_operation() {
    let options =
        Options { daily_writes: 10_000, zoom_timeout: Duration::from_millis(700), ..Options::memory() };
    for fault in
        ["timeout_after_commit", "timeout_before", "status_500", "status_429", "disconnect", "malformed"]
    {
        let app = App::with(options.clone()).await;
        app.connect(&admin(), &sandbox_account("Room 1")).await;
        app.fault(CREATE, fault, 10).await;
        let failed = post(&app).await;
        assert!([429, 503, 201].contains(&failed.status), "{fault}: {}", failed.text);
        assert_eq!(failed.header("Idempotency-Replayed"), "");
        let cleared = app.sandbox("DELETE", "/faults", &json!({})).await;
        assert!(cleared.status < 300, "{fault}: {}", cleared.text);
        let done = settled(&app).await;
        assert_eq!(done.status, 201, "{fault}: {}", done.text);
        assert_eq!(one_meeting(&app).await, done.body["id"].as_str().unwrap(), "{fault}");
    }
}
