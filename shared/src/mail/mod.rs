//! Mails: what they say ([`words`], [`reminder`]), how they are put together ([`message`]) and how they
//! leave ([`mailer`]).

pub mod connection_failed;
pub mod mailer;
pub mod message;
pub mod reminder;
pub mod when;
pub mod words;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The subject, one line.
    pub subject: String,
    /// The text, for readers that show no HTML.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// `text` as one line: what ends a line or steers a terminal becomes a space.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
