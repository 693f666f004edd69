//! Who may do what, and that a tenant sees nothing of another.

use local::token::Role;
use serde_json::{Value, json};

use crate::support::{App, Caller, admin, caller, instructor, learner, meeting, meeting_on, sandbox_account};

/// Two tenants on one Zoom account, each with a connection and a meeting; in the first they are an
/// instructor's.
struct Two {
    app: App,
    connection: Value,
    meeting: Value,
    foreign_connection: Value,
    foreign_meeting: Value,
}

fn owner() -> Caller {
    instructor("u-owner")
}

fn other() -> Caller {
    instructor("u-other")
}

fn foreign() -> Caller {
    caller("college", "u-admin", Role::Admin)
}

impl Two {
    async fn start() -> Self {
        let app = App::start().await;
        let mut account = sandbox_account("Own");
        account["owner"] = json!("user");
        let connection = app.connect(&owner(), &account).await;
        let mut body = meeting_on("Private lesson", "2027-04-01T09:00:00", "host1@sandbox.example");
        body["attendees"] = json!([{"id": "u-learner", "email": "learner@x.example"}]);
        let meeting = app.book(&owner(), &body).await;
        let foreign_connection = app.connect(&foreign(), &sandbox_account("Foreign")).await;
        let body = meeting_on("Foreign lesson", "2027-04-01T11:00:00", "host2@sandbox.example");
        let foreign_meeting = app.book(&foreign(), &body).await;
        Self { app, connection, meeting, foreign_connection, foreign_meeting }
    }

    fn ids(&self) -> [&str; 2] {
        [text(&self.connection, "id"), text(&self.meeting, "id")]
    }

