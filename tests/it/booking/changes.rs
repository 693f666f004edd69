//! Changing what is booked.

use serde_json::{Value, json};

use crate::support::{Answer, App, account_of, admin, instructor, meeting, meeting_on};

const HOST: &str = "host1@sandbox.example";

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

async fn busy(app: &App, host: &str) -> Vec<(String, String)> {
    let query = "/v1/availability?from=2027-03-01T00:00:00Z&to=2027-04-30T00:00:00Z";
    let hosts = app.get(&admin(), query).await.body;
    let host = hosts["items"].as_array().unwrap().iter().find(|item| item["email"] == host).unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    host["busy"].as_array().unwrap().iter().map(|b| (text(&b["starts_at"]), text(&b["ends_at"]))).collect()
}

async fn at_zoom(app: &App, host: &str) -> Vec<Value> {
    app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", host).await
}

#[tokio::test]
async fn a_move_takes_the_new_time_and_frees_the_old() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let moved = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(moved.body["starts_at"], "2027-03-02T14:00:00Z");
    assert_eq!(moved.body["version"], 2);
    assert_eq!(moved.body["zoom_meeting_id"], booked["zoom_meeting_id"]);
    assert_eq!(
        busy(&app, HOST).await,
        [("2027-03-02T14:00:00Z".to_owned(), "2027-03-02T15:00:00Z".to_owned())]
    );
    let zoom = at_zoom(&app, HOST).await;
    assert_eq!(zoom.len(), 1);
    assert_eq!(zoom[0]["start_time"], "2027-03-02T14:00:00Z");
}

#[tokio::test]
async fn a_move_onto_another_meeting_is_refused_and_changes_nothing() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("There", "2027-03-02T14:30:00", HOST)).await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let before = (busy(&app, HOST).await, at_zoom(&app, HOST).await);
    app.calls().await;
    let refused = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-02T14:00:00"})).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    assert_eq!(app.calls().await.get("zoom"), None);
    assert_eq!((busy(&app, HOST).await, at_zoom(&app, HOST).await), before);
    let read = app.get(&admin(), &path(&booked)).await;
    assert_eq!(read.body, booked);
}

#[tokio::test]
async fn a_meeting_is_not_in_its_own_way() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let longer = json!({"start": "2027-03-02T09:30:00", "duration_minutes": 90});
    assert_eq!(app.patch(&admin(), &path(&booked), &longer).await.status, 200);
    assert_eq!(
        busy(&app, HOST).await,
        [("2027-03-02T09:30:00Z".to_owned(), "2027-03-02T11:00:00Z".to_owned())]
    );
}

#[tokio::test]
async fn a_change_that_zoom_refuses_leaves_all_as_it_was() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let before = busy(&app, HOST).await;
    app.fault("PATCH /meetings/{meetingId}", "status_429", 9).await;
    for (status, code) in [(429, "rate_limited"), (429, "daily_quota_exhausted")] {
        let answer = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-02T14:00:00"})).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
        assert_eq!(app.get(&admin(), &path(&booked)).await.body, booked);
        assert_eq!(busy(&app, HOST).await, before);
        app.sandbox("DELETE", "/faults", &json!({})).await;
        app.fault("PATCH /meetings/{meetingId}", "daily_limit", 1).await;
    }
}

#[tokio::test]
async fn a_change_that_zoom_did_not_answer_clearly_is_sent_again() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 4});
    let booked = app.book(&admin(), &body).await;
    // The first of its dates is over, and Zoom tells of it only when it is asked to.
    app.stack.clock().set("2027-03-02T12:00:00Z".parse().unwrap());
    for (n, fault) in ["status_500", "disconnect", "malformed"].into_iter().enumerate() {
        let passcode = format!("code-{n}");
        app.fault("PATCH /meetings/{meetingId}", fault, 1).await;
        let change = json!({"passcode": passcode, "agenda": fault});
        let answer = app.patch(&admin(), &path(&booked), &change).await;
        assert_eq!(
            (answer.status, &answer.body["passcode"]),
            (200, &json!(passcode)),
            "{fault}: {}",
            answer.text
        );
        let zoom = app.zoom_meeting(booked["zoom_meeting_id"].as_str().unwrap()).await;
        assert_eq!((&zoom["password"], &zoom["agenda"]), (&json!(passcode), &json!(fault)), "{fault}");
        assert_eq!(answer.body["join_url"], zoom["join_url"], "{fault}");
        assert_eq!(answer.body["occurrences"].as_array().map(Vec::len), Some(4), "{fault}");
    }
}

