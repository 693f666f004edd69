//! What is put into a queue.

use aws_sdk_sqs::error::DisplayErrorContext;
use serde::Serialize;

use crate::deps::Deps;

/// A message could not be queued.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It cannot be written down.
    #[error("a message cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// SQS did not take it.
    #[error("SQS did not take a message: {0}")]
    Refused(String),
}

/// Puts a message, as [`text`] writes it, into a queue.
///
/// # Errors
/// Where it is not known to be there.
pub async fn send(deps: &Deps, queue_url: &str, text: String) -> Result<(), NotSent> {
    let send = deps.queue.send_message().queue_url(queue_url).message_body(text);
    send.send().await.map_err(|error| NotSent::Refused(DisplayErrorContext(&error).to_string()))?;
    Ok(())
}

/// A message as JSON, with what SQS refuses escaped: of the characters that may stand in JSON as they are, it takes all
/// but U+FFFE and U+FFFF.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn text(message: &impl Serialize) -> Result<String, serde_json::Error> {
    // They stand inside texts only, where an escape means the same.
    Ok(serde_json::to_string(message)?.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_reads_back_the_same() {
        let message = "a\u{0}\u{1f}\u{7f}\u{fffd}\u{fffe}\u{ffff}\u{10ffff}\"\\";
        let text = text(&message).unwrap();
        assert!(text.chars().all(|c| c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}'), "{text:?}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), message);
    }
}
