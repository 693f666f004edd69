//! People registered for a meeting or webinar.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::{ApiRequest, Reply};
use super::errors::{ZoomError, ZoomResult};
use super::fields::Fields;
use super::meeting::{Kind, Meeting, Occurrence, instant};
use super::state::State;
use super::{draft, links, meetings, paging};

const LARGEST_PAGE: usize = 300;

/// Someone who asked to attend.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Registrant {
    id: String,
    email: String,
    first_name: String,
    last_name: String,
    status: Status,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pending,
    Approved,
    Denied,
}

pub(super) fn list(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let meeting = meetings::find(state, request, kind)?;
    let status = match request.query("status").unwrap_or("approved") {
        "approved" => Status::Approved,
        "pending" => Status::Pending,
        "denied" => Status::Denied,
        _ => return Err(ZoomError::invalid_field("status", "Invalid field.")),
    };
    let rows: Vec<_> = meeting
        .registrants
        .iter()
        .filter(|registrant| registrant.status == status)
        .map(|registrant| registrant.row(&meeting))
        .collect();
    paging::page(&mut state.pages, request, "registrants", &rows, LARGEST_PAGE).map(Reply::Ok)
}

pub(super) fn add(state: &mut State, request: &ApiRequest<'_>, kind: Kind) -> ZoomResult<Reply> {
    let mut meeting = meetings::find(state, request, kind)?;
    let approval = meeting.settings.get("approval_type").and_then(Value::as_i64);
    if approval == Some(2) {
        let message = match kind {
            Kind::Meeting => format!("Registration has not been enabled for this meeting: {}.", meeting.id),
            Kind::Webinar => {
                format!("This webinar does not have registration as required: {}.", meeting.id)
            }
        };
        return Err(ZoomError::bad_request(3000, message));
    }
    let body = draft::object(request.body)?;
    let mut fields = Fields::new(&body, "");
    let mut required = |name: &str, longest| {
        let text = fields.string(name, longest).unwrap_or_default().to_owned();
        if text.is_empty() {
            fields.refuse(name, "Invalid field.");
        }
        text
    };
    let (email, first_name) = (required("email", 128), required("first_name", 64));
    let last_name = fields.string("last_name", 64).unwrap_or_default().to_owned();
    fields.finish()?;
    let status = if approval == Some(0) { Status::Approved } else { Status::Pending };
    let id = links::user_id();
    // Registering twice with one e-mail is one registration.
    meeting.registrants.retain(|registrant| !registrant.email.eq_ignore_ascii_case(&email));
    let registrant =
        Registrant { id: id.clone(), email, first_name, last_name, status, created_at: request.now };
    meeting.registrants.push(registrant);
    let mut reply = json!({
        "registrant_id": id,
        "id": meeting.id,
        "topic": meeting.topic,
        "join_url": personal_link(&meeting, &id),
    });
    if let Some(start) = meeting.start_time {
        reply["start_time"] = json!(instant(start));
    }
    if meeting.recurrence.is_some() {
        reply["occurrences"] = meeting.occurrences.iter().map(Occurrence::json).collect();
    }
    state.save_meeting(meeting)?;
    Ok(Reply::Created(reply))
}

pub(super) fn set_status(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let mut meeting = meetings::find(state, request, Kind::Meeting)?;
    let body = draft::object(request.body)?;
    let mut fields = Fields::new(&body, "");
    let status = match fields.string("action", 20) {
        Some("approve") => Status::Approved,
        Some("deny") => Status::Denied,
        Some("cancel") => Status::Pending,
        _ => return Err(ZoomError::invalid_field("action", "Invalid field.")),
    };
    let named: Vec<&str> = body
        .get("registrants")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["id"].as_str().or_else(|| entry["email"].as_str()))
        .collect();
    for registrant in &mut meeting.registrants {
        if named.iter().any(|name| *name == registrant.id || *name == registrant.email) {
            registrant.status = status;
        }
    }
    state.save_meeting(meeting)?;
    Ok(Reply::NoContent)
}

fn personal_link(meeting: &Meeting, id: &str) -> String {
    format!("https://us05web.zoom.us/w/{}?tk={id}", meeting.id)
}

impl Registrant {
    fn row(&self, meeting: &Meeting) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "status": self.status,
            "create_time": instant(self.created_at),
            "join_url": personal_link(meeting, &self.id),
        })
    }
}
