//! Mails as MIME (RFC 5322): text and HTML, of which the reader's program shows one, and where there is one
//! the entry for a calendar.
//!
//! Every header is encoded by `lettre`; no value can begin a header of its own.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::address::AddressError;
pub use lettre::message::Mailbox;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, ContentTypeErr, HeaderName, HeaderValue,
};
use lettre::message::{MultiPart, SinglePart};
use lettre::{Address, Message};
use url::Url;

use super::{Content, one_line};
use crate::domain::email::Email;
use crate::domain::trace::TraceId;

/// A mail, ready to be handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address that it comes from.
    pub from: String,
    /// The address that it goes to.
    pub to: String,
    /// The mail with its headers.
    pub raw: Vec<u8>,
}

/// What a mail carries besides what it says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// The entry for the reader's calendar.
    pub calendar: Option<Calendar<'a>>,
    /// Where the reader's program unsubscribes them with one request (RFC 8058); its scheme is `https`.
    pub unsubscribe: Option<&'a Url>,
    /// The trace that it belongs to, by which its log is found.
    pub trace: Option<TraceId>,
}

/// An entry for a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// What is to be done with it: the same as its `METHOD`.
    pub method: Method,
    /// The entry (RFC 5545).
    pub text: &'a str,
}

/// What a calendar is to do with an entry (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Take it in, or take it in anew.
    Request,
    /// Call it off.
    Cancel,
}

/// A mail that cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The sender's address is of no use.
    #[error("the address that mails are sent from cannot be used: {0}")]
    Sender(AddressError),
    /// The reader's address is of no use.
    #[error("the address cannot be written to: {0}")]
    Recipient(AddressError),
    /// The media type of a calendar's entry.
    #[error("the calendar's entry cannot be put in: {0}")]
    Calendar(#[from] ContentTypeErr),
    /// The rest.
    #[error("the mail cannot be put together: {0}")]
    Mime(#[from] lettre::error::Error),
}

/// Who mails are from: the tenant's own sender where it has set one, else the deployment's; each
/// `name@domain.example` or `Name <name@domain.example>`.
pub fn sender(tenant: Option<&str>, deployment: &str) -> Result<Mailbox, MessageError> {
    tenant.unwrap_or(deployment).parse().map_err(MessageError::Sender)
}

/// Puts a mail together to an address, and to the name of whose it is, dated `now`.
pub fn build(
    from: &Mailbox,
    (email, name): (&Email, Option<&str>),
    content: Content,
    extras: Extras<'_>,
    now: DateTime<Utc>,
) -> Result<Mail, MessageError> {
    let address: Address = email.to_ascii().parse().map_err(MessageError::Recipient)?;
    let name = name.map(one_line).filter(|name| !name.is_empty());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address.clone()))
        .subject(one_line(&content.subject))
        .date(SystemTime::from(now))
        // Absence notes are not to answer (RFC 3834).
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(url) = extras.unsubscribe {
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{url}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    if let Some(trace) = extras.trace {
        message = message.raw_header(header("X-Lectern-Trace", &trace.to_string()));
    }
    let message = message.multipart(body(content, extras.calendar)?)?;
    Ok(Mail { from: from.email.to_string(), to: address.to_string(), raw: message.formatted() })
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Calendars look for an entry in two places: Gmail and Outlook among the alternatives, where its type names
/// the method; others among the attachments, where it names none, so that nobody takes it in twice.
fn body(content: Content, calendar: Option<Calendar<'_>>) -> Result<MultiPart, ContentTypeErr> {
    let alternatives = MultiPart::alternative_plain_html(content.text, content.html);
    let Some(Calendar { method, text }) = calendar else { return Ok(alternatives) };
    let kind = ContentType::parse(match method {
        Method::Request => "text/calendar; method=REQUEST; charset=utf-8",
        Method::Cancel => "text/calendar; method=CANCEL; charset=utf-8",
    })?;
    let file = ContentType::parse("application/ics; name=\"invite.ics\"")?;
    // As base64 the lines stay as they are, those that are folded inside a character too.
    let part = |kind| SinglePart::builder().header(kind).header(ContentTransferEncoding::Base64);
    let attachment = part(file).header(ContentDisposition::attachment("invite.ics"));
    Ok(MultiPart::mixed()
        .multipart(alternatives.singlepart(part(kind).body(text.as_bytes().to_vec())))
        .singlepart(attachment.body(text.as_bytes().to_vec())))
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the address nor the passcode inside belongs in a log.
        f.debug_struct("Mail").field("bytes", &self.raw.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
