//! Those who attend a meeting.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::email::Email;
use super::ids::AttendeeId;

/// The most attendees that a meeting may have.
pub const MOST_ATTENDEES: usize = 5_000;

/// One who attends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// The LMS's user id.
    pub id: AttendeeId,
    /// Where reminders go.
    pub email: Email,
    /// The name to greet by; the address where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language to write in (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The zone to tell times in; the meeting's where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
    /// The number of the news ([`super::news`]) with which they were added; 0: with the meeting itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub since: u32,
    /// When they were added; none: with the meeting itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_at: Option<DateTime<Utc>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
