//! What those who attend a meeting are told: that they are invited, that it has changed, that it will not
//! take place, that it begins soon.

use askama::Template;
use chrono::{DateTime, Utc};

use super::links::{self, Links};
use super::when::{When, countdown};
use super::{Content, one_line};
use crate::domain::attendee::Attendee;
use crate::domain::interval::Interval;
use crate::domain::meeting::{Date, Kind, Meeting};
use crate::domain::news::Told;
use crate::domain::wall_time;
use crate::language::{Language, Message};

/// The most dates of a series that are listed.
const MOST_DATES: usize = 10;

/// A mail to be written.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// What it tells.
    pub kind: NoticeKind,
    /// Of which meeting.
    pub meeting: &'a Meeting,
    /// To whom.
    pub attendee: &'a Attendee,
    /// Whether that is the host, who starts the meeting rather than joins it.
    pub is_host: bool,
    /// The language, where the attendee's is not known (BCP 47).
    pub locale: &'a str,
    /// Where the attendee can have no more mails.
    pub unsubscribe_url: Option<&'a str>,
    /// The moment at which it is sent.
    pub now: DateTime<Utc>,
}

/// What a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// One is invited.
    Invitation,
    /// Something about the meeting has changed.
    Update,
    /// The meeting will not take place.
    Cancellation,
    /// One is not among the attendees any more.
    Removal,
    /// One of the dates begins soon.
    Reminder {
        /// Which.
        date: Interval,
    },
}

impl From<Told> for NoticeKind {
    fn from(told: Told) -> Self {
        match told {
            Told::Invitation => Self::Invitation,
            Told::Update => Self::Update,
            Told::Cancellation => Self::Cancellation,
            Told::Removal => Self::Removal,
        }
    }
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct Text<'a> {
    mail: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Html<'a> {
    mail: &'a Parts<'a>,
}

/// What the templates put in place.
struct Parts<'a> {
    language: &'static str,
    subject: String,
    preheader: String,
    greeting: String,
    heading: String,
    lead: String,
    topic: String,
    when_label: String,
    when_line: String,
    when: When,
    host: Option<Row>,
    links: Option<Links>,
    keys: Vec<Row>,
    agenda: Option<Agenda<'a>>,
    dates: Option<Dates>,
    because: String,
    unsubscribe: Option<(String, &'a str)>,
}

/// A label and what belongs to it, apart and as one line.
struct Row {
    label: String,
    value: String,
    line: String,
}

struct Agenda<'a> {
    label: String,
    lines: Vec<&'a str>,
}

/// The dates of a series.
struct Dates {
    heading: String,
    listed: Vec<ListedDate>,
    more: Option<String>,
}

struct ListedDate {
    when: When,
    agenda: Option<String>,
}

