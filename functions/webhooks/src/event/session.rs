//! Sessions that begin and end.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::domain::session::SessionTold;
use shared::zoom::loose;

/// What is needed of a meeting that began or ended.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
    #[serde(deserialize_with = "loose::session")]
    uuid: String,
    #[serde(default, deserialize_with = "loose::moment")]
    start_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "loose::moment")]
    end_time: Option<DateTime<Utc>>,
}

impl Object {
    /// What it tells that happened at `at`.
    pub(super) fn told(self, has_ended: bool, at: DateTime<Utc>) -> (u64, SessionTold) {
        let told = if has_ended {
            let ended_at = Some(self.end_time.unwrap_or(at));
            SessionTold { uuid: self.uuid, at, started_at: self.start_time, ended_at }
        } else {
            // `start_time` may be the time that was planned.
            SessionTold { uuid: self.uuid, at, started_at: Some(at), ended_at: None }
        };
        (self.id, told)
    }
}