#[tokio::test]
async fn a_change_of_nothing_calls_nobody() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    app.calls().await;
    let same = json!({"topic": "Lesson", "start": "2027-03-02T09:00:00Z", "duration_minutes": 60});
    let answer = app.patch(&admin(), &path(&booked), &same).await;
    assert_eq!((answer.status, &answer.body), (200, &booked));
    assert_eq!(app.calls().await, json!({"dynamodb": {"GetItem": 1}}));
}

#[tokio::test]
async fn what_only_we_keep_is_changed_without_zoom() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    app.calls().await;
    let change = json!({"courses": [{"course_id": "c-1"}], "reminders": ["PT15M"]});
    let answer = app.patch(&admin(), &path(&booked), &change).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["reminders"], json!(["PT15M"]));
    assert_eq!(answer.body["courses"], json!([{"course_id": "c-1", "lesson_id": null}]));
    assert_eq!(app.calls().await.get("zoom"), None);
}

#[tokio::test]
async fn a_move_to_another_host_makes_it_there_and_deletes_it_here() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let other = "host2@sandbox.example";
    let moved =
        app.patch(&admin(), &path(&booked), &json!({"host": {"connection_id": null, "email": other}})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(moved.body["host"]["email"], other);
    assert_ne!(moved.body["zoom_meeting_id"], booked["zoom_meeting_id"]);
    assert_eq!((busy(&app, HOST).await.len(), busy(&app, other).await.len()), (0, 1));
    assert_eq!((at_zoom(&app, HOST).await.len(), at_zoom(&app, other).await.len()), (0, 1));
}

#[tokio::test]
async fn an_expired_meeting_with_a_new_date_is_upcoming_again() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    assert!(app.stack.clock().advance(86_400 * 3));
    assert_eq!(app.get(&admin(), &path(&booked)).await.body["status"], "ended");
    let back = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-10T09:00:00"})).await;
    assert_eq!((back.status, &back.body["status"]), (200, &json!("scheduled")), "{}", back.text);
    let upcoming = app.get(&admin(), "/v1/meetings").await;
    assert_eq!(upcoming.body["items"][0]["id"], booked["id"]);
    assert_eq!(app.get(&admin(), "/v1/meetings?tab=expired").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_draft_is_booked_when_it_is_planned() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["status"] = json!("draft");
    app.calls().await;
    let draft = app.book(&admin(), &body).await;
    assert_eq!((&draft["status"], &draft["host"]), (&json!("draft"), &Value::Null));
    assert_eq!(app.calls().await.get("zoom"), None);
    assert_eq!(busy(&app, HOST).await.len(), 0);
    assert_eq!(app.get(&admin(), "/v1/meetings?tab=drafts").await.body["items"][0]["id"], draft["id"]);

    let planned = app.patch(&admin(), &path(&draft), &json!({"status": "planned"})).await;
    assert_eq!((planned.status, &planned.body["status"]), (200, &json!("scheduled")), "{}", planned.text);
    assert_eq!(busy(&app, HOST).await.len(), 1);
    assert_eq!(app.get(&admin(), "/v1/meetings?tab=drafts").await.body["items"], json!([]));

    let again = app.book(&admin(), &body).await;
    let refused = app.patch(&admin(), &path(&again), &json!({"status": "planned"})).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"));
    assert_eq!(app.get(&admin(), &path(&again)).await.body["status"], "draft");
    assert_eq!(app.delete(&admin(), &path(&again)).await.status, 204);
    assert_eq!(app.get(&admin(), &path(&again)).await.status, 404);
}

