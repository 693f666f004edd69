//! Bad fields of changes and of attendees, and bad query parameters.

use serde_json::{Value, json};

use crate::support::{Answer, App, admin, meeting};

const WINDOW: &str = "from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z";

fn assert_refused(answer: &Answer, what: &str, expected: &[(&str, &str)]) {
    assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{what}: {}", answer.text);
    let mut faults = answer.faults();
    faults.sort();
    let mut expected: Vec<(String, String)> =
        expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
    expected.sort();
    assert_eq!(faults, expected, "{what}: {}", answer.text);
}

#[tokio::test]
async fn all_faults_of_a_change_are_named_and_nothing_is_changed() {
    let (app, _) = App::connected().await;
    let mut body = meeting("Topic", "2027-04-01T09:00:00");
    body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
    let booked = app.book(&admin(), &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let before = app.get(&admin(), &path).await;
    app.calls().await;
    let table: Vec<(Value, Vec<(&str, &str)>)> = vec![
        (
            json!({"topic": "", "duration_minutes": "60", "attendees": [{"id": "u-2", "email": "x"}, {}], "colour": 1}),
            vec![
                ("/topic", "out_of_range"),
                ("/duration_minutes", "wrong_type"),
                ("/attendees/0/email", "invalid"),
                ("/attendees/1/id", "required"),
                ("/attendees/1/email", "required"),
                ("/colour", "unknown_field"),
            ],
        ),
        (json!({"topic": null}), vec![("/topic", "required")]),
        (
            json!({"start": null, "duration_minutes": null}),
            vec![("/start", "required"), ("/duration_minutes", "required")],
        ),
        (json!({"time_zone": null}), vec![("/time_zone", "required")]),
        (json!({"topci": null}), vec![("/topci", "unknown_field")]),
        (json!({"settings": {"recordng": null}}), vec![("/settings/recordng", "unknown_field")]),
        (json!({"settings": {"recordng": "cloud"}}), vec![("/settings/recordng", "unknown_field")]),
        (json!({"start": "2027-02-01T09:00:00"}), vec![("/start", "invalid")]),
        (json!({"start": "2027-03-28T02:30:00", "time_zone": "Europe/Berlin"}), vec![("/start", "invalid")]),
        (json!({"kind": "webinar"}), vec![("/kind", "contradiction")]),
        (json!({"status": "draft"}), vec![("/status", "contradiction")]),
        (
            json!({"kind": "webinar", "status": "draft"}),
            vec![("/kind", "contradiction"), ("/status", "contradiction")],
        ),
        (json!({"version": 2, "id": "mtg_1"}), vec![("/version", "unknown_field"), ("/id", "unknown_field")]),
        (
            json!({"recurrence": {"frequency": "daily", "count": 61}}),
            vec![("/recurrence/count", "out_of_range")],
        ),
        (
            json!({"settings": {"waiting_room": true, "join_before_host": true}}),
            vec![("/settings/waiting_room", "contradiction")],
        ),
        (json!({"attendees": "u-1"}), vec![("/attendees", "wrong_type")]),
        (json!([]), vec![("", "wrong_type")]),
        (json!("x"), vec![("", "wrong_type")]),
        (Value::Null, vec![("", "wrong_type")]),
    ];
    for (patch, expected) in table {
        assert_refused(&app.patch(&admin(), &path, &patch).await, &patch.to_string(), &expected);
    }
    let calls = app.calls().await;
    assert!(calls["zoom"].is_null() || calls["zoom"] == json!({}), "{calls}");
    assert!(calls["dynamodb"]["TransactWriteItems"].is_null(), "{calls}");
    assert_eq!(app.get(&admin(), &path).await.text, before.text);
}

#[tokio::test]
async fn attendees_are_looked_at_one_by_one() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting("Topic", "2027-04-01T09:00:00")).await;
    let path = format!("/v1/meetings/{}/attendees", booked["id"].as_str().unwrap());
    let one = |email: &str| json!({"attendees": [{"id": "u-1", "email": email}]});
    let long = format!("{}@x.example", "a".repeat(65));
    for email in [
        "",
        "x",
        "@x.example",
        "a@",
        "a@b@c.example",
        "a b@x.example",
        "a@x.example\r\nBcc: b@x.example",
        "a@x.example\n",
        "a\u{0}@x.example",
        "<a@x.example>",
        "Ana <a@x.example>",
        "a@x.example, b@x.example",
        "a@x..example",
        "a@-x.example",
        ".a@x.example",
        &long,
    ] {
        for method in ["POST", "PUT"] {
            let answer = app.send(app.request(&admin(), method, &path).json(&one(email))).await;
            assert_refused(&answer, email, &[("/attendees/0/email", "invalid")]);
        }
    }
    let body = json!({"attendees": [
        {"id": "u-1", "email": "a@x.example"},
        {"id": "u-1", "email": "b@x.example"},
        {"id": "u\n", "email": 7, "name": "n".repeat(201), "locale": "x_y z", "time_zone": "Nowhere"},
        [],
    ], "more": []});
    let expected = [
        ("/attendees/1", "not_unique"),
        ("/attendees/2/id", "invalid"),
        ("/attendees/2/email", "wrong_type"),
        ("/attendees/2/name", "too_long"),
        ("/attendees/2/locale", "invalid"),
        ("/attendees/2/time_zone", "invalid"),
        ("/attendees/3", "wrong_type"),
        ("/more", "unknown_field"),
    ];
    let many: Vec<Value> =
        (0..5_001).map(|n| json!({"id": format!("u-{n}"), "email": "a@x.example"})).collect();
    for method in ["POST", "PUT"] {
        let ask = async |body: &Value| app.send(app.request(&admin(), method, &path).json(body)).await;
        assert_refused(&ask(&body).await, method, &expected);
        assert_refused(&ask(&json!({})).await, method, &[("/attendees", "required")]);
        assert_refused(&ask(&json!({"attendees": null})).await, method, &[("/attendees", "required")]);
        assert_refused(&ask(&json!({"attendees": many})).await, method, &[("/attendees", "too_long")]);
    }
    assert_eq!(app.get(&admin(), &path).await.body["items"], json!([]));
}