impl Notice<'_> {
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
        let language = self.language();
        let to_come = self.dates_to_come();
        let date = self.date(&to_come);
        let when = When::new(language, date, self.zone());
        let say = |message: Message| language.say(&message);

        let topic = one_line(&self.meeting.topic);
        let mail = self.about(self.key()).with("topic", topic.as_str()).with("moment", when.short.as_str());
        let mail = mail.with("countdown", countdown(self.now, date.starts_at, self.zone()));
        let heading = say(mail.clone().attribute("heading"));
        let preheader = Message::new("mail-preheader").with("heading", heading.as_str());
        let preheader = preheader.with("moment", when.short.as_str()).with("zone", when.zone.as_str());
        let when_label = say(self.when_label(to_come.len()));
        let because = self.about("mail-because");
        Parts {
            language: language.tag(),
            subject: say(mail.clone()),
            preheader: say(preheader),
            greeting: say(self.greeting()),
            heading,
            lead: say(mail.attribute("lead")),
            topic,
            when_line: line(language, &when_label, &when.day_and_hours),
            when_label,
            host: self.host(),
            links: self.is_on().then(|| self.links()).flatten(),
            keys: if self.is_on() { self.keys() } else { Vec::new() },
            agenda: self.agenda(if to_come.len() > 1 { None } else { Some(date) }),
            dates: (to_come.len() > 1).then(|| self.listed(&to_come)),
            because: say(match self.kind {
                NoticeKind::Removal => because.attribute("removed"),
                _ if self.is_host => because.attribute("host"),
                _ => because,
            }),
            unsubscribe: self
                .unsubscribe_url
                .filter(|url| links::is_of_the_web(url))
                .map(|url| (say(Message::new("mail-unsubscribe")), url)),
            when,
        }
    }

    fn key(&self) -> &'static str {
        match self.kind {
            NoticeKind::Invitation => "invitation-mail",
            NoticeKind::Update => "update-mail",
            NoticeKind::Cancellation => "cancellation-mail",
            NoticeKind::Removal => "removal-mail",
            NoticeKind::Reminder { .. } => "reminder-mail",
        }
    }

    fn is_on(&self) -> bool {
        !matches!(self.kind, NoticeKind::Cancellation | NoticeKind::Removal)
    }

    fn language(&self) -> Language {
        Language::of_locale(Some(self.attendee.locale.as_deref().unwrap_or(self.locale)))
    }

    fn zone(&self) -> chrono_tz::Tz {
        self.attendee.time_zone.unwrap_or(self.meeting.schedule.time_zone)
    }

    /// A message that names the meeting, or the webinar.
    fn about(&self, key: &'static str) -> Message {
        Message::new(key).with("kind", kind_name(self.meeting.kind))
    }

    /// The dates that the mail is about, soonest first: of a reminder none but its own.
    fn dates_to_come(&self) -> Vec<&Date> {
        match self.kind {
            NoticeKind::Reminder { .. } => Vec::new(),
            NoticeKind::Removal => self.meeting.current_date(self.now).into_iter().collect(),
            _ => self.meeting.live_dates().filter(|date| date.interval.ends_at > self.now).collect(),
        }
    }

    /// The date that stands out: a reminder's own, else the next, else the last there was.
    fn date(&self, to_come: &[&Date]) -> Interval {
        if let NoticeKind::Reminder { date } = self.kind {
            return date;
        }
        let next = to_come.first().copied().or(self.meeting.dates.last());
        next.map_or_else(
            || {
                let schedule = &self.meeting.schedule;
                let start = wall_time::resolve_shifting(schedule.local_start, schedule.time_zone);
                Interval::of_minutes(start, schedule.duration_minutes)
            },
            |date| date.interval,
        )
    }

    fn greeting(&self) -> Message {
        let greeting = Message::new("mail-greeting");
        match self.attendee.name.as_deref().map(one_line).filter(|name| !name.is_empty()) {
            Some(name) => greeting.with("name", name),
            None => greeting.attribute("nameless"),
        }
    }

    fn when_label(&self, to_come: usize) -> Message {
        let label = Message::new("mail-when");
        match self.kind {
            NoticeKind::Cancellation => label.attribute("cancelled"),
            _ if to_come > 1 => label.attribute("next"),
            _ => label,
        }
    }

    fn row(&self, label: &Message, value: String) -> Row {
        let language = self.language();
        let label = language.say(label);
        Row { line: line(language, &label, &value), label, value }
    }

    fn host(&self) -> Option<Row> {
        let name = self.meeting.host.as_ref().map(|host| one_line(&host.display_name));
        name.filter(|name| !name.is_empty()).map(|name| self.row(&Message::new("mail-host"), name))
    }

    fn links(&self) -> Option<Links> {
        let zoom = self.meeting.zoom.as_ref()?;
        Links::new(self.language(), kind_name(self.meeting.kind), zoom, self.is_host)
    }

    /// What one enters by hand.
    fn keys(&self) -> Vec<Row> {
        let number = self.meeting.zoom.as_ref().map(|zoom| grouped(zoom.id));
        let passcode = self.meeting.passcode.clone().filter(|passcode| !passcode.is_empty());
        let number = number.map(|number| self.row(&self.about("mail-number"), number));
        let passcode = passcode.map(|passcode| self.row(&Message::new("mail-passcode"), passcode));
        number.into_iter().chain(passcode).collect()
    }

    /// What the meeting is about; of one date alone, what that is about, where it has an agenda of its own.
    fn agenda(&self, only: Option<Interval>) -> Option<Agenda<'_>> {
        let date = only.and_then(|only| self.meeting.live_dates().find(|date| date.interval == only));
        let agenda = date.and_then(|date| date.agenda.as_deref()).unwrap_or(&self.meeting.agenda).trim();
        (!agenda.is_empty()).then(|| Agenda {
            label: self.language().say(&Message::new("mail-agenda")),
            lines: agenda.lines().collect(),
        })
    }

    fn listed(&self, to_come: &[&Date]) -> Dates {
        let (language, zone) = (self.language(), self.zone());
        let heading = Message::new("mail-dates").with("count", count(to_come.len()));
        let rest = to_come.len().saturating_sub(MOST_DATES);
        let more = Message::new("mail-dates").attribute("more").with("count", count(rest));
        Dates {
            heading: language.say(&if self.is_on() { heading } else { heading.attribute("cancelled") }),
            listed: to_come
                .iter()
                .take(MOST_DATES)
                .map(|date| ListedDate {
                    when: When::new(language, date.interval, zone),
                    agenda: date.agenda.as_deref().map(one_line).filter(|agenda| !agenda.is_empty()),
                })
                .collect(),
            more: (rest > 0).then(|| language.say(&more)),
        }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Meeting => "meeting",
        Kind::Webinar => "webinar",
    }
}

fn line(language: Language, label: &str, value: &str) -> String {
    language.say(&Message::new("mail-line").with("label", label).with("value", value))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
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
#[path = "notice_tests/mod.rs"]
mod tests;
