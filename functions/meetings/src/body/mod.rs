//! The body of a booking, read into a meeting.

pub(crate) mod docs;
pub(crate) mod merge;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::attendee::{Attendee, MOST_ATTENDEES};
use shared::domain::ids::{AttendeeId, HostId, MeetingId};
use shared::domain::interval::Interval;
use shared::domain::meeting::{Course, Date, HostName, HostWish, Kind, Meeting, Schedule, State};
use shared::domain::news::News;
use shared::domain::offset::ReminderOffset;
use shared::domain::recording::RecordingAccess;
use shared::domain::settings::PartialSettings;
use shared::http::fields::{Errors, Fault, Field, Reader};
use shared::http::parse;
use shared::http::problem::{FieldCode, Problem};
use shared::http::schedule::{self, Earliest};

use crate::view::{CourseView, RecurrenceView};

/// What a booking asks for.
#[derive(Debug)]
pub(crate) struct Booking {
    pub(crate) topic: String,
    pub(crate) agenda: String,
    pub(crate) kind: Kind,
    pub(crate) schedule: Schedule,
    pub(crate) dates: Vec<Interval>,
    pub(crate) wish: HostWish,
    pub(crate) alternatives: Vec<HostId>,
    pub(crate) passcode: Option<String>,
    pub(crate) courses: Vec<Course>,
    pub(crate) settings: PartialSettings,
    pub(crate) recording_access: RecordingAccess,
    pub(crate) attendees: Option<Vec<Attendee>>,
    pub(crate) reminders: Option<Vec<ReminderOffset>>,
    pub(crate) draft: bool,
    pub(crate) organizer: Option<shared::domain::ids::UserId>,
}

/// Reads a body.
///
/// # Errors
/// `validation_failed`, naming every field that is wrong.
pub(crate) fn read(value: &Value, earliest: Earliest<'_>) -> Result<Booking, Problem> {
    let errors = Errors::default();
    let booking = Reader::body(value, &errors).and_then(|body| fields(&body, earliest));
    errors.finish()?;
    booking.ok_or_else(|| Problem::internal("a booking's fault was not noted"))
}

fn fields(body: &Reader<'_>, earliest: Earliest<'_>) -> Option<Booking> {
    let topic = body.required("topic", |value| parse::prose(value, 1..=200));
    let agenda = body.optional("agenda", |value| parse::prose(value, 0..=2000)).unwrap_or_default();
    let kind = schedule::kind(body);
    let when = schedule::schedule(body, kind, earliest);
    let wish = schedule::host(body);
    let alternatives = alternatives(body);
    let passcode = body.optional("passcode", passcode);
    let courses = courses(body);
    let settings = body.object("settings").map(|settings| self::settings(&settings)).unwrap_or_default();
    let recording_access =
        body.optional("recording_access", |value| parse::one_of(value, &["nobody", "attendees", "course"]));
    let attendees = attendees(body);
    let reminders = reminders(body);
    let draft = body.optional("status", |value| match value.as_str() {
        Some("draft") => Ok(true),
        Some("planned") => Ok(false),
        Some(_) => Err(Fault::invalid("must be `planned` or `draft`")),
        None => Err(Fault::wrong_type("a text")),
    });
    let organizer = body.optional("organizer_id", parse::parsed);
    let (schedule, dates) = when?;
    Some(Booking {
        topic: topic?,
        agenda,
        kind,
        schedule,
        dates,
        wish,
        alternatives,
        passcode,
        courses,
        settings,
        recording_access: recording_access.unwrap_or_default(),
        attendees,
        reminders,
        draft: draft.unwrap_or(false),
        organizer,
    })
}

/// Zoom's rule for passcodes that every account takes: at most 10 letters, digits and `@ - _ *`.
fn passcode(value: &Value) -> Result<String, Fault> {
    let text = parse::text(value, 1..=10)?;
    if text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '-' | '_' | '*')) {
        return Ok(text);
    }
    Err(Fault::invalid("may hold letters, digits and @ - _ *"))
}

