//! Other credentials for a connection that works: checked first, swapped as a whole.

use serde_json::{Value, json};

use super::authorization_code::{allow, general_app};
use super::{check, kept_secrets, switch_app};
use crate::support::{App, account, account_of, admin, caller, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

fn auth(client: &str, secret: &str) -> Value {
    json!({"auth": account("", "sandbox-account", client, secret)["auth"]})
}

/// Another app of the sandbox's own account, or another secret of the same one.
async fn app_of_the_same_account(app: &App, client: &str, secret: &str, scopes: &Value) {
    let body = json!({"account_id": "sandbox-account", "client_id": client, "client_secret": secret,
                      "scopes": scopes});
    assert_eq!(app.sandbox("POST", "/accounts", &body).await.status, 201);
}

#[tokio::test]
async fn another_app_of_the_same_account_takes_over_with_all_meetings_and_hosts() {
    let (app, connection) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    app_of_the_same_account(&app, "second", "canary-second-Xy9z", &json!("all")).await;
    let hosts = app.get(&admin(), &format!("{}/hosts", path(&connection))).await.body;
    let changed = app.patch(&admin(), &path(&connection), &auth("second", "canary-second-Xy9z")).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.body["client_id"], "second");
    assert_eq!(changed.body["client_secret_hint"], "Xy9z");
    assert_eq!(changed.body["status"], "verified");
    assert_eq!(changed.body["default_host"], connection["default_host"]);
    // The old app is gone from Zoom: it is the new one that is called.
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let moved = json!({"start": "2027-03-02T11:00:00"});
    let meeting = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.patch(&admin(), &meeting, &moved).await.status, 200);
    assert_eq!(
        app.get(&admin(), &format!("{}/hosts", path(&connection))).await.body["items"][0]["id"],
        hosts["items"][0]["id"]
    );
    // The old app's place is free, and the new one's is taken.
    let taken = app
        .post(
            &admin(),
            "/v1/connections",
            &account("Again", "sandbox-account", "second", "canary-second-Xy9z"),
        )
        .await;
    assert_eq!((taken.status, taken.code()), (409, "connection_exists"), "{}", taken.text);
    switch_app(&app, "sandbox-account", "sandbox-client", true).await;
    app.connect(&admin(), &sandbox_account("Old one")).await;
}

#[tokio::test]
async fn credentials_that_do_not_work_change_nothing() {
    let (app, connection) = App::connected().await;
    let before = app.get(&admin(), &path(&connection)).await;
    app_of_the_same_account(&app, "weak", "canary-weak", &json!(["user:read:list_users:admin"])).await;
    for (client, secret, failing) in
        [("sandbox-client", "canary-wrong", "credentials"), ("weak", "canary-weak", "scopes")]
    {
        let refused = app.patch(&admin(), &path(&connection), &auth(client, secret)).await;
        assert_eq!((refused.status, refused.code()), (422, "connection_check_failed"), "{}", refused.text);
        assert_eq!(check(&refused.body["verification"], failing)["status"], "fail", "{}", refused.text);
    }
    let after = app.get(&admin(), &path(&connection)).await;
    assert_eq!((after.text, after.headers.get("etag")), (before.text, before.headers.get("etag")));
    app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    assert_eq!(kept_secrets(&app).await.len(), 1);
}

#[tokio::test]
async fn another_zoom_account_is_refused() {
    let (app, connection) = App::connected().await;
    app.zoom_account("other", &["t@other.example".to_owned()]).await;
    let other = json!({"auth": account_of("", "other")["auth"]});
    let refused = app.patch(&admin(), &path(&connection), &other).await;
    assert_eq!(refused.faults(), [("/auth/account_id".to_owned(), "invalid".to_owned())], "{}", refused.text);
    assert!(refused.text.contains("out of reach"), "{}", refused.text);
    allow(&app, "third", "canary-code", &json!("all")).await;
    let by_code = json!({"auth": general_app("canary-code")["auth"]});
    let refused = app.patch(&admin(), &path(&connection), &by_code).await;
    assert_eq!(refused.faults(), [("/auth/code".to_owned(), "invalid".to_owned())], "{}", refused.text);
    app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn a_connection_changes_from_one_kind_of_app_to_the_other_and_back() {
    let (app, connection) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    allow(&app, "sandbox-account", "canary-code", &json!("all")).await;
    let by_code = json!({"auth": general_app("canary-code")["auth"]});
    let changed = app.patch(&admin(), &path(&connection), &by_code).await;
    assert_eq!(
        (changed.status, &changed.body["auth_method"]),
        (200, &json!("authorization_code")),
        "{}",
        changed.text
    );
    assert_eq!(kept_secrets(&app).await.len(), 2);
    let meeting = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.patch(&admin(), &meeting, &json!({"topic": "By code"})).await.status, 200);
    let back = app.patch(&admin(), &path(&connection), &auth("sandbox-client", "sandbox-secret")).await;
    assert_eq!((back.status, &back.body["auth_method"]), (200, &json!("server_to_server")), "{}", back.text);
    assert_eq!(kept_secrets(&app).await.len(), 1);
    assert_eq!(app.delete(&admin(), &meeting).await.status, 204);
}

#[tokio::test]
async fn what_is_connected_already_is_not_connected_twice_by_a_change() {
    let (app, connection) = App::connected().await;
    app_of_the_same_account(&app, "second", "canary-second", &json!("all")).await;
    app.connect(&admin(), &account("Second", "sandbox-account", "second", "canary-second")).await;
    let refused = app.patch(&admin(), &path(&connection), &auth("second", "canary-second")).await;
    assert_eq!((refused.status, refused.code()), (409, "connection_exists"), "{}", refused.text);
    app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
}

#[tokio::test]
async fn only_the_owner_and_admins_change_credentials() {
    let (app, connection) = App::connected().await;
    for stranger in [
        caller("school", "u-1", local::token::Role::Instructor),
        caller("school", "u-2", local::token::Role::Learner),
    ] {
        let refused =
            app.patch(&stranger, &path(&connection), &auth("sandbox-client", "sandbox-secret")).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
    let other = caller("elsewhere", "u-admin", local::token::Role::Admin);
    let refused = app.patch(&other, &path(&connection), &auth("sandbox-client", "sandbox-secret")).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
}
