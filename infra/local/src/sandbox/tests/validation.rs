use serde_json::{Value, json};

use super::support::{HOST, World, path};

async fn bad_fields(body: Value) -> Vec<String> {
    let world = World::new();
    let token = world.token().await;
    world.api(&token, "POST", &format!("/users/{HOST}/meetings"), &body).await.bad_fields()
}

async fn bad_recurrence(recurrence: Value) -> Vec<String> {
    let mut body = json!({"topic": "x", "type": 8, "start_time": "2027-01-04T10:00:00Z"});
    body["recurrence"] = recurrence;
    bad_fields(body).await
}

#[tokio::test]
async fn limits_of_the_schema_hold() {
    for (field, value) in [
        ("topic", json!("x".repeat(201))),
        ("agenda", json!("x".repeat(2001))),
        ("type", json!(4)),
        ("type", json!(5)),
        ("duration", json!(0)),
        ("duration", json!(1441)),
        ("duration", json!("60")),
        ("duration", json!(1.5)),
        ("password", json!("12345678901")),
        ("password", json!(123_456)),
        ("password", json!("pass word")),
        ("timezone", json!("Mars/Olympus")),
        ("start_time", json!("tomorrow")),
        ("start_time", json!("2027-01-01T10:00:00+07:00")),
        ("start_time", json!(1_800_000_000)),
        ("topic", json!(["x"])),
        ("settings", json!("none")),
        ("recurrence", json!([])),
        ("default_password", json!("yes")),
    ] {
        let mut body = json!({"topic": "x", "start_time": "2027-01-01T10:00:00Z"});
        body[field] = value.clone();
        assert_eq!(bad_fields(body).await, [field], "{value}");
    }
}

#[tokio::test]
async fn settings_are_checked_one_by_one() {
    for (field, value) in [
        ("waiting_room", json!("true")),
        ("approval_type", json!(3)),
        ("registration_type", json!(0)),
        ("jbh_time", json!(7)),
        ("auto_recording", json!("tape")),
        ("audio", json!("loud")),
        ("alternative_hosts", json!(["a@b.c"])),
    ] {
        let fields = bad_fields(json!({"topic": "x", "settings": {field: value}})).await;
        assert_eq!(fields, [format!("settings.{field}")]);
    }
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let fields = bad_fields(json!({"topic": 1, "duration": 0, "settings": {"host_video": 1}})).await;
    assert_eq!(fields, ["topic", "duration", "settings.host_video"]);
}

#[tokio::test]
async fn limits_are_reached_exactly() {
    let world = World::new();
    let token = world.token().await;
    let body = json!({
        "topic": "é".repeat(200), "agenda": "x".repeat(2000), "duration": 1440, "password": "1234567890",
    });
    world.create(&token, &body).await;
    world.create(&token, &json!({"duration": 1})).await;
}

#[tokio::test]
async fn recurrences_are_checked() {
    let cases = [
        (json!({"end_times": 2}), "type"),
        (json!({"type": 4}), "type"),
        (json!({"type": 1, "end_times": 61}), "end_times"),
        (json!({"type": 1, "end_times": -1}), "end_times"),
        (json!({"type": 1, "repeat_interval": 100}), "repeat_interval"),
        (json!({"type": 1, "repeat_interval": 0}), "repeat_interval"),
        (json!({"type": 2, "weekly_days": "2", "repeat_interval": 51}), "repeat_interval"),
        (json!({"type": 2}), "weekly_days"),
        (json!({"type": 2, "weekly_days": "8"}), "weekly_days"),
        (json!({"type": 2, "weekly_days": "1;2"}), "weekly_days"),
        (json!({"type": 3, "monthly_day": 32}), "monthly_day"),
        (json!({"type": 3, "monthly_day": 1, "repeat_interval": 11}), "repeat_interval"),
        (json!({"type": 3, "monthly_week": 1}), "monthly_week_day"),
        (json!({"type": 3, "monthly_week": 0, "monthly_week_day": 2}), "monthly_week"),
        (json!({"type": 3, "monthly_week": 5, "monthly_week_day": 2}), "monthly_week"),
        (json!({"type": 1, "end_times": 2, "end_date_time": "2027-02-01T00:00:00Z"}), "end_date_time"),
        (json!({"type": 1, "end_date_time": "2027-02-01"}), "end_date_time"),
    ];
    for (recurrence, field) in cases {
        let fields = bad_recurrence(recurrence.clone()).await;
        assert_eq!(fields, [format!("recurrence.{field}")], "{recurrence}");
    }
    assert_eq!(bad_recurrence(Value::Null).await, ["recurrence"]);
    let before = json!({"type": 1, "end_date_time": "2027-01-01T00:00:00Z"});
    assert_eq!(bad_recurrence(before).await, ["recurrence"]);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let world = World::new();
    let token = world.token().await;
    let message =
        world.api(&token, "POST", &format!("/users/{HOST}/meetings"), &json!([])).await.refused(400, 300);
    assert_eq!(message, "Request Body should be a valid JSON object.");
}

#[tokio::test]
async fn an_update_is_checked_alike() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "x"})).await;
    let body = json!({"duration": 1441, "password": "12345678901"});
    let fields = world.api(&token, "PATCH", &path(&meeting), &body).await.bad_fields();
    assert_eq!(fields, ["duration", "password"]);
}
