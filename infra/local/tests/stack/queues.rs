//! SQS.

use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use crate::support::Local;

fn entries(count: usize, body: &str) -> Vec<SendMessageBatchRequestEntry> {
    let entry =
        |id: usize| SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body(body).build();
    (0..count).map(|id| entry(id).unwrap()).collect()
}

async fn receive(local: &Local, queue: &str) -> Vec<aws_sdk_sqs::types::Message> {
    let received = local.sqs().receive_message().queue_url(queue).max_number_of_messages(10).send().await;
    received.unwrap().messages.unwrap_or_default()
}

#[tokio::test]
async fn received_message_is_hidden_until_the_moved_clock_says_otherwise() {
    let local = Local::start().await;
    let queue = local.queue().await;
    local.sqs().send_message().queue_url(&queue).message_body("hello").send().await.unwrap();
    assert_eq!(receive(&local, &queue).await[0].body(), Some("hello"));
    assert_eq!(receive(&local, &queue).await.len(), 0);
    assert!(local.stack.clock().advance(61));
    let again = receive(&local, &queue).await;
    let receipt = again[0].receipt_handle().unwrap();
    local.sqs().delete_message().queue_url(&queue).receipt_handle(receipt).send().await.unwrap();
    assert!(local.stack.clock().advance(61));
    assert_eq!(receive(&local, &queue).await.len(), 0);
    local.stack.stop().await;
}

#[tokio::test]
async fn delayed_message_waits_for_the_moved_clock() {
    let local = Local::start().await;
    let queue = local.queue().await;
    local
        .sqs()
        .send_message()
        .queue_url(&queue)
        .message_body("later")
        .delay_seconds(300)
        .send()
        .await
        .unwrap();
    assert_eq!(receive(&local, &queue).await.len(), 0);
    assert!(local.stack.clock().advance(301));
    assert_eq!(receive(&local, &queue).await.len(), 1);
    local.stack.stop().await;
}

#[tokio::test]
async fn message_that_nobody_handles_goes_to_the_dead_letters() {
    let local = Local::start().await;
    let (queue, dead) = (local.queue().await, local.queue_named("lectern-notices-dead").await);
    local.sqs().send_message().queue_url(&queue).message_body("poison").send().await.unwrap();
    for _ in 0..shared::notices::MOST_TRIES {
        assert_eq!(receive(&local, &queue).await.len(), 1);
        assert!(local.stack.clock().advance(61));
    }
    assert_eq!(receive(&local, &queue).await.len(), 0);
    assert_eq!(receive(&local, &dead).await[0].body(), Some("poison"));
    local.stack.stop().await;
}

#[tokio::test]
async fn message_outlives_its_retention_no_longer_than_in_aws() {
    let local = Local::start().await;
    let queue = local.queue().await;
    local.sqs().send_message().queue_url(&queue).message_body("old").send().await.unwrap();
    assert!(local.stack.clock().advance(4 * 24 * 3600 + 1));
    assert_eq!(receive(&local, &queue).await.len(), 0);
    local.stack.stop().await;
}

#[tokio::test]
async fn refuses_what_aws_refuses() {
    let local = Local::start().await;
    let queue = local.queue().await;
    let client = local.sqs();
    let send = |entries| client.send_message_batch().queue_url(&queue).set_entries(Some(entries)).send();
    let error = send(entries(11, "x")).await.unwrap_err().into_service_error();
    assert!(error.is_too_many_entries_in_batch_request(), "{error:?}");
    assert_eq!(error.code(), Some("AWS.SimpleQueueService.TooManyEntriesInBatchRequest"));
    let error = send(entries(10, &"x".repeat(200_000))).await.unwrap_err().into_service_error();
    assert!(error.is_batch_request_too_long(), "{error:?}");
    let large = "x".repeat(1024 * 1024);
    client.send_message().queue_url(&queue).message_body(&large).send().await.unwrap();
    let larger = client.send_message().queue_url(&queue).message_body(large + "x").send().await.unwrap_err();
    assert_eq!(larger.code(), Some("InvalidParameterValue"));
    send(entries(10, "x")).await.unwrap();
    let missing = client.get_queue_url().queue_name("nowhere").send().await.unwrap_err().into_service_error();
    assert!(missing.is_queue_does_not_exist(), "{missing:?}");
    local.stack.stop().await;
}

#[tokio::test]
async fn a_message_with_a_character_that_sqs_does_not_take_is_refused() {
    let local = Local::start().await;
    let queue = local.queue().await;
    for taken in ["\t\n\r ", "\u{7f}\u{d7ff}\u{e000}\u{fffd}", "\u{10000}\u{10ffff}"] {
        let send = local.sqs().send_message().queue_url(&queue).message_body(taken);
        assert!(send.send().await.is_ok(), "{taken:?}");
    }
    for refused in ["a\u{0}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
        let send = local.sqs().send_message().queue_url(&queue).message_body(refused);
        assert_eq!(send.send().await.unwrap_err().code(), Some("InvalidMessageContents"), "{refused:?}");
        let batch = local.sqs().send_message_batch().queue_url(&queue).set_entries(Some(entries(2, refused)));
        assert_eq!(batch.send().await.unwrap_err().code(), Some("InvalidMessageContents"), "{refused:?}");
    }
    local.stack.stop().await;
}
