//! Meetings as iCalendar (RFC 5545): for calendars to read, and for mails to carry (RFC 5546).
//!
//! A meeting has one UID for life, and SEQUENCE rises with each change that callers see. What a calendar
//! shows are the true dates: a rule is written only where every calendar expands it to them, else each date is
//! listed. Texts of users are values of properties and can begin none of their own.

mod event;
mod moment;
mod series;
mod text;

use calcard::common::{CalendarScale, IanaString};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarProperty,
};
use chrono::{DateTime, Utc};

use self::event::Events;
use self::series::Series;
use crate::domain::email::Email;
use crate::domain::meeting::{Meeting, State};
use crate::language::Language;
use crate::mail::message::Mailbox;

/// The media type of what [`write()`] gives; for a mail, `method` is to be added ([`Purpose::method`]).
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// What a calendar object is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// To be read by whoever may: it names no attendee.
    Publish,
    /// Asks one attendee to come, or tells of a change.
    Request(Invited<'a>),
    /// Tells one attendee that it is called off.
    Cancel(Invited<'a>),
    /// Tells one that they do not attend it any more.
    Uninvite(Invited<'a>),
}

/// The one attendee that a calendar object is for: none sees the address of another.
#[derive(Debug, Clone, Copy)]
pub struct Invited<'a> {
    /// The address.
    pub email: &'a Email,
    /// The name, where it is known.
    pub name: Option<&'a str>,
}

/// Who publishes meetings.
#[derive(Debug, Clone, Copy)]
pub struct Publisher<'a> {
    /// Who stands there as the organizer: the sender of mails, since answers go nowhere else.
    pub organizer: &'a Mailbox,
    /// The host name of the API, which makes a meeting's id unique in the world.
    pub domain: &'a str,
}

/// Writes a meeting in `language`, as it is known at `now`.
pub fn write(
    meeting: &Meeting,
    purpose: Purpose<'_>,
    publisher: Publisher<'_>,
    language: Language,
    now: DateTime<Utc>,
) -> String {
    let cancelled =
        meeting.state == State::Cancelled || matches!(purpose, Purpose::Cancel(_) | Purpose::Uninvite(_));
    let events = Events { meeting, purpose, publisher, language, cancelled, now };
    let series = Series::of(meeting);
    let mut calendar = ICalendar { components: vec![head(purpose)] };
    let first = std::iter::once(events.whole(&series));
    for event in first.chain(series.exceptions.iter().map(|(slot, date)| events.exception(*slot, date))) {
        let event = add(&mut calendar, 0, event);
        if let Some(alarm) = events.alarm() {
            add(&mut calendar, event, alarm);
        }
    }
    let zone = meeting.schedule.time_zone;
    if !moment::is_utc(zone) {
        let (from, to) = series.years();
        calendar.add_timezone(zone.name(), from.timestamp(), to.timestamp());
    }
    calendar.to_string()
}

impl Purpose<'_> {
    /// The method (RFC 5546, 1.4), which the media type of a mail's part repeats.
    pub fn method(self) -> &'static str {
        self.as_method().as_str()
    }

    fn as_method(self) -> &'static ICalendarMethod {
        match self {
            Self::Publish => &ICalendarMethod::Publish,
            Self::Request(_) => &ICalendarMethod::Request,
            Self::Cancel(_) | Self::Uninvite(_) => &ICalendarMethod::Cancel,
        }
    }
}

fn head(purpose: Purpose<'_>) -> ICalendarComponent {
    let mut head = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    head.add_property(ICalendarProperty::Version, "2.0");
    head.add_property(ICalendarProperty::Prodid, "-//Lectern//Lectern//EN");
    head.add_property(ICalendarProperty::Calscale, CalendarScale::Gregorian);
    head.add_property(ICalendarProperty::Method, purpose.as_method().clone());
    head
}

/// Adds a component inside another; returns its place.
fn add(calendar: &mut ICalendar, parent: usize, component: ICalendarComponent) -> usize {
    let place = calendar.components.len();
    calendar.components.push(component);
    // A meeting has some sixty dates at most, each with one alarm.
    calendar.components[parent].component_ids.extend(u32::try_from(place));
    place
}
