//! The events of a meeting (RFC 5545, 3.6.1), and their alarm.

use calcard::icalendar::{
    ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarFeatureType, ICalendarParameter, ICalendarParameterName, ICalendarParameterValue,
    ICalendarParticipationRole, ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus,
    ICalendarTransparency, ICalendarValue, ICalendarValueType, Uri,
};
use chrono::{DateTime, Utc};

use super::series::Series;
use super::{Invited, Publisher, Purpose, moment, text};
use crate::domain::meeting::{Date, Kind, Meeting, ZoomMeeting};
use crate::domain::offset::ReminderOffset;
use crate::language::{Language, Message};
use crate::mail::one_line;

/// How long before the start a calendar rings where the meeting has no reminder.
const ALARM: ReminderOffset = ReminderOffset::Minutes(15);

/// What all events of a calendar object have in common.
pub(super) struct Events<'a> {
    pub(super) meeting: &'a Meeting,
    pub(super) purpose: Purpose<'a>,
    pub(super) publisher: Publisher<'a>,
    pub(super) language: Language,
    pub(super) cancelled: bool,
    pub(super) now: DateTime<Utc>,
}

impl Events<'_> {
    /// The event of a single meeting, or of a series but for its exceptions.
    pub(super) fn whole(&self, series: &Series<'_>) -> ICalendarComponent {
        let schedule = &self.meeting.schedule;
        let mut event = self.event(&self.meeting.agenda);
        let at = |name, moment| moment::local(name, moment, schedule.time_zone);
        event.entries.push(at(ICalendarProperty::Dtstart, series.first.starts_at));
        if schedule.recurrence.is_none() {
            event.entries.push(at(ICalendarProperty::Dtend, series.first.ends_at));
            return event;
        }
        // An end would be read as so long on the first date's wall clock.
        event.add_property(ICalendarProperty::Duration, minutes(schedule.duration_minutes));
        if let Some(rule) = &series.rule {
            event.add_property(ICalendarProperty::Rrule, rule.clone());
        }
        let listed = series.listed.iter().map(|slot| at(ICalendarProperty::Rdate, *slot));
        event.entries.extend(listed);
        event.entries.extend(series.excluded.iter().map(|slot| at(ICalendarProperty::Exdate, *slot)));
        event
    }

    /// The event of a date that is another than its slot makes it.
    pub(super) fn exception(&self, slot: DateTime<Utc>, date: &Date) -> ICalendarComponent {
        let zone = self.meeting.schedule.time_zone;
        let mut event = self.event(date.agenda.as_deref().unwrap_or(&self.meeting.agenda));
        event.entries.push(moment::local(ICalendarProperty::RecurrenceId, slot, zone));
        event.entries.push(moment::local(ICalendarProperty::Dtstart, date.interval.starts_at, zone));
        event.entries.push(moment::local(ICalendarProperty::Dtend, date.interval.ends_at, zone));
        event
    }

    /// Rings at the reminder that is nearest to the start; not for what is called off (RFC 5546, 3.2.5).
    pub(super) fn alarm(&self) -> Option<ICalendarComponent> {
        if self.cancelled {
            return None;
        }
        let in_minutes = |offset: &ReminderOffset| match *offset {
            ReminderOffset::Days(days) => u32::from(days) * 24 * 60,
            ReminderOffset::Minutes(minutes) => u32::from(minutes),
        };
        let before = match self.meeting.reminders.iter().copied().min_by_key(in_minutes).unwrap_or(ALARM) {
            ReminderOffset::Days(days) => ICalendarDuration { days: days.into(), ..Default::default() },
            ReminderOffset::Minutes(offset) => minutes(offset),
        };
        let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
        alarm.add_property(ICalendarProperty::Action, ICalendarAction::Display);
        alarm.add_property(ICalendarProperty::Description, one_line(&self.meeting.topic));
        alarm.add_property(ICalendarProperty::Trigger, ICalendarDuration { neg: true, ..before });
        Some(alarm)
    }

    /// An event that has no time yet.
    fn event(&self, agenda: &str) -> ICalendarComponent {
        let meeting = self.meeting;
        let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
        event.add_uid(&format!("{}@{}", meeting.id, self.publisher.domain));
        event.add_sequence(i64::try_from(meeting.version.saturating_sub(1)).unwrap_or(i64::MAX));
        event.add_dtstamp(moment::utc(self.now));
        event.add_property(ICalendarProperty::Created, moment::utc(meeting.created_at));
        event.add_property(ICalendarProperty::LastModified, moment::utc(meeting.updated_at));
        event.entries.push(self.organizer());
        if let Purpose::Request(invited) | Purpose::Cancel(invited) | Purpose::Uninvite(invited) =
            self.purpose
        {
            event.entries.push(attendee(invited));
        }
        event.add_property(ICalendarProperty::Summary, one_line(&meeting.topic));
        // Who is uninvited is told nothing by which to come in.
        let zoom = meeting.zoom.as_ref().filter(|_| !matches!(self.purpose, Purpose::Uninvite(_)));
        let description = self.description(agenda, zoom);
        if !description.is_empty() {
            event.add_property(ICalendarProperty::Description, description);
        }
        if let Some(zoom) = zoom {
            let link = || Uri::Location(zoom.join_url.clone());
            event.add_property(ICalendarProperty::Location, one_line(&zoom.join_url));
            event.add_property(ICalendarProperty::Url, link());
            event.entries.push(self.conference(link()));
        }
        let (status, transparency) = if self.cancelled {
            (ICalendarStatus::Cancelled, ICalendarTransparency::Transparent)
        } else {
            (ICalendarStatus::Confirmed, ICalendarTransparency::Opaque)
        };
        // For who is uninvited it is not the event that is called off (RFC 5546, 3.2.5).
        if !matches!(self.purpose, Purpose::Uninvite(_)) {
            event.add_property(ICalendarProperty::Status, status);
        }
        event.add_property(ICalendarProperty::Transp, ICalendarValue::Transparency(transparency));
        event
    }

    fn organizer(&self) -> ICalendarEntry {
        let organizer = self.publisher.organizer;
        let name = organizer.name.as_deref().map(|name| ICalendarParameter::cn(text::parameter(name)));
        ICalendarEntry::new(ICalendarProperty::Organizer)
            .with_param_opt(name)
            .with_value(text::mailto(organizer.email.as_ref()))
    }

    /// How to come in, for calendars that show a button for it (RFC 7986, 5.11).
    fn conference(&self, link: Uri) -> ICalendarEntry {
        let feature = |feature| {
            let value = ICalendarParameterValue::Feature(feature);
            ICalendarParameter::new(ICalendarParameterName::Feature, value)
        };
        ICalendarEntry::new(ICalendarProperty::Conference)
            .with_param(ICalendarParameter::value(ICalendarValueType::Uri))
            .with_param(feature(ICalendarFeatureType::Audio))
            .with_param(feature(ICalendarFeatureType::Video))
            .with_param(ICalendarParameter::label(text::parameter(&self.language.say(&self.label()))))
            .with_value(link)
    }

    /// The agenda, the link and the passcode.
    fn description(&self, agenda: &str, zoom: Option<&ZoomMeeting>) -> String {
        let mut access = Vec::new();
        if let Some(zoom) = zoom {
            let link = Message::new("calendar-link").with("label", self.label());
            access.push(self.language.say(&link.with("link", zoom.join_url.as_str())));
        }
        if let Some(passcode) = zoom.and(self.meeting.passcode.as_ref()) {
            access.push(
                self.language.say(&Message::new("calendar-passcode").with("passcode", passcode.as_str())),
            );
        }
        let parts = [agenda.trim().to_owned(), access.join("\n")];
        let filled: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text::lines(&filled.join("\n\n"))
    }

    fn label(&self) -> Message {
        Message::new(match self.meeting.kind {
            Kind::Meeting => "calendar-join-meeting",
            Kind::Webinar => "calendar-join-webinar",
        })
    }
}

/// Nobody reads answers: none is asked for.
fn attendee(invited: Invited<'_>) -> ICalendarEntry {
    let name = invited.name.map(text::parameter).filter(|name| !name.is_empty());
    let role = ICalendarParameterValue::Role(ICalendarParticipationRole::ReqParticipant);
    ICalendarEntry::new(ICalendarProperty::Attendee)
        .with_param(ICalendarParameter::role(role))
        .with_param(ICalendarParameter::partstat(ICalendarParticipationStatus::NeedsAction))
        .with_param(ICalendarParameter::rsvp(false))
        .with_param_opt(name.map(ICalendarParameter::cn))
        .with_value(text::mailto(invited.email.as_str()))
}

fn minutes(minutes: u16) -> ICalendarDuration {
    let minutes = u32::from(minutes);
    ICalendarDuration { hours: minutes / 60, minutes: minutes % 60, ..Default::default() }
}
