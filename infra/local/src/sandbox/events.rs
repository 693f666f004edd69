//! What Zoom tells by webhook of what happens in it, in the shapes of its own description.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::meeting::{Attending, Kind, Meeting, Occurrence, PastInstance, instant};
use super::state::State;

/// Something to be told to whoever listens to an account's events.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) account_id: String,
    /// The one app that it concerns, where it is not of all.
    pub(super) client_id: Option<String>,
    pub(super) body: Value,
}

impl State {
    /// Notes an event of an account; moments rise from one to the next, as if no two things happened at once.
    pub(super) fn tell(&mut self, account_id: &str, name: &str, object: &Value, now: DateTime<Utc>) {
        self.told_at = now.timestamp_millis().max(self.told_at + 1);
        let payload = json!({"account_id": account_id, "object": object});
        let mut body = json!({"event": name, "event_ts": self.told_at, "payload": payload});
        if name == "recording.completed" {
            body["download_token"] = json!(super::links::opaque(200));
        }
        self.outgoing.push(Event { account_id: account_id.to_owned(), client_id: None, body });
    }

    /// Notes that something was done to a meeting: `created`, `updated`, `deleted`, `recovered`.
    pub(super) fn tell_of_change(&mut self, meeting: &Meeting, action: &str, now: DateTime<Utc>) {
        let mut object = whole(meeting);
        if action == "deleted" || action == "recovered" {
            for field in ["join_url", "password", "agenda", "settings", "recurrence"] {
                object.as_object_mut().map(|object| object.remove(field));
            }
        }
        self.tell(&meeting.account_id, &name(meeting, action), &object, now);
    }

    /// Notes that dates of a series were deleted.
    pub(super) fn tell_of_dates(&mut self, meeting: &Meeting, dates: &[Occurrence], now: DateTime<Utc>) {
        let mut object = session(meeting, &meeting.uuid);
        object["id"] = json!(meeting.id);
        object["occurrences"] = dates
            .iter()
            .map(|date| json!({"occurrence_id": date.id, "start_time": instant(date.start_time)}))
            .collect();
        self.tell(&meeting.account_id, &name(meeting, "deleted"), &object, now);
    }

    /// Notes that a session began.
    pub(super) fn tell_of_start(&mut self, meeting: &Meeting, now: DateTime<Utc>) {
        let object = session(meeting, &meeting.uuid);
        self.tell(&meeting.account_id, &name(meeting, "started"), &object, now);
    }

    /// Notes that a session ended, which everybody who was still there left with it.
    pub(super) fn tell_of_end(&mut self, meeting: &Meeting, instance: &PastInstance, now: DateTime<Utc>) {
        let stayed = instance.participants.iter().filter(|one| one.leave_time == Some(instance.end_time));
        for one in stayed.cloned().collect::<Vec<_>>() {
            self.tell_of_visit(meeting, &instance.uuid, &one, now);
        }
        let mut object = session(meeting, &instance.uuid);
        object["start_time"] = json!(instant(instance.start_time));
        object["end_time"] = json!(instant(instance.end_time));
        self.tell(&meeting.account_id, &name(meeting, "ended"), &object, now);
    }

    /// Notes that somebody came, or left.
    pub(super) fn tell_of_visit(
        &mut self,
        meeting: &Meeting,
        uuid: &str,
        one: &Attending,
        now: DateTime<Utc>,
    ) {
        let mut participant = json!({
            "user_id": one.user_id, "user_name": one.name, "id": one.id, "participant_uuid": one.uuid,
            "email": one.email, "registrant_id": one.registrant_id, "participant_user_id": one.id,
            "customer_key": one.customer_key,
        });
        let action = if let Some(left) = one.leave_time {
            participant["leave_time"] = json!(instant(left));
            participant["leave_reason"] = json!("left the meeting.");
            "participant_left"
        } else {
            participant["join_time"] = json!(instant(one.join_time));
            "participant_joined"
        };
        let mut object = session(meeting, uuid);
        object["participant"] = participant;
        self.tell(&meeting.account_id, &name(meeting, action), &object, now);
    }

    /// Notes that an app was removed from its account.
    pub(super) fn tell_of_removal(&mut self, account_id: &str, client_id: &str, now: DateTime<Utc>) {
        let payload = json!({
            "account_id": account_id,
            "user_id": self.account(account_id).and_then(|account| account.users.first()).map(|user| &user.id),
            "signature": super::links::opaque(64),
            "deauthorization_time": now.to_rfc3339_opts(SecondsFormat::Millis, true),
            "client_id": client_id,
        });
        let body = json!({"event": "app_deauthorized", "payload": payload});
        let (account_id, client_id) = (account_id.to_owned(), Some(client_id.to_owned()));
        self.outgoing.push(Event { account_id, client_id, body });
    }
}

fn name(meeting: &Meeting, action: &str) -> String {
    let kind = match meeting.kind {
        Kind::Meeting => "meeting",
        Kind::Webinar => "webinar",
    };
    format!("{kind}.{action}")
}

/// A meeting in events about it: what it is.
fn whole(meeting: &Meeting) -> Value {
    let mut object = session(meeting, &meeting.uuid);
    object["id"] = json!(meeting.id);
    object["join_url"] = json!(meeting.join_url());
    object["agenda"] = json!(meeting.agenda);
    object["settings"] = json!(meeting.settings);
    if let Some(passcode) = &meeting.passcode {
        object["password"] = json!(passcode.plain);
    }
    if let Some(recurrence) = &meeting.recurrence {
        object["recurrence"] = recurrence.json();
        object["occurrences"] = meeting.occurrences.iter().map(Occurrence::json).collect();
    }
    object
}

/// A meeting in events about its sessions, where its number is a text.
pub(super) fn session(meeting: &Meeting, uuid: &str) -> Value {
    let mut object = json!({
        "id": meeting.id.to_string(), "uuid": uuid, "host_id": meeting.host_id, "topic": meeting.topic,
        "type": meeting.zoom_type(), "timezone": meeting.timezone.name(), "duration": meeting.duration,
    });
    if let Some(start) = meeting.start_time {
        object["start_time"] = json!(instant(start));
    }
    object
}
