//! What a mail to whoever connected an app looks like.

use askama::Template;

use super::Content;

/// What the templates put in place.
pub(super) struct Letter {
    pub(super) language: &'static str,
    pub(super) subject: String,
    pub(super) lead: String,
    pub(super) reasons: Vec<Reason>,
    pub(super) fix_label: String,
    pub(super) consequence: String,
    pub(super) because: String,
}

/// What it is about, and what to do about it.
pub(super) struct Reason {
    pub(super) detail: String,
    pub(super) fix: Option<String>,
}

#[derive(Template)]
#[template(path = "owner.txt")]
struct Text<'a> {
    mail: &'a Letter,
}

#[derive(Template)]
#[template(path = "owner.html")]
struct Html<'a> {
    mail: &'a Letter,
}

impl Letter {
    /// Writes it.
    pub(super) fn write(self) -> Result<Content, askama::Error> {
        let (text, html) = (Text { mail: &self }.render()?, Html { mail: &self }.render()?);
        Ok(Content { subject: self.subject, text, html })
    }
}
