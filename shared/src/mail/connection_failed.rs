//! What a mail says to whoever connected an app that has stopped working.

use super::owner::{Letter, Reason};
use super::{Content, one_line};
use crate::domain::connection::{CheckStatus, Connection};
use crate::language::{Language, Message};

/// A mail to be written.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionFailed<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// The reader's language (BCP 47).
    pub locale: &'a str,
}

impl ConnectionFailed<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// When a template cannot be rendered, which is to say out of memory.
    pub fn write(&self) -> Result<Content, askama::Error> {
        self.letter().write()
    }

    fn letter(&self) -> Letter {
        let language = Language::of_locale(Some(self.locale));
        let kind = if self.connection.is_deauthorized() { "deauthorized-mail" } else { "failed-mail" };
        let mail = Message::new(kind).with("name", one_line(&self.connection.name));
        let of = |attribute: &'static str| language.say(&mail.clone().attribute(attribute));
        let findings = self.connection.verification.checks.iter().map(|check| &check.finding);
        let failures = findings.filter(|finding| finding.status() == CheckStatus::Fail);
        Letter {
            language: language.tag(),
            subject: language.say(&mail),
            lead: of("lead"),
            reasons: failures
                .map(|finding| Reason {
                    detail: language.say(&finding.detail()),
                    fix: finding.fix().map(|fix| language.say(&fix)),
                })
                .collect(),
            fix_label: of("fix"),
            consequence: of("consequence"),
            because: of("because"),
        }
    }
}
