//! What is left of sessions that took place, and what can be said of ones to come.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::api::{ApiRequest, Reply};
use super::errors::{ZoomError, ZoomResult};
use super::meeting::{Attending, Kind, Meeting, PastInstance, instant};
use super::operations::Call;
use super::state::State;
use super::{live, meetings, paging};

const LARGEST_PAGE: usize = 300;

pub(super) fn get(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let (meeting, instance) = find(state, request, Kind::Meeting)?;
    let user = request.account(state)?.user(&meeting.host_id);
    Ok(Reply::Ok(json!({
        "id": meeting.id,
        "uuid": instance.uuid,
        "topic": meeting.topic,
        "type": meeting.zoom_type(),
        "host_id": meeting.host_id,
        "user_email": meeting.host_email,
        "user_name": user.map_or("", |user| &user.display_name),
        "start_time": instant(instance.start_time),
        "end_time": instant(instance.end_time),
        "duration": minutes(instance.start_time, instance.end_time),
        "total_minutes": 0,
        "participants_count": 0,
        "dept": "",
        "source": "Zoom",
        "has_meeting_summary": false,
    })))
}

pub(super) fn instances(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let meeting = meetings::find(state, request, Kind::Meeting)?;
    let rows: Vec<_> = meeting
        .past
        .iter()
        .map(|instance| json!({"uuid": instance.uuid, "start_time": instant(instance.start_time)}))
        .collect();
    Ok(Reply::Ok(json!({"meetings": rows})))
}

/// Who was in a session that took place.
pub(super) fn participants(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let found = find(state, request, kind);
    if found.is_err() && request.operation.call == Call::ReportParticipants {
        let message = format!("Meeting  {} not found or has expired.", request.id);
        return Err(ZoomError::new(http::StatusCode::NOT_FOUND, 3001, message));
    }
    let (_, instance) = found?;
    let rows: Vec<Value> = instance.participants.iter().map(row).collect();
    page(state, request, "participants", &rows).map(Reply::Ok)
}

/// A stay, as a list shows it.
fn row(one: &Attending) -> Value {
    let left = one.leave_time.unwrap_or(one.join_time);
    json!({
        "id": one.id,
        "user_id": one.user_id,
        "name": one.name,
        "user_email": one.email,
        "join_time": instant(one.join_time),
        "leave_time": instant(left),
        "duration": (left - one.join_time).num_seconds(),
        "failover": false,
        "status": "in_meeting",
        "internal_user": !one.id.is_empty(),
    })
}

/// The recordings of one session.
pub(super) fn recordings_of(state: &State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let found = [Kind::Meeting, Kind::Webinar].into_iter().find_map(|kind| find(state, request, kind).ok());
    match found.filter(|(_, instance)| instance.is_recorded) {
        Some((meeting, instance)) => Ok(Reply::Ok(live::recording(&meeting, &instance))),
        None => Err(ZoomError::no_recording()),
    }
}

pub(super) fn recordings(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    request.user(state)?;
    let mut page = page(state, request, "meetings", &[])?;
    let today = request.today().to_string();
    page["from"] = json!(request.query("from").unwrap_or(&today));
    page["to"] = json!(request.query("to").unwrap_or(&today));
    Ok(Reply::Ok(page))
}

/// These lists have no page numbers, only tokens.
fn page(state: &mut State, request: &ApiRequest<'_>, key: &str, rows: &[Value]) -> ZoomResult<Value> {
    let mut page = paging::page(&mut state.pages, request, key, rows, LARGEST_PAGE)?;
    if let Some(page) = page.as_object_mut() {
        page.remove("page_number");
    }
    Ok(page)
}

pub(super) fn invitation(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let meeting = meetings::find(state, request, Kind::Meeting)?;
    let when = meeting.start_time.map(|start| {
        let local = start.with_timezone(&meeting.timezone);
        format!("Time: {} {}\r\n", local.format("%b %-d, %Y %I:%M %p"), meeting.timezone.name())
    });
    let passcode = meeting.passcode.as_ref().map(|passcode| format!("Passcode: {}\r\n", passcode.plain));
    let invitation = format!(
        "{} is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: {}\r\n{}\
         Join Zoom Meeting\r\n{}\r\n\r\nMeeting ID: {}\r\n{}",
        meeting.host_email,
        meeting.topic,
        when.unwrap_or_default(),
        meeting.join_url(),
        meeting.id,
        passcode.unwrap_or_default(),
    );
    Ok(Reply::Ok(json!({"invitation": invitation, "sip_links": Value::Array(Vec::new())})))
}

/// The instance that the path names: by its uuid, or the last one of a number.
fn find(state: &State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<(Meeting, PastInstance)> {
    let instance = if request.number().is_some() {
        let meeting = meetings::find(state, request, kind)?;
        meeting.past.last().cloned().map(|instance| (meeting, instance))
    } else {
        state.meetings_of(&request.token.account_id).filter(|meeting| meeting.kind == kind).find_map(
            |meeting| {
                let instance = meeting.past.iter().find(|instance| instance.uuid == request.id)?;
                Some((meeting.clone(), instance.clone()))
            },
        )
    };
    instance.ok_or_else(|| meetings::does_not_exist(kind, &request.id))
}

fn minutes(start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (end - start).num_minutes()
}
