//! Meetings that are made, changed, deleted or brought back in Zoom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::domain::meeting::Kind;
use shared::zoom::loose;

/// What happened to a meeting. It is a hint that something has changed: what the meeting is now, Zoom is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScheduleTold {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// To which kind of meeting.
    pub(crate) kind: Kind,
    /// Whether all of it was deleted.
    #[serde(default)]
    pub(crate) is_deletion: bool,
    /// When it starts, where the event tells that.
    #[serde(default)]
    pub(crate) starts_at: Option<DateTime<Utc>>,
    /// How long it lasts, in minutes, where the event tells that.
    #[serde(default)]
    pub(crate) duration: Option<u16>,
}

/// What is needed of the meeting.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
    #[serde(default, deserialize_with = "loose::moment")]
    start_time: Option<DateTime<Utc>>,
    #[serde(default)]
    duration: Value,
    #[serde(default)]
    occurrences: Value,
}

impl Object {
    /// What it tells that happened at `at` to a `noun`.
    pub(super) fn told(self, noun: &str, action: &str, at: DateTime<Utc>) -> (u64, ScheduleTold) {
        let kind = if noun == "webinar" { Kind::Webinar } else { Kind::Meeting };
        // Single dates that were deleted are told by the same event.
        let is_whole = self.occurrences.as_array().is_none_or(Vec::is_empty);
        let is_deletion = is_whole && matches!(action, "deleted" | "permanently_deleted");
        let duration = self.duration.as_u64().and_then(|minutes| minutes.try_into().ok());
        (self.id, ScheduleTold { at, kind, is_deletion, starts_at: self.start_time, duration })
    }
}
