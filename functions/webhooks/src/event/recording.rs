//! Recordings, and what becomes of them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::domain::recording::{FileState, RecordingTold};
use shared::zoom::loose;
use shared::zoom::recordings::SessionRecordings;

/// What is needed of recordings.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
    #[serde(flatten)]
    recordings: SessionRecordings,
}

impl Object {
    /// What it tells that happened at `at`.
    pub(super) fn told(self, action: &str, at: DateTime<Utc>) -> (u64, RecordingTold) {
        let state = match action {
            "trashed" => FileState::Trashed,
            "deleted" => FileState::Deleted,
            _ => FileState::Available,
        };
        (self.id, self.recordings.told(state, at))
    }
}
