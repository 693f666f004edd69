//! What stays between runs, and what never meets.

use std::os::unix::fs::PermissionsExt;

use aws_sdk_dynamodb::types::AttributeValue;
use local::{Options, Stack, StackError};

use crate::support::{Local, options_over};

#[tokio::test]
async fn all_data_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let first = Local::open(options_over(&data)).await;
    let queue = first.queue().await;
    first.sqs().send_message().queue_url(&queue).message_body("kept").send().await.unwrap();
    first.secrets().create_secret().name("s").secret_string("kept").send().await.unwrap();
    let put = first.dynamodb().put_item().table_name("lectern");
    put.item("pk", AttributeValue::S("a".into()))
        .item("sk", AttributeValue::S("b".into()))
        .send()
        .await
        .unwrap();
    let signing_key = first
        .secrets()
        .get_secret_value()
        .secret_id("lectern/signing-key")
        .send()
        .await
        .unwrap()
        .secret_string;
    first.stack.stop().await;

    let second = Local::open(options_over(&data)).await;
    let queue = second.queue().await;
    let received = second.sqs().receive_message().queue_url(&queue).send().await.unwrap();
    assert_eq!(received.messages()[0].body(), Some("kept"));
    let secret = second.secrets().get_secret_value().secret_id("s").send().await.unwrap();
    assert_eq!(secret.secret_string(), Some("kept"));
    let get = second.dynamodb().get_item().table_name("lectern");
    let item =
        get.key("pk", AttributeValue::S("a".into())).key("sk", AttributeValue::S("b".into())).send().await;
    assert!(item.unwrap().item.is_some());
    let same = second
        .secrets()
        .get_secret_value()
        .secret_id("lectern/signing-key")
        .send()
        .await
        .unwrap()
        .secret_string;
    assert_eq!(signing_key, same);
    second.stack.stop().await;
}

#[tokio::test]
async fn data_is_private_and_used_by_one_stack_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let first = Local::open(options_over(&data)).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in std::fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let second = Stack::start(options_over(&data)).await;
    assert!(matches!(second, Err(StackError::DataInUse(_))), "{second:?}");
    first.stack.stop().await;
}

#[tokio::test]
async fn two_stacks_do_not_see_each_other() {
    let (one, other) = (Local::start().await, Local::start().await);
    assert_ne!(one.stack.url(), other.stack.url());
    one.secrets().create_secret().name("s").secret_string("v").send().await.unwrap();
    let error =
        other.secrets().get_secret_value().secret_id("s").send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception());
    assert!(one.stack.clock().advance(3600));
    assert!(!other.stack.clock().is_moved());
    one.stack.stop().await;
    other.stack.stop().await;
}

#[tokio::test]
async fn taken_port_is_named() {
    let local = Local::start().await;
    let port = local.stack.url().rsplit(':').next().unwrap().parse().unwrap();
    let second = Stack::start(Options { port, ..Options::memory() }).await;
    assert!(matches!(second, Err(StackError::PortInUse(taken)) if taken == port), "{second:?}");
    local.stack.stop().await;
}

#[tokio::test]
async fn another_aws_endpoint_serves_in_place_of_the_embedded_one() {
    let other = Local::start().await;
    let aws = other.stack.endpoints().aws_url.parse().unwrap();
    let local = Local::open(Options { aws: Some(aws), ..Options::memory() }).await;
    local.secrets().create_secret().name("s").secret_string("v").send().await.unwrap();
    let secret = other.secrets().get_secret_value().secret_id("s").send().await.unwrap();
    assert_eq!(secret.secret_string(), Some("v"));
    let counted = local.get("/_local/calls").await;
    assert_eq!(counted["secretsmanager"], serde_json::json!({"CreateSecret": 1}));
    local.stack.stop().await;
    other.stack.stop().await;
}
