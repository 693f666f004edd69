//! Reads a mail out of the request that sends it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};
use serde::Deserialize;

use crate::mailbox::Mail;

/// Why a mail cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum MailError {
    #[error("the request is no SendEmail request: {0}")]
    Request(#[from] serde_json::Error),
    #[error("the content is not base64: {0}")]
    Encoding(#[from] base64::DecodeError),
    #[error("the raw content is no mail")]
    Mime,
    #[error("the content is neither Simple nor Raw")]
    Content,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    content: Content,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
}

impl Attachment {
    fn is_calendar(&self) -> bool {
        let by_type = self.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/calendar"));
        by_type || is_calendar_file(&self.file_name)
    }
}

/// The mail that the body of a `SendEmail` request holds.
pub(super) fn parse(body: &[u8], sent_at: DateTime<Utc>) -> Result<Mail, MailError> {
    let request: SendEmail = serde_json::from_slice(body)?;
    let Destination { to, cc, bcc } = request.destination;
    let to = [to, cc, bcc].concat();
    let from = request.from_email_address.unwrap_or_default();
    if let Some(raw) = request.content.raw {
        let source = STANDARD.decode(raw.data)?;
        let message = MessageParser::default().parse(&source).ok_or(MailError::Mime)?;
        return Ok(from_mime(&message, from, to, sent_at));
    }
    let simple = request.content.simple.ok_or(MailError::Content)?;
    let calendar = simple.attachments.iter().find(|attachment| attachment.is_calendar());
    let ics = calendar.map(|attachment| STANDARD.decode(&attachment.raw_content)).transpose()?;
    Ok(Mail {
        to,
        from,
        subject: simple.subject.data,
        text: simple.body.text.map(|text| text.data),
        html: simple.body.html.map(|text| text.data),
        ics: ics.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        sent_at,
    })
}

/// The envelope's addresses count; the headers' stand in for those it leaves out.
fn from_mime(message: &Message<'_>, from: String, to: Vec<String>, sent_at: DateTime<Utc>) -> Mail {
    Mail {
        to: if to.is_empty() { addresses(message.to()) } else { to },
        from: if from.is_empty() { addresses(message.from()).join(", ") } else { from },
        subject: message.subject().unwrap_or_default().to_owned(),
        text: part(message, |kind, file| kind == "text/plain" && !is_calendar_file(file)),
        html: part(message, |kind, _| kind == "text/html"),
        ics: part(message, |kind, file| kind == "text/calendar" || is_calendar_file(file)),
        sent_at,
    }
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    let all = header.into_iter().flat_map(Address::iter);
    all.filter_map(|address| address.address()).map(str::to_owned).collect()
}

/// The first part that is `wanted` by its type and file name.
fn part(message: &Message<'_>, wanted: impl Fn(&str, &str) -> bool) -> Option<String> {
    message.parts.iter().find_map(|part| {
        let text = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.to_string(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            PartType::Message(_) | PartType::Multipart(_) => return None,
        };
        let kind = part.content_type().map_or_else(
            || "text/plain".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase(),
        );
        wanted(&kind, part.attachment_name().unwrap_or_default()).then_some(text)
    })
}

fn is_calendar_file(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("ics"))
}
