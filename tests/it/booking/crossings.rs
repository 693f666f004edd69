//! Things that cross each other: tenants on one account, changes during a create, connections that go.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, account_of, admin, caller, instructor, meeting, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";
const CREATE: &str = "POST /users/{userId}/meetings";

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

async fn at_zoom(app: &App, host: &str) -> Vec<Value> {
    app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", host).await
}

/// Lets the host of a connection run two meetings at once.
async fn two_at_once(app: &App, who: &crate::support::Caller, connection: &Value) {
    let host = format!(
        "/v1/connections/{}/hosts/{}",
        connection["id"].as_str().unwrap(),
        connection["default_host"]["id"].as_str().unwrap()
    );
    assert_eq!(app.patch(who, &host, &json!({"concurrent_meetings": 2})).await.status, 200);
}

#[tokio::test]
async fn no_tenant_books_over_another_on_a_shared_account_nor_takes_over_its_meeting() {
    let (app, _) = App::connected().await;
    let other = caller("other", "u-o", local::token::Role::Admin);
    let mut theirs = sandbox_account("Theirs");
    theirs["host_email"] = json!(HOST);
    let theirs = app.connect(&other, &theirs).await;
    let lesson = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    // What the other tenant says of its hosts is not said of ours.
    two_at_once(&app, &other, &theirs).await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    app.fault(CREATE, "status_500", 1).await;
    for _ in 0..2 {
        let refused = app.post_with_key(&other, "/v1/meetings", "k", &body).await;
        assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
        assert_eq!(refused.body["clashes"][0]["meeting_id"], Value::Null);
        assert!(!refused.text.contains(lesson["zoom_meeting_id"].as_str().unwrap()));
    }
    assert_eq!(at_zoom(&app, HOST).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_meetings_that_look_alike_never_become_one_at_zoom() {
    let app = App::start().await;
    let who = admin();
    let mut body = sandbox_account("Room");
    body["host_email"] = json!(HOST);
    let connection = app.connect(&who, &body).await;
    two_at_once(&app, &who, &connection).await;
    let body = meeting_on("Twin", "2027-03-02T09:00:00", HOST);
    app.fault(CREATE, "malformed", 2).await;
    for key in ["a", "b"] {
        assert_eq!(app.post_with_key(&who, "/v1/meetings", key, &body).await.status, 503);
    }
    let mut numbers = std::collections::BTreeSet::new();
    for key in ["a", "b"] {
        // Who finds the other's meeting claimed looks for its own at the next try.
        let mut tries = 0;
        let made = loop {
            let made = app.post_with_key(&who, "/v1/meetings", key, &body).await;
            tries += 1;
            if made.status == 201 || tries == 3 {
                break made;
            }
        };
        assert_eq!(made.status, 201, "{}", made.text);
        numbers.insert(made.body["zoom_meeting_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(numbers.len(), 2);
    assert_eq!(at_zoom(&app, HOST).await.len(), 2);
}

#[tokio::test]
async fn attendees_are_not_changed_while_the_booking_is_between_here_and_zoom() {
    let options = local::Options {
        daily_writes: 10_000,
        zoom_timeout: Duration::from_millis(500),
        patience: Duration::from_secs(6),
        ..local::Options::memory()
    };
    let app = App::with(options).await;
    app.connect(&admin(), &sandbox_account("Room")).await;
    app.fault(CREATE, "timeout_after_commit", 1).await;
    assert_eq!(
        app.post(&admin(), "/v1/meetings", &meeting_on("L", "2027-03-02T09:00:00", HOST)).await.status,
        503
    );
    let pending = app.get(&admin(), "/v1/meetings?tab=all").await.body["items"][0].clone();
    let attendees = format!("{}/attendees", path(&pending));
    let body = json!({"attendees": [{"id": "u-1", "email": "a@x.example"}]});
    let early = app.post(&admin(), &attendees, &body).await;
    assert_eq!((early.status, early.code()), (409, "meeting_not_editable"), "{}", early.text);
    assert!(app.stack.clock().advance(61));
    let later = app.post(&admin(), &attendees, &body).await;
    assert_eq!((later.status, &later.body["attendee_count"]), (200, &json!(1)), "{}", later.text);
    assert_eq!(app.get(&admin(), &path(&pending)).await.body["status"], "scheduled");
    assert_eq!(at_zoom(&app, HOST).await.len(), 1);
}

#[tokio::test]
async fn a_change_that_could_not_be_finished_in_one_transaction_is_refused_before_zoom() {
    let app = App::start().await;
    let users: Vec<String> = (0..3).map(|n| format!("room{n}@pool.example")).collect();
    app.zoom_account("pool", &users).await;
    let connection = app.connect(&admin(), &account_of("Pool", "pool")).await;
    let hosts =
        app.get(&admin(), &format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap())).await;
    let ids: Vec<&Value> = hosts.body["items"].as_array().unwrap().iter().map(|host| &host["id"]).collect();
    let courses =
        |prefix: &str| -> Value { (0..20).map(|n| json!({"course_id": format!("{prefix}-{n}")})).collect() };
    let mut body = meeting("Long", "2027-03-02T09:00:00");
    body["host"] = json!({"connection_id": connection["id"], "host_id": ids[0]});
    body["alternative_hosts"] = json!([ids[1], ids[2]]);
    body["recurrence"] = json!({"frequency": "monthly", "count": 60});
    body["courses"] = courses("old");
    let booked = app.book(&admin(), &body).await;
    app.calls().await;
    let change = json!({"start": "2027-03-02T11:00:00", "courses": courses("new")});
    let refused = app.patch(&admin(), &path(&booked), &change).await;
    assert_eq!((refused.status, refused.code()), (422, "validation_failed"), "{}", refused.text);
    assert_eq!(app.calls().await.get("zoom"), None);
    assert_eq!(app.get(&admin(), &path(&booked)).await.body, booked);
    assert_eq!(app.delete(&admin(), &path(&booked)).await.status, 204);
}

#[tokio::test]
async fn a_meeting_moves_away_from_a_host_whose_app_no_longer_works() {
    let (app, _) = App::connected().await;
    app.zoom_account("new", &["room@new.example".to_owned()]).await;
    app.connect(&admin(), &account_of("New", "new")).await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    app.fault("DELETE /meetings/{meetingId}", "dead_token", 2).await;
    let moved = app.patch(&admin(), &path(&booked), &json!({"host": {"email": "room@new.example"}})).await;
    assert_eq!(
        (moved.status, &moved.body["host"]["email"]),
        (200, &json!("room@new.example")),
        "{}",
        moved.text
    );
    assert_eq!(app.delete(&admin(), &path(&booked)).await.status, 204);
}

#[tokio::test]
async fn what_is_made_anew_without_an_answer_is_found_again() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let by_hand = format!("/meetings/{}", booked["zoom_meeting_id"].as_str().unwrap());
    assert!(app.sandbox("DELETE", &by_hand, &json!({})).await.status < 300);
    app.fault(CREATE, "malformed", 1).await;
    let lost = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-03T09:00:00"})).await;
    assert_eq!(lost.status, 503, "{}", lost.text);
    assert!(app.stack.clock().advance(61));
    let found = app.patch(&admin(), &path(&booked), &json!({"agenda": "Bring a pen"})).await;
    assert_eq!(
        (found.status, &found.body["starts_at"]),
        (200, &json!("2027-03-03T09:00:00Z")),
        "{}",
        found.text
    );
    assert_eq!(at_zoom(&app, HOST).await.len(), 1);
}

#[tokio::test]
async fn a_meeting_that_is_called_off_while_it_is_made_is_gone_at_zoom_too() {
    let (app, _) = App::connected().await;
    let who = admin();
    app.fault(CREATE, "slow", 1).await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    let create = app.post(&who, "/v1/meetings", &body);
    let delete = async {
        loop {
            let all = app.get(&who, "/v1/meetings?tab=all").await.body["items"].clone();
            if all[0]["status"] == "pending" {
                break app.delete(&who, &path(&all[0])).await;
            }
        }
    };
    let (created, deleted) = futures::future::join(create, delete).await;
    assert_eq!(deleted.status, 204, "{}", deleted.text);
    assert_eq!(created.status, 409, "{}", created.text);
    assert_eq!(at_zoom(&app, HOST).await.len(), 0);
    app.book(&who, &body).await;
}

#[tokio::test]
async fn a_meeting_that_is_called_off_after_its_late_move_to_another_host_is_gone_on_both() {
    let (app, _) = App::connected().await;
    let who = admin();
    let booked = app.book(&who, &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    app.calls().await;
    app.fault(CREATE, "slow", 1).await;
    let change = json!({"host": {"email": "host2@sandbox.example"}});
    let (moved, booked_path) = (app.request(&who, "PATCH", &path(&booked)).json(&change), path(&booked));
    let delete = async {
        loop {
            let calls = app.send(app.bare("GET", "/_local/calls")).await.body;
            if calls["zoom"].get(CREATE).is_some() {
                break;
            }
        }
        // The move has lost its lease, and is at work all the same.
        assert!(app.stack.clock().advance(61));
        app.delete(&who, &booked_path).await
    };
    let (moved, deleted) = futures::future::join(app.send(moved), delete).await;
    assert_eq!(deleted.status, 204, "{}", deleted.text);
    assert_eq!(moved.status, 409, "{}", moved.text);
    for host in [HOST, "host2@sandbox.example"] {
        assert_eq!(at_zoom(&app, host).await, Vec::<Value>::new(), "{host}");
    }
}

#[tokio::test]
async fn a_host_cannot_be_an_alternative_host_as_well() {
    let (app, connection) = App::connected().await;
    let id = &connection["default_host"]["id"];
    let mut body = meeting("Lesson", "2027-03-02T09:00:00");
    body["host"] = json!({"connection_id": connection["id"], "host_id": id});
    body["alternative_hosts"] = json!([id]);
    let refused = app.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.faults(), [("/alternative_hosts".to_owned(), "invalid".to_owned())]);
}

#[tokio::test]
async fn meetings_of_a_connection_that_is_gone_can_still_be_edited_moved_and_deleted() {
    let (app, first) = App::connected().await;
    let one = app.book(&admin(), &meeting("One", "2027-03-02T09:00:00")).await;
    let two = app.book(&admin(), &meeting("Two", "2027-03-02T11:00:00")).await;
    app.stack.clock().set("2027-03-03T09:00:00Z".parse().unwrap());
    let gone = format!("/v1/connections/{}", first["id"].as_str().unwrap());
    assert_eq!(app.delete(&admin(), &gone).await.status, 204);
    let edited = app.patch(&admin(), &path(&one), &json!({"topic": "Uno"})).await;
    assert_eq!((edited.status, &edited.body["topic"]), (200, &json!("Uno")), "{}", edited.text);
    assert_eq!(app.delete(&admin(), &path(&two)).await.status, 204);
    app.connect(&admin(), &sandbox_account("Again")).await;
    let back = app.patch(&admin(), &path(&one), &json!({"start": "2027-03-10T09:00:00"})).await;
    assert_eq!((back.status, &back.body["status"]), (200, &json!("scheduled")), "{}", back.text);
    assert_ne!(back.body["host"]["connection_id"], first["id"]);
}

#[tokio::test]
async fn an_instructor_edits_a_meeting_that_was_booked_for_them_outside_the_pool() {
    let (app, connection) = App::connected().await;
    let host = format!(
        "/v1/connections/{}/hosts/{}",
        connection["id"].as_str().unwrap(),
        connection["default_host"]["id"].as_str().unwrap()
    );
    assert_eq!(app.patch(&admin(), &host, &json!({"pooled": false})).await.status, 200);
    let mut body = meeting("Lesson", "2027-03-02T09:00:00");
    body["host"] = json!({"connection_id": connection["id"], "host_id": connection["default_host"]["id"]});
    body["organizer_id"] = json!("u-t");
    let booked = app.book(&admin(), &body).await;
    let teacher = instructor("u-t");
    for change in [json!({"agenda": "Bring a pen"}), json!({"start": "2027-03-02T10:00:00"})] {
        let edited = app.patch(&teacher, &path(&booked), &change).await;
        assert_eq!(edited.status, 200, "{}", edited.text);
    }
}

#[tokio::test]
async fn a_series_under_way_can_be_made_longer() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Course", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    let booked = app.book(&admin(), &body).await;
    app.book(&admin(), &meeting_on("Right after the first", "2027-03-02T10:00:00", HOST)).await;
    app.stack.clock().set("2027-03-02T12:00:00Z".parse().unwrap());
    let longer = app.patch(&admin(), &path(&booked), &json!({"duration_minutes": 90})).await;
    assert_eq!((longer.status, &longer.body["duration_minutes"]), (200, &json!(90)), "{}", longer.text);
    let clash = app.post(&admin(), "/v1/meetings", &meeting_on("Late", "2027-03-03T10:00:00", HOST)).await;
    assert_eq!(clash.status, 409);
}
