use axum::body::Body;
use chrono::Duration;
use http::Request;
use serde_json::{Value, json};

use super::support::{World, token_request};

const S2S: &str = "grant_type=account_credentials&account_id=sandbox-account";

#[tokio::test]
async fn account_credentials_give_a_token_for_an_hour() {
    let world = World::new();
    let body = world.token_request("sandbox-client", "sandbox-secret", S2S).await.expect(200);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 3599);
    assert!(body["scope"].as_str().unwrap().split(' ').any(|s| s == "meeting:write:meeting:admin"));
    assert!(body.get("refresh_token").is_none());
    let first = body["access_token"].as_str().unwrap();
    let second = world.token().await;
    assert_ne!(first, second);

    world.advance(Duration::minutes(59));
    world.api(first, "GET", "/users", &Value::Null).await.expect(200);
    world.api(&second, "GET", "/users", &Value::Null).await.expect(200);
    world.advance(Duration::minutes(1));
    let message = world.api(first, "GET", "/users", &Value::Null).await.refused(401, 124);
    assert_eq!(message, "Invalid access token.");
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let world = World::new();
    let refused = |client, secret, form| world.token_request(client, secret, form);
    let body = refused("sandbox-client", "nope", S2S).await.expect(400);
    assert_eq!(body, json!({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}));
    let body = refused("nope", "sandbox-secret", S2S).await.expect(400);
    assert_eq!(body["error"], "invalid_client");
    let wrong = "grant_type=account_credentials&account_id=other";
    let body = refused("sandbox-client", "sandbox-secret", wrong).await.expect(400);
    assert_eq!(body, json!({"reason": "Account does not exist", "error": "invalid_request"}));
    let body = refused("sandbox-client", "sandbox-secret", "grant_type=password").await.expect(400);
    assert_eq!(body, json!({"reason": "unsupported grant type", "error": "unsupported_grant_type"}));
}

#[tokio::test]
async fn fields_in_the_query_are_not_read() {
    let world = World::new();
    let (mut parts, _) = token_request("sandbox-client", "sandbox-secret", "").into_parts();
    parts.uri = format!("/_zoom/oauth/token?{S2S}").parse().unwrap();
    let body = world.send(Request::from_parts(parts, Body::empty())).await.expect(400);
    assert_eq!(body["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn a_missing_or_unknown_token_is_refused() {
    let world = World::new();
    world.api("nonsense", "GET", "/users", &Value::Null).await.refused(401, 124);
    let bare = Request::get("/_zoom/v2/users").body(Body::empty()).unwrap();
    world.send(bare).await.refused(401, 124);
}

async fn oauth_account(world: &World) {
    let account = json!({
        "account_id": "acc", "client_id": "cli", "client_secret": "sec", "scopes": ["user:read:user"],
        "users": [{"email": "a@acc.example", "type": 2}, {"email": "b@acc.example", "type": 1}],
        "redirect_uri": "https://lms.example/back", "code": "c0de",
    });
    world.admin("POST", "/accounts", &account).await.expect(201);
}

const CODE: &str = "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Flms.example%2Fback";

#[tokio::test]
async fn a_code_is_good_once_and_its_refresh_token_rotates() {
    let world = World::new();
    oauth_account(&world).await;
    let first = world.token_request("cli", "sec", CODE).await.expect(200);
    let again = world.token_request("cli", "sec", CODE).await.expect(400);
    assert_eq!(again["error"], "invalid_grant");

    let refresh = |old: &Value| format!("grant_type=refresh_token&refresh_token={}", old.as_str().unwrap());
    let form = refresh(&first["refresh_token"]);
    let second = world.token_request("cli", "sec", &form).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let spent = world.token_request("cli", "sec", &form).await.expect(400);
    assert_eq!(spent, json!({"reason": "Invalid Token!", "error": "invalid_grant"}));
    let form = refresh(&second["refresh_token"]);
    world.token_request("cli", "sec", &form).await.expect(200);
    let token = first["access_token"].as_str().unwrap();
    world.api(token, "GET", "/users/me", &Value::Null).await.expect(200);
}

#[tokio::test]
async fn a_code_needs_its_redirect_uri_and_lives_five_minutes() {
    let world = World::new();
    oauth_account(&world).await;
    let elsewhere = "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fevil.example";
    let body = world.token_request("cli", "sec", elsewhere).await.expect(400);
    assert!(body["reason"].as_str().unwrap().contains("4,709"));
    world.advance(Duration::minutes(5));
    let body = world.token_request("cli", "sec", CODE).await.expect(400);
    assert_eq!(body["error"], "invalid_grant");
}

#[tokio::test]
async fn without_an_admin_scope_a_user_acts_for_themselves() {
    let world = World::new();
    oauth_account(&world).await;
    let body = world.token_request("cli", "sec", CODE).await.expect(200);
    let token = body["access_token"].as_str().unwrap();
    world.api(token, "GET", "/users/a@acc.example", &Value::Null).await.expect(200);
    world.api(token, "GET", "/users/b@acc.example", &Value::Null).await.refused(400, 4711);
}

#[tokio::test]
async fn missing_scopes_are_named_in_the_apps_own_vocabulary() {
    let world = World::new();
    let token = world.token_with(&["meeting:read:meeting:admin"]).await;
    let message = world.api(&token, "GET", "/users", &Value::Null).await.refused(400, 4711);
    assert_eq!(message, "Invalid access token, does not contain scopes:[user:read:list_users:admin].");

    let token = world.token_with(&["meeting:read:admin"]).await;
    let path = "/users/a@acc.example/meetings";
    let message = world.api(&token, "POST", path, &json!({})).await.refused(400, 4700);
    assert_eq!(
        message,
        "Invalid access token, does not contain scopes: [meeting:write:admin, meeting:write]."
    );
    world.api(&token, "GET", path, &Value::Null).await.expect(200);
}

#[tokio::test]
async fn admin_variants_count() {
    let world = World::new();
    let token = world.token_with(&["user:read:list_users:admin", "user:read:settings"]).await;
    world.api(&token, "GET", "/users", &Value::Null).await.expect(200);
    world.api(&token, "GET", "/users/b@acc.example/settings", &Value::Null).await.expect(200);
    let token = world.token_with(&["user:read:admin"]).await;
    world.api(&token, "GET", "/users/me", &Value::Null).await.expect(200);
}

#[tokio::test]
async fn a_disabled_app_gets_nothing_and_its_tokens_die() {
    let world = World::new();
    let token = world.token().await;
    let (account, client) = ("sandbox-account", "sandbox-client");
    let switch = |on: bool| json!({"account_id": account, "client_id": client, "enabled": on});
    world.admin("PATCH", "/apps", &switch(false)).await.expect(200);
    world.api(&token, "GET", "/users", &Value::Null).await.refused(401, 124);
    let body = world.token_request("sandbox-client", "sandbox-secret", S2S).await.expect(400);
    assert_eq!(body["reason"], "The app has been disabled by the developer");
    world.admin("PATCH", "/apps", &switch(true)).await.expect(200);
    world.api(&token, "GET", "/users", &Value::Null).await.refused(401, 124);
    world.token().await;
}
