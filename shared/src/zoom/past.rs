//! The sessions of a meeting that are over. Zoom's description knows none of these calls for webinars.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::operation::Operation;
use super::participants::in_a_path;
use super::transport::Call;
use super::{App, Zoom, ZoomError, loose};

/// A session that is over.
#[derive(Debug, Deserialize)]
pub struct PastSession {
    /// Zoom's id of it.
    pub uuid: String,
    /// When it began.
    #[serde(default, deserialize_with = "loose::moment")]
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended; a list does not tell.
    #[serde(default, deserialize_with = "loose::moment")]
    pub end_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct PastInstances {
    #[serde(default)]
    meetings: Vec<PastSession>,
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
    pub async fn past_sessions(&self, app: &App, number: u64) -> Result<Vec<PastSession>, ZoomError> {
        let id = number.to_string();
        let call = Call { operation: Operation::ListPastInstances, id: &id, query: &[], body: None };
        match self.call(app, &call).await {
            Ok(PastInstances { meetings }) => Ok(meetings),
            Err(ZoomError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
