//! Creates, reads, changes, deletes, ends: meetings and webinars alike.

use serde_json::{Map, Value, json};

use super::account::User;
use super::api::{ApiRequest, Reply};
use super::draft::{self, Draft};
use super::errors::{ZoomError, ZoomResult};
use super::fields::Fields;
use super::meeting::{Kind, Meeting, Occurrence, Passcode, Rhythm, instant};
use super::state::State;
use super::{links, settings};

pub(super) fn create(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let user = request.user(state)?;
    check_host(&user, kind)?;
    state.check_daily_limit(&user.id, request.today(), request.daily_writes)?;
    let draft = Draft::read(kind, request.body)?;
    let host = scheduled_for(state, request, &draft)?.unwrap_or(user);
    check_host(&host, kind)?;
    check_alternative_hosts(state, request, &draft.settings)?;
    let meeting = build(state, request, kind, &host, draft)?;
    let body = meeting.whole();
    state.count_write(&host.id, request.today())?;
    state.tell_of_change(&meeting, "created", request.now);
    state.save_meeting(meeting)?;
    Ok(Reply::Created(body))
}

pub(super) fn get(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let meeting = find(state, request, kind)?;
    let mut body = meeting.whole();
    if let Some(id) = request.query("occurrence_id") {
        let occurrence = &meeting.occurrences[position(&meeting, id)?];
        body["start_time"] = json!(instant(occurrence.start_time));
        body["duration"] = json!(occurrence.duration);
        if let Some(agenda) = &occurrence.agenda {
            body["agenda"] = json!(agenda);
        }
        if let Some(settings) = body["settings"].as_object_mut() {
            settings::merge(settings, occurrence.settings.clone());
        }
    }
    if meeting.rhythm == Rhythm::Series && request.query("show_previous_occurrences") != Some("true") {
        body["occurrences"] = meeting
            .occurrences
            .iter()
            .filter(|occurrence| occurrence.ends_at() > request.now)
            .map(Occurrence::json)
            .collect();
    }
    Ok(Reply::Ok(body))
}

pub(super) fn update(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let mut meeting = find(state, request, kind)?;
    state.check_daily_limit(&meeting.host_id, request.today(), request.daily_writes)?;
    let draft = Draft::read(kind, request.body)?;
    check_alternative_hosts(state, request, &draft.settings)?;
    if let Some(host) = scheduled_for(state, request, &draft)? {
        check_host(&host, kind)?;
        (meeting.host_id, meeting.host_email) = (host.id, host.email);
    }
    match request.query("occurrence_id") {
        Some(id) => {
            let position = position(&meeting, id)?;
            let zone = draft.timezone.unwrap_or(meeting.timezone);
            change_date(&mut meeting.occurrences[position], draft, zone, request);
        }
        None => change(&mut meeting, draft, request)?,
    }
    state.count_write(&meeting.host_id, request.today())?;
    state.tell_of_change(&meeting, "updated", request.now);
    state.save_meeting(meeting)?;
    Ok(Reply::NoContent)
}

pub(super) fn delete(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let mut meeting = find(state, request, kind)?;
    if let Some(id) = request.query("occurrence_id") {
        let position = position(&meeting, id)?;
        meeting.occurrences[position].deleted = true;
        state.tell_of_dates(&meeting, &meeting.occurrences[position..=position], request.now);
    } else {
        if let Some(instance) = meeting.end(request.now) {
            state.tell_of_end(&meeting, &instance, request.now);
        }
        meeting.deleted = true;
        state.tell_of_change(&meeting, "deleted", request.now);
    }
    state.save_meeting(meeting)?;
    Ok(Reply::NoContent)
}

pub(super) fn set_status(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let body = draft::object(request.body)?;
    let mut fields = Fields::new(&body, "");
    let action = fields.string("action", 20).unwrap_or_default();
    let mut meeting = match (action, kind) {
        ("end", _) => {
            let mut meeting = find(state, request, kind)?;
            let Some(instance) = meeting.end(request.now) else {
                return Err(ZoomError::bad_request(
                    3000,
                    format!("{} is not in progress: {}.", kind.noun(), meeting.id),
                ));
            };
            state.tell_of_end(&meeting, &instance, request.now);
            meeting
        }
        ("recover", Kind::Meeting) => request
            .number()
            .and_then(|id| state.meeting(id))
            .filter(|meeting| meeting.account_id == request.token.account_id && meeting.deleted)
            .cloned()
            .ok_or_else(|| does_not_exist(kind, &request.id))?,
        _ => return Err(ZoomError::invalid_field("action", "Invalid field.")),
    };
    if std::mem::take(&mut meeting.deleted) {
        state.tell_of_change(&meeting, "recovered", request.now);
    }
    state.save_meeting(meeting)?;
    // Zoom's two descriptions differ: 204 for a meeting, 200 for a webinar.
    Ok(if kind == Kind::Meeting { Reply::NoContent } else { Reply::Empty })
}

