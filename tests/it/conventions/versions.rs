//! `ETag`, `If-Match` and merge patches.

use serde_json::{Value, json};

use crate::support::{Answer, App, admin, meeting};

async fn one(app: &App, changes: &Value) -> (String, Answer) {
    let mut body = meeting("Topic", "2027-04-01T09:00:00");
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    let booked = app.book(&admin(), &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let read = app.get(&admin(), &path).await;
    (path, read)
}

async fn with_if_match(app: &App, method: &str, path: &str, tags: &[&str], body: &Value) -> Answer {
    let mut request = app.request(&admin(), method, path).json(body);
    for tag in tags {
        request = request.header("If-Match", *tag);
    }
    app.send(request).await
}

fn zoom_is_silent(calls: &Value) {
    assert!(calls["zoom"].is_null() || calls["zoom"] == json!({}), "{calls}");
}

#[tokio::test]
async fn every_single_resource_has_its_version() {
    let (app, connection) = App::connected().await;
    let (path, read) = one(&app, &json!({})).await;
    assert_eq!(read.header("ETag"), format!("\"{}\"", read.body["version"]));
    let changed = app.patch(&admin(), &path, &json!({"topic": "Other"})).await;
    assert_eq!((changed.status, &changed.body["topic"]), (200, &json!("Other")), "{}", changed.text);
    assert_ne!(changed.header("ETag"), read.header("ETag"));
    assert_eq!(app.get(&admin(), &path).await.header("ETag"), changed.header("ETag"));
    let connection = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    for path in [connection.as_str(), "/v1/settings"] {
        assert!(app.get(&admin(), path).await.header("ETag").starts_with('"'), "{path}");
    }
}

#[tokio::test]
async fn a_change_of_another_version_is_refused() {
    let (app, _) = App::connected().await;
    let (path, read) = one(&app, &json!({})).await;
    let tag = read.header("ETag").to_owned();
    app.calls().await;
    let weak = format!("W/{tag}");
    for tags in [&["\"0\""][..], &["\"999\"", "\"x\""], &["\"7\", \"8\""], &[""], &["1"], &[&weak]] {
        for (method, body) in
            [("PATCH", json!({"topic": "Other"})), ("PATCH", json!({})), ("DELETE", json!({}))]
        {
            let answer = with_if_match(&app, method, &path, tags, &body).await;
            assert_eq!((answer.status, answer.code()), (412, "version_mismatch"), "{method} {tags:?}");
        }
    }
    zoom_is_silent(&app.calls().await);
    assert_eq!(app.get(&admin(), &path).await.text, read.text);
    let listed = format!("\"0\", {tag}");
    let answer = with_if_match(&app, "PATCH", &path, &[&listed], &json!({"topic": "Second"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // The version that was good a moment ago is no longer.
    let answer = with_if_match(&app, "PATCH", &path, &[&tag], &json!({"topic": "Third"})).await;
    assert_eq!(answer.status, 412);
    let answer = with_if_match(&app, "PATCH", &path, &["*"], &json!({"topic": "Third"})).await;
    assert_eq!((answer.status, &answer.body["topic"]), (200, &json!("Third")));
    let tag = answer.header("ETag").to_owned();
    let answer = with_if_match(&app, "DELETE", &path, &["\"0\"", &tag], &json!({})).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_gets_through() {
    let (app, _) = App::connected().await;
    let (path, read) = one(&app, &json!({})).await;
    let tag = read.header("ETag");
    let (left, right) = (json!({"topic": "Left"}), json!({"topic": "Right"}));
    let tags = [tag];
    let (left, right) = futures::join!(
        with_if_match(&app, "PATCH", &path, &tags, &left),
        with_if_match(&app, "PATCH", &path, &tags, &right),
    );
    let winners = [&left, &right].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(winners, 1, "{} {}", left.text, right.text);
    let winner = if left.status == 200 { &left } else { &right };
    assert_eq!(app.get(&admin(), &path).await.body["topic"], winner.body["topic"]);
}

#[tokio::test]
async fn a_change_of_nothing_changes_nothing() {
    let (app, _) = App::connected().await;
    let full = json!({
        "agenda": "What it is about", "passcode": "demo", "courses": [{"course_id": "c-1", "lesson_id": "l-1"}],
        "settings": {"recording": "cloud"}, "attendees": [{"id": "u-1", "email": "a@x.example"}],
        "recurrence": {"frequency": "weekly", "weekdays": ["TU", "TH"], "count": 3}, "time_zone": "Asia/Jakarta",
    });
    for (changes, same) in [
        (json!({}), json!({"agenda": "", "courses": [], "host": "auto"})),
        (json!({"reminders": ["PT60M"]}), json!({"reminders": ["PT1H"]})),
        (json!({"start": "2027-04-02T09:00:00", "status": "draft"}), json!({"status": "draft"})),
        (
            full,
            json!({"settings": {"recording": "cloud"}, "start": "2027-04-01T09:00:00", "duration_minutes": 60,
                   "recurrence": {"weekdays": ["TH", "TU"]}, "status": "planned"}),
        ),
    ] {
        let (path, read) = one(&app, &changes).await;
        let shown = |name: &str| read.body[name].clone();
        // What was read can be sent back.
        let again = json!({
            "topic": shown("topic"), "agenda": shown("agenda"), "kind": shown("kind"), "courses": shown("courses"),
            "time_zone": shown("time_zone"), "duration_minutes": shown("duration_minutes"),
            "reminders": shown("reminders"), "passcode": shown("passcode"), "organizer_id": shown("organizer_id"),
            "recurrence": shown("recurrence"),
        });
        app.calls().await;
        for patch in [json!({}), json!({"topic": "Topic"}), same.clone(), again] {
            let answer = app.patch(&admin(), &path, &patch).await;
            assert_eq!((answer.status, &answer.text), (200, &read.text), "{patch}");
            assert_eq!(answer.header("ETag"), read.header("ETag"), "{patch}");
        }
        let calls = app.calls().await;
        zoom_is_silent(&calls);
        assert!(calls["dynamodb"]["TransactWriteItems"].is_null(), "{calls}");
    }
}

#[tokio::test]
async fn null_clears() {
    let (app, _) = App::connected().await;
    let (path, read) = one(
        &app,
        &json!({
            "agenda": "What it is about", "courses": [{"course_id": "c-1"}], "reminders": ["PT2H"],
            "settings": {"host_video": true, "recording": "cloud"},
            "attendees": [{"id": "u-1", "email": "a@x.example"}],
            "recurrence": {"frequency": "daily", "count": 3},
        }),
    )
    .await;
    assert_eq!(read.body["occurrences"].as_array().unwrap().len(), 3);
    let patch = json!({
        "agenda": null, "courses": null, "reminders": null, "settings": {"host_video": null}, "attendees": null,
        "recurrence": null,
    });
    let answer = app.patch(&admin(), &path, &patch).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let read = app.get(&admin(), &path).await;
    assert_eq!(read.text, answer.text);
    assert_eq!(read.body["agenda"], "");
    assert_eq!(read.body["courses"], json!([]));
    assert_eq!(read.body["reminders"], json!(["P1D", "PT1H"]), "the tenant's default again");
    assert_eq!(read.body["settings"]["host_video"], false);
    assert_eq!(read.body["settings"]["recording"], "cloud");
    assert_eq!(read.body["attendee_count"], 0);
    assert_eq!((&read.body["recurrence"], &read.body["occurrences"]), (&Value::Null, &json!([])));
    let none = app.patch(&admin(), &path, &json!({"reminders": []})).await;
    assert_eq!(none.body["reminders"], json!([]));
}

#[tokio::test]
async fn a_change_of_what_zoom_does_not_keep_leaves_zoom_alone() {
    let (app, _) = App::connected().await;
    let (path, read) = one(&app, &json!({})).await;
    app.calls().await;
    let patch = json!({"courses": [{"course_id": "c-9"}], "reminders": ["PT15M"],
                       "attendees": [{"id": "u-1", "email": "a@x.example"}]});
    let answer = app.patch(&admin(), &path, &patch).await;
    assert_eq!((answer.status, &answer.body["attendee_count"]), (200, &json!(1)), "{}", answer.text);
    assert_ne!(answer.header("ETag"), read.header("ETag"));
    zoom_is_silent(&app.calls().await);
}
