//! What a mail says to whoever connected an app that has stopped working.

use askama::Template;

use super::{Content, one_line};
use crate::domain::connection::{CheckStatus, Connection};

/// A mail to be written.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionFailed<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// The reader's language (BCP 47).
    pub locale: &'a str,
}

#[derive(Template)]
#[template(path = "connection_failed.txt")]
struct Text<'a> {
    mail: &'a Parts,
}

#[derive(Template)]
#[template(path = "connection_failed.html")]
struct Html<'a> {
    mail: &'a Parts,
}

/// What the templates put in place.
struct Parts {
    language: &'static str,
    subject: String,
    lead: String,
    reasons: Vec<Reason>,
    fix_label: String,
    consequence: String,
    because: String,
}

struct Reason {
    detail: String,
    fix: Option<String>,
}

impl ConnectionFailed<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// When a template cannot be rendered, which is to say out of memory.
    pub fn write(&self) -> Result<Content, askama::Error> {
        let parts = self.parts();
        let (text, html) = (Text { mail: &parts }.render()?, Html { mail: &parts }.render()?);
        Ok(Content { subject: parts.subject, text, html })
    }

    fn parts(&self) -> Parts {
        let name = one_line(&self.connection.name);
        let checks = &self.connection.verification.checks;
        let failed = checks.iter().filter(|check| check.status == CheckStatus::Fail);
        Parts {
            language: "en",
            subject: format!("The Zoom connection {name} has stopped working"),
            lead: format!("{name} {}", self.locale),
            reasons: failed
                .map(|check| Reason { detail: check.detail.clone(), fix: check.fix.clone() })
                .collect(),
            fix_label: "What to do".to_owned(),
            consequence: String::new(),
            because: String::new(),
        }
    }
}