/// Refuses a user who may not host sessions of this kind.
pub(super) fn check_host(user: &User, kind: Kind) -> ZoomResult<()> {
    if kind == Kind::Webinar && user.webinar_capacity.is_none() {
        return Err(ZoomError::no_webinar_plan(&user.id));
    }
    if user.can_host() { Ok(()) } else { Err(ZoomError::no_hosting()) }
}

/// The meeting or webinar that the path names, within the token's account.
pub(super) fn find(state: &State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Meeting> {
    let id = match (request.number(), kind) {
        (Some(id), _) => id,
        (None, Kind::Meeting) => return Err(does_not_exist(kind, &request.id)),
        (None, Kind::Webinar) => return Err(ZoomError::bad_request(300, "Invalid webinar ID.")),
    };
    let meeting = state
        .meeting(id)
        .filter(|meeting| meeting.account_id == request.token.account_id && !meeting.deleted)
        .ok_or_else(|| does_not_exist(kind, &request.id))?;
    match (kind, meeting.kind) {
        (Kind::Meeting, Kind::Webinar) => Err(ZoomError::bad_request(3000, "Cannot access webinar info.")),
        (Kind::Webinar, Kind::Meeting) => Err(does_not_exist(kind, &request.id)),
        _ => Ok(meeting.clone()),
    }
}

pub(super) fn does_not_exist(kind: Kind, id: &str) -> ZoomError {
    let message = format!("{} does not exist: {id}.", kind.noun());
    ZoomError::new(http::StatusCode::NOT_FOUND, 3001, message)
}

fn position(meeting: &Meeting, id: &str) -> ZoomResult<usize> {
    meeting.occurrences.iter().position(|o| o.id == id && !o.deleted).ok_or_else(|| match meeting.kind {
        Kind::Meeting => ZoomError::bad_request(300, "Invalid parameter: occurrence_id."),
        Kind::Webinar => ZoomError::bad_request(3000, "Webinar occurrence does not exist."),
    })
}

/// The user that a session is given to, where one is named.
fn scheduled_for(state: &State, request: &ApiRequest<'_>, draft: &Draft) -> ZoomResult<Option<User>> {
    let Some(name) = draft.schedule_for.as_deref().filter(|name| !name.is_empty()) else { return Ok(None) };
    request.account(state)?.user(name).cloned().map(Some).ok_or_else(|| {
        ZoomError::bad_request(
            300,
            "The value that you entered in the schedule_for field is invalid. Enter a valid value and try \
             again.",
        )
    })
}

fn check_alternative_hosts(
    state: &State,
    request: &ApiRequest<'_>,
    settings: &Map<String, Value>,
) -> ZoomResult<()> {
    let names = settings.get("alternative_hosts").and_then(Value::as_str).unwrap_or_default();
    let account = request.account(state)?;
    for name in names.split(';').map(str::trim).filter(|name| !name.is_empty()) {
        if !account.users.iter().any(|user| user.is_called(name)) {
            let message = format!(
                "Unable to assign \"{name}\" as an alternative host because you cannot select this user at \
                 this time."
            );
            return Err(ZoomError::bad_request(1114, message));
        }
    }
    Ok(())
}

fn build(
    state: &State,
    request: &ApiRequest<'_>,
    kind: Kind,
    host: &User,
    draft: Draft,
) -> ZoomResult<Meeting> {
    let now = draft::whole_second(request.now);
    let timezone = draft.timezone.unwrap_or(host.timezone);
    let rhythm = draft.rhythm.unwrap_or(Rhythm::Once);
    // A start that is left out or past silently becomes now.
    let start = draft.start.map_or(now, |start| draft::moment(start, timezone).max(now));
    let duration = draft.duration.unwrap_or(60);
    let mut meeting = Meeting {
        id: free_number(state),
        kind,
        account_id: request.token.account_id.clone(),
        host_id: host.id.clone(),
        host_email: host.email.clone(),
        uuid: links::uuid(),
        topic: draft.topic.unwrap_or_else(|| format!("Zoom {}", kind.noun())),
        agenda: draft.agenda.unwrap_or_default(),
        rhythm,
        start_time: None,
        duration,
        timezone,
        created_at: now,
        passcode: match draft.passcode {
            Some(plain) if !plain.is_empty() => Some(Passcode::from_plain(plain)),
            Some(_) => None,
            None => draft.default_passcode.unwrap_or(true).then(Passcode::generate),
        },
        pre_schedule: draft.pre_schedule.unwrap_or(false),
        tracking_fields: draft.tracking_fields,
        settings: settings::defaults(kind),
        recurrence: None,
        occurrences: Vec::new(),
        running_since: None,
        present: Vec::new(),
        past: Vec::new(),
        registrants: Vec::new(),
        deleted: false,
    };
    settings::merge(&mut meeting.settings, draft.settings);
    match rhythm {
        Rhythm::Once => meeting.start_time = Some(start),
        Rhythm::Series => {
            let recurrence = draft.recurrence.ok_or_else(no_recurrence)?;
            meeting.occurrences = recurrence.occurrences(start, timezone, duration);
            meeting.start_time = Some(first_start(&meeting.occurrences)?);
            meeting.recurrence = Some(recurrence);
        }
        Rhythm::Instant | Rhythm::Loose | Rhythm::ScreenShare => {}
    }
    Ok(meeting)
}

fn free_number(state: &State) -> u64 {
    loop {
        let number = links::meeting_number();
        if state.meeting(number).is_none() {
            return number;
        }
    }
}

fn change(meeting: &mut Meeting, draft: Draft, request: &ApiRequest<'_>) -> ZoomResult<()> {
    if let Some(zone) = draft.timezone {
        meeting.timezone = zone;
    }
    // A past start is ignored.
    let start = draft
        .start
        .map(|start| draft::moment(start, meeting.timezone))
        .filter(|start| *start > request.now)
        .or(meeting.start_time)
        .unwrap_or_else(|| draft::whole_second(request.now));
    meeting.rhythm = draft.rhythm.unwrap_or(meeting.rhythm);
    meeting.duration = draft.duration.unwrap_or(meeting.duration);
    if let Some(topic) = draft.topic {
        meeting.topic = topic;
    }
    if let Some(agenda) = draft.agenda {
        meeting.agenda = agenda;
    }
    if let Some(plain) = draft.passcode {
        let same = meeting.passcode.as_ref().is_some_and(|passcode| passcode.plain == plain);
        if !same {
            meeting.passcode = (!plain.is_empty()).then(|| Passcode::from_plain(plain));
        }
    }
    meeting.pre_schedule = draft.pre_schedule.unwrap_or(meeting.pre_schedule);
    if draft.tracking_fields.is_some() {
        meeting.tracking_fields = draft.tracking_fields;
    }
    settings::merge(&mut meeting.settings, draft.settings);
    match meeting.rhythm {
        Rhythm::Series => {
            let recurrence = draft.recurrence.or(meeting.recurrence.take()).ok_or_else(no_recurrence)?;
            let planned = recurrence.occurrences(start, meeting.timezone, meeting.duration);
            let moved = !planned.iter().map(|o| &o.id).eq(meeting.occurrences.iter().map(|o| &o.id));
            if moved {
                meeting.start_time = Some(first_start(&planned)?);
                meeting.occurrences = planned;
            } else if draft.duration.is_some() {
                for occurrence in &mut meeting.occurrences {
                    occurrence.duration = meeting.duration;
                }
            }
            meeting.recurrence = Some(recurrence);
        }
        rhythm => {
            meeting.start_time = (rhythm == Rhythm::Once).then_some(start);
            meeting.recurrence = None;
            meeting.occurrences.clear();
        }
    }
    Ok(())
}

/// One date takes an agenda, a start, a duration and a few settings; the rest of the body is ignored.
fn change_date(occurrence: &mut Occurrence, draft: Draft, zone: chrono_tz::Tz, request: &ApiRequest<'_>) {
    if let Some(start) = draft.start.map(|start| draft::moment(start, zone))
        && start > request.now
    {
        occurrence.start_time = start;
    }
    occurrence.duration = draft.duration.unwrap_or(occurrence.duration);
    if draft.agenda.is_some() {
        occurrence.agenda = draft.agenda;
    }
    let own = draft.settings.into_iter().filter(|(name, _)| settings::OF_ONE_DATE.contains(&name.as_str()));
    occurrence.settings.extend(own);
}

fn first_start(occurrences: &[Occurrence]) -> ZoomResult<chrono::DateTime<chrono::Utc>> {
    let first = occurrences.first().map(|occurrence| occurrence.start_time);
    first.ok_or_else(|| ZoomError::invalid_field("recurrence", "Invalid field. It has no dates."))
}

fn no_recurrence() -> ZoomError {
    ZoomError::invalid_field("recurrence", "Invalid field. The value is required.")
}
