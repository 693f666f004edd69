//! Cursors are good for the list that they were given for, and nothing else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::token::Role;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, admin, caller, instructor, meeting, sandbox_account};

async fn page(app: &App, caller: &Caller, path: &str, cursor: &str) -> Answer {
    let join = if path.contains('?') { '&' } else { '?' };
    app.get(caller, &format!("{path}{join}limit=1&cursor={cursor}")).await
}

async fn first_cursor(app: &App, caller: &Caller, path: &str) -> String {
    let join = if path.contains('?') { '&' } else { '?' };
    let first = app.get(caller, &format!("{path}{join}limit=1")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    first.body["next_cursor"].as_str().unwrap_or_else(|| panic!("{path}: {}", first.text)).to_owned()
}

fn refused(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.code()), (400, "invalid_cursor"), "{what}: {}", answer.text);
}

/// Three drafts, three attendees of the first, and the sandbox's connection with its three hosts.
async fn filled(app: &App, caller: &Caller) -> (Value, Value) {
    let connection = app.connect(caller, &sandbox_account("Room 1")).await;
    let mut other = sandbox_account("Room 2");
    other["owner"] = json!("user");
    app.connect(caller, &other).await;
    let mut first = Value::Null;
    for day in 1..4 {
        let mut body = meeting("Draft", &format!("2027-04-0{day}T09:00:00"));
        body["status"] = json!("draft");
        body["courses"] = json!([{"course_id": "c-1"}]);
        body["attendees"] = json!([{"id": "a", "email": "a@x.example"}, {"id": "b", "email": "b@x.example"}]);
        let made = app.book(caller, &body).await;
        if first.is_null() {
            first = made;
        }
    }
    (connection, first)
}

fn lists(connection: &Value, meeting: &Value) -> [String; 5] {
    [
        "/v1/meetings?tab=drafts".to_owned(),
        "/v1/connections".to_owned(),
        format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap()),
        format!("/v1/meetings/{}/attendees", meeting["id"].as_str().unwrap()),
        "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z".to_owned(),
    ]
}

#[tokio::test]
async fn a_cursor_that_was_tampered_with_is_refused() {
    let app = App::start().await;
    let (connection, meeting) = filled(&app, &admin()).await;
    for list in lists(&connection, &meeting) {
        let good = first_cursor(&app, &admin(), &list).await;
        assert_eq!(page(&app, &admin(), &list, &good).await.status, 200, "{list}");
        let bytes = URL_SAFE_NO_PAD.decode(&good).unwrap();
        for place in [0, bytes.len() / 2, bytes.len() - 17, bytes.len() - 16, bytes.len() - 1] {
            let mut bent = bytes.clone();
            bent[place] ^= 1;
            refused(&page(&app, &admin(), &list, &URL_SAFE_NO_PAD.encode(bent)).await, &list);
        }
        let long = "A".repeat(4_000);
        let cut = &good[..good.len() - 4];
        for wrong in ["", "x", "0", "null", "%00", "%ff", "....", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", cut, &long]
        {
            refused(&page(&app, &admin(), &list, wrong).await, &format!("{list} {wrong}"));
        }
        refused(&page(&app, &admin(), &list, &format!("{good}{good}")).await, &list);
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_tenant_or_user_is_refused() {
    let app = App::start().await;
    let (connection, meeting) = filled(&app, &admin()).await;
    let foreign = caller("college", "u-admin", Role::Admin);
    let (foreign_connection, foreign_meeting) = filled(&app, &foreign).await;
    let own = lists(&connection, &meeting);
    let others = lists(&foreign_connection, &foreign_meeting);
    for (place, list) in own.iter().enumerate() {
        let cursor = first_cursor(&app, &admin(), list).await;
        refused(&page(&app, &foreign, &others[place], &cursor).await, list);
        for other in own.iter().filter(|other| *other != list) {
            refused(&page(&app, &admin(), other, &cursor).await, &format!("{list} for {other}"));
        }
    }
    for user in ["u-1", "u-2"] {
        for day in 1..3 {
            let mut body = crate::support::meeting("Own", &format!("2027-04-0{day}T09:00:00"));
            body["status"] = json!("draft");
            app.book(&instructor(user), &body).await;
        }
    }
    let list = "/v1/meetings?tab=drafts";
    let cursor = first_cursor(&app, &instructor("u-1"), list).await;
    assert_eq!(page(&app, &instructor("u-1"), list, &cursor).await.status, 200);
    refused(&page(&app, &instructor("u-2"), list, &cursor).await, "another instructor's");
    refused(&page(&app, &admin(), list, &cursor).await, "an instructor's");
    let cursor = first_cursor(&app, &admin(), list).await;
    refused(&page(&app, &instructor("u-1"), list, &cursor).await, "the admin's");
}

#[tokio::test]
async fn a_cursor_goes_with_its_filters() {
    let app = App::start().await;
    let (_, meeting) = filled(&app, &admin()).await;
    let base = "/v1/meetings?tab=drafts";
    let cursor = first_cursor(&app, &admin(), base).await;
    let connection = "connection_id=con_1";
    for other in [
        "/v1/meetings",
        "/v1/meetings?tab=all",
        "/v1/meetings?tab=drafts&q=draft",
        "/v1/meetings?tab=drafts&course_id=c-1",
        "/v1/meetings?tab=drafts&from=2027-01-01T00:00:00Z",
        &format!("{base}&{connection}"),
    ] {
        refused(&page(&app, &admin(), other, &cursor).await, other);
    }
    let course = first_cursor(&app, &admin(), &format!("{base}&course_id=c-1")).await;
    refused(&page(&app, &admin(), base, &course).await, "without the course");
    // The size of a page may change on the way, and the order of parameters tells nothing.
    let turned = format!("/v1/meetings?cursor={course}&course_id=c-1&limit=100&tab=drafts");
    let rest = app.get(&admin(), &turned).await;
    assert_eq!((rest.status, rest.body["items"].as_array().unwrap().len()), (200, 2), "{}", rest.text);
    let other = "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-04-03T00:00:00Z";
    let window = "/v1/availability?from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z";
    let cursor = first_cursor(&app, &admin(), window).await;
    refused(&page(&app, &admin(), other, &cursor).await, "another window");
    drop(meeting);
}

#[tokio::test]
async fn long_ids_make_long_cursors_that_are_taken() {
    let app = App::start().await;
    let course = "\u{1f393}".repeat(128);
    for day in 1..4 {
        let mut body = meeting("Draft", &format!("2027-04-0{day}T09:00:00"));
        body["status"] = json!("draft");
        body["courses"] = json!([{"course_id": course}]);
        app.book(&admin(), &body).await;
    }
    let escaped: String = url::form_urlencoded::byte_serialize(course.as_bytes()).collect();
    let list = format!("/v1/meetings?tab=drafts&course_id={escaped}");
    let cursor = first_cursor(&app, &admin(), &list).await;
    let second = page(&app, &admin(), &list, &cursor).await;
    assert_eq!(
        (second.status, second.body["items"].as_array().map(Vec::len)),
        (200, Some(1)),
        "{}",
        second.text
    );
}
