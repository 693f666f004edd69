//! Every bad field of a booking is named, all of them at once, and nothing is changed by it.

use serde_json::{Value, json};

use crate::support::{App, admin, meeting};

/// Asserts that a body is refused for exactly these faults, each a pointer and a code.
async fn refused(app: &App, path: &str, body: &Value, expected: &[(&str, &str)]) {
    let answer = app.post(&admin(), path, body).await;
    assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{body}: {}", answer.text);
    let mut faults = answer.faults();
    faults.sort();
    let mut expected: Vec<(String, String)> =
        expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
    expected.sort();
    assert_eq!(faults, expected, "{body}: {}", answer.text);
}

/// A good booking with other values for some fields.
fn with(changes: &Value) -> Value {
    let mut body = meeting("Topic", "2027-04-01T09:00:00");
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn nothing_happened(app: &App) {
    let calls = app.calls().await;
    let zoom = &calls["zoom"];
    assert!(zoom.is_null() || *zoom == json!({}), "{calls}");
    assert!(calls["dynamodb"]["TransactWriteItems"].is_null(), "{calls}");
    let list = app.get(&admin(), "/v1/meetings?tab=all").await;
    assert_eq!(list.body, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn all_faults_of_a_booking_are_named_at_once() {
    let (app, _) = App::connected().await;
    app.calls().await;
    let courses: Vec<Value> = (0..21).map(|n| json!({"course_id": format!("c-{n}")})).collect();
    let reminders: Vec<String> = (5..16).map(|n| format!("PT{n}M")).collect();
    let body = json!({
        "topic": "t".repeat(201), "agenda": "a".repeat(2_001), "kind": "party", "start": "soon",
        "time_zone": "Mars/Olympus", "duration_minutes": 1441, "recurrence": {"frequency": "hourly", "colour": 1},
        "host": {"host_id": "", "email": "x", "room": 1}, "alternative_hosts": ["a", "b", "c", "d", "e"],
        "passcode": "12345678901", "courses": courses, "settings": {"recording": "tape", "colour": 1, "host_video": "on"},
        "attendees": [{"id": "u-1", "email": "a@x.example\r\nBcc: b@x.example"}, {"email": "b@x.example", "age": 7}, 7],
        "reminders": reminders, "status": "booked", "organizer_id": "", "colour": "red", "a/b~c": 1,
    });
    let expected = [
        ("/topic", "too_long"),
        ("/agenda", "too_long"),
        ("/kind", "invalid"),
        ("/time_zone", "invalid"),
        ("/start", "invalid"),
        ("/duration_minutes", "out_of_range"),
        ("/recurrence/frequency", "invalid"),
        ("/recurrence/count", "required"),
        ("/recurrence/colour", "unknown_field"),
        ("/host/host_id", "invalid"),
        ("/host/email", "invalid"),
        ("/host/room", "unknown_field"),
        ("/host/connection_id", "required"),
        ("/alternative_hosts", "too_long"),
        ("/passcode", "too_long"),
        ("/courses", "too_long"),
        ("/settings/recording", "invalid"),
        ("/settings/colour", "unknown_field"),
        ("/settings/host_video", "wrong_type"),
        ("/attendees/0/email", "invalid"),
        ("/attendees/1/id", "required"),
        ("/attendees/1/age", "unknown_field"),
        ("/attendees/2", "wrong_type"),
        ("/reminders", "too_long"),
        ("/status", "invalid"),
        ("/organizer_id", "invalid"),
        ("/colour", "unknown_field"),
        ("/a~1b~0c", "unknown_field"),
    ];
    refused(&app, "/v1/meetings", &body, &expected).await;
    nothing_happened(&app).await;
}

#[tokio::test]
async fn each_field_of_a_booking_has_its_bounds() {
    let (app, _) = App::connected().await;
    app.calls().await;
    let long = |n: usize| "ä".repeat(n);
    let table: Vec<(Value, Vec<(&str, &str)>)> = vec![
        (json!({"topic": ""}), vec![("/topic", "out_of_range")]),
        (json!({"topic": "   "}), vec![("/topic", "out_of_range")]),
        (json!({"topic": null}), vec![("/topic", "required")]),
        (json!({"topic": 7}), vec![("/topic", "wrong_type")]),
        (json!({"topic": long(201)}), vec![("/topic", "too_long")]),
        (json!({"agenda": long(2_001)}), vec![("/agenda", "too_long")]),
        (json!({"agenda": ["x"]}), vec![("/agenda", "wrong_type")]),
        (json!({"duration_minutes": 0}), vec![("/duration_minutes", "out_of_range")]),
        (json!({"duration_minutes": -60}), vec![("/duration_minutes", "out_of_range")]),
        (json!({"duration_minutes": 1_441}), vec![("/duration_minutes", "out_of_range")]),
        (json!({"duration_minutes": 1e30}), vec![("/duration_minutes", "out_of_range")]),
        (json!({"duration_minutes": u64::MAX}), vec![("/duration_minutes", "out_of_range")]),
        (json!({"duration_minutes": 1.5}), vec![("/duration_minutes", "wrong_type")]),
        (json!({"duration_minutes": "60"}), vec![("/duration_minutes", "wrong_type")]),
        (json!({"duration_minutes": true}), vec![("/duration_minutes", "wrong_type")]),
        (json!({"duration_minutes": null}), vec![("/duration_minutes", "required")]),
        (json!({"kind": 1}), vec![("/kind", "wrong_type")]),
        (json!({"passcode": "12345678901"}), vec![("/passcode", "too_long")]),
        (json!({"passcode": "a b"}), vec![("/passcode", "invalid")]),
        (json!({"passcode": "añb"}), vec![("/passcode", "invalid")]),
        (json!({"passcode": ""}), vec![("/passcode", "out_of_range")]),
        (json!({"passcode": 1234}), vec![("/passcode", "wrong_type")]),
        (json!({"host": "any"}), vec![("/host", "invalid")]),
        (json!({"host": 7}), vec![("/host", "wrong_type")]),
        (json!({"host": []}), vec![("/host", "wrong_type")]),
        (json!({"host": {}}), vec![("/host/connection_id", "required")]),
        (
            json!({"host": {"connection_id": "con_1", "host_id": "h", "email": "a@x.example"}}),
            vec![("/host/email", "contradiction")],
        ),
        (json!({"alternative_hosts": "h"}), vec![("/alternative_hosts", "wrong_type")]),
        (json!({"alternative_hosts": ["h", 7]}), vec![("/alternative_hosts/1", "wrong_type")]),
        (json!({"alternative_hosts": ["h", "h"]}), vec![("/alternative_hosts/1", "not_unique")]),
        (
            json!({"courses": [{"course_id": "c", "lesson_id": 1}]}),
            vec![("/courses/0/lesson_id", "wrong_type")],
        ),
        (json!({"courses": ["c"]}), vec![("/courses/0", "wrong_type")]),
        (json!({"courses": [{}]}), vec![("/courses/0/course_id", "required")]),
        (
            json!({"courses": [{"course_id": "c"}, {"course_id": "c", "lesson_id": null}, {"course_id": ""}]}),
            vec![("/courses/1", "not_unique"), ("/courses/2/course_id", "invalid")],
        ),
        (json!({"settings": []}), vec![("/settings", "wrong_type")]),
        (
            json!({"settings": {"waiting_room": true, "join_before_host": true}}),
            vec![("/settings/waiting_room", "contradiction")],
        ),
        (json!({"reminders": "PT1H"}), vec![("/reminders", "wrong_type")]),
        (
            json!({"reminders": ["PT4M", "P31D", "PT43201M", "PT0M", "P0D"]}),
            vec![
                ("/reminders/0", "out_of_range"),
                ("/reminders/1", "out_of_range"),
                ("/reminders/2", "out_of_range"),
                ("/reminders/3", "out_of_range"),
                ("/reminders/4", "out_of_range"),
            ],
        ),
        (
            json!({"reminders": ["", "1h", "P1W", "P1DT1H", "PT1H30S", "pt1h", " PT1H", 60]}),
            vec![
                ("/reminders/0", "invalid"),
                ("/reminders/1", "invalid"),
                ("/reminders/2", "invalid"),
                ("/reminders/3", "invalid"),
                ("/reminders/4", "invalid"),
                ("/reminders/5", "invalid"),
                ("/reminders/6", "invalid"),
                ("/reminders/7", "wrong_type"),
            ],
        ),
        (
            json!({"reminders": ["PT1H", "PT60M", "P1D", "P1D", "PT1M"]}),
            vec![
                ("/reminders/1", "not_unique"),
                ("/reminders/3", "not_unique"),
                ("/reminders/4", "out_of_range"),
            ],
        ),
        (json!({"status": "scheduled"}), vec![("/status", "invalid")]),
        (json!({"status": true}), vec![("/status", "wrong_type")]),
        (json!({"organizer_id": "u\u{7}"}), vec![("/organizer_id", "invalid")]),
    ];
    for (changes, expected) in table {
        refused(&app, "/v1/meetings", &with(&changes), &expected).await;
    }
    nothing_happened(&app).await;
}

#[tokio::test]
async fn times_that_cannot_be_are_refused() {
    let (app, _) = App::connected().await;
    app.calls().await;
    let berlin = "Europe/Berlin";
    let table: Vec<(Value, Vec<(&str, &str)>)> = vec![
        (json!({"start": null}), vec![("/start", "required")]),
        (json!({"start": ""}), vec![("/start", "invalid")]),
        (json!({"start": "tomorrow"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-04-31T09:00:00"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-04-01"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-04-01T24:00:00"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-04-01T09:00:60"}), vec![("/start", "invalid")]),
        (json!({"start": 1_806_570_000}), vec![("/start", "wrong_type")]),
        (json!({"start": "9999-01-01T00:00:00"}), vec![("/start", "out_of_range")]),
        (json!({"start": "2027-02-28T09:00:00"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-03-01T07:59:59Z"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-03-28T02:30:00", "time_zone": berlin}), vec![("/start", "invalid")]),
        (json!({"time_zone": null}), vec![("/time_zone", "required")]),
        (json!({"time_zone": "Mars/Olympus"}), vec![("/time_zone", "invalid")]),
        (json!({"time_zone": "+02:00"}), vec![("/time_zone", "invalid")]),
        (json!({"time_zone": 2}), vec![("/time_zone", "wrong_type")]),
        // A second fault does not hide that the start is past.
        (
            json!({"start": "2027-02-28T09:00:00", "duration_minutes": 0}),
            vec![("/start", "invalid"), ("/duration_minutes", "out_of_range")],
        ),
        (
            json!({"start": "2027-02-28T09:00:00Z", "topic": "", "duration_minutes": "x"}),
            vec![("/start", "invalid"), ("/topic", "out_of_range"), ("/duration_minutes", "wrong_type")],
        ),
    ];
    for (changes, expected) in table {
        refused(&app, "/v1/meetings", &with(&changes), &expected).await;
        let mut check = with(&changes);
        check.as_object_mut().unwrap().remove("topic");
        let expected: Vec<_> = expected.into_iter().filter(|(pointer, _)| *pointer != "/topic").collect();
        refused(&app, "/v1/conflicts/check", &check, &expected).await;
    }
    let nothing = [("/start", "required"), ("/duration_minutes", "required")];
    refused(&app, "/v1/conflicts/check", &json!({}), &nothing).await;
    let nothing = [("/topic", "required"), ("/start", "required"), ("/duration_minutes", "required")];
    refused(&app, "/v1/meetings", &json!({}), &nothing).await;
    nothing_happened(&app).await;
}

#[tokio::test]
async fn rules_that_contradict_themselves_are_refused() {
    let (app, _) = App::connected().await;
    app.calls().await;
    let table: Vec<(Value, Vec<(&str, &str)>)> = vec![
        (json!(7), vec![("/recurrence", "wrong_type")]),
        (json!({}), vec![("/recurrence/frequency", "required"), ("/recurrence/count", "required")]),
        (json!({"frequency": "daily"}), vec![("/recurrence/count", "required")]),
        (
            json!({"frequency": "daily", "count": 2, "until": "2027-05-01"}),
            vec![("/recurrence/until", "contradiction")],
        ),
        (json!({"frequency": "daily", "count": 0}), vec![("/recurrence/count", "out_of_range")]),
        (json!({"frequency": "daily", "count": 61}), vec![("/recurrence/count", "out_of_range")]),
        (json!({"frequency": "daily", "count": "5"}), vec![("/recurrence/count", "wrong_type")]),
        (json!({"frequency": "daily", "until": "2027-06-30"}), vec![("/recurrence", "out_of_range")]),
        (json!({"frequency": "daily", "until": "2027-03-31"}), vec![("/recurrence", "invalid")]),
        (json!({"frequency": "daily", "until": "2027-13-01"}), vec![("/recurrence/until", "invalid")]),
        (json!({"frequency": "daily", "until": 5}), vec![("/recurrence/until", "wrong_type")]),
        (
            json!({"frequency": "daily", "count": 2, "interval": 0}),
            vec![("/recurrence/interval", "out_of_range")],
        ),
        (
            json!({"frequency": "weekly", "count": 2, "interval": 51}),
            vec![("/recurrence/interval", "out_of_range")],
        ),
        (
            json!({"frequency": "daily", "count": 2, "weekdays": ["MO"], "month_day": 1}),
            vec![("/recurrence/weekdays", "contradiction"), ("/recurrence/month_day", "contradiction")],
        ),
        (
            json!({"frequency": "weekly", "count": 2, "month_week": 1, "month_weekday": "MO"}),
            vec![("/recurrence/month_week", "contradiction"), ("/recurrence/month_weekday", "contradiction")],
        ),
        (
            json!({"frequency": "weekly", "count": 2, "weekdays": ["MO", "Tuesday", 3]}),
            vec![("/recurrence/weekdays/1", "invalid"), ("/recurrence/weekdays/2", "wrong_type")],
        ),
        (
            json!({"frequency": "weekly", "count": 2, "weekdays": ["MO", "MO"]}),
            vec![("/recurrence/weekdays", "not_unique")],
        ),
        (
            json!({"frequency": "monthly", "count": 2, "month_day": 3, "month_week": 1, "month_weekday": "MO"}),
            vec![("/recurrence/month_day", "contradiction")],
        ),
        (
            json!({"frequency": "monthly", "count": 2, "month_week": 1}),
            vec![("/recurrence/month_day", "contradiction")],
        ),
        (
            json!({"frequency": "monthly", "count": 2, "month_day": 32}),
            vec![("/recurrence/month_day", "out_of_range")],
        ),
        (
            json!({"frequency": "monthly", "count": 2, "month_week": 0, "month_weekday": "XX"}),
            vec![("/recurrence/month_week", "out_of_range"), ("/recurrence/month_weekday", "invalid")],
        ),
        (
            json!({"frequency": "daily", "count": 2, "wekdays": [], "interval": "2"}),
            vec![("/recurrence/wekdays", "unknown_field"), ("/recurrence/interval", "wrong_type")],
        ),
    ];
    for (rule, expected) in table {
        refused(&app, "/v1/meetings", &with(&json!({"recurrence": rule})), &expected).await;
        let mut check = with(&json!({"recurrence": rule}));
        check.as_object_mut().unwrap().remove("topic");
        refused(&app, "/v1/conflicts/check", &check, &expected).await;
    }
    let overlapping = with(&json!({
        "duration_minutes": 1_440, "start": "2027-03-27T09:00:00", "time_zone": "Europe/Berlin",
        "recurrence": {"frequency": "daily", "count": 3},
    }));
    refused(&app, "/v1/meetings", &overlapping, &[("/recurrence", "contradiction")]).await;
    nothing_happened(&app).await;
}

#[tokio::test]
async fn what_lies_at_the_bounds_is_taken() {
    let (app, _) = App::connected().await;
    let courses: Vec<Value> = (0..20).map(|n| json!({"course_id": format!("c-{n}")})).collect();
    let reminders: Vec<String> = (5..14).map(|n| format!("PT{n}M")).chain(["P30D".to_owned()]).collect();
    let body = json!({
        "topic": "ä".repeat(200), "agenda": "ä".repeat(2_000), "start": "2027-04-01T09:00:00+02:00",
        "time_zone": "Asia/Jakarta", "duration_minutes": 1_440, "passcode": "Aa1@-_*890", "courses": courses,
        "reminders": reminders, "host": null, "recurrence": null, "settings": {}, "attendees": [],
        "alternative_hosts": [], "status": "planned", "kind": "meeting", "organizer_id": null,
    });
    let booked = app.book(&admin(), &body).await;
    assert_eq!(booked["starts_at"], "2027-04-01T07:00:00Z");
    assert_eq!(booked["local_start"], "2027-04-01T14:00:00");
    assert_eq!(booked["reminders"], json!(reminders));
    // 60 and 60.0 are one number (RFC 8259 tells them not apart), and a start at this moment is not past.
    let whole = with(&json!({"duration_minutes": 60.0, "start": app.now() + chrono::TimeDelta::seconds(2)}));
    assert_eq!(app.book(&admin(), &whole).await["duration_minutes"], 60);
}
