//! Checking a connection again.

use serde_json::json;

use super::{check, switch_app};
use crate::support::{App, account_of, admin, meeting, meeting_on};

#[tokio::test]
async fn an_app_that_stopped_working_is_found_and_takes_no_bookings() {
    let (app, connection) = App::connected().await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    app.book(&admin(), &meeting_on("Before", "2027-03-02T08:00:00Z", "host1@sandbox.example")).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    assert!(app.stack.clock().advance(60));
    let checked = app.post(&admin(), &format!("{path}/verify"), &json!({})).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let verification = &checked.body["verification"];
    assert_eq!(verification["status"], "failed");
    assert_eq!(check(verification, "credentials")["status"], "fail");
    let read = app.get(&admin(), &path).await;
    assert_eq!((&read.body["status"], &read.body["active"]), (&json!("failed"), &json!(true)));
    assert_eq!(&read.body["verification"], verification);
    assert_eq!(read.body["default_host"], connection["default_host"]);

    let mut through = meeting("Yoga", "2027-03-02T10:00:00Z");
    through["host"] = json!({"connection_id": connection["id"]});
    for body in [meeting_on("Yoga", "2027-03-02T10:00:00Z", "host1@sandbox.example"), through.clone()] {
        let refused = app.post(&admin(), "/v1/meetings", &body).await;
        assert_eq!((refused.status, refused.code()), (409, "connection_inactive"), "{}", refused.text);
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("disabled") && detail.contains("Activate your app"), "{detail}");
    }

    switch_app(&app, "sandbox-account", "sandbox-client", true).await;
    let checked = app.post(&admin(), &format!("{path}/verify"), &json!({})).await;
    assert_eq!(checked.body["verification"]["status"], "verified", "{}", checked.text);
    app.book(&admin(), &through).await;
}

#[tokio::test]
async fn users_who_came_and_went_are_seen() {
    let app = App::start().await;
    app.zoom_account("acc", &["one@x.example".to_owned(), "two@x.example".to_owned()]).await;
    let body = account_of("Room 1", "acc");
    let connection = app.connect(&admin(), &body).await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    for user in [
        json!({"account_id": "acc", "email": "three@x.example", "type": 2}),
        json!({"account_id": "acc", "email": "two@x.example", "type": 2, "status": "inactive"}),
    ] {
        assert_eq!(app.sandbox("POST", "/users", &user).await.status, 201);
    }
    let checked = app.post(&admin(), &format!("{path}/verify"), &json!({})).await;
    assert_eq!(check(&checked.body["verification"], "hosts")["detail"], "2 active users, 2 licensed");
    let hosts = app.get(&admin(), &format!("{path}/hosts")).await;
    let mut seen: Vec<(&str, bool, bool)> = hosts.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|host| {
            let flag = |name: &str| host[name].as_bool().unwrap();
            (host["email"].as_str().unwrap(), flag("active"), flag("pooled"))
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [("one@x.example", true, true), ("three@x.example", true, true), ("two@x.example", false, false)]
    );
}

#[tokio::test]
async fn a_body_is_not_needed() {
    let (app, connection) = App::connected().await;
    let path = format!("/v1/connections/{}/verify", connection["id"].as_str().unwrap());
    let checked = app.send(app.request(&admin(), "POST", &path)).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert_eq!(checked.body.as_object().unwrap().len(), 1);
}
