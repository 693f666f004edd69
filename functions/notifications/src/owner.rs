//! Mails to whoever connected an app.

use chrono::TimeDelta;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::mail::Content;
use shared::mail::mailer::{Mailer, MailerError};
use shared::mail::message::{self, Extras, MessageError};
use shared::store::StoreError;
use shared::store::keys::Key;

/// How long it is remembered that a mail was sent: longer than a queue keeps a message.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// SES took the mail.
    Sent,
    /// There was none to be sent.
    Not(&'static str),
}

/// Why a mail is to be tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTold {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no one to send as, or to.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The mail could not be written.
    #[error("the mail cannot be written: {0}")]
    Template(#[from] askama::Error),
    /// SES did not take it.
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

/// Writes to whoever connected the app, once for each `key`; `content` writes the mail in a language.
///
/// Whoever claims the key first sends it. A crash between the claim and SES's answer leaves it unsent: once too few
/// is better here than again and again.
pub(crate) async fn tell(
    deps: &Deps,
    mailer: &Mailer,
    connection: &Connection,
    key: &Key,
    content: impl FnOnce(&str) -> Result<Content, askama::Error>,
) -> Result<Told, NotTold> {
    let Some(contact) = &connection.contact else {
        return Ok(Told::Not("the LMS never told the address of whoever connected it"));
    };
    let settings = deps.store.tenant_settings(&connection.tenant).await?;
    if !settings.email.enabled {
        return Ok(Told::Not("the tenant wants no mails"));
    }
    let now = deps.clock.now();
    let from = message::sender(settings.email.from.as_deref(), &deps.config.mail_from)?;
    let content = content(contact.locale.as_deref().unwrap_or(&settings.locale))?;
    let mail = message::build(&from, (&contact.email, None), content, Extras::default(), now)?;
    if !deps.store.claim_once(key, now + REMEMBERED).await? {
        return Ok(Told::Not("it was sent before"));
    }
    match mailer.send(mail).await {
        Ok(()) => Ok(Told::Sent),
        Err(error @ MailerError::NotNow(_)) => {
            deps.store.give_back(key).await?;
            Err(error.into())
        }
        // It may have been taken, or never will be.
        Err(MailerError::Refused(_)) => Ok(Told::Not("SES refused the mail")),
        Err(MailerError::Unclear(_)) => Ok(Told::Not("SES did not say whether it took the mail")),
    }
}
