//! Mails: what they say ([`notice`], [`connection_failed`], [`overlap`]), how they are put together ([`message`]) and how
//! they leave ([`mailer`]).

pub mod connection_failed;
mod links;
pub mod mailer;
pub mod message;
pub mod notice;
pub mod overlap;
mod owner;
pub mod when;

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

/// `text` as one line: what ends a line, steers a terminal or turns the direction of what follows becomes a
/// space.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_plain(c: char) -> bool {
    let is_line_break = matches!(c, '\u{2028}' | '\u{2029}');
    let turns_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !is_line_break && !turns_direction
}
