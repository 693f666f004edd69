//! The ids of things, each a type of its own.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that cannot be an id of that kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be 1 to {max} characters{rule}")]
pub struct InvalidId {
    what: &'static str,
    max: usize,
    rule: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $rule:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                let allowed: fn(char) -> bool = $allowed;
                let length = text.chars().count();
                if length == 0 || length > $max || !text.chars().all(allowed) {
                    return Err(InvalidId { what: $what, max: $max, rule: $rule });
                }
                Ok(Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn printable(character: char) -> bool {
    !character.is_control()
}

fn plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

text_id!(
    /// A school or company: everything belongs to one.
    TenantId, "a tenant", 64, " out of letters, digits, `.`, `_` and `-`", plain
);
text_id!(
    /// A user of the LMS, by the LMS's own id.
    UserId, "a user id", 128, " without control characters", printable
);
text_id!(
    /// A connection: `con_…`.
    ConnectionId, "a connection id", 64, " out of letters, digits, `.`, `_` and `-`", plain
);
text_id!(
    /// A meeting: `mtg_…`.
    MeetingId, "a meeting id", 64, " out of letters, digits, `.`, `_` and `-`", plain
);
text_id!(
    /// A Zoom account.
    AccountId, "an account id", 128, " without control characters", printable
);
text_id!(
    /// A Zoom user who hosts.
    HostId, "a host id", 128, " without control characters", printable
);
text_id!(
    /// One who attends, by the LMS's own id.
    AttendeeId, "an attendee id", 128, " without control characters", printable
);
text_id!(
    /// A course of the LMS.
    CourseId, "a course id", 128, " without control characters", printable
);
text_id!(
    /// A lesson of the LMS.
    LessonId, "a lesson id", 128, " without control characters", printable
);

impl ConnectionId {
    /// The id for a UUID.
    pub fn new(id: Uuid) -> Self {
        Self(format!("con_{}", id.simple()))
    }
}

impl MeetingId {
    /// The id for a UUID.
    pub fn new(id: Uuid) -> Self {
        Self(format!("mtg_{}", id.simple()))
    }

    /// The UUID that [`MeetingId::new`] made it of; `None` where it was not made so.
    pub fn uuid(&self) -> Option<Uuid> {
        let uuid = Uuid::try_parse(self.0.strip_prefix("mtg_")?).ok()?;
        (Self::new(uuid) == *self).then_some(uuid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_plain_and_at_most_64_long() {
        assert!("school-1.example_x".parse::<TenantId>().is_ok());
        for wrong in ["", "a b", "a#b", "ä", &"x".repeat(65)] {
            assert!(wrong.parse::<TenantId>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_an_id_made_of_a_uuid_gives_it_back() {
        let uuid = Uuid::from_u128(u128::MAX - 7);
        assert_eq!(MeetingId::new(uuid).uuid(), Some(uuid));
        for other in ["mtg_1", &MeetingId::new(uuid).as_str().to_uppercase(), &format!("mtg_{uuid}")] {
            assert_eq!(other.parse::<MeetingId>().unwrap().uuid(), None, "{other}");
        }
    }

    #[test]
    fn a_user_id_may_hold_anything_printable() {
        assert!("u#1 Ä/%".parse::<UserId>().is_ok());
        assert!("a\nb".parse::<UserId>().is_err());
    }
}
