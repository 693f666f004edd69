//! `/_admin/meetings/{id}/…`: what people do in a session, and what Zoom does after it.

use axum::extract::{Path, State as Extract};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::{AdminError, AdminResult, no_account, parse};
use super::meeting::{Attending, Meeting, PastInstance, instant};
use super::{Sandbox, events, links};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/meetings/{id}", delete(delete_meeting))
        .route("/meetings/{id}/start", post(start))
        .route("/meetings/{id}/end", post(end))
        .route("/meetings/{id}/join", post(join))
        .route("/meetings/{id}/leave", post(leave))
        .route("/meetings/{id}/recording", post(record))
        .route("/apps/deauthorize", post(deauthorize))
}

/// Deletes a meeting or webinar as its host would by hand, without the API.
async fn delete_meeting(Extract(sandbox): Extract<Sandbox>, Path(id): Path<u64>) -> AdminResult<StatusCode> {
    let now = sandbox.now();
    let (meeting, ended) = change(&sandbox, id, |meeting| {
        let ended = meeting.end(now);
        meeting.deleted = true;
        Ok(ended)
    })?;
    let mut state = sandbox.state();
    if let Some(instance) = ended {
        state.tell_of_end(&meeting, &instance, now);
    }
    state.tell_of_change(&meeting, "deleted", now);
    Ok(StatusCode::NO_CONTENT)
}

async fn start(Extract(sandbox): Extract<Sandbox>, Path(id): Path<u64>) -> AdminResult<Json<Value>> {
    let now = sandbox.now();
    let (meeting, ()) = change(&sandbox, id, |meeting| {
        if meeting.running_since.is_some() {
            return Err(AdminError::Conflict(format!("Meeting {id} is already running.")));
        }
        meeting.running_since = Some(now);
        Ok(())
    })?;
    sandbox.state().tell_of_start(&meeting, now);
    Ok(Json(json!({"id": id, "status": "started"})))
}

async fn end(Extract(sandbox): Extract<Sandbox>, Path(id): Path<u64>) -> AdminResult<Json<Value>> {
    let now = sandbox.now();
    let (meeting, instance) =
        change(&sandbox, id, |meeting| meeting.end(now).ok_or_else(|| not_running(meeting)))?;
    sandbox.state().tell_of_end(&meeting, &instance, now);
    Ok(Json(json!({"id": id, "status": "ended"})))
}

/// Somebody who joins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Joining {
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    customer_key: String,
    #[serde(default)]
    registrant_id: String,
}

async fn join(Extract(sandbox): Extract<Sandbox>, Path(id): Path<u64>, body: Bytes) -> AdminResult<Response> {
    let Joining { name, email, customer_key, registrant_id } = parse(&body)?;
    let now = sandbox.now();
    let user = {
        let state = sandbox.state();
        let account = state.meeting(id).and_then(|meeting| state.account(&meeting.account_id));
        account.and_then(|account| account.user(&email)).map(|user| user.id.clone())
    };
    let one = Attending {
        user_id: links::participant_number().to_string(),
        uuid: links::uuid(),
        id: user.unwrap_or_default(),
        email,
        registrant_id,
        customer_key,
        name,
        join_time: now,
        leave_time: None,
    };
    let (meeting, ()) = change(&sandbox, id, |meeting| {
        if meeting.running_since.is_none() {
            return Err(not_running(meeting));
        }
        meeting.present.push(one.clone());
        Ok(())
    })?;
    sandbox.state().tell_of_visit(&meeting, &meeting.uuid, &one, now);
    Ok((StatusCode::CREATED, Json(json!({"user_id": one.user_id}))).into_response())
}

/// Somebody who leaves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaving {
    user_id: String,
}

async fn leave(
    Extract(sandbox): Extract<Sandbox>,
    Path(id): Path<u64>,
    body: Bytes,
) -> AdminResult<StatusCode> {
    let Leaving { user_id } = parse(&body)?;
    let now = sandbox.now();
    let (meeting, one) = change(&sandbox, id, |meeting| {
        let mut present = meeting.present.iter_mut();
        let one = present.find(|one| one.user_id == user_id && one.leave_time.is_none());
        let one = one.ok_or_else(|| AdminError::NotFound(format!("{user_id} is not in the meeting.")))?;
        one.leave_time = Some(now);
        Ok(one.clone())
    })?;
    sandbox.state().tell_of_visit(&meeting, &meeting.uuid, &one, now);
    Ok(StatusCode::NO_CONTENT)
}

