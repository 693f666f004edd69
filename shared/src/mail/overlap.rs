//! What a mail says to whoever connected an app on which a meeting overlaps with what was made in Zoom.

use super::owner::{Letter, Reason};
use super::when::When;
use super::{Content, one_line};
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;
use crate::language::{Language, Message};

/// A mail to be written.
#[derive(Debug, Clone, Copy)]
pub struct Overlap<'a> {
    /// The meeting.
    pub meeting: &'a Meeting,
    /// The first date that overlaps.
    pub date: Interval,
    /// The reader's language (BCP 47).
    pub locale: &'a str,
}

impl Overlap<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// When a template cannot be rendered, which is to say out of memory.
    pub fn write(&self) -> Result<Content, askama::Error> {
        let language = Language::of_locale(Some(self.locale));
        let when = When::new(language, self.date, self.meeting.schedule.time_zone);
        let host = self.meeting.host.as_ref().map(|host| host.display_name.as_str()).unwrap_or_default();
        let mail = Message::new("overlap-mail")
            .with("topic", one_line(&self.meeting.topic))
            .with("moment", when.short.as_str())
            .with("host", one_line(host));
        let of = |attribute: &'static str| language.say(&mail.clone().attribute(attribute));
        let detail = format!("{}, {}", when.day_and_hours, when.zone);
        let letter = Letter {
            language: language.tag(),
            subject: language.say(&mail),
            lead: of("lead"),
            reasons: vec![Reason { detail, fix: Some(of("advice")) }],
            fix_label: of("fix"),
            consequence: of("consequence"),
            because: of("because"),
        };
        letter.write()
    }
}
