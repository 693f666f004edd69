//! What a reminder says.

use askama::Template;
use chrono::{DateTime, Utc};

use super::when::{When, countdown};
use super::words::Words;
use super::{Content, one_line};
use crate::domain::attendee::Attendee;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};

/// A reminder to be written.
#[derive(Debug, Clone, Copy)]
pub struct Reminder<'a> {
    /// Of which meeting.
    pub meeting: &'a Meeting,
    /// Of which of its dates.
    pub date: Interval,
    /// To whom.
    pub attendee: &'a Attendee,
    /// The language, where the attendee's is not known (BCP 47).
    pub locale: &'a str,
    /// The moment at which it is sent.
    pub now: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "reminder.txt")]
struct Text<'a> {
    mail: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "reminder.html")]
struct Html<'a> {
    mail: &'a Parts<'a>,
}

/// What the templates put in place.
struct Parts<'a> {
    words: &'a Words,
    subject: String,
    preheader: String,
    greeting: String,
    starts: String,
    topic_starts: String,
    topic: String,
    when: When,
    host: Option<String>,
    join: &'a str,
    link: Option<&'a str>,
    number: Option<String>,
    passcode: Option<&'a str>,
    agenda: Vec<&'a str>,
}

impl Reminder<'_> {
    /// Writes it, in the attendee's language and zone where these are known.
    ///
    /// # Errors
    /// When a template cannot be rendered, which is to say out of memory.
    pub fn write(&self) -> Result<Content, askama::Error> {
        let parts = self.parts();
        let (text, html) = (Text { mail: &parts }.render()?, Html { mail: &parts }.render()?);
        Ok(Content { subject: parts.subject, text, html })
    }

    fn parts(&self) -> Parts<'_> {
        let Self { meeting, date, attendee, .. } = *self;
        let words = Words::of(attendee.locale.as_deref().unwrap_or(self.locale));
        let zone = attendee.time_zone.unwrap_or(meeting.schedule.time_zone);
        let when = When::new(words, date, zone);
        let countdown = countdown(words, self.now, date.starts_at, zone);
        let topic = one_line(&meeting.topic);
        let starts = (words.starts)(&countdown);
        let zoom = meeting.zoom.as_ref();
        let name = attendee.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        Parts {
            words,
            subject: (words.reminder_subject)(&topic, &when.short),
            preheader: format!("{starts}: {}, {}", when.short, when.zone),
            greeting: name
                .map_or_else(|| words.greeting_without_name.to_owned(), |name| (words.greeting)(&name)),
            topic_starts: (words.topic_starts)(&topic, &countdown),
            starts,
            topic,
            when,
            host: meeting.host.as_ref().map(|host| one_line(&host.display_name)).filter(|n| !n.is_empty()),
            join: match meeting.kind {
                Kind::Meeting => words.join_meeting,
                Kind::Webinar => words.join_webinar,
            },
            // A link of another scheme (`javascript:`) could do harm; Zoom gives none.
            link: zoom.map(|zoom| zoom.join_url.as_str()).filter(|link| {
                url::Url::parse(link).is_ok_and(|link| matches!(link.scheme(), "https" | "http"))
            }),
            number: zoom.map(|zoom| grouped(zoom.id)),
            passcode: meeting.passcode.as_deref().filter(|passcode| !passcode.is_empty()),
            agenda: meeting.agenda.trim().lines().collect(),
        }
    }
}

/// A meeting's number as Zoom shows it: `825 4772 4140`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len().min(3));
    let middle = tail.len().saturating_sub(4);
    let (middle, end) = tail.split_at(middle);
    [head, middle, end].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "reminder_tests.rs"]
mod tests;
