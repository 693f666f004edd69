//! Meetings that are made, changed, deleted or brought back in Zoom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::domain::meeting::Kind;
use shared::zoom::loose;

/// What happened to a meeting. It is a hint that something has changed: what the meeting is now, Zoom is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScheduleTold {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// To which kind of meeting.
    pub(crate) kind: Kind,
}

/// What is needed of the meeting.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
}

impl Object {
    /// What it tells that happened at `at` to a `noun`.
    pub(super) fn told(self, noun: &str, at: DateTime<Utc>) -> (u64, ScheduleTold) {
        let kind = if noun == "webinar" { Kind::Webinar } else { Kind::Meeting };
        (self.id, ScheduleTold { at, kind })
    }
}
