//! The queue of notices, as the function that consumes it sees it.

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use shared::deps::Deps;

/// The messages that the queue holds, as the function is given them.
pub(crate) async fn receive(deps: &Deps) -> SqsEvent {
    let mut event = SqsEvent::default();
    let queue = &deps.config.notices_queue_url;
    loop {
        let request = deps.queue.receive_message().queue_url(queue).max_number_of_messages(10);
        let messages = request.send().await.unwrap().messages.unwrap_or_default();
        if messages.is_empty() {
            return event;
        }
        event.records.extend(messages.into_iter().map(|message| {
            let mut record = SqsMessage::default();
            record.message_id = message.message_id;
            record.body = message.body;
            record
        }));
    }
}
