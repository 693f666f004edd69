//! Changing a connection.

use serde_json::{Value, json};

use crate::support::{App, admin, instructor, meeting, meeting_on};

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_change_answers_with_the_whole_and_leaves_the_rest() {
    let (app, connection) = App::connected().await;
    let path = path(&connection);
    assert!(app.stack.clock().advance(60));
    let change = json!({"name": "Main hall", "pooled": false, "defaults": {"host_video": true}});
    let answer = app.patch(&admin(), &path, &change).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut expected = connection.clone();
    expected["name"] = json!("Main hall");
    expected["pooled"] = json!(false);
    expected["defaults"]["host_video"] = json!(true);
    expected["updated_at"] = answer.body["updated_at"].clone();
    assert_eq!(answer.body, expected);
    assert_ne!(answer.body["updated_at"], connection["updated_at"]);
    let read = app.get(&admin(), &path).await;
    assert_eq!((&read.body, read.header("etag")), (&answer.body, answer.header("etag")));

    let nothing = app.patch(&admin(), &path, &json!({"name": "Main hall"})).await;
    assert_eq!(nothing.header("etag"), answer.header("etag"));
    let cleared = app.patch(&admin(), &path, &json!({"defaults": {"host_video": null}})).await;
    assert_eq!(cleared.body["defaults"], connection["defaults"]);
}

#[tokio::test]
async fn a_change_of_another_version_is_refused() {
    let (app, connection) = App::connected().await;
    let path = path(&connection);
    let etag = app.get(&admin(), &path).await.header("etag").to_owned();
    let change = |tag: &str, name: &str| {
        let request = app.request(&admin(), "PATCH", &path).header("If-Match", tag);
        app.send(request.json(&json!({"name": name})))
    };
    assert_eq!(change(&etag, "First").await.status, 200);
    let stale = change(&etag, "Second").await;
    assert_eq!((stale.status, stale.code()), (412, "version_mismatch"), "{}", stale.text);
    assert_eq!(app.get(&admin(), &path).await.body["name"], "First");
    let delete = app.request(&admin(), "DELETE", &path).header("If-Match", etag);
    assert_eq!(app.send(delete).await.status, 412);
}

#[tokio::test]
async fn what_cannot_be_changed_is_refused() {
    let (app, connection) = App::connected().await;
    for (body, pointer, code) in [
        (json!({"name": null}), "/name", "required"),
        (json!({"active": "no"}), "/active", "wrong_type"),
        (json!({"owner": "user"}), "/owner", "unknown_field"),
        (json!({"default_host_id": "nobody"}), "/default_host_id", "invalid"),
        (json!({"defaults": {"recording": "vhs"}}), "/defaults/recording", "invalid"),
        (json!({"defaults": {"colour": 1}}), "/defaults/colour", "unknown_field"),
    ] {
        let answer = app.patch(&admin(), &path(&connection), &body).await;
        assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{}", answer.text);
        assert_eq!(answer.faults(), [(pointer.to_owned(), code.to_owned())]);
    }
    assert_eq!(app.get(&admin(), &path(&connection)).await.body, connection);
}

#[tokio::test]
async fn the_default_host_is_who_a_connection_alone_means() {
    let (app, connection) = App::connected().await;
    let hosts = app.get(&admin(), &format!("{}/hosts", path(&connection))).await;
    let hosts = hosts.body["items"].as_array().unwrap();
    let other = hosts.iter().find(|host| host["email"] == "host2@sandbox.example").unwrap();
    let changed = app.patch(&admin(), &path(&connection), &json!({"default_host_id": other["id"]})).await;
    assert_eq!(changed.body["default_host"]["email"], "host2@sandbox.example", "{}", changed.text);
    let mut body = meeting("Yoga", "2027-03-02T10:00:00Z");
    body["host"] = json!({"connection_id": connection["id"]});
    assert_eq!(app.book(&admin(), &body).await["host"]["email"], "host2@sandbox.example");
    let cleared = app.patch(&admin(), &path(&connection), &json!({"default_host_id": null})).await;
    assert_eq!((cleared.status, &cleared.body["default_host"]), (200, &Value::Null));
}

#[tokio::test]
async fn defaults_are_what_new_meetings_start_from() {
    let (app, connection) = App::connected().await;
    let defaults = json!({"waiting_room": true, "recording": "cloud", "participant_video": true});
    let changed = app.patch(&admin(), &path(&connection), &json!({"defaults": defaults})).await;
    assert_eq!(changed.body["defaults"]["join_before_host"], false, "{}", changed.text);
    let mut body = meeting_on("Yoga", "2027-03-02T10:00:00Z", "host1@sandbox.example");
    body["settings"] = json!({"recording": "none"});
    let booked = app.book(&admin(), &body).await;
    assert_eq!(
        booked["settings"],
        json!({
            "join_before_host": false, "host_video": false, "participant_video": true,
            "mute_upon_entry": true, "enforce_login": false, "waiting_room": true, "recording": "none",
        })
    );
}

#[tokio::test]
async fn an_inactive_connection_takes_no_bookings_until_it_is_active_again() {
    let (app, connection) = App::connected().await;
    let booked =
        app.book(&admin(), &meeting_on("Before", "2027-03-02T08:00:00Z", "host1@sandbox.example")).await;
    let answer = app.patch(&admin(), &path(&connection), &json!({"active": false})).await;
    assert_eq!((answer.status, &answer.body["active"]), (200, &json!(false)));
    let named = meeting_on("Yoga", "2027-03-02T10:00:00Z", "host1@sandbox.example");
    let mut through = meeting("Yoga", "2027-03-02T10:00:00Z");
    through["host"] = json!({"connection_id": connection["id"]});
    app.calls().await;
    for body in [&named, &through] {
        let refused = app.post(&admin(), "/v1/meetings", body).await;
        assert_eq!((refused.status, refused.code()), (409, "connection_inactive"), "{}", refused.text);
        assert!(refused.body["detail"].as_str().unwrap().contains("Room 1"), "{}", refused.text);
    }
    assert_eq!(app.calls().await["zoom"], Value::Null);
    // What was booked before can still be called off.
    let cancelled = app.delete(&admin(), &format!("/v1/meetings/{}", booked["id"].as_str().unwrap())).await;
    assert_eq!(cancelled.status, 204, "{}", cancelled.text);
    app.patch(&admin(), &path(&connection), &json!({"active": true})).await;
    app.book(&admin(), &named).await;
}

#[tokio::test]
async fn an_instructor_changes_only_an_own_connection() {
    let (app, tenants) = App::connected().await;
    let mut own = crate::support::sandbox_account("Mine");
    own["owner"] = json!("user");
    let own = app.connect(&instructor("u-1"), &own).await;
    let change = json!({"name": "Changed"});
    assert_eq!(app.patch(&instructor("u-1"), &path(&own), &change).await.status, 200);
    assert_eq!(app.patch(&instructor("u-2"), &path(&own), &change).await.status, 403);
    assert_eq!(app.patch(&instructor("u-1"), &path(&tenants), &change).await.status, 403);
    assert_eq!(app.patch(&admin(), &path(&own), &change).await.status, 200);
}
