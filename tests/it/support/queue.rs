//! Queues, as the functions that consume them see them.

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use aws_sdk_sqs::types::Message;
use shared::deps::Deps;

/// The messages that the queue of notices holds, as the function is given them.
pub(crate) async fn receive(deps: &Deps) -> SqsEvent {
    event(messages(deps, &deps.config.notices_queue_url).await)
}

/// The messages that a queue holds, as a function is given them that has done with them.
pub(crate) async fn take(deps: &Deps, queue: &str) -> SqsEvent {
    let messages = messages(deps, queue).await;
    for message in &messages {
        let delete = deps.queue.delete_message().queue_url(queue);
        delete.set_receipt_handle(message.receipt_handle.clone()).send().await.unwrap();
    }
    event(messages)
}

/// Has the reconciler run, and compares what it queued.
pub(crate) async fn reconcile(deps: &Deps) -> reconciler::Report {
    let mut report = reconciler::run(deps).await.unwrap();
    let (response, compared) =
        reconciler::handle(deps, take(deps, &deps.config.comparisons_queue_url).await).await;
    assert_eq!(response.batch_item_failures.len(), 0);
    report += compared;
    report
}

async fn messages(deps: &Deps, queue: &str) -> Vec<Message> {
    let mut all = Vec::new();
    loop {
        let request = deps.queue.receive_message().queue_url(queue).max_number_of_messages(10);
        let messages = request.send().await.unwrap().messages.unwrap_or_default();
        if messages.is_empty() {
            return all;
        }
        all.extend(messages);
    }
}

fn event(messages: Vec<Message>) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records.extend(messages.into_iter().map(|message| {
        let mut record = SqsMessage::default();
        record.message_id = message.message_id;
        record.body = message.body;
        record
    }));
    event
}