#[tokio::test]
async fn bad_query_parameters_are_named_with_a_question_mark() {
    let (app, connection) = App::connected().await;
    let booked = app.book(&admin(), &meeting("Topic", "2027-04-01T09:00:00")).await;
    let attendees = format!("/v1/meetings/{}/attendees", booked["id"].as_str().unwrap());
    let hosts = format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap());
    let availability = format!("/v1/availability?{WINDOW}");
    for list in ["/v1/meetings", "/v1/connections", attendees.as_str(), &hosts, &availability] {
        let join = if list.contains('?') { '&' } else { '?' };
        for (query, code) in [
            ("limit=0", "out_of_range"),
            ("limit=101", "out_of_range"),
            ("limit=99999999999999999999", "out_of_range"),
            ("limit=-1", "wrong_type"),
            ("limit=abc", "wrong_type"),
            ("limit=", "wrong_type"),
            ("limit=1.5", "wrong_type"),
            ("limit=1&limit=2", "wrong_type"),
        ] {
            let path = format!("{list}{join}{query}");
            assert_refused(&app.get(&admin(), &path).await, &path, &[("?limit", code)]);
        }
        let path = format!("{list}{join}colour=red&limit=0");
        let expected = [("?colour", "unknown_field"), ("?limit", "out_of_range")];
        assert_refused(&app.get(&admin(), &path).await, &path, &expected);
        for limit in ["1", "100"] {
            assert_eq!(app.get(&admin(), &format!("{list}{join}limit={limit}")).await.status, 200);
        }
    }
    let long = "q".repeat(201);
    let table: Vec<(String, Vec<(&str, &str)>)> = vec![
        ("/v1/meetings?tab=past".to_owned(), vec![("?tab", "invalid")]),
        ("/v1/meetings?tab=".to_owned(), vec![("?tab", "invalid")]),
        (
            "/v1/meetings?tab=x&from=yesterday&to=2027-04-01&course_id=&host_id=%00&connection_id=a%20b"
                .to_owned(),
            vec![
                ("?tab", "invalid"),
                ("?from", "invalid"),
                ("?to", "invalid"),
                ("?course_id", "invalid"),
                ("?host_id", "invalid"),
                ("?connection_id", "invalid"),
            ],
        ),
        (format!("/v1/meetings?q={long}"), vec![("?q", "too_long")]),
        ("/v1/meetings?from=2027-04-01T00:00:00".to_owned(), vec![("?from", "invalid")]),
        ("/v1/availability".to_owned(), vec![("?from", "required"), ("?to", "required")]),
        (
            "/v1/availability?from=2027-04-02T00:00:00Z&to=2027-04-01T00:00:00Z".to_owned(),
            vec![("?to", "out_of_range")],
        ),
        (
            "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-06-02T00:00:01Z".to_owned(),
            vec![("?to", "out_of_range")],
        ),
    ];
    for (path, expected) in table {
        assert_refused(&app.get(&admin(), &path).await, &path, &expected);
    }
    let widest = "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-06-02T00:00:00Z";
    assert_eq!(app.get(&admin(), widest).await.status, 200);
}