/// What becomes of the recording of the last session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    action: RecordingAction,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RecordingAction {
    Completed,
    Trashed,
    Deleted,
    Recovered,
}

impl RecordingAction {
    fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Trashed => "trashed",
            Self::Deleted => "deleted",
            Self::Recovered => "recovered",
        }
    }
}

async fn record(
    Extract(sandbox): Extract<Sandbox>,
    Path(id): Path<u64>,
    body: Bytes,
) -> AdminResult<StatusCode> {
    let Recording { action } = parse(&body)?;
    let now = sandbox.now();
    let (meeting, instance) = change(&sandbox, id, |meeting| {
        let instance = meeting.past.last_mut();
        let instance =
            instance.ok_or_else(|| AdminError::Conflict(format!("Meeting {id} has never run.")))?;
        instance.is_recorded = matches!(action, RecordingAction::Completed | RecordingAction::Recovered);
        Ok(instance.clone())
    })?;
    let object = recording(&meeting, &instance);
    let mut state = sandbox.state();
    state.tell(&meeting.account_id, &format!("recording.{}", action.name()), &object, now);
    Ok(StatusCode::ACCEPTED)
}

/// The recording of a session; the same each time that it is told of.
pub(super) fn recording(meeting: &Meeting, instance: &PastInstance) -> Value {
    let mut object = events::session(meeting, &instance.uuid);
    let file = |n: u8, file_type: &str, recording_type: &str, size: u64| {
        json!({
            "id": format!("{}-{n}", links::stable(&instance.uuid)), "meeting_id": instance.uuid,
            "recording_start": instant(instance.start_time), "recording_end": instant(instance.end_time),
            "file_type": file_type, "file_extension": file_type, "file_size": size, "status": "completed",
            "recording_type": recording_type,
            "play_url": format!("https://us05web.zoom.us/rec/play/{}{n}", links::stable(&instance.uuid)),
            "download_url": format!("https://us05web.zoom.us/rec/download/{}{n}", links::stable(&instance.uuid)),
        })
    };
    object["id"] = json!(meeting.id);
    object["start_time"] = json!(instant(instance.start_time));
    object["host_email"] = json!(meeting.host_email);
    object["password"] = json!("132456");
    object["recording_play_passcode"] = json!(links::stable(&format!("passcode {}", instance.uuid)));
    object["recording_count"] = json!(2);
    object["recording_files"] = json!([
        file(1, "MP4", "shared_screen_with_speaker_view", 282_825),
        file(2, "M4A", "audio_only", 246_560),
    ]);
    object
}

/// An app that an account's administrator removes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    account_id: String,
    client_id: String,
}

/// Removes an app from its account: its tokens are dead, and it is given no others.
async fn deauthorize(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<StatusCode> {
    let Removal { account_id, client_id } = parse(&body)?;
    let now = sandbox.now();
    let mut state = sandbox.state();
    let mut account = state.account(&account_id).cloned().ok_or_else(|| no_account(&account_id))?;
    let app = account.apps.iter_mut().find(|app| app.client_id == client_id);
    let app = app.ok_or_else(|| AdminError::NotFound(format!("The account has no app {client_id}.")))?;
    app.enabled = false;
    state.revoke_app(&account_id, &client_id)?;
    state.save_account(account)?;
    state.tell_of_removal(&account_id, &client_id, now);
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a meeting; returns it as it is then, and what the change gave.
fn change<T>(
    sandbox: &Sandbox,
    id: u64,
    change: impl FnOnce(&mut Meeting) -> AdminResult<T>,
) -> AdminResult<(Meeting, T)> {
    let mut state = sandbox.state();
    let found = state.meeting(id).filter(|meeting| !meeting.deleted).cloned();
    let mut meeting = found.ok_or_else(|| no_meeting(id))?;
    let given = change(&mut meeting)?;
    state.save_meeting(meeting.clone())?;
    Ok((meeting, given))
}

fn no_meeting(id: u64) -> AdminError {
    AdminError::NotFound(format!("There is no meeting or webinar {id}."))
}

fn not_running(meeting: &Meeting) -> AdminError {
    AdminError::Conflict(format!("Meeting {} is not running.", meeting.id))
}
