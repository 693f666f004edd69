//! Who was in a session that is over, by Zoom's own list.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::operation::Operation;
use super::transport::Call;
use super::{App, Zoom, ZoomError, loose};
use crate::domain::meeting::Kind;

/// The most pages of a list that are read: 30,000 stays.
const MOST_PAGES: usize = 100;

/// A stay, as Zoom lists it.
#[derive(Debug, Deserialize)]
pub struct Participant {
    /// What Zoom calls them from when they come until they leave.
    #[serde(default, deserialize_with = "loose::text::<128, _>")]
    pub user_id: Option<String>,
    /// Zoom's id of them as its user.
    #[serde(default, deserialize_with = "loose::text::<128, _>")]
    pub id: Option<String>,
    /// The address.
    #[serde(default, deserialize_with = "loose::text::<254, _>")]
    pub user_email: Option<String>,
    /// Zoom's id of their registration.
    #[serde(default, deserialize_with = "loose::text::<128, _>")]
    pub registrant_id: Option<String>,
    /// The name that they showed.
    #[serde(default, deserialize_with = "loose::text::<200, _>")]
    pub name: Option<String>,
    /// When they came.
    #[serde(default, deserialize_with = "loose::moment")]
    pub join_time: Option<DateTime<Utc>>,
    /// When they left.
    #[serde(default, deserialize_with = "loose::moment")]
    pub leave_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct ParticipantList {
    #[serde(default)]
    next_page_token: Option<String>,
    // One line that cannot be read takes no other with it.
    #[serde(default)]
    participants: Vec<Value>,
}

impl ParticipantList {
    fn stays(&mut self) -> impl Iterator<Item = Participant> {
        self.participants.drain(..).filter_map(|line| serde_json::from_value(line).ok())
    }
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
            let mut page: ParticipantList = self.call(app, &call).await?;
            all.extend(page.stays());
            match page.next_page_token.filter(|token| !token.is_empty()) {
                Some(token) => next = token,
                None => return Ok(all),
            }
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
    fn one_line_that_cannot_be_read_takes_no_other_with_it() {
        let lines = serde_json::json!([
            {"user_id": "1", "user_email": null, "join_time": null, "leave_time": "2027-03-01T09:10:00Z"},
            {"user_id": "2", "join_time": "", "leave_time": 7},
            7,
            {"user_id": "3", "join_time": "2027-03-01T09:00:00Z", "leave_time": "2027-03-01T09:10:00Z"},
        ]);
        let page = serde_json::json!({"next_page_token": null, "participants": lines});
        let mut page: ParticipantList = serde_json::from_value(page).unwrap();
        let stays: Vec<_> = page.stays().map(|one| (one.user_id, one.join_time, one.leave_time)).collect();
        let at = |text: &str| text.parse().ok();
        let (came, left) = (at("2027-03-01T09:00:00Z"), at("2027-03-01T09:10:00Z"));
        let id = |id: &str| Some(id.to_owned());
        assert_eq!(stays, [(id("1"), None, left), (id("2"), None, None), (id("3"), came, left)]);
    }

    #[test]
    fn an_id_that_slashes_would_break_up_is_encoded_twice() {
        assert_eq!(in_a_path("ab+c=="), "ab+c==");
        assert_eq!(in_a_path("/ab=="), "%2Fab%3D%3D");
        assert_eq!(in_a_path("a//b"), "a%2F%2Fb");
    }
}
