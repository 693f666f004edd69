//! Each event, when it happens, to whom it concerns.

use local::token::Role;
use serde_json::json;

use super::{HOST, Receiver, later, listen, listening, path};
use crate::connections::switch_app;
use crate::support::{App, admin, caller, meeting_on};

#[tokio::test]
async fn a_platform_is_told_of_a_meeting_that_nobody_attends() {
    let (app, receiver, secret) = listening().await;
    let mut body = meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST);
    body["courses"] = json!([{"course_id": "c-7", "lesson_id": "l-3"}]);
    let booked = app.book(&admin(), &body).await;
    later(&app, 30).await;
    let events = receiver.received();
    assert_eq!(events.len(), 1, "{events:?}");
    let event = &events[0];
    assert!(event.is_signed_with(&secret));
    assert!(!event.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assert_eq!(event.header("content-type"), "application/json");
    let sent_at: i64 = event.header("webhook-timestamp").parse().unwrap();
    assert!((app.now().timestamp() - sent_at).abs() < 60);
    let data = json!({
        "meeting_id": booked["id"], "version": 1, "status": "scheduled", "kind": "meeting", "topic": "Yoga",
        "starts_at": "2027-03-09T10:00:00Z", "ends_at": "2027-03-09T11:00:00Z", "time_zone": "UTC",
        "is_series": false, "organizer_id": "u-admin",
        "courses": [{"course_id": "c-7", "lesson_id": "l-3"}],
    });
    assert_eq!((event.kind(), &event.body["data"]), ("meeting.scheduled", &data));
    assert!(event.body["timestamp"].as_str().unwrap().ends_with('Z'), "{}", event.body["timestamp"]);
    assert_eq!(event.body.as_object().unwrap().len(), 3);

    later(&app, 60).await;
    assert_eq!(receiver.types(), [""; 0]);
    let moved = json!({"start": "2027-03-09T11:00:00Z"});
    assert_eq!(app.patch(&admin(), &path(&booked), &moved).await.status, 200);
    later(&app, 60).await;
    let updated = receiver.received();
    assert_eq!(updated.len(), 1, "{updated:?}");
    assert_eq!(updated[0].kind(), "meeting.updated");
    assert_eq!(updated[0].body["data"]["starts_at"], "2027-03-09T11:00:00Z");
    assert_eq!(updated[0].body["data"]["version"], 2);
    assert_ne!(updated[0].id(), event.id());

    assert_eq!(app.delete(&admin(), &path(&booked)).await.status, 204);
    later(&app, 60).await;
    assert_eq!(receiver.types(), ["meeting.cancelled"]);
}

#[tokio::test]
async fn a_reminder_is_due_once_for_each_date_and_offset_whatever_is_mailed() {
    let (app, receiver, _) = listening().await;
    let settings = json!({"webhook": {"url": receiver.url()}, "email": {"enabled": false}});
    assert_eq!(app.put(&admin(), super::SETTINGS, &settings).await.status, 200);
    let mut body = meeting_on("Yoga", "2027-03-01T12:00:00Z", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    body["reminders"] = json!(["PT1H", "PT30M"]);
    body["attendees"] =
        (0..120).map(|n| json!({"id": format!("u-{n}"), "email": format!("u-{n}@x.example")})).collect();
    app.book(&admin(), &body).await;
    later(&app, 60).await;
    assert_eq!(receiver.types(), ["meeting.scheduled"]);
    let mut told = Vec::new();
    for moment in
        ["2027-03-01T11:01:00Z", "2027-03-01T11:31:00Z", "2027-03-02T11:01:00Z", "2027-03-02T11:31:00Z"]
    {
        app.stack.clock().set(moment.parse().unwrap());
        app.tick().await;
        app.tick().await;
        for event in receiver.received() {
            assert_eq!(event.kind(), "reminder.due");
            assert!(!event.text.contains("@x.example"), "{}", event.text);
            let text = |name: &str| event.body["data"][name].as_str().unwrap().to_owned();
            told.push((text("occurrence_start"), text("offset")));
        }
    }
    let expected = [
        ("2027-03-01T12:00:00Z", "PT1H"),
        ("2027-03-01T12:00:00Z", "PT30M"),
        ("2027-03-02T12:00:00Z", "PT1H"),
        ("2027-03-02T12:00:00Z", "PT30M"),
    ];
    assert_eq!(told, expected.map(|(start, offset)| (start.to_owned(), offset.to_owned())));
    assert_eq!(app.mails().await.len(), 0);
}

#[tokio::test]
async fn a_connection_that_stops_working_is_told_once() {
    let (app, receiver, secret) = listening().await;
    later(&app, 60).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    later(&app, 86_400).await;
    let events = receiver.received();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].is_signed_with(&secret));
    let data = &events[0].body["data"];
    assert_eq!((events[0].kind(), &data["name"]), ("connection.failed", &json!("Room 1")));
    later(&app, 1_000).await;
    assert_eq!(receiver.types(), [""; 0]);
}

#[tokio::test]
async fn a_tenant_is_told_of_its_own_alone() {
    let (app, receiver, _) = listening().await;
    let others = Receiver::start().await;
    let head = caller("college", "u-admin", Role::Admin);
    listen(&app, &head, json!({"url": others.url()})).await;
    app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
    later(&app, 30).await;
    assert_eq!(receiver.types(), ["meeting.scheduled"]);
    assert_eq!(others.types(), [""; 0]);
}

#[tokio::test]
async fn a_platform_that_is_not_set_is_not_told_of_what_was_before() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
    later(&app, 60).await;
    let receiver = Receiver::start().await;
    listen(&app, &admin(), json!({"url": receiver.url()})).await;
    later(&app, 60).await;
    assert_eq!(receiver.types(), [""; 0]);
}
