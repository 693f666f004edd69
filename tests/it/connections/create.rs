//! Saving an app: what comes back, and whose it may be.

use serde_json::{Value, json};

use super::{kept_secrets, outcomes};
use crate::support::{App, account, admin, all_items, caller, instructor, learner, sandbox_account, secret};

#[tokio::test]
async fn a_saved_connection_has_exactly_the_shape_that_is_promised() {
    let app = App::start().await;
    let mut body = sandbox_account("Room 1");
    body["host_email"] = json!("Host1@Sandbox.example");
    body["default_host_id"] = Value::Null;
    body["pooled"] = json!(true);
    body["webhook_secret_token"] = Value::Null;
    body["defaults"] = json!({"mute_upon_entry": false, "recording": "cloud"});
    let answer = app.post(&admin(), "/v1/connections", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/v1/connections/{id}"));
    assert!(!answer.header("etag").is_empty() && !answer.header("x-request-id").is_empty());

    let host_id = answer.body["default_host"]["id"].clone();
    let checks = answer.body["verification"]["checks"].clone();
    let checked_at = answer.body["verification"]["checked_at"].clone();
    assert!(checked_at.as_str().unwrap().ends_with('Z'), "{checked_at}");
    let expected = json!({
        "id": id, "name": "Room 1", "provider": "zoom", "owner": "tenant", "owner_id": null,
        "auth_method": "server_to_server", "account_id": "sandbox-account", "client_id": "sandbox-client",
        "client_secret_hint": "cret", "status": "verified", "active": true, "pooled": true,
        "default_host": {"id": host_id, "email": "host1@sandbox.example", "display_name": "Host One"},
        "defaults": {
            "join_before_host": true, "host_video": false, "participant_video": false,
            "mute_upon_entry": false, "enforce_login": false, "waiting_room": false, "recording": "cloud",
        },
        "verification": {"status": "verified", "checked_at": checked_at, "checks": checks},
        "webhook_url": format!("{}/v1/webhooks/zoom/{id}", app.stack.url()),
        "created_at": answer.body["created_at"], "updated_at": answer.body["created_at"],
    });
    assert_eq!(answer.body, expected);
    let expected = ["credentials", "scopes", "hosts", "host_email", "webinars", "capacity"];
    let expected: Vec<_> = expected.map(|id| (id.to_owned(), "pass".to_owned())).into();
    assert_eq!(outcomes(&answer.body["verification"]), expected);
    assert_eq!(checks[2]["detail"], "3 active users, 2 licensed");
    assert_eq!((&checks[5]["detail"], &checks[5]["participants"]), (&json!("300 participants"), &json!(300)));

    let read = app.get(&admin(), &format!("/v1/connections/{id}")).await;
    assert_eq!((read.status, &read.body), (200, &answer.body));
    assert_eq!(read.header("etag"), answer.header("etag"));
    let list = app.get(&admin(), "/v1/connections").await;
    assert_eq!(list.body, json!({"items": [answer.body], "next_cursor": null}));
}

#[tokio::test]
async fn a_check_alone_keeps_nothing() {
    let app = App::start().await;
    let before = (all_items(&app).await, kept_secrets(&app).await);
    let answer = app.post(&admin(), "/v1/connections/verify", &sandbox_account("Room 1")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["verification"]["status"], "verified");
    assert_eq!(answer.body.as_object().unwrap().len(), 1);
    assert_eq!((all_items(&app).await, kept_secrets(&app).await), before);
    assert_eq!(app.get(&admin(), "/v1/connections").await.body["items"], json!([]));
}

#[tokio::test]
async fn an_app_that_fails_its_check_is_not_kept() {
    let app = App::start().await;
    let before = all_items(&app).await;
    let body = account("Room 1", "sandbox-account", "sandbox-client", &secret("wrong"));
    let answer = app.post(&admin(), "/v1/connections", &body).await;
    assert_eq!((answer.status, answer.code()), (422, "connection_check_failed"), "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!((all_items(&app).await, kept_secrets(&app).await), (before, Vec::new()));
    let check = app.post(&admin(), "/v1/connections/verify", &body).await;
    let checks = &answer.body["verification"]["checks"];
    assert_eq!(checks, &check.body["verification"]["checks"]);
}

#[tokio::test]
async fn one_app_is_connected_once_for_each_owner() {
    let app = App::start().await;
    app.connect(&admin(), &sandbox_account("Room 1")).await;
    let again = app.post(&admin(), "/v1/connections", &sandbox_account("Other name")).await;
    assert_eq!((again.status, again.code()), (409, "connection_exists"), "{}", again.text);
    assert_eq!(kept_secrets(&app).await.len(), 1);

    let mut own = sandbox_account("Mine");
    own["owner"] = json!("user");
    let first = app.connect(&instructor("u-1"), &own).await;
    assert_eq!((&first["owner"], &first["owner_id"]), (&json!("user"), &json!("u-1")));
    app.connect(&instructor("u-2"), &own).await;
    let again = app.post(&instructor("u-1"), "/v1/connections", &own).await;
    assert_eq!((again.status, again.code()), (409, "connection_exists"), "{}", again.text);

    let other_app = json!({"account_id": "sandbox-account", "client_id": "second-client",
        "client_secret": secret("second"), "scopes": "all"});
    assert_eq!(app.sandbox("POST", "/accounts", &other_app).await.status, 201);
    let other_app = account("Second app", "sandbox-account", "second-client", &secret("second"));
    app.connect(&admin(), &other_app).await;
    app.connect(&caller("college", "u-admin", local::token::Role::Admin), &sandbox_account("Room 1")).await;
    assert_eq!(kept_secrets(&app).await.len(), 5);
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_is_kept() {
    let app = App::start().await;
    let (caller, body) = (admin(), sandbox_account("Room 1"));
    let tries = (0..4).map(|_| app.post(&caller, "/v1/connections", &body));
    let mut answers: Vec<u16> =
        futures::future::join_all(tries).await.iter().map(|answer| answer.status).collect();
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409]);
    assert_eq!(kept_secrets(&app).await.len(), 1);
    let list = app.get(&admin(), "/v1/connections").await;
    let id = list.body["items"][0]["id"].as_str().unwrap();
    let hosts = app.get(&admin(), &format!("/v1/connections/{id}/hosts")).await;
    assert_eq!(hosts.body["items"].as_array().unwrap().len(), 3);
    // The secret that is left is that of the one that was kept.
    let checked = app.post(&admin(), &format!("/v1/connections/{id}/verify"), &json!({})).await;
    assert_eq!(checked.body["verification"]["status"], "verified", "{}", checked.text);
}

#[tokio::test]
async fn the_same_key_makes_one_connection() {
    let app = App::start().await;
    let body = sandbox_account("Room 1");
    let first = app.post_with_key(&admin(), "/v1/connections", "k-1", &body).await;
    let second = app.post_with_key(&admin(), "/v1/connections", "k-1", &body).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(second.header("idempotency-replayed"), "true");
    let other = app.post_with_key(&admin(), "/v1/connections", "k-1", &sandbox_account("Room 2")).await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_refused_app_may_be_sent_again_with_its_key_once_it_was_mended() {
    let app = App::start().await;
    super::switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let refused = app.post_with_key(&admin(), "/v1/connections", "k-1", &sandbox_account("Room 1")).await;
    assert_eq!(refused.code(), "connection_check_failed");
    super::switch_app(&app, "sandbox-account", "sandbox-client", true).await;
    let kept = app.post_with_key(&admin(), "/v1/connections", "k-1", &sandbox_account("Room 1")).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
}

#[tokio::test]
async fn only_an_admin_connects_for_the_tenant_and_a_learner_not_at_all() {
    let app = App::start().await;
    let mut own = sandbox_account("Mine");
    own["owner"] = json!("user");
    for path in ["/v1/connections", "/v1/connections/verify"] {
        for (who, body) in [
            (instructor("u-1"), sandbox_account("Room 1")),
            (learner("u-1"), own.clone()),
            (learner("u-1"), sandbox_account("Room 1")),
        ] {
            let answer = app.post(&who, path, &body).await;
            assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", answer.text);
        }
    }
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn everyone_reaches_their_own_and_no_one_elses() {
    let app = App::start().await;
    let tenants = app.connect(&admin(), &sandbox_account("Room 1")).await;
    let mut own = sandbox_account("Mine");
    own["owner"] = json!("user");
    let one = app.connect(&instructor("u-1"), &own).await;
    let other = app.connect(&instructor("u-2"), &own).await;
    let path = |connection: &Value| format!("/v1/connections/{}", connection["id"].as_str().unwrap());

    let names = |answer: &crate::support::Answer| -> Vec<Value> {
        let items = answer.body["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].clone()).collect()
    };
    let seen = app.get(&instructor("u-1"), "/v1/connections").await;
    assert_eq!(names(&seen), [one["id"].clone()]);
    let seen = app.get(&admin(), "/v1/connections").await;
    assert_eq!(names(&seen), [tenants["id"].clone(), one["id"].clone(), other["id"].clone()]);
    assert_eq!(app.get(&learner("u-1"), "/v1/connections").await.status, 403);

    for (who, connection, status) in [
        (instructor("u-1"), &one, 200),
        (instructor("u-1"), &other, 403),
        (instructor("u-1"), &tenants, 403),
        (learner("u-1"), &one, 403),
        (admin(), &other, 200),
        (caller("college", "u-1", local::token::Role::Admin), &one, 404),
    ] {
        let hosts = format!("{}/hosts", path(connection));
        for (method, path) in [("GET", path(connection)), ("GET", hosts), ("PATCH", path(connection))] {
            let request = app.request(&who, method, &path);
            let request = if method == "PATCH" { request.json(&json!({})) } else { request };
            let answer = app.send(request).await;
            assert_eq!(answer.status, status, "{who:?} {method} {path}: {}", answer.text);
        }
        if status != 200 {
            let verify = app.post(&who, &format!("{}/verify", path(connection)), &json!({})).await;
            assert_eq!(verify.status, status, "{}", verify.text);
            assert_eq!(app.delete(&who, &path(connection)).await.status, status);
        }
    }
    let absent = app.get(&admin(), "/v1/connections/con_00000000000000000000000000000000").await;
    let foreign = caller("college", "u-1", local::token::Role::Admin);
    let foreign = app.get(&foreign, &path(&one)).await;
    assert_eq!((absent.status, absent.code()), (404, "not_found"));
    assert_eq!(absent.body["detail"], foreign.body["detail"]);
}

#[tokio::test]
async fn a_jwt_pair_is_told_what_to_make_instead() {
    let app = App::start().await;
    let mut body = sandbox_account("Room 1");
    body["auth"] = json!({"method": "jwt", "api_key": "key-canary", "api_secret": "secret-canary"});
    for path in ["/v1/connections", "/v1/connections/verify"] {
        let answer = app.post(&admin(), path, &body).await;
        assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{}", answer.text);
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("2023") && detail.contains("Server-to-Server OAuth"), "{detail}");
        assert_eq!(answer.faults(), [("/auth/method".to_owned(), "invalid".to_owned())]);
        assert!(!answer.text.contains("canary"), "{}", answer.text);
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let app = App::start().await;
    let body = json!({
        "name": "", "provider": "teams", "owner": "nobody", "colour": "red", "pooled": "yes",
        "host_email": "nobody", "auth": {"method": "server_to_server", "client_id": 7},
        "defaults": {"waiting_room": true, "join_before_host": true},
    });
    let answer = app.post(&admin(), "/v1/connections", &body).await;
    assert_eq!((answer.status, answer.code()), (422, "validation_failed"));
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        ("/auth/account_id", "required"),
        ("/auth/client_id", "wrong_type"),
        ("/auth/client_secret", "required"),
        ("/colour", "unknown_field"),
        ("/defaults/waiting_room", "contradiction"),
        ("/host_email", "invalid"),
        ("/name", "out_of_range"),
        ("/owner", "invalid"),
        ("/pooled", "wrong_type"),
        ("/provider", "invalid"),
    ];
    assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    let empty = app.post(&admin(), "/v1/connections", &json!({})).await;
    let required: Vec<String> = empty.faults().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(required, ["/name", "/provider", "/owner", "/auth"]);
}
