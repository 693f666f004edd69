//! Finding out what an app may do where Zoom does not say.

use serde_json::json;

use super::operation::Operation;
use super::transport::Call;
use super::{App, Zoom, ZoomError};

/// A user that no account has: Zoom refuses the call for its scopes first, and for the user only then.
const NOBODY: &str = "lectern-scope-check";
/// A meeting number that no meeting has.
const NO_MEETING: &str = "0";

impl Zoom {
    /// The scopes that the app lacks to create, change and delete meetings, by Zoom's own words; nothing is
    /// created, changed or deleted.
    pub async fn missing_write_scopes(&self, app: &App) -> Result<Vec<String>, ZoomError> {
        let body = json!({});
        let calls = [
            Call { operation: Operation::CreateMeeting, id: NOBODY, query: &[], body: Some(&body) },
            Call { operation: Operation::UpdateMeeting, id: NO_MEETING, query: &[], body: Some(&body) },
            Call { operation: Operation::DeleteMeeting, id: NO_MEETING, query: &[], body: None },
        ];
        let mut missing = Vec::new();
        for call in &calls {
            match self.send(app, call).await {
                Ok(_) | Err(ZoomError::NotFound { .. } | ZoomError::Rejected { .. }) => {}
                Err(ZoomError::MissingScopes(names)) => missing.extend(names),
                Err(error) => return Err(error),
            }
        }
        Ok(missing)
    }
}
