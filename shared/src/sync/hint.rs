//! What an event tells, where it says more than what Zoom shows.
//!
//! In the minute after something was written from here Zoom may not show it everywhere yet, so that what it shows
//! may be of before. An event that is later than what was written, and that tells the very time that Zoom shows,
//! proves that it is of after.

use chrono::{DateTime, TimeDelta, Utc};

use crate::booking::LEASE;
use crate::domain::interval::Interval;
use crate::domain::meeting::Meeting;
use crate::zoom::meetings::MeetingReply;

/// By how much Zoom's clock and this one may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);

/// What an event tells of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Whether all of the meeting was deleted.
    pub is_deletion: bool,
    /// When a single meeting starts.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it lasts, in minutes.
    pub duration: Option<u16>,
}

/// Whether Zoom may still show what `stored` was before it was last written from here.
pub(super) fn may_be_old(
    stored: &Meeting,
    reply: &MeetingReply,
    hint: Option<&Hint>,
    now: DateTime<Utc>,
) -> bool {
    let is_after = |hint: &Hint| hint.at > stored.last_sent_at() + CLOCKS_DIFFER;
    let is_proven = |hint: &Hint| is_after(hint) && hint.tells_the_move(stored, reply);
    stored.last_sent_at() + LEASE > now && !hint.is_some_and(is_proven)
}

/// Whether Zoom may not know yet that it has `stored`, so that its absence says nothing. What it tells that was
/// deleted it knew.
pub(super) fn may_be_new(stored: &Meeting, hint: Option<&Hint>, now: DateTime<Utc>) -> bool {
    stored.last_sent_at() + LEASE > now && !hint.is_some_and(|hint| hint.is_deletion)
}

impl Hint {
    /// Whether Zoom shows another time than `stored` has, and the event tells the same.
    fn tells_the_move(&self, stored: &Meeting, reply: &MeetingReply) -> bool {
        let (Some(start), Some(minutes)) = (reply.start_time, reply.duration) else { return false };
        let [ours] = stored.dates.as_slice() else { return false };
        let is_single = reply.occurrences.is_empty() && stored.schedule.recurrence.is_none();
        let is_told = self.starts_at.is_some() || self.duration.is_some();
        let is_same = self.starts_at.is_none_or(|told| told == start)
            && self.duration.is_none_or(|told| told == minutes);
        is_single
            && is_told
            && is_same
            && !super::shown::is_same(&ours.interval, &Interval::of_minutes(start, minutes))
    }
}
