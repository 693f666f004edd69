//! Messages of a queue that are to come again: each time later.

use std::ops::RangeInclusive;

use aws_lambda_events::sqs::SqsMessage;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;

use crate::deps::Deps;

/// How often a message has come, from 1.
pub fn tries(message: &SqsMessage) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Has `messages` of a queue come again later: the first time after as many seconds as `pauses` begins with, then
/// each time after twice as many, up to its end. Where SQS does not do it, they come when the queue's own time is
/// up.
pub async fn later(deps: &Deps, queue_url: &str, pauses: &RangeInclusive<i32>, messages: &[&SqsMessage]) {
    let entries = messages.iter().enumerate().filter_map(|(place, message)| {
        ChangeMessageVisibilityBatchRequestEntry::builder()
            .id(place.to_string())
            .receipt_handle(message.receipt_handle.clone()?)
            .visibility_timeout(seconds(pauses, tries(message)))
            .build()
            .ok()
    });
    let entries: Vec<_> = entries.collect();
    // A batch that Lambda hands over is no larger than one that SQS takes.
    for batch in entries.chunks(10) {
        let request = deps.queue.change_message_visibility_batch().queue_url(queue_url);
        match request.set_entries(Some(batch.to_vec())).send().await {
            Ok(done) if done.failed().is_empty() => {}
            Ok(done) => {
                let codes: Vec<&str> = done.failed().iter().map(|one| one.code()).collect();
                tracing::warn!(?codes, "messages come again when the queue's own time is up");
            }
            Err(error) => {
                let error = DisplayErrorContext(error);
                tracing::warn!(%error, "messages come again when the queue's own time is up");
            }
        }
    }
}

/// How long after so many tries the next one comes.
fn seconds(pauses: &RangeInclusive<i32>, tries: u32) -> i32 {
    let doublings = tries.saturating_sub(1).min(8);
    (*pauses.start() << doublings).min(*pauses.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_is_twice_as_far_from_the_last_up_to_the_longest_pause() {
        let all: Vec<i32> = (1..12).map(|tries| seconds(&(30..=900), tries)).collect();
        assert_eq!(all[..6], [30, 60, 120, 240, 480, 900]);
        assert!(all[5..].iter().all(|seconds| *seconds == 900));
        assert_eq!(seconds(&(30..=900), u32::MAX), 900);
    }
}
