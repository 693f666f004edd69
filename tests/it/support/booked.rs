//! Meetings as the table holds them, made without booking them.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::domain::attendee::Attendee;
use shared::domain::meeting::Meeting;

/// A meeting of an hour with so many attendees, made at `now`.
pub(crate) fn meeting(
    id: &str,
    now: DateTime<Utc>,
    start: DateTime<Utc>,
    attendees: usize,
    reminders: &[&str],
) -> Meeting {
    let meeting = json!({
        "id": id, "tenant": "school",
        "organizer_id": "u-t", "state": "scheduled", "kind": "meeting", "topic": "Fire safety",
        "agenda": "",
        "schedule": {"local_start": start.naive_utc(), "time_zone": "UTC", "duration_minutes": 60,
                     "recurrence": null},
        "dates": [{"starts_at": start, "ends_at": start + TimeDelta::hours(1)}], "wish": "auto",
        "host": {"connection_id": "con_1", "account_id": "a", "host_id": "h", "email": "t@x.example",
                 "display_name": "Dewi"},
        "alternative_hosts": [],
        "zoom": {"id": 82_547_724_140_u64, "join_url": "https://zoom.example/j/82547724140?pwd=x"},
        "passcode": "demo", "requested_settings": {},
        "settings": {"join_before_host": true, "host_video": false, "participant_video": false,
                     "mute_upon_entry": true, "enforce_login": false, "waiting_room": false,
                     "recording": "none"},
        "courses": [], "attendee_count": attendees, "reminders": reminders, "warnings": [],
        "reminded_until": now, "version": 1, "revision": 1, "created_at": now, "updated_at": now,
    });
    serde_json::from_value(meeting).unwrap()
}

/// Its attendees `u-0`, `u-1`, ….
pub(crate) fn attendees(count: usize) -> Vec<Attendee> {
    let person = |n| json!({"id": format!("u-{n}"), "email": format!("u-{n}@x.example")});
    (0..count).map(|n| serde_json::from_value(person(n)).unwrap()).collect()
}
