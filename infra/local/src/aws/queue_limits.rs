//! What SQS refuses and the embedded service would take.

use axum::response::Response;
use serde_json::Value;

use super::mount::queue_refusal;

/// The longest message, and the longest batch taken together: 1 MiB.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_BATCH: usize = 10;
const MAX_DELAY_SECONDS: i64 = 900;

/// The refusal that AWS would answer with, if it would refuse.
pub(super) fn refuse(operation: &str, body: &[u8]) -> Option<Response> {
    // A body that is no JSON is for the service itself to refuse.
    let body: Value = serde_json::from_slice(body).ok()?;
    match operation {
        "SendMessage" => refuse_message(&body),
        "SendMessageBatch" => refuse_batch(&body).or_else(|| refuse_batch_of_messages(&body)),
        "DeleteMessageBatch" | "ChangeMessageVisibilityBatch" => refuse_batch(&body),
        "ReceiveMessage" => refuse_receive(&body),
        "AddPermission"
        | "RemovePermission"
        | "StartMessageMoveTask"
        | "CancelMessageMoveTask"
        | "ListMessageMoveTasks" => Some(queue_refusal(
            "UnsupportedOperation",
            "AWS.SimpleQueueService.UnsupportedOperation",
            "The local queues do not know this operation.",
        )),
        _ => None,
    }
}

fn refuse_message(message: &Value) -> Option<Response> {
    if size(message) > MAX_BYTES {
        let reason = format!("Reason: Message must be shorter than {MAX_BYTES} bytes.");
        return Some(invalid(&format!("One or more parameters are invalid. {reason}")));
    }
    refuse_characters(message).or_else(|| refuse_delay(message))
}

/// XML 1.0 cannot hold every character, and SQS takes none that it cannot hold.
fn refuse_characters(message: &Value) -> Option<Response> {
    let is_refused = |character: char| !matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    message["MessageBody"].as_str()?.contains(is_refused).then(|| {
        queue_refusal(
            "InvalidMessageContents",
            "InvalidMessageContents",
            "Invalid binary character was found in the message body, the set of allowed characters is \
             #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]",
        )
    })
}

fn refuse_delay(message: &Value) -> Option<Response> {
    let delay = message["DelaySeconds"].as_i64()?;
    (!(0..=MAX_DELAY_SECONDS).contains(&delay)).then(|| {
        let reason = "Reason: DelaySeconds must be >= 0 and <= 900.";
        invalid(&format!("Value {delay} for parameter DelaySeconds is invalid. {reason}"))
    })
}

fn refuse_receive(request: &Value) -> Option<Response> {
    let count = request["MaxNumberOfMessages"].as_i64()?;
    (!(1..=10).contains(&count)).then(|| {
        let reason = "Reason: Must be between 1 and 10, if provided.";
        invalid(&format!("Value {count} for parameter MaxNumberOfMessages is invalid. {reason}"))
    })
}

fn refuse_batch(request: &Value) -> Option<Response> {
    let entries = entries(request);
    if entries.is_empty() {
        return Some(queue_refusal(
            "EmptyBatchRequest",
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry in the request.",
        ));
    }
    if entries.len() > MAX_BATCH {
        let sent = entries.len();
        return Some(queue_refusal(
            "TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            &format!("Maximum number of entries per request are {MAX_BATCH}. You have sent {sent}."),
        ));
    }
    let mut ids: Vec<&str> = entries.iter().filter_map(|entry| entry["Id"].as_str()).collect();
    ids.sort_unstable();
    ids.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| {
        queue_refusal(
            "BatchEntryIdsNotDistinct",
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            &format!("Id {} repeated.", pair[0]),
        )
    })
}

fn refuse_batch_of_messages(request: &Value) -> Option<Response> {
    let entries = entries(request);
    let sent: usize = entries.iter().map(size).sum();
    if sent > MAX_BYTES {
        return Some(queue_refusal(
            "BatchRequestTooLong",
            "AWS.SimpleQueueService.BatchRequestTooLong",
            &format!("Batch requests cannot be longer than {MAX_BYTES} bytes. You have sent {sent} bytes."),
        ));
    }
    entries.iter().find_map(|entry| refuse_characters(entry).or_else(|| refuse_delay(entry)))
}

fn entries(request: &Value) -> &[Value] {
    request["Entries"].as_array().map_or(&[], Vec::as_slice)
}

/// A message's size as AWS counts it: its body, and its attributes' names, types and values.
fn size(message: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, str::len);
    let attributes = message["MessageAttributes"].as_object().map_or(0, |attributes| {
        let each = attributes.iter().map(|(name, value)| {
            name.len()
                + length(&value["DataType"])
                + length(&value["StringValue"])
                // Binary values travel as base64, four characters for three bytes.
                + length(&value["BinaryValue"]) / 4 * 3
        });
        each.sum()
    });
    length(&message["MessageBody"]) + attributes
}

fn invalid(message: &str) -> Response {
    queue_refusal("InvalidParameterValue", "InvalidParameterValue", message)
}