fn alternatives(body: &Reader<'_>) -> Vec<HostId> {
    let mut seen = BTreeSet::new();
    let read = body.array("alternative_hosts", 4, |value, pointer| match parse::parsed::<HostId>(value) {
        Ok(id) => {
            note_double(&mut seen, id.clone(), &pointer, body.errors());
            Some(id)
        }
        Err(fault) => {
            body.errors().add(pointer, fault);
            None
        }
    });
    read.value().unwrap_or_default()
}

fn courses(body: &Reader<'_>) -> Vec<Course> {
    let mut seen = BTreeSet::new();
    let read = body.array("courses", 20, |value, pointer| {
        let course = Reader::object_at(value, pointer.clone(), body.errors())?;
        let course_id = course.required("course_id", parse::parsed);
        let lesson_id = course.optional("lesson_id", parse::parsed);
        let course = Course { course_id: course_id?, lesson_id };
        note_double(&mut seen, course.clone(), &pointer, body.errors());
        Some(course)
    });
    read.value().unwrap_or_default()
}

fn reminders(body: &Reader<'_>) -> Option<Vec<ReminderOffset>> {
    let mut seen = BTreeSet::new();
    let read = body.array("reminders", 10, |value, pointer| {
        let fault = match parse::parsed::<String>(value) {
            Err(fault) => fault,
            Ok(text) => match text.parse::<ReminderOffset>() {
                Ok(offset) => {
                    note_double(&mut seen, offset, &pointer, body.errors());
                    return Some(offset);
                }
                Err(error @ shared::domain::offset::InvalidOffset::Range) => {
                    Fault::new(FieldCode::OutOfRange, error.to_string())
                }
                Err(error) => Fault::invalid(error.to_string()),
            },
        };
        body.errors().add(pointer, fault);
        None
    });
    read.value()
}

fn settings(settings: &Reader<'_>) -> PartialSettings {
    let read = PartialSettings {
        join_before_host: settings.optional("join_before_host", parse::boolean),
        host_video: settings.optional("host_video", parse::boolean),
        participant_video: settings.optional("participant_video", parse::boolean),
        mute_upon_entry: settings.optional("mute_upon_entry", parse::boolean),
        enforce_login: settings.optional("enforce_login", parse::boolean),
        waiting_room: settings.optional("waiting_room", parse::boolean),
        recording: settings.optional("recording", |value| parse::one_of(value, &["none", "local", "cloud"])),
    };
    if read.contradicts_itself() {
        let detail = "cannot be on together with join_before_host: Zoom lets attendees wait or come in";
        settings.fault("waiting_room", Fault::new(FieldCode::Contradiction, detail));
    }
    read
}

/// Reads a list of attendees; `None` where there is none.
pub(crate) fn attendees(body: &Reader<'_>) -> Option<Vec<Attendee>> {
    let mut seen = BTreeSet::new();
    let read = body.array("attendees", MOST_ATTENDEES, |value, pointer| {
        let attendee = Reader::object_at(value, pointer.clone(), body.errors())?;
        let id: Option<AttendeeId> = attendee.required("id", parse::parsed);
        let email = attendee.required("email", parse::parsed);
        let name = attendee.optional("name", |value| parse::text(value, 0..=200));
        let locale = attendee.optional("locale", locale);
        let time_zone = attendee.optional("time_zone", schedule::zone);
        let id = id?;
        note_double(&mut seen, id.clone(), &pointer, body.errors());
        let name = name.filter(|name| !name.trim().is_empty());
        Some(Attendee { id, email: email?, name, locale, time_zone, since: 0, added_at: None })
    });
    match read {
        Field::Absent | Field::Wrong => None,
        Field::Null => Some(Vec::new()),
        Field::Value(attendees) => Some(attendees),
    }
}

fn locale(value: &Value) -> Result<String, Fault> {
    let text = parse::text(value, 2..=35)?;
    let well_formed = text
        .split(['-', '_'])
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if well_formed { Ok(text) } else { Err(Fault::invalid("must be a language tag, like pt or pt-BR")) }
}

/// Notes a value that stands in its list already.
fn note_double<K: Ord>(seen: &mut BTreeSet<K>, key: K, pointer: &str, errors: &Errors) {
    if !seen.insert(key) {
        errors.add(pointer, Fault::new(FieldCode::NotUnique, "stands in the list already"));
    }
}

