//! People who come and leave.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::domain::attendance::{Identity, Movement, VisitTold};
use shared::zoom::loose::{self, LONGEST_ID};

use super::Unreadable;

/// What is needed of a meeting that somebody came to or left.
#[derive(Deserialize)]
pub(super) struct Object {
    #[serde(deserialize_with = "loose::number")]
    id: u64,
    #[serde(deserialize_with = "loose::session")]
    uuid: String,
    participant: Person,
}

/// Whoever that was. A telephone number is left where it is.
#[derive(Deserialize)]
struct Person {
    #[serde(default, deserialize_with = "loose::id::<LONGEST_ID, _>")]
    user_id: Option<String>,
    #[serde(default, deserialize_with = "loose::id::<LONGEST_ID, _>")]
    participant_uuid: Option<String>,
    #[serde(default, deserialize_with = "loose::id::<LONGEST_ID, _>")]
    participant_user_id: Option<String>,
    #[serde(default, deserialize_with = "loose::id::<LONGEST_ID, _>")]
    registrant_id: Option<String>,
    #[serde(default, deserialize_with = "loose::id::<LONGEST_ID, _>")]
    customer_key: Option<String>,
    #[serde(default, deserialize_with = "loose::id::<254, _>")]
    email: Option<String>,
    #[serde(default, deserialize_with = "loose::text::<200, _>")]
    user_name: Option<String>,
    #[serde(default, deserialize_with = "loose::moment")]
    join_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "loose::moment")]
    date_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "loose::moment")]
    leave_time: Option<DateTime<Utc>>,
}

impl Object {
    /// What it tells that happened at `at`.
    pub(super) fn told(self, has_left: bool, at: DateTime<Utc>) -> Result<(u64, VisitTold), Unreadable> {
        let one = self.participant;
        let movement = if has_left {
            Movement::Left(one.leave_time.unwrap_or(at))
        } else {
            Movement::Joined(one.join_time.or(one.date_time).unwrap_or(at))
        };
        // Both are given to whoever comes in, and are theirs until they leave.
        let stay = one.user_id.or(one.participant_uuid).ok_or(Unreadable::Lacking("participant"))?;
        let set = |field: Option<String>| field.into_iter().collect::<BTreeSet<String>>();
        let identity = Identity {
            registrants: set(one.registrant_id),
            customer_keys: set(one.customer_key),
            emails: set(one.email),
            users: set(one.participant_user_id),
            names: set(one.user_name),
        };
        Ok((self.id, VisitTold { session: self.uuid, stay, identity, movement }))
    }
}
