//! What an attendee is told, and how it is recorded.

use chrono::{DateTime, Utc};
use shared::domain::attendee::Attendee;
use shared::domain::interval::Interval;
use shared::domain::meeting::Meeting;
use shared::domain::news::Told;
use shared::notices::{NewsNotice, ReminderNotice};
use shared::store::deliveries::{Delivery, DeliveryKind, DeliveryStatus};
use shared::store::keys::{self, Key};

/// The most characters of a reason that are kept.
const LONGEST_REASON: usize = 300;

/// What one attendee of a meeting is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Matter<'a> {
    /// That a date comes up.
    Reminder(&'a ReminderNotice, Interval),
    /// News of the meeting.
    News(&'a NewsNotice, Told),
    /// News to one who does not attend any more.
    Departure(&'a NewsNotice, Told),
}

impl Matter<'_> {
    /// Where its delivery to an attendee of `meeting` is recorded: the same for the same matter, however often it
    /// comes.
    pub(crate) fn key(&self, meeting: &Meeting, attendee: &Attendee) -> Key {
        let (tenant, id) = (&meeting.tenant, &meeting.id);
        match self {
            Self::Reminder(notice, _) => {
                keys::delivery(tenant, id, notice.occurrence_start, notice.offset, &attendee.id)
            }
            Self::News(notice, _) => keys::news_delivery(tenant, id, notice.number, &attendee.id),
            // Known by when they came, which is told once however often the news is.
            Self::Departure(..) => keys::departed_delivery(tenant, id, attendee.since, &attendee.id),
        }
    }

    /// The delivery to an attendee, with what became of it.
    pub(crate) fn delivery(
        &self,
        attendee: &Attendee,
        status: DeliveryStatus,
        reason: Option<&str>,
    ) -> Delivery {
        let (kind, occurrence_start, offset, due_at) = match self {
            Self::Reminder(notice, _) => {
                let (start, offset) = (Some(notice.occurrence_start), Some(notice.offset));
                (DeliveryKind::Reminder, start, offset, notice.due_at)
            }
            Self::News(notice, told) | Self::Departure(notice, told) => {
                ((*told).into(), None, None, notice.due_at)
            }
        };
        Delivery {
            kind,
            attendee_id: attendee.id.clone(),
            occurrence_start,
            offset,
            due_at,
            claimed_at: None,
            sent_at: None,
            status,
            reason: reason.map(shortened),
            again: false,
        }
    }

    /// Why it helps no more at `now`.
    pub(crate) fn too_late(&self, now: DateTime<Utc>) -> Option<&'static str> {
        match self {
            Self::Reminder(notice, _) if now >= notice.occurrence_start => {
                Some("the date had begun before the reminder could be sent")
            }
            Self::Reminder(..) | Self::News(..) | Self::Departure(..) => None,
        }
    }
}

/// A reason that is no longer than what is kept.
pub(crate) fn shortened(reason: &str) -> String {
    reason.chars().take(LONGEST_REASON).collect()
}
