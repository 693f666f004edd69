//! The way to Zoom.

use local::{Options, ZoomChoice};
use serde_json::json;

use crate::support::{Local, options};

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
async fn another_zoom_takes_the_sandboxs_place() {
    let other = Local::start().await;
    let zoom = ZoomChoice::Url(format!("{}/_zoom", other.stack.url()).parse().unwrap());
    let local = Local::open(Options { zoom, ..options() }).await;
    let as_function = &local.stack.endpoints().zoom_oauth_url;
    assert_ne!(local.http.post(as_function).send().await.unwrap().status(), 404);
    let by_hand = format!("{}/_zoom/oauth/token", local.stack.url());
    assert_eq!(local.http.post(by_hand).send().await.unwrap().status(), 404);
    assert_eq!(local.get("/_local/calls").await["zoom"], json!({"POST /oauth/token": 1}));
    local.stack.stop().await;
    other.stack.stop().await;
}