    /// What no reply to the other tenant may hold.
    fn secrets_of_school(&self) -> Vec<&str> {
        vec![
            text(&self.connection, "id"),
            text(&self.meeting, "id"),
            text(&self.meeting, "zoom_meeting_id"),
            "Private lesson",
            "u-owner",
            "learner@x.example",
        ]
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// A path without its query.
fn address(path: &str) -> &str {
    path.split('?').next().unwrap()
}

/// What admin, owner, another instructor, a learner and another tenant's admin are answered.
type Row = (&'static str, String, Option<Value>, [u16; 5]);

fn rows(two: &Two) -> Vec<Row> {
    let [connection, meeting] = two.ids();
    let host = text(&two.connection["default_host"], "id");
    let connections = format!("/v1/connections/{connection}");
    let meetings = format!("/v1/meetings/{meeting}");
    let attendee = json!({"attendees": [{"id": "u-learner", "email": "learner@x.example"}]});
    vec![
        ("GET", connections.clone(), None, [200, 200, 403, 403, 404]),
        ("PATCH", connections.clone(), Some(json!({})), [200, 200, 403, 403, 404]),
        ("PATCH", connections.clone(), Some(json!({"nmae": 1})), [422, 422, 403, 403, 404]),
        ("POST", format!("{connections}/verify"), None, [200, 200, 403, 403, 404]),
        ("GET", format!("{connections}/hosts"), None, [200, 200, 403, 403, 404]),
        ("PATCH", format!("{connections}/hosts/{host}"), Some(json!({})), [200, 200, 403, 403, 404]),
        ("GET", meetings.clone(), None, [200, 200, 403, 403, 404]),
        ("PATCH", meetings.clone(), Some(json!({})), [200, 200, 403, 403, 404]),
        ("PATCH", meetings.clone(), Some(json!({"topci": 1})), [422, 422, 403, 403, 404]),
        ("GET", format!("{meetings}/attendees"), None, [200, 200, 403, 403, 404]),
        ("GET", format!("{meetings}/attendees?limit=0"), None, [422, 422, 403, 403, 404]),
        ("POST", format!("{meetings}/attendees"), Some(attendee.clone()), [200, 200, 403, 403, 404]),
        ("PUT", format!("{meetings}/attendees"), Some(attendee), [200, 200, 403, 403, 404]),
        ("DELETE", format!("{meetings}/attendees/nobody"), None, [204, 204, 403, 403, 404]),
        ("POST", format!("{meetings}/duplicate"), Some(json!({})), [422, 422, 403, 403, 404]),
        ("GET", format!("{meetings}/join"), None, [200, 200, 403, 200, 404]),
        ("GET", "/v1/settings".to_owned(), None, [200, 403, 403, 403, 200]),
        ("PUT", "/v1/settings".to_owned(), Some(json!({})), [200, 403, 403, 403, 200]),
        ("GET", "/v1/connections".to_owned(), None, [200, 200, 200, 403, 200]),
        ("GET", "/v1/meetings".to_owned(), None, [200, 200, 200, 403, 200]),
        (
            "GET",
            "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z".to_owned(),
            None,
            [200, 200, 200, 403, 200],
        ),
        ("POST", "/v1/meetings".to_owned(), Some(json!({})), [422, 422, 422, 403, 422]),
        ("POST", "/v1/conflicts/check".to_owned(), Some(json!({})), [422, 422, 422, 403, 422]),
        ("POST", "/v1/connections".to_owned(), Some(json!({})), [422, 422, 422, 403, 422]),
        ("POST", "/v1/connections/verify".to_owned(), Some(json!({})), [422, 422, 422, 403, 422]),
        ("GET", "/v1/health".to_owned(), None, [200; 5]),
        ("GET", "/v1/openapi.json".to_owned(), None, [200; 5]),
        // What ends things comes last; those who may not are asked first.
        ("DELETE", meetings, None, [204, 204, 403, 403, 404]),
        ("DELETE", connections, None, [404, 204, 403, 403, 404]),
    ]
}

#[tokio::test]
async fn every_endpoint_knows_who_may() {
    let two = Two::start().await;
    let callers = [
        ("admin", admin()),
        ("owner", owner()),
        ("other", other()),
        ("learner", learner("u-learner")),
        ("foreign", foreign()),
    ];
    for (method, path, body, expected) in rows(&two) {
        // Whoever may not is asked first, so that nothing is gone before.
        for place in [4, 3, 2, 1, 0] {
            let (name, caller) = &callers[place];
            let mut request = two.app.request(caller, method, &path);
            if let Some(body) = &body {
                request = request.json(body);
            }
            let answer = two.app.send(request).await;
            let what = format!("{name}: {method} {path}: {}", answer.text);
            assert_eq!(answer.status, expected[place], "{what}");
            match answer.status {
                403 => assert!(["forbidden", "not_enrolled"].contains(&answer.code()), "{what}"),
                404 => assert_eq!(answer.code(), "not_found", "{what}"),
                _ => {}
            }
            if *name == "foreign" {
                let told = answer.text.replace(address(&path), "");
                for secret in two.secrets_of_school() {
                    assert!(!told.contains(secret), "{secret} in {what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn another_tenants_id_is_answered_like_one_that_does_not_exist() {
    let two = Two::start().await;
    let [connection, meeting] = two.ids();
    let none = ["con_00000000000000000000000000000000", "mtg_00000000000000000000000000000000"];
    for (method, path, body, expected) in rows(&two) {
        if expected[4] != 404 {
            continue;
        }
        for caller in [foreign(), caller("college", "u-1", Role::Instructor)] {
            let ask = async |path: &str| {
                let mut request = two.app.request(&caller, method, path);
                if let Some(body) = &body {
                    request = request.json(body);
                }
                two.app.send(request).await
            };
            let absent_path = path.replace(connection, none[0]).replace(meeting, none[1]);
            let (there, absent) = (ask(&path).await, ask(&absent_path).await);
            assert_eq!(there.status, 404, "{method} {path}: {}", there.text);
            assert_eq!(
                there.text.replace(address(&path), ""),
                absent.text.replace(address(&absent_path), "")
            );
            let names = |answer: &crate::support::Answer| -> Vec<String> {
                answer.headers.keys().map(ToString::to_string).collect()
            };
            assert_eq!(names(&there), names(&absent));
        }
    }
}

#[tokio::test]
async fn ids_of_another_tenant_in_bodies_and_queries_name_nothing() {
    let two = Two::start().await;
    let app = &two.app;
    let [connection, meeting_id] = two.ids();
    let none = "con_00000000000000000000000000000000";
    for path in ["/v1/meetings", "/v1/conflicts/check"] {
        let ask = async |id: &str| {
            let mut body = meeting("Mine", "2027-04-01T09:30:00");
            if path.ends_with("check") {
                body.as_object_mut().unwrap().remove("topic");
            }
            body["host"] = json!({"connection_id": id});
            app.post(&foreign(), path, &body).await
        };
        let (there, absent) = (ask(connection).await, ask(none).await);
        assert_eq!((there.status, there.code()), (404, "not_found"), "{}", there.text);
        assert_eq!(there.text.replace(connection, ""), absent.text.replace(none, ""));
    }
    for query in [format!("connection_id={connection}"), "host_id=x".to_owned(), "course_id=c".to_owned()] {
        let list = app.get(&foreign(), &format!("/v1/meetings?tab=all&{query}")).await;
        assert_eq!(list.body, json!({"items": [], "next_cursor": null}));
    }
    // What another tenant's meeting holds cannot be ignored away.
    let mut check = meeting_on("x", "2027-04-01T09:30:00", "host1@sandbox.example");
    check.as_object_mut().unwrap().remove("topic");
    check["ignore_meeting_id"] = json!(meeting_id);
    let answer = app.post(&foreign(), "/v1/conflicts/check", &check).await;
    assert_eq!((answer.status, &answer.body["free"]), (200, &json!(false)), "{}", answer.text);
}

#[tokio::test]
async fn a_clash_with_another_tenants_meeting_tells_nothing_of_it() {
    let two = Two::start().await;
    let body = meeting_on("Mine", "2027-04-01T09:30:00", "host1@sandbox.example");
    let conflict = two.app.post(&foreign(), "/v1/meetings", &body).await;
    assert_eq!((conflict.status, conflict.code()), (409, "schedule_conflict"), "{}", conflict.text);
    let clash = &conflict.body["clashes"][0];
    assert_eq!((&clash["meeting_id"], &clash["topic"]), (&Value::Null, &Value::Null));
    let mut check = body.clone();
    check.as_object_mut().unwrap().remove("topic");
    let check = two.app.post(&foreign(), "/v1/conflicts/check", &check).await;
    let busy = "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z";
    let busy = two.app.get(&foreign(), busy).await;
    assert!(busy.text.contains("2027-04-01T09:00:00Z"), "{}", busy.text);
    for answer in [conflict, check, busy] {
        for secret in two.secrets_of_school() {
            assert!(!answer.text.contains(secret), "{secret} in {}", answer.text);
        }
    }
}

#[tokio::test]
async fn lists_hold_only_what_is_ones_own() {
    let two = Two::start().await;
    let app = &two.app;
    let [connection, meeting] = two.ids();
    let (theirs, their_connection) = (text(&two.foreign_meeting, "id"), text(&two.foreign_connection, "id"));
    let other_meeting = app
        .book(&admin(), &{
            let mut body = crate::support::meeting("By the admin", "2027-05-01T09:00:00");
            body["status"] = json!("draft");
            body
        })
        .await;
    let other_meeting = text(&other_meeting, "id");
    let ids = async |caller: &Caller, path: &str| -> Vec<String> {
        let answer = app.get(caller, path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.body["items"].as_array().unwrap().clone();
        items.iter().map(|item| text(item, "id").to_owned()).collect()
    };
    let all = "/v1/meetings?tab=all";
    assert_eq!(ids(&owner(), all).await, [meeting]);
    assert_eq!(ids(&other(), all).await, [""; 0]);
    assert_eq!(ids(&foreign(), all).await, [theirs]);
    let mut both = ids(&admin(), all).await;
    both.sort();
    let mut expected = [meeting, other_meeting];
    expected.sort_unstable();
    assert_eq!(both, expected);
    let host = text(&two.meeting["host"], "host_id");
    for filter in [format!("connection_id={connection}"), format!("host_id={host}")] {
        assert_eq!(ids(&owner(), &format!("{all}&{filter}")).await, [meeting], "{filter}");
        assert_eq!(ids(&other(), &format!("{all}&{filter}")).await, [""; 0], "{filter}");
    }
    assert_eq!(ids(&owner(), "/v1/connections").await, [connection]);
    assert_eq!(ids(&admin(), "/v1/connections").await, [connection]);
    assert_eq!(ids(&other(), "/v1/connections").await, [""; 0]);
    assert_eq!(ids(&foreign(), "/v1/connections").await, [their_connection]);
}

#[tokio::test]
async fn an_instructor_books_for_nobody_else_and_on_nobody_elses_host() {
    let two = Two::start().await;
    let app = &two.app;
    let [connection, meeting_id] = two.ids();
    let mut body = meeting("For somebody", "2027-04-02T09:00:00");
    body["organizer_id"] = json!("u-owner");
    let answer = app.post(&other(), "/v1/meetings", &body).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", answer.text);
    body["host"] = json!({"connection_id": connection});
    body["organizer_id"] = Value::Null;
    let answer = app.post(&other(), "/v1/meetings", &body).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", answer.text);
    let path = format!("/v1/meetings/{meeting_id}");
    let answer = app.patch(&owner(), &path, &json!({"organizer_id": "u-other"})).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", answer.text);
    let mut account = sandbox_account("Tenant's");
    account["owner"] = json!("tenant");
    let answer = app.post(&other(), "/v1/connections", &account).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", answer.text);
    body["host"] = json!({"connection_id": connection});
    body["organizer_id"] = json!("u-owner");
    let booked = app.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!((booked.status, &booked.body["organizer_id"]), (201, &json!("u-owner")), "{}", booked.text);
    let path = format!("/v1/meetings/{}", text(&booked.body, "id"));
    assert_eq!(app.get(&owner(), &path).await.status, 200);
}
