//! What is put into a queue.

use serde::Serialize;

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
