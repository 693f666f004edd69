//! The way to Zoom.

use local::{Options, ZoomChoice};
use serde_json::{Value, json};

use crate::support::Local;

#[tokio::test]
async fn only_calls_of_functions_are_counted() {
    let local = Local::start().await;
    let by_hand = format!("{}/_zoom/oauth/token", local.stack.url());
    assert_ne!(local.http.post(by_hand).send().await.unwrap().status(), 404);
    assert_eq!(local.get("/_local/calls").await["zoom"], json!({}));
    let as_function = &local.stack.endpoints().zoom_oauth_url;
    assert_ne!(local.http.post(as_function).send().await.unwrap().status(), 404);
    assert_eq!(local.get("/_local/calls").await["zoom"], json!({"POST /oauth/token": 1}));
    local.stack.stop().await;
}

#[tokio::test]
async fn functions_reach_the_sandbox_as_they_would_reach_zoom() {
    let local = Local::start().await;
    let endpoints = local.stack.endpoints();
    let token: Value = local
        .http
        .post(&endpoints.zoom_oauth_url)
        .basic_auth("sandbox-client", Some("sandbox-secret"))
        .form(&[("grant_type", "account_credentials"), ("account_id", "sandbox-account")])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["access_token"].as_str().unwrap();
    let users: Value = local
        .http
        .get(format!("{}/users?page_size=1", endpoints.zoom_api_url))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!((&users["page_size"], &users["total_records"]), (&json!(1), &json!(3)), "{users}");
    assert_eq!(local.get("/_local/calls").await["zoom"], json!({"GET /users": 1, "POST /oauth/token": 1}));
    local.stack.stop().await;
}

#[tokio::test]
async fn another_zoom_takes_the_sandboxs_place() {
    let other = Local::start().await;
    let zoom = ZoomChoice::Url(format!("{}/_zoom", other.stack.url()).parse().unwrap());
    let local = Local::open(Options { zoom, ..Options::memory() }).await;
    let as_function = &local.stack.endpoints().zoom_oauth_url;
    assert_ne!(local.http.post(as_function).send().await.unwrap().status(), 404);
    let by_hand = format!("{}/_zoom/oauth/token", local.stack.url());
    assert_eq!(local.http.post(by_hand).send().await.unwrap().status(), 404);
    assert_eq!(local.get("/_local/calls").await["zoom"], json!({"POST /oauth/token": 1}));
    local.stack.stop().await;
    other.stack.stop().await;
}