impl Booking {
    /// The meeting that is asked for, under `id`; its host is not chosen yet.
    pub(crate) fn into_meeting(self, deps: &Deps, principal: &Principal, id: MeetingId) -> Meeting {
        let now = deps.clock.now();
        let attendees = self.attendees.as_ref().map_or(0, Vec::len);
        Meeting {
            id,
            tenant: principal.tenant.clone(),
            organizer_id: self.organizer.unwrap_or_else(|| principal.user.clone()),
            state: if self.draft { State::Draft } else { State::Pending },
            kind: self.kind,
            topic: self.topic,
            agenda: self.agenda,
            dates: self.dates.into_iter().map(Date::planned).collect(),
            schedule: self.schedule,
            wish: self.wish,
            alternative_wishes: self.alternatives,
            host: None,
            alternative_hosts: Vec::new(),
            zoom: None,
            passcode: self.passcode,
            requested_settings: self.settings,
            followed_settings: PartialSettings::default(),
            settings: self.settings.over(shared::domain::settings::MeetingSettings::default()),
            recording_access: self.recording_access,
            courses: self.courses,
            attendee_count: u32::try_from(attendees).unwrap_or(u32::MAX),
            reminders_are_default: self.reminders.is_none(),
            reminders: self.reminders.unwrap_or_default(),
            was_draft: false,
            warnings: Vec::new(),
            change: None,
            session: None,
            asked_until: None,
            asked_at: None,
            reminded_until: now,
            news: News::default(),
            version: 1,
            revision: 1,
            created_at: now,
            updated_at: now,
            sent_at: None,
        }
    }
}

/// What was changed in Zoom of a meeting's settings, without what `patch` says of them.
pub(crate) fn followed_settings(meeting: &Meeting, patch: &Value) -> PartialSettings {
    match patch.get("settings") {
        None => meeting.followed_settings,
        Some(Value::Null) => PartialSettings::default(),
        Some(settings) => {
            let is_named = |name: &str| settings.get(name).is_some();
            let is_switched_on = |name: &str| settings.get(name) == Some(&Value::Bool(true));
            meeting.followed_settings.without(is_named, is_switched_on)
        }
    }
}

/// A meeting as the body that would ask for it: what a change is merged into. Without its passcode: one that
/// Zoom has chosen need not be one that may be asked for.
pub(crate) fn as_request(meeting: &Meeting) -> Value {
    let mut body = json!({
        "topic": meeting.topic,
        "agenda": meeting.agenda,
        "kind": meeting.kind,
        "start": meeting.schedule.local_start.format("%Y-%m-%dT%H:%M:%S").to_string(),
        "time_zone": meeting.schedule.time_zone.name(),
        "duration_minutes": meeting.schedule.duration_minutes,
        "host": host_request(&meeting.wish),
        "alternative_hosts": meeting.alternative_wishes,
        "courses": meeting.courses.iter().map(CourseView::new).collect::<Vec<_>>(),
        "settings": meeting.requested_settings,
        "recording_access": meeting.recording_access,
        "status": if meeting.state == State::Draft { "draft" } else { "planned" },
        "organizer_id": meeting.organizer_id,
    });
    if let Some(body) = body.as_object_mut() {
        if let Some(recurrence) = &meeting.schedule.recurrence {
            body.insert("recurrence".to_owned(), json!(RecurrenceView::new(recurrence)));
        }
        if !meeting.reminders_are_default || meeting.state != State::Draft {
            body.insert("reminders".to_owned(), json!(meeting.reminders));
        }
    }
    body
}

fn host_request(wish: &HostWish) -> Value {
    match wish {
        HostWish::Anywhere(HostName::Id(id)) => json!({"host_id": id}),
        HostWish::Anywhere(HostName::Email(email)) => json!({"email": email}),
        HostWish::Auto | HostWish::Anywhere(HostName::Default) => json!("auto"),
        HostWish::Named { connection_id, host } => match host {
            HostName::Id(id) => json!({"connection_id": connection_id, "host_id": id}),
            HostName::Email(email) => json!({"connection_id": connection_id, "email": email}),
            HostName::Default => json!({"connection_id": connection_id}),
        },
    }
}
