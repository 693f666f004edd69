//! The events under `events/` are real ones of their kind, and the functions take them.

use std::path::{Path, PathBuf};

use aws_lambda_events::sqs::SqsEvent;
use axum::Router;
use axum::body::Body;
use lambda_http::request::LambdaRequest;
use shared::deps::Deps;
use tower::ServiceExt;

use crate::support::App;
use crate::support::canaries::look_at_reply;

fn events(function: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(function);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{function} has no event");
    files.into_iter().map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

/// What the function answers to an event of API Gateway, which holds a token of the local stack's.
async fn answer(function: &Router, event: &str) -> u16 {
    let event: LambdaRequest = serde_json::from_str(event).unwrap();
    let request = lambda_http::Request::from(event).map(|body| Body::from(body.to_vec()));
    let path = request.uri().path().to_owned();
    let (parts, body) = function.clone().oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    look_at_reply("an event", &path, &parts.headers, &String::from_utf8_lossy(&body));
    parts.status.as_u16()
}

/// The dependencies that the functions of `app` would be given.
fn deps(app: &App) -> Deps {
    Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone())
}

#[tokio::test]
async fn the_functions_behind_http_answer_theirs() {
    let app = App::start().await;
    let deps = deps(&app);
    let functions = [
        ("connections", connections::app(deps.clone())),
        ("meetings", meetings::app(deps.clone())),
        ("conflicts", conflicts::app(deps)),
    ];
    for (name, function) in functions {
        for (file, event) in events(name) {
            let status = answer(&function, &event).await;
            assert!(status < 300, "{}: {status}", file.display());
        }
    }
}

#[tokio::test]
async fn a_webhook_of_a_stranger_is_refused() {
    let app = App::start().await;
    let function = webhooks::app(deps(&app));
    for (file, event) in events("webhooks") {
        assert_eq!(answer(&function, &event).await, 401, "{}", file.display());
    }
}

#[tokio::test]
async fn the_scheduled_functions_and_the_queued_ones_take_theirs() {
    let app = App::start().await;
    let deps = deps(&app);
    for (file, event) in events("reminders").into_iter().chain(events("reconciler")) {
        assert!(serde_json::from_str::<serde_json::Value>(&event).is_ok(), "{}", file.display());
    }
    assert_eq!(reminders::run(&deps).await.unwrap().due, 0);
    assert_eq!(reconciler::run(&deps).await.unwrap().left_behind, 0);
    for (file, event) in events("webhooks-worker") {
        let event: SqsEvent = serde_json::from_str(&event).unwrap();
        // It is about no meeting of ours.
        let response = webhooks::handle(&deps, event).await;
        assert!(response.batch_item_failures.is_empty(), "{}", file.display());
    }
    for (file, event) in events("reconciler-worker") {
        let event: SqsEvent = serde_json::from_str(&event).unwrap();
        // It is about no connection of ours.
        let (response, report) = reconciler::handle(&deps, event).await;
        assert!(response.batch_item_failures.is_empty(), "{}", file.display());
        assert_eq!(report, reconciler::Report::default());
    }
    let mailer = notifications::Mailer::new(app.stack.aws(), None);
    for (file, event) in events("notifications") {
        let event: SqsEvent = serde_json::from_str(&event).unwrap();
        // The meeting is not there: the reminder is dropped, not given back.
        let response = notifications::handle(&deps, &mailer, event).await;
        assert!(response.batch_item_failures.is_empty(), "{}", file.display());
    }
}
