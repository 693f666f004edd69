//! A change or a deletion of a connection that another one overtakes.

use serde_json::{Value, json};

use super::kept_secrets;
use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";
/// What writes a connection.
const WRITE: &str = "TransactWriteItems";

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_change_that_finds_the_connection_leaving_leaves_its_secrets_to_whoever_removes_it() {
    for change in [json!({"name": "Late"}), json!({"webhook_secret_token": "canary-late"})] {
        let (app, connection) = App::connected().await;
        let booked = app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
        let request = app.request(&admin(), "PATCH", &path(&connection)).json(&change);
        let remove = async {
            app.fault("DELETE /meetings/{meetingId}", "status_500", 3).await;
            app.delete(&admin(), &format!("{}?force=true", path(&connection))).await
        };
        let (changed, removed) = app.overtaken(WRITE, request, remove).await;
        assert_eq!((changed.status, removed.status), (404, 204), "{} {}", changed.text, removed.text);
        // Its meeting is still to be called off at Zoom, which takes the app's secret.
        assert!(!kept_secrets(&app).await.is_empty());
        assert_eq!(app.sandbox("DELETE", "/faults", &json!({})).await.status, 204);
        assert!(app.stack.clock().advance(301));
        app.tick().await;
        let left = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
        assert_eq!(left, Vec::<Value>::new(), "{change}");
        assert_eq!(kept_secrets(&app).await, Vec::<String>::new(), "{change}");
        let meeting = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
        assert_eq!(app.get(&admin(), &meeting).await.body["status"], "cancelled");
    }
}

#[tokio::test]
async fn who_named_a_version_does_not_delete_another_one() {
    let (app, connection) = App::connected().await;
    let (who, path) = (admin(), path(&connection));
    let change = json!({"name": "Kept"});
    let tag = app.get(&who, &path).await.header("ETag").to_owned();
    let named = app.request(&who, "DELETE", &path).header("If-Match", tag);
    let (refused, changed) = app.overtaken(WRITE, named, app.patch(&who, &path, &change)).await;
    assert_eq!((refused.status, refused.code()), (412, "version_mismatch"), "{}", refused.text);
    assert_eq!(app.get(&who, &path).await.text, changed.text);
    app.book(&who, &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;

    let unnamed = app.request(&who, "DELETE", &format!("{path}?force=true"));
    let change = json!({"name": "Gone"});
    let (removed, changed) = app.overtaken(WRITE, unnamed, app.patch(&who, &path, &change)).await;
    assert_eq!((removed.status, changed.status), (204, 200), "{} {}", removed.text, changed.text);
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn secrets_that_were_kept_for_a_connection_that_is_gone_go_after_it() {
    let (app, connection) = App::connected().await;
    let change = json!({"webhook_secret_token": "canary-late"});
    let request = app.request(&admin(), "PATCH", &path(&connection)).json(&change);
    let remove = async { app.delete(&admin(), &path(&connection)).await };
    let (changed, removed) = app.overtaken("CreateSecret", request, remove).await;
    assert_eq!((changed.status, removed.status), (404, 204), "{} {}", changed.text, removed.text);
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
}
