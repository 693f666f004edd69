//! Meetings that are made, changed, deleted or brought back in Zoom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::zoom::loose;

/// What happened to a meeting. It is a hint that something has changed: what the meeting is now, Zoom is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScheduleTold {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// What.
    pub(crate) change: ScheduleChange,
    /// Whose meeting it is in Zoom.
    pub(crate) host_id: Option<String>,
}

/// How a meeting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScheduleChange {
    /// It was made.
    Created,
    /// It is another than before.
    Updated,
    /// It was deleted, or dates of it were.
    Deleted,
    /// It was brought back.
    Recovered,
}

/// What is needed of the meeting.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
    #[serde(default, deserialize_with = "loose::text::<128, _>")]
    host_id: Option<String>,
}

impl Object {
    /// What it tells that happened at `at`.
    pub(super) fn told(self, action: &str, at: DateTime<Utc>) -> (u64, ScheduleTold) {
        let change = match action {
            "created" => ScheduleChange::Created,
            "deleted" | "permanently_deleted" => ScheduleChange::Deleted,
            "recovered" => ScheduleChange::Recovered,
            _ => ScheduleChange::Updated,
        };
        (self.id, ScheduleTold { at, change, host_id: self.host_id })
    }
}
