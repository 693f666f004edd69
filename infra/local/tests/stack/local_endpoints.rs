//! `/_local/…` and what else the stack serves of its own.

use aws_lambda_events::event::sqs::SqsBatchResponse;
use local::Options;
use serde_json::json;

use crate::support::{Local, functions_with_queue};

#[tokio::test]
async fn clock_is_moved_and_runs_on() {
    let local = Local::start().await;
    let (status, moved) = local.post("/_local/clock", &json!({"now": "2027-03-01T08:00:00Z"})).await;
    assert_eq!(status, 200);
    assert!(moved["now"].as_str().unwrap().starts_with("2027-03-01T08:00:0"), "{moved}");
    let (_, advanced) = local.post("/_local/clock", &json!({"advance_seconds": 3600})).await;
    assert!(advanced["now"].as_str().unwrap().starts_with("2027-03-01T09:00:0"), "{advanced}");
    assert!(local.stack.clock().is_moved());
    local.stack.stop().await;
}

#[tokio::test]
async fn bad_moves_of_the_clock_are_problems() {
    let local = Local::start().await;
    for (body, code) in [
        (json!({}), "required"),
        (json!({"now": "2027-03-01T08:00:00Z", "advance_seconds": 1}), "contradiction"),
        (json!({"now": "tomorrow"}), "invalid"),
        (json!({"now": 1}), "wrong_type"),
        (json!({"advance_seconds": -1}), "out_of_range"),
        (json!({"advance_seconds": 9_000_000_000_000_000_000_i64}), "out_of_range"),
        (json!({"advance": 1, "now": "2027-03-01T08:00:00Z"}), "unknown_field"),
    ] {
        let (status, problem) = local.post("/_local/clock", &body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("validation_failed")), "{body}");
        assert_eq!(problem["errors"][0]["code"], code, "{body}");
    }
    assert!(!local.stack.clock().is_moved());
    local.stack.stop().await;
}

#[tokio::test]
async fn tick_feeds_the_queue_to_its_function_and_keeps_what_failed() {
    let handled = functions_with_queue(|event| {
        let mut response = SqsBatchResponse::default();
        for record in event.records {
            assert!(record.attributes.contains_key("ApproximateReceiveCount"));
            if record.body.as_deref() == Some("bad") {
                response.add_failure(record.message_id.unwrap());
            }
        }
        Ok(response)
    });
    let local = Local::with(handled).await;
    let queue = local.queue().await;
    for body in (0..12).map(|_| "good").chain(["bad"]) {
        local.sqs().send_message().queue_url(&queue).message_body(body).send().await.unwrap();
    }
    let (status, done) = local.post("/_local/tick", &json!({})).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(done["notifications"], json!({"received": 13, "handled": 12, "failed": 1}));
    assert_eq!(done["reminders"], json!({}));
    assert!(local.stack.clock().advance(61));
    let (_, done) = local.post("/_local/tick", &json!({})).await;
    assert_eq!(done["notifications"], json!({"received": 1, "handled": 0, "failed": 1}));
    local.stack.stop().await;
}

#[tokio::test]
async fn tick_tells_which_function_failed() {
    let local = Local::with(functions_with_queue(|_| Err("out of paper".to_owned()))).await;
    let queue = local.queue().await;
    local.sqs().send_message().queue_url(&queue).message_body("x").send().await.unwrap();
    let (status, problem) = local.post("/_local/tick", &json!({})).await;
    assert_eq!((status, &problem["code"]), (500, &json!("internal")));
    assert!(problem["detail"].as_str().unwrap().contains("notifications failed: out of paper"), "{problem}");
    local.stack.stop().await;
}

#[tokio::test]
async fn timer_feeds_the_queue_by_itself_until_the_clock_is_moved() {
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let functions = functions_with_queue(move |event| {
        told.send(event.records.len()).unwrap();
        Ok(SqsBatchResponse::default())
    });
    let options = Options { timer: true, ..Options::memory() };
    let local = Local::with_options(options, functions).await;
    let queue = local.queue().await;
    local.sqs().send_message().queue_url(&queue).message_body("x").send().await.unwrap();
    assert_eq!(heard.recv().await, Some(1));
    local.post("/_local/clock", &json!({"advance_seconds": 0})).await;
    local.sqs().send_message().queue_url(&queue).message_body("y").send().await.unwrap();
    let silence = tokio::time::timeout(std::time::Duration::from_millis(2500), heard.recv()).await;
    assert!(silence.is_err());
    local.stack.stop().await;
}

#[tokio::test]
async fn calls_of_functions_are_counted_and_forgotten() {
    let local = Local::start().await;
    let none = json!({"dynamodb": {}, "secretsmanager": {}, "sesv2": {}, "sqs": {}, "zoom": {}});
    assert_eq!(local.get("/_local/calls").await, none);
    local.secrets().get_secret_value().secret_id("lectern/jwt").send().await.unwrap();
    local.dynamodb().describe_table().table_name("lectern").send().await.unwrap();
    local.post("/_local/tick", &json!({})).await;
    let counted = local.get("/_local/calls").await;
    assert_eq!(counted["secretsmanager"], json!({"GetSecretValue": 1}));
    assert_eq!(counted["dynamodb"], json!({"DescribeTable": 1, "Query": 8}));
    assert_eq!(counted["sqs"], json!({}));
    let url = format!("{}/_local/calls", local.stack.url());
    assert_eq!(local.http.delete(url).send().await.unwrap().status(), 204);
    assert_eq!(local.get("/_local/calls").await, none);
    local.stack.stop().await;
}

#[tokio::test]
async fn first_page_says_what_is_here() {
    let local = Local::start().await;
    let page = local.http.get(local.stack.url()).send().await.unwrap().text().await.unwrap();
    for part in ["/_local/mailbox", "/v1/openapi.json", "sandbox-account", "eyJ"] {
        assert!(page.contains(part), "{part} is missing");
    }
    local.stack.stop().await;
}

#[tokio::test]
async fn other_names_than_this_machines_own_are_refused() {
    let local = Local::start().await;
    let url = format!("{}/_local/mail", local.stack.url());
    let response = local.http.get(&url).header("host", "evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let port = local.stack.url().rsplit(':').next().unwrap();
    let response = local.http.get(&url).header("host", format!("localhost:{port}")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    local.stack.stop().await;
}
