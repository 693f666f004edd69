//! What a tenant has set.

use local::token::Role;
use serde_json::{Value, json};

use crate::support::{App, admin, caller, instructor, learner, meeting_on};

const PATH: &str = "/v1/settings";

fn defaults() -> Value {
    json!({
        "buffer_minutes": 0, "default_reminders": ["P1D", "PT1H"], "email": {"enabled": true, "from": null},
        "webhook": null, "locale": "en",
    })
}

#[tokio::test]
async fn a_tenant_has_defaults_until_it_sets_something() {
    let app = App::start().await;
    let read = app.get(&admin(), PATH).await;
    assert_eq!((read.status, &read.body), (200, &defaults()));
    let wanted = json!({
        "buffer_minutes": 10, "default_reminders": ["PT30M"], "webhook": null, "locale": "pt-BR",
        "email": {"enabled": false, "from": "no-reply@lectern.example"},
    });
    let written = app.put(&admin(), PATH, &wanted).await;
    assert_eq!((written.status, &written.body), (200, &wanted), "{}", written.text);
    let read_again = app.get(&admin(), PATH).await;
    assert_eq!((&read_again.body, read_again.header("etag")), (&wanted, written.header("etag")));
    assert_ne!(read.header("etag"), read_again.header("etag"));
    // What is left out takes its default again, and no other tenant sees any of it.
    assert_eq!(app.put(&admin(), PATH, &json!({})).await.body, defaults());
    app.put(&admin(), PATH, &wanted).await;
    assert_eq!(app.get(&caller("college", "u-admin", Role::Admin), PATH).await.body, defaults());
}

#[tokio::test]
async fn settings_are_for_admins() {
    let app = App::start().await;
    for who in [instructor("u-1"), learner("u-1")] {
        assert_eq!(app.get(&who, PATH).await.code(), "forbidden");
        assert_eq!(app.put(&who, PATH, &json!({})).await.code(), "forbidden");
    }
}

#[tokio::test]
async fn every_wrong_setting_is_named_at_once() {
    let app = App::start().await;
    let wrong = json!({
        "buffer_minutes": -1, "default_reminders": ["PT1H", "PT60M", "P1W", "PT1M", 5], "locale": "english!",
        "email": {"enabled": "yes", "from": "boss@school.example"}, "colour": "red",
        "webhook": {"url": "ftp://x.example"},
    });
    let answer = app.put(&admin(), PATH, &wrong).await;
    assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{}", answer.text);
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        ("/buffer_minutes", "out_of_range"),
        ("/colour", "unknown_field"),
        ("/default_reminders/1", "not_unique"),
        ("/default_reminders/2", "invalid"),
        ("/default_reminders/3", "out_of_range"),
        ("/default_reminders/4", "wrong_type"),
        ("/email/enabled", "wrong_type"),
        ("/email/from", "invalid"),
        ("/locale", "invalid"),
        ("/webhook/url", "invalid"),
    ];
    assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    assert_eq!(app.get(&admin(), PATH).await.body, defaults());
}

#[tokio::test]
async fn settings_of_another_version_are_not_overwritten() {
    let app = App::start().await;
    let etag = app.get(&admin(), PATH).await.header("etag").to_owned();
    let put = |buffer: u32| {
        let request = app.request(&admin(), "PUT", PATH).header("If-Match", &etag);
        app.send(request.json(&json!({"buffer_minutes": buffer})))
    };
    assert_eq!(put(5).await.status, 200);
    let stale = put(7).await;
    assert_eq!((stale.status, stale.code()), (412, "version_mismatch"), "{}", stale.text);
    assert_eq!(app.get(&admin(), PATH).await.body["buffer_minutes"], 5);
}

#[tokio::test]
async fn default_reminders_are_those_of_a_meeting_that_names_none() {
    let (app, _) = App::connected().await;
    app.put(&admin(), PATH, &json!({"default_reminders": ["PT45M", "P2D"]})).await;
    let mut body = meeting_on("Yoga", "2027-03-08T10:00:00Z", "host1@sandbox.example");
    assert_eq!(app.book(&admin(), &body).await["reminders"], json!(["PT45M", "P2D"]));
    body["start"] = json!("2027-03-09T10:00:00Z");
    body["reminders"] = json!([]);
    assert_eq!(app.book(&admin(), &body).await["reminders"], json!([]));
}

#[tokio::test]
async fn the_buffer_keeps_meetings_of_a_host_apart() {
    let (app, _) = App::connected().await;
    app.put(&admin(), PATH, &json!({"buffer_minutes": 15})).await;
    let at = |start: &str| meeting_on("Yoga", start, "host1@sandbox.example");
    app.book(&admin(), &at("2027-03-02T10:00:00Z")).await;
    for close in ["2027-03-02T11:14:00Z", "2027-03-02T08:46:00Z"] {
        let refused = app.post(&admin(), "/v1/meetings", &at(close)).await;
        assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    }
    for apart in ["2027-03-02T11:15:00Z", "2027-03-02T08:45:00Z"] {
        app.book(&admin(), &at(apart)).await;
    }
}