#[tokio::test]
async fn the_buffer_of_the_tenant_keeps_its_distance() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", HOST)).await;
    let settings = app.put(&admin(), "/v1/settings", &json!({"buffer_minutes": 15})).await;
    assert_eq!(settings.status, 200, "{}", settings.text);
    let at = |start: &str| meeting_on("Next", start, HOST);
    for (start, status) in [("10:00", 409), ("10:14", 409), ("10:15", 201), ("07:46", 409), ("07:45", 201)] {
        let answer = app.post(&admin(), "/v1/meetings", &at(&format!("2027-03-02T{start}:00"))).await;
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_host_who_may_run_two_meetings_takes_two_and_no_third() {
    let (app, connection) = App::connected().await;
    let host = format!(
        "/v1/connections/{}/hosts/{}",
        connection["id"].as_str().unwrap(),
        connection["default_host"]["id"].as_str().unwrap()
    );
    let host1 = connection["default_host"]["email"].as_str().unwrap().to_owned();
    assert_eq!(app.patch(&admin(), &host, &json!({"concurrent_meetings": 2})).await.status, 200);
    let answers: Vec<Answer> = futures::future::join_all((0..10).map(|_| async {
        app.post(&admin(), "/v1/meetings", &meeting_on("Twice", "2027-03-02T09:00:00", &host1)).await
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
}

#[tokio::test]
async fn alternative_hosts_are_booked_like_the_host() {
    let (app, connection) = App::connected().await;
    let hosts =
        app.get(&admin(), &format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap())).await;
    let id = |email: &str| {
        hosts.body["items"].as_array().unwrap().iter().find(|h| h["email"] == email).unwrap()["id"].clone()
    };
    let mut body = meeting_on("Both", "2027-03-02T09:00:00", HOST);
    body["alternative_hosts"] = json!([id("host2@sandbox.example")]);
    let booked = app.book(&admin(), &body).await;
    assert_eq!(booked["alternative_hosts"][0]["email"], "host2@sandbox.example");
    let clash = meeting_on("Other", "2027-03-02T09:30:00", "host2@sandbox.example");
    assert_eq!(app.post(&admin(), "/v1/meetings", &clash).await.status, 409);
    let away = app.patch(&admin(), &path(&booked), &json!({"alternative_hosts": []})).await;
    assert_eq!(away.status, 200, "{}", away.text);
    assert_eq!(app.post(&admin(), "/v1/meetings", &clash).await.status, 201);
}

#[tokio::test]
async fn an_instructors_own_connection_comes_before_the_pool() {
    let (app, _) = App::connected().await;
    let teacher = instructor("u-t");
    app.zoom_account("own", &["teacher@own.example".to_owned()]).await;
    let mut own = account_of("Mine", "own");
    own["owner"] = json!("user");
    app.connect(&teacher, &own).await;
    let first = app.book(&teacher, &meeting("Lesson", "2027-03-02T09:00:00")).await;
    assert_eq!(first["host"]["email"], "teacher@own.example");
    let second = app.book(&teacher, &meeting("Lesson", "2027-03-02T09:00:00")).await;
    assert_ne!(second["host"]["email"], "teacher@own.example");
    // An administrator who books for the instructor finds the instructor's room too.
    let mut for_teacher = meeting("Lesson", "2027-03-02T11:00:00");
    for_teacher["organizer_id"] = json!("u-t");
    assert_eq!(app.book(&admin(), &for_teacher).await["host"]["email"], "teacher@own.example");
    // Nobody else's booking lands there.
    for _ in 0..3 {
        let other = app.book(&instructor("u-x"), &meeting("Lesson", "2027-03-02T13:00:00")).await;
        assert_ne!(other["host"]["email"], "teacher@own.example");
    }
    assert_eq!(
        app.post(&instructor("u-x"), "/v1/meetings", &meeting("L", "2027-03-02T13:00:00")).await.status,
        409
    );
}

#[tokio::test]
async fn naming_the_host_that_it_has_is_no_change() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting("Lesson", "2027-03-02T09:00:00")).await;
    app.calls().await;
    let host =
        json!({"connection_id": booked["host"]["connection_id"], "host_id": booked["host"]["host_id"]});
    let same = app.patch(&admin(), &path(&booked), &json!({ "host": host })).await;
    assert_eq!((same.status, &same.body), (200, &booked), "{}", same.text);
    assert_eq!(app.calls().await.get("zoom"), None);
}

#[tokio::test]
async fn a_host_or_an_end_of_a_series_is_replaced_by_another_way_of_naming_it() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Course", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    let booked = app.book(&admin(), &body).await;
    let host =
        json!({"connection_id": booked["host"]["connection_id"], "host_id": booked["host"]["host_id"]});
    let patch = json!({"host": host, "recurrence": {"until": "2027-03-05"}});
    let until = app.patch(&admin(), &path(&booked), &patch).await;
    assert_eq!(
        (until.status, until.body["occurrences"].as_array().map(Vec::len)),
        (200, Some(4)),
        "{}",
        until.text
    );
    let weekly = json!({"recurrence": {"frequency": "weekly", "weekdays": ["TU"], "count": 2}});
    let weekly = app.patch(&admin(), &path(&booked), &weekly).await;
    assert_eq!(
        (weekly.status, weekly.body["occurrences"].as_array().map(Vec::len)),
        (200, Some(2)),
        "{}",
        weekly.text
    );
    let monthly = app.patch(&admin(), &path(&booked), &json!({"recurrence": {"frequency": "monthly"}})).await;
    assert_eq!(
        monthly.body["recurrence"],
        json!({"frequency": "monthly", "interval": 1, "month_day": 2, "count": 2})
    );
}
