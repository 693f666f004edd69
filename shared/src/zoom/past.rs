//! The sessions of a meeting that are over. Zoom's description knows none of these calls for webinars.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::operation::Operation;
use super::participants::in_a_path;
use super::transport::Call;
use super::{App, Zoom, ZoomError, loose};

/// A session that is over.
#[derive(Debug, Deserialize)]
pub struct PastSession {
    /// When it began.
    #[serde(default, deserialize_with = "loose::moment")]
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, deserialize_with = "loose::moment")]
    pub end_time: Option<DateTime<Utc>>,
}

/// A session that is over, as a list has it.
#[derive(Debug, Deserialize)]
pub struct PastInstance {
    /// Zoom's id of it.
    pub uuid: String,
    /// When it began.
    #[serde(default, deserialize_with = "loose::moment")]
    pub start_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct PastInstances {
    // One line that cannot be read takes no other with it.
    #[serde(default)]
    meetings: Option<Vec<Value>>,
}

impl PastInstances {
    fn sessions(self) -> Vec<PastInstance> {
        let lines = self.meetings.unwrap_or_default().into_iter();
        lines.filter_map(|line| serde_json::from_value(line).ok()).collect()
    }
}

impl Zoom {
    /// A session that is over; none where Zoom does not know it as such.
    pub async fn past_session(&self, app: &App, session: &str) -> Result<Option<PastSession>, ZoomError> {
        let id = in_a_path(session);
        let call = Call { operation: Operation::ReadPastMeeting, id: &id, query: &[], body: None };
        match self.call(app, &call).await {
            Ok(session) => Ok(Some(session)),
            Err(ZoomError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The sessions of the meeting of that number that are over; none where Zoom no longer has it.
    pub async fn past_sessions(&self, app: &App, number: u64) -> Result<Vec<PastInstance>, ZoomError> {
        let id = number.to_string();
        let call = Call { operation: Operation::ListPastInstances, id: &id, query: &[], body: None };
        match self.call::<PastInstances>(app, &call).await {
            Ok(listed) => Ok(listed.sessions()),
            Err(ZoomError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
