//! Who was in a session that is over, by Zoom's own list.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::operation::Operation;
use super::transport::Call;
use super::{App, Zoom, ZoomError};
use crate::domain::meeting::Kind;

/// The most pages of a list that are read: 30,000 stays.
const MOST_PAGES: usize = 100;

/// A stay, as Zoom lists it. What is empty is not known.
#[derive(Debug, Deserialize)]
pub struct Participant {
    /// What Zoom calls them from when they come until they leave.
    #[serde(default)]
    pub user_id: String,
    /// Zoom's id of them as its user.
    #[serde(default)]
    pub id: String,
    /// The address.
    #[serde(default)]
    pub user_email: String,
    /// Zoom's id of their registration.
    #[serde(default)]
    pub registrant_id: String,
    /// The name that they showed.
    #[serde(default)]
    pub name: String,
    /// When they came.
    pub join_time: Option<DateTime<Utc>>,
    /// When they left.
    pub leave_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct ParticipantList {
    #[serde(default)]
    next_page_token: String,
    #[serde(default)]
    participants: Vec<Participant>,
}

impl Zoom {
    /// Who was in the session of that id, over all pages. Zoom's description knows no way to ask for registrations.
    ///
    /// # Errors
    /// A refusal where the account's plan does not have the list, or Zoom no longer knows the session.
    pub async fn past_participants(
        &self,
        app: &App,
        kind: Kind,
        session: &str,
    ) -> Result<Vec<Participant>, ZoomError> {
        let operation = Operation::past_participants(kind);
        let id = in_a_path(session);
        let (mut all, mut next) = (Vec::new(), String::new());
        for _ in 0..MOST_PAGES {
            let mut query = vec![("page_size", "300")];
            if !next.is_empty() {
                query.push(("next_page_token", &next));
            }
            let call = Call { operation, id: &id, query: &query, body: None };
            let page: ParticipantList = self.call(app, &call).await?;
            all.extend(page.participants);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            next = page.next_page_token;
        }
        Err(ZoomError::Rejected { code: 0, message: "more people came than can be listed".to_owned() })
    }
}

/// Zoom wants an id that slashes would break up to be encoded twice, once of which is done with every path.
pub(super) fn in_a_path(session: &str) -> Cow<'_, str> {
    if session.starts_with('/') || session.contains("//") {
        utf8_percent_encode(session, NON_ALPHANUMERIC).to_string().into()
    } else {
        session.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_slashes_would_break_up_is_encoded_twice() {
        assert_eq!(in_a_path("ab+c=="), "ab+c==");
        assert_eq!(in_a_path("/ab=="), "%2Fab%3D%3D");
        assert_eq!(in_a_path("a//b"), "a%2F%2Fb");
    }
}
