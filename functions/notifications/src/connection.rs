//! One message: that a connection has stopped working, to whoever connected it.

use chrono::TimeDelta;
use shared::deps::Deps;
use shared::mail::connection_failed::ConnectionFailed;
use shared::mail::mailer::{Mailer, MailerError};
use shared::mail::message::{self, Extras, MessageError};
use shared::notices::ConnectionNotice;
use shared::store::StoreError;
use shared::store::keys;

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

/// Writes to whoever connected the app, once for each time that it stops working.
///
/// Whoever claims the notice first sends it. A crash between the claim and SES's answer leaves it unsent: once too
/// few is better here than again and again.
pub(crate) async fn tell(deps: &Deps, mailer: &Mailer, notice: &ConnectionNotice) -> Result<Told, NotTold> {
    let (tenant, id, since) = (&notice.tenant, &notice.connection_id, notice.since);
    let (connection, settings) =
        futures::try_join!(deps.store.connection(tenant, id), deps.store.tenant_settings(tenant))?;
    let fails = |since| move |failure: &shared::domain::connection::Failure| failure.since == since;
    let Some(connection) = connection.filter(|one| one.failure.as_ref().is_some_and(fails(since))) else {
        return Ok(Told::Not("it works again, or is gone"));
    };
    let Some(contact) = &connection.contact else {
        return Ok(Told::Not("the LMS never told the address of whoever connected it"));
    };
    if !settings.email.enabled {
        return Ok(Told::Not("the tenant wants no mails"));
    }
    let now = deps.clock.now();
    let from = message::sender(settings.email.from.as_deref(), &deps.config.mail_from)?;
    let locale = contact.locale.as_deref().unwrap_or(&settings.locale);
    let content = ConnectionFailed { connection: &connection, locale }.write()?;
    let mail = message::build(&from, (&contact.email, None), content, Extras::default(), now)?;
    let key = keys::failure_notice(tenant, id, since);
    if !deps.store.claim_once(&key, now + REMEMBERED).await? {
        return Ok(Told::Not("it was sent before"));
    }
    match mailer.send(mail).await {
        Ok(()) => Ok(Told::Sent),
        Err(error @ MailerError::NotNow(_)) => {
            deps.store.give_back(&key).await?;
            Err(error.into())
        }
        // It may have been taken, or never will be.
        Err(MailerError::Refused(_)) => Ok(Told::Not("SES refused the mail")),
        Err(MailerError::Unclear(_)) => Ok(Told::Not("SES did not say whether it took the mail")),
    }
}
