//! Changes of one meeting at one moment: each waits for the one before, and who named a version is told of
//! another.

use std::time::Duration;

use futures::future::join;
use serde_json::{Value, json};

use crate::support::{Answer, App, admin, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";
const CHANGE: &str = "PATCH /meetings/{meetingId}";

async fn booked(app: &App) -> (String, Value) {
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    (format!("/v1/meetings/{}", booked["id"].as_str().unwrap()), booked)
}

/// Sends a change that Zoom takes its time for, and once that is under way what `then` sends.
async fn beside<T>(app: &App, path: &str, body: &Value, then: impl Future<Output = T>) -> (Answer, T) {
    app.fault(CHANGE, "slow", 1).await;
    app.calls().await;
    let then = async {
        while app.send(app.bare("GET", "/_local/calls")).await.body["zoom"][CHANGE].is_null() {}
        then.await
    };
    join(app.patch(&admin(), path, body), then).await
}

async fn if_match(app: &App, method: &str, path: &str, version: &Value, body: &Value) -> Answer {
    let request = app.request(&admin(), method, path).header("If-Match", format!("\"{version}\""));
    app.send(request.json(body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_waits_for_the_one_under_way_and_is_made_on_top_of_it() {
    let (app, _) = App::connected().await;
    let (path, _) = booked(&app).await;
    let agenda = json!({"agenda": "Bring a pen"});
    let topic = json!({"topic": "Second lesson"});
    let (first, second) = beside(&app, &path, &topic, app.patch(&admin(), &path, &agenda)).await;
    assert_eq!((first.status, second.status), (200, 200), "{} {}", first.text, second.text);
    assert_eq!((&second.body["topic"], &second.body["agenda"]), (&topic["topic"], &agenda["agenda"]));
    let at_zoom = app.zoom_meeting(second.body["zoom_meeting_id"].as_str().unwrap()).await;
    assert_eq!((&at_zoom["topic"], &at_zoom["agenda"]), (&topic["topic"], &agenda["agenda"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_named_the_version_that_is_being_changed_is_told_of_the_new_one() {
    let (app, _) = App::connected().await;
    for (method, body) in [("PATCH", json!({"agenda": "Bring a pen"})), ("DELETE", json!({}))] {
        let (path, booked) = booked(&app).await;
        let topic = json!({"topic": method});
        let second = if_match(&app, method, &path, &booked["version"], &body);
        let (first, second) = beside(&app, &path, &topic, second).await;
        assert_eq!(first.status, 200, "{}", first.text);
        assert_eq!((second.status, second.code()), (412, "version_mismatch"), "{}", second.text);
        assert_eq!(app.get(&admin(), &path).await.text, first.text);
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_is_called_off_after_the_change_that_is_under_way() {
    let (app, _) = App::connected().await;
    let (path, _) = booked(&app).await;
    let (changed, gone) = beside(&app, &path, &json!({"topic": "Other"}), app.delete(&admin(), &path)).await;
    assert_eq!((changed.status, gone.status), (200, 204), "{} {}", changed.text, gone.text);
    assert_eq!(app.get(&admin(), &path).await.body["status"], "cancelled");
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendees_are_added_after_the_change_that_is_under_way() {
    let (app, _) = App::connected().await;
    let (path, _) = booked(&app).await;
    let attendees = format!("{path}/attendees");
    let ana = json!({"attendees": [{"id": "u-ana", "email": "ana@x.example"}]});
    let (changed, added) =
        beside(&app, &path, &json!({"topic": "Other"}), app.post(&admin(), &attendees, &ana)).await;
    assert_eq!((changed.status, added.status), (200, 200), "{} {}", changed.text, added.text);
    let read = app.get(&admin(), &path).await.body;
    assert_eq!((&read["topic"], &read["attendee_count"]), (&json!("Other"), &json!(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_end_a_meeting_at_one_moment_the_second_finds_it_ended() {
    let (app, _) = App::connected().await;
    let (path, booked) = booked(&app).await;
    app.stack.clock().set("2027-03-02T09:05:00Z".parse().unwrap());
    let start = format!("/meetings/{}/start", booked["zoom_meeting_id"].as_str().unwrap());
    assert_eq!(app.sandbox("POST", &start, &json!({})).await.status, 200);
    let end = format!("{path}/end");
    let (one, other) = join(app.post(&admin(), &end, &json!({})), app.post(&admin(), &end, &json!({}))).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.text, other.text);
    let refused = if one.status == 409 { one } else { other };
    assert!(refused.text.contains("not running"), "{}", refused.text);
}

#[tokio::test]
async fn a_change_that_nobody_goes_on_with_is_waited_for_so_long_and_no_longer() {
    let options = local::Options {
        zoom_timeout: Duration::from_millis(300),
        patience: Duration::from_secs(6),
        ..local::Options::memory()
    };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    let (path, booked) = booked(&app).await;
    app.fault(CHANGE, "timeout_before", 1).await;
    app.fault("GET /meetings/{meetingId}", "status_500", 3).await;
    let lost = app.patch(&admin(), &path, &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!(lost.status, 503, "{}", lost.text);
    let attendees = format!("{path}/attendees");
    let ana = json!({"attendees": [{"id": "u-ana", "email": "ana@x.example"}]});
    for answer in [
        app.patch(&admin(), &path, &json!({"agenda": "Bring a pen"})).await,
        app.delete(&admin(), &path).await,
        app.post(&admin(), &attendees, &ana).await,
    ] {
        assert_eq!((answer.status, answer.code()), (409, "meeting_not_editable"), "{}", answer.text);
        assert_eq!(answer.header("Retry-After"), "10");
    }
    // Whoever comes once its lease is over settles it, and finds the version that was named.
    assert!(app.stack.clock().advance(61));
    let changed = if_match(&app, "PATCH", &path, &booked["version"], &json!({"agenda": "Bring a pen"})).await;
    assert_eq!((changed.status, &changed.body["starts_at"]), (200, &booked["starts_at"]), "{}", changed.text);
}

#[tokio::test]
async fn a_change_that_is_finished_for_somebody_else_is_another_version() {
    let options = local::Options { zoom_timeout: Duration::from_millis(300), ..local::Options::memory() };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    for method in ["PATCH", "DELETE"] {
        let (path, booked) = booked(&app).await;
        // Zoom moves it and does not say so, nor when it is asked.
        app.fault(CHANGE, "timeout_after_commit", 1).await;
        app.fault("GET /meetings/{meetingId}", "status_500", 3).await;
        let lost = app.patch(&admin(), &path, &json!({"start": "2027-03-02T14:00:00"})).await;
        assert_eq!(lost.status, 503, "{}", lost.text);
        assert!(app.stack.clock().advance(61));
        let refused = if_match(&app, method, &path, &booked["version"], &json!({})).await;
        assert_eq!((refused.status, refused.code()), (412, "version_mismatch"), "{}", refused.text);
        let read = app.get(&admin(), &path).await.body;
        assert_eq!(
            (&read["starts_at"], &read["status"]),
            (&json!("2027-03-02T14:00:00Z"), &json!("scheduled"))
        );
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_changes_of_a_draft_at_one_moment_are_both_made() {
    let (app, _) = App::connected().await;
    for n in 0..10 {
        let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
        body["status"] = json!("draft");
        let draft = app.book(&admin(), &body).await;
        let path = format!("/v1/meetings/{}", draft["id"].as_str().unwrap());
        let (agenda, topic) = (json!({"agenda": "Bring a pen"}), json!({"topic": format!("Lesson {n}")}));
        let who = admin();
        let (one, other) = join(app.patch(&who, &path, &agenda), app.patch(&who, &path, &topic)).await;
        assert_eq!((one.status, other.status), (200, 200), "{} {}", one.text, other.text);
        let read = app.get(&admin(), &path).await.body;
        assert_eq!((&read["agenda"], &read["topic"]), (&agenda["agenda"], &topic["topic"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_plan_a_draft_at_one_moment_both_hear_that_it_is_booked_once() {
    let (app, _) = App::connected().await;
    for day in 2..8 {
        let mut body = meeting_on("Lesson", &format!("2027-03-{day:02}T09:00:00"), HOST);
        body["status"] = json!("draft");
        let draft = app.book(&admin(), &body).await;
        let path = format!("/v1/meetings/{}", draft["id"].as_str().unwrap());
        let (who, plan) = (admin(), json!({"status": "planned"}));
        let (one, other) = join(app.patch(&who, &path, &plan), app.patch(&who, &path, &plan)).await;
        assert_eq!((one.status, other.status), (200, 200), "{} {}", one.text, other.text);
        assert_eq!(one.body["zoom_meeting_id"], other.body["zoom_meeting_id"]);
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
    }
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_books_is_told_that_the_meeting_was_called_off_while_it_was_made() {
    for key in [None, Some("k")] {
        let (app, _) = App::connected().await;
        let who = admin();
        let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
        let book = || {
            let request = app.request(&who, "POST", "/v1/meetings").json(&body);
            key.into_iter().fold(request, |request, key| request.header("Idempotency-Key", key))
        };
        let call_off = async {
            let pending = app.get(&who, "/v1/meetings?tab=all").await.body["items"][0].clone();
            app.delete(&who, &format!("/v1/meetings/{}", pending["id"].as_str().unwrap())).await
        };
        let (made, gone) = app.overtaken("POST /users/{userId}/meetings", book(), call_off).await;
        assert_eq!(gone.status, 204, "{}", gone.text);
        assert_eq!((made.status, made.code()), (409, "meeting_not_editable"), "{key:?}: {}", made.text);
        let zoom = || app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST);
        assert_eq!(zoom().await, Vec::<Value>::new());
        let again = app.send(book()).await;
        // The same key stands for the same meeting, which stays called off; without one it is another.
        let expected = if key.is_some() { ("cancelled", 0) } else { ("scheduled", 1) };
        assert_eq!((again.status, again.header("Idempotency-Replayed")), (201, ""), "{}", again.text);
        assert_eq!((again.body["status"].as_str().unwrap(), zoom().await.len()), expected);
    }
}
