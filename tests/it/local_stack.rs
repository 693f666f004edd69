//! The stack on one machine: what stays between runs, what its own endpoints do, and what never meets.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lambda_events::event::sqs::SqsBatchResponse;
use futures::FutureExt;
use local::functions::{Build, Functions};
use local::{Options, Stack, StackError};
use serde_json::{Value, json};

use crate::support::{App, admin, instructor, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";

fn options_over(data: &Path) -> Options {
    Options { data: Some(data.to_owned()), ..Options::memory() }
}

/// A stack that, when told so, leaves every message in the queue.
async fn start_with_held_queue(data: &Path) -> (App, Arc<AtomicBool>) {
    let held = Arc::new(AtomicBool::new(false));
    let is_held = Arc::clone(&held);
    let build: Build = Box::new(move |environment| {
        async move {
            let functions = local::functions::build(environment).await?;
            let handle = Arc::clone(&functions.notifications);
            Ok(Functions {
                notifications: Arc::new(move |event| {
                    if !is_held.load(Ordering::SeqCst) {
                        return handle(event);
                    }
                    let mut response = SqsBatchResponse::default();
                    for id in event.records.into_iter().filter_map(|record| record.message_id) {
                        response.add_failure(id);
                    }
                    futures::future::ready(Ok((response, ()))).boxed()
                }),
                ..functions
            })
        }
        .boxed()
    });
    let app = App::around(Stack::start_with(options_over(data), build).await.unwrap());
    app.stack.clock().set(crate::support::NOW.parse().unwrap());
    (app, held)
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (first, held) = start_with_held_queue(&data).await;
    let mut connection = first.connect(&admin(), &sandbox_account("Room 1")).await;
    let mut body = meeting_on("Yoga", "2027-03-05T10:00:00Z", HOST);
    body["attendees"] = json!([{"id": "u-1", "email": "u-1@x.example"}]);
    body["reminders"] = json!(["P1D", "PT1H"]);
    let booked = first.book(&admin(), &body).await;
    let settings = first.put(&admin(), "/v1/settings", &json!({"buffer_minutes": 5})).await;
    first.stack.clock().set("2027-03-04T10:00:00Z".parse().unwrap());
    first.tick().await;
    held.store(true, Ordering::SeqCst);
    first.stack.clock().set("2027-03-05T09:00:00Z".parse().unwrap());
    assert_eq!(first.tick().await["notifications"], json!({"received": 1, "handled": 0, "failed": 1}));
    let mails = first.reminders().await;
    assert_eq!(mails.len(), 1);
    let last = meeting_on("Last", "2027-03-07T10:00:00Z", HOST);
    let kept = first.post_with_key(&admin(), "/v1/meetings", "k-1", &last).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    // The schedule has looked after it meanwhile.
    connection = first.get(&admin(), &path).await.body;
    first.stack.stop().await;

    let second = App::around(Stack::start(options_over(&data)).await.unwrap());
    second.stack.clock().set("2027-03-05T09:01:30Z".parse().unwrap());
    let meeting = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(second.get(&admin(), &meeting).await.body["zoom_meeting_id"], booked["zoom_meeting_id"]);
    assert_eq!(second.get(&admin(), "/v1/settings").await.body, settings.body);
    let mut read = second.get(&admin(), &path).await.body;
    // It names the address of the stack, whose port is another.
    connection["webhook_url"].take();
    read["webhook_url"].take();
    assert_eq!(read, connection);

    // The reminder that was queued leaves now, and the mail that was sent is still there.
    let done = second.tick().await;
    assert_eq!(done["reminders"]["due"], 0);
    assert_eq!(done["notifications"]["handled"], 1);
    let after = second.reminders().await;
    assert_eq!((after.len(), &after[0]), (2, &mails[0]));

    // The credentials work, the time is held, and the sandbox knows the meeting.
    let clash = second.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!((clash.status, clash.code()), (409, "schedule_conflict"), "{}", clash.text);
    second.book(&admin(), &meeting_on("Later", "2027-03-06T10:00:00Z", HOST)).await;
    let again = second.post_with_key(&admin(), "/v1/meetings", "k-1", &last).await;
    assert_eq!((&again.body, again.header("idempotency-replayed")), (&kept.body, "true"));
    let changed = second.patch(&admin(), &meeting, &json!({"topic": "Yoga II"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let zoom = second.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    let mut topics: Vec<&str> = zoom.iter().map(|meeting| meeting["topic"].as_str().unwrap()).collect();
    topics.sort_unstable();
    assert_eq!(topics, ["Last", "Later", "Yoga II"]);
    let checked = second.post(&admin(), &format!("{path}/verify"), &json!({})).await;
    assert_eq!(checked.body["verification"]["status"], "verified", "{}", checked.text);
    second.stack.stop().await;
}

#[tokio::test]
async fn data_is_its_owners_alone_and_one_stacks_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("deep/data");
    let first = Stack::start(options_over(&data)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let second = Stack::start(options_over(&data)).await;
    assert!(matches!(second, Err(StackError::DataInUse(_))), "{second:?}");
    first.stop().await;
    Stack::start(options_over(&data)).await.unwrap().stop().await;
}

#[tokio::test]
async fn two_stacks_do_not_see_each_other() {
    let (one, _) = App::connected().await;
    let other = App::start().await;
    let body = meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST);
    let booked = one.book(&admin(), &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(other.get(&admin(), "/v1/connections").await.body["items"], json!([]));
    assert_eq!(other.get(&admin(), &path).await.status, 404);
    let zoom = other.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom, Vec::<Value>::new());
    other.connect(&admin(), &sandbox_account("Room 1")).await;
    other.book(&admin(), &body).await;
    one.fault("POST /users/{userId}/meetings", "status_500", 5).await;
    other.book(&admin(), &meeting_on("Yoga", "2027-03-02T12:00:00Z", HOST)).await;
    one.calls().await;
    assert_ne!(other.calls().await["zoom"], Value::Null);
    assert_eq!(one.calls().await, json!({}));
    one.stack.clock().set("2028-01-01T00:00:00Z".parse().unwrap());
    assert!(other.now() < "2027-03-02T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
}

#[tokio::test]
async fn the_clock_is_the_one_that_everything_reads() {
    let app = App::start().await;
    let post = |body: Value| app.send(app.bare("POST", "/_local/clock").json(&body));
    let moved = post(json!({"now": "2030-06-01T12:00:00+02:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert!(moved.body["now"].as_str().unwrap().starts_with("2030-06-01T10:00:0"), "{}", moved.text);
    let advanced = post(json!({"advance_seconds": 90})).await;
    assert!(advanced.body["now"].as_str().unwrap().starts_with("2030-06-01T10:01:3"), "{}", advanced.text);
    assert_eq!(advanced.body.as_object().unwrap().len(), 1);

    // Functions and the sandbox date by it, and a token ends by it.
    let connection = app.connect(&admin(), &sandbox_account("Room 1")).await;
    assert!(connection["created_at"].as_str().unwrap().starts_with("2030-06-01T10:01:"), "{connection}");
    let token = app.token(&admin());
    post(json!({"now": "2041-01-01T00:00:00Z"})).await;
    let request = app.bare("GET", "/v1/connections").bearer_auth(token);
    assert_eq!(app.send(request).await.code(), "unauthenticated");
    let past = app.post(&admin(), "/v1/meetings", &meeting_on("Yoga", "2040-01-01T00:00:00Z", HOST)).await;
    assert_eq!(past.faults(), [("/start".to_owned(), "invalid".to_owned())], "{}", past.text);
}

#[tokio::test]
async fn what_is_wrong_with_a_local_request_is_said_as_everywhere() {
    let app = App::start().await;
    let before = app.now();
    for (body, pointer, code) in [
        (json!({}), "/now", "required"),
        (json!({"now": "tomorrow"}), "/now", "invalid"),
        (json!({"now": 7}), "/now", "wrong_type"),
        (json!({"advance_seconds": -1}), "/advance_seconds", "out_of_range"),
        (json!({"advance_seconds": 1.5}), "/advance_seconds", "wrong_type"),
        (json!({"advance_seconds": "1"}), "/advance_seconds", "wrong_type"),
        (json!({"advance_seconds": i64::MAX}), "/advance_seconds", "out_of_range"),
        (json!({"now": "2027-01-01T00:00:00Z", "advance_seconds": 1}), "/advance_seconds", "contradiction"),
        (json!({"now": "2027-01-01T00:00:00Z", "later": 1}), "/later", "unknown_field"),
        (json!([]), "", "wrong_type"),
    ] {
        let answer = app.send(app.bare("POST", "/_local/clock").json(&body)).await;
        assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{body}: {}", answer.text);
        assert_eq!(answer.faults(), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    assert!(app.now() - before < chrono::TimeDelta::minutes(5));
    let tick = app.send(app.bare("POST", "/_local/tick").json(&json!({"times": 2}))).await;
    assert_eq!(tick.faults(), [("/times".to_owned(), "unknown_field".to_owned())], "{}", tick.text);
    for path in ["/_local/clock", "/_local/tick"] {
        let broken = app.send(app.bare("POST", path).body("{")).await;
        assert_eq!((broken.status, broken.code()), (400, "invalid_json"), "{}", broken.text);
    }
    for (method, path, allowed) in [
        ("DELETE", "/_local/clock", "POST"),
        ("GET", "/_local/tick", "POST"),
        ("PUT", "/_local/mail", "GET"),
        ("POST", "/_local/calls", "DELETE"),
    ] {
        let answer = app.send(app.bare(method, path)).await;
        assert_eq!((answer.status, answer.code()), (405, "method_not_allowed"), "{}", answer.text);
        assert!(answer.header("allow").contains(allowed), "{method} {path}: {}", answer.header("allow"));
    }
    let absent = app.send(app.bare("GET", "/_local/nothing")).await;
    assert_eq!((absent.status, absent.code()), (404, "not_found"), "{}", absent.text);
    assert_eq!(absent.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_tick_tells_what_each_function_did() {
    let app = App::start().await;
    let done = app.tick().await;
    let names: Vec<&String> = done.as_object().unwrap().keys().collect();
    assert_eq!(names, ["notifications", "reconciler", "reminders", "webhooks"]);
    assert_eq!(done["reminders"]["due"], 0);
    let without_body = app.send(app.bare("POST", "/_local/tick")).await;
    assert_eq!(without_body.status, 200, "{}", without_body.text);
}

#[tokio::test]
async fn calls_are_counted_by_service_and_operation_until_they_are_forgotten() {
    let app = App::start().await;
    app.connect(&admin(), &sandbox_account("Room 1")).await;
    app.calls().await;
    app.book(&admin(), &meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST)).await;
    let calls = app.send(app.bare("GET", "/_local/calls")).await.body;
    assert_eq!(calls["zoom"], json!({"POST /oauth/token": 1, "POST /users/{userId}/meetings": 1}));
    assert_eq!(calls["secretsmanager"], json!({"GetSecretValue": 1}));
    assert!(calls["dynamodb"]["TransactWriteItems"].as_u64().is_some_and(|count| count >= 1), "{calls}");
    assert_eq!(app.send(app.bare("DELETE", "/_local/calls")).await.status, 204);
    let calls = app.send(app.bare("GET", "/_local/calls")).await.body;
    let none = json!({"dynamodb": {}, "secretsmanager": {}, "zoom": {}, "sesv2": {}, "sqs": {}});
    assert_eq!(calls, none);
    // What a test itself asks of the sandbox is no call of a function.
    app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(app.calls().await, json!({}));
}

#[tokio::test]
async fn the_limit_of_writes_holds_for_each_host_and_day() {
    let app = App::with(Options { daily_writes: 2, ..Options::memory() }).await;
    let connection = app.connect(&admin(), &sandbox_account("Room 1")).await;
    let at = |hour: u32| meeting_on("Yoga", &format!("2027-03-02T{hour:02}:00:00Z"), HOST);
    app.book(&admin(), &at(8)).await;
    app.book(&admin(), &at(10)).await;
    let third = app.post(&admin(), "/v1/meetings", &at(12)).await;
    assert_eq!((third.status, third.code()), (429, "daily_quota_exhausted"), "{}", third.text);
    // It is eight in the morning, and the day ends at midnight.
    let wait: u32 = third.header("retry-after").parse().unwrap();
    assert!((57_000..=57_600).contains(&wait), "{wait}");
    let path = format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap());
    let hosts = app.get(&admin(), &path).await;
    let host = hosts.body["items"].as_array().unwrap().iter().find(|host| host["email"] == HOST).unwrap();
    assert_eq!(host["today"], json!({"writes_used": 2, "writes_limit": 2}));
    app.book(&instructor("u-t"), &meeting_on("Yoga", "2027-03-02T12:00:00Z", "host2@sandbox.example")).await;
    assert!(app.stack.clock().advance(16 * 3600));
    app.book(&admin(), &at(12)).await;
}
