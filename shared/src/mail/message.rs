//! Mails as MIME (RFC 5322): text and HTML, of which the reader's program shows one.
//!
//! Every header is encoded by `lettre`; no value can begin a header of its own.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::address::AddressError;
pub use lettre::message::Mailbox;
use lettre::message::MultiPart;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::{Address, Message};

use super::{Content, one_line};
use crate::domain::email::Email;

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

/// A mail that cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The sender's address is of no use.
    #[error("the address that mails are sent from cannot be used: {0}")]
    Sender(AddressError),
    /// The reader's address is of no use.
    #[error("the address cannot be written to: {0}")]
    Recipient(AddressError),
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
    now: DateTime<Utc>,
) -> Result<Mail, MessageError> {
    let address: Address = email.as_str().parse().map_err(MessageError::Recipient)?;
    let name = name.map(one_line).filter(|name| !name.is_empty());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address.clone()))
        .subject(one_line(&content.subject))
        .date(SystemTime::from(now))
        // Absence notes are not to answer (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(content.text, content.html))?;
    Ok(Mail { from: from.email.to_string(), to: address.to_string(), raw: message.formatted() })
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the address nor the passcode inside belongs in a log.
        f.debug_struct("Mail").field("bytes", &self.raw.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build_text(name: Option<&str>, subject: &str) -> String {
        let from = sender(None, "Lectern <noreply@lectern.example>").unwrap();
        let to: Email = "ana@school.example".parse().unwrap();
        let content =
            Content { subject: subject.to_owned(), text: "Olá".to_owned(), html: "<p>Olá</p>".to_owned() };
        let mail = build(&from, (&to, name), content, "2026-12-01T12:30:00Z".parse().unwrap()).unwrap();
        assert_eq!(mail.to, "ana@school.example");
        String::from_utf8(mail.raw).unwrap()
    }

    fn headers(mail: &str) -> Vec<&str> {
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let names = head.lines().filter(|line| !line.starts_with([' ', '\t']));
        names.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect()
    }

    const EXPECTED: [&str; 7] =
        ["From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];

    #[test]
    fn a_mail_has_these_headers_and_both_forms() {
        let mail = build_text(Some("Ana"), "Reminder: Fire safety");
        assert_eq!(headers(&mail), EXPECTED);
        assert!(mail.contains("Date: Tue, 01 Dec 2026 12:30:00 +0000\r\n"), "{mail}");
        assert!(mail.contains("multipart/alternative"), "{mail}");
        assert!(mail.find("text/plain") < mail.find("text/html"), "{mail}");
        assert!(mail.contains("From: Lectern <noreply@lectern.example>\r\n"), "{mail}");
        assert!(mail.contains("To: Ana <ana@school.example>\r\n"), "{mail}");
    }

    #[test]
    fn line_breaks_begin_no_header() {
        for sly in
            ["x\r\nBcc: eve@x.example", "x\nBcc: eve@x.example", "x\rBcc: e@x.example", "x\u{0}\u{85}y"]
        {
            let mail = build_text(Some(sly), sly);
            assert_eq!(headers(&mail), EXPECTED, "{mail}");
        }
        let mail = build_text(Some("Ana <eve@x.example>, \"Eve\""), "s");
        assert_eq!(headers(&mail), EXPECTED, "{mail}");
        assert_eq!(mail.matches("eve@").count(), 0, "{mail}");
    }

    #[test]
    fn headers_are_ascii_whatever_they_say() {
        let mail = build_text(Some("Zoë"), "Reminder: Brandschutz für Anfänger 🔥");
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.is_ascii(), "{head}");
    }

    #[test]
    fn a_tenants_address_wins() {
        assert_eq!(sender(Some("school@x.example"), "a@b.example").unwrap().to_string(), "school@x.example");
        assert!(sender(None, "nobody").is_err());
    }
}
