//! Booking: how a meeting gets its host's time, here and at Zoom, and how it gives it back.
//!
//! A create reserves here (`pending`), then makes the meeting at Zoom, then confirms here. A change reserves
//! the new time beside the old, then changes Zoom, then releases the old. A cancellation is marked, then made
//! at Zoom, then releases the time. Between the steps the meeting carries what is under way, so that whoever
//! comes next can settle it by asking Zoom.
//!
//! Every step that takes time is one transaction, conditioned on the versions of the ledger's blocks that it
//! was decided on. Losing a race means reading again, bounded by time and not by count.

mod align;
mod at_zoom;
mod cancel;
mod candidates;
mod clash;
mod clear;
mod confirm;
mod conflict;
mod create;
mod end;
mod error;
mod exchange;
mod finish;
mod follow;
mod hints;
mod holds;
mod mark;
mod occurrence;
mod overlap;
mod pool;
mod quota;
mod race;
mod reach;
mod release;
mod settle;
mod step;
mod survey;
mod update;

pub(crate) use cancel::cancel_here;
pub use cancel::{IfRefused, call_off};
pub use clash::Clash;
pub use clear::{clear, upcoming_of};
pub use confirm::Render;
pub use conflict::{CheckReport, CheckedHost, ClashView, ConflictReport, FreeHost, NextFree, check};
pub use create::create;
pub use end::end;
pub use error::{BookingError, zoom_problem};
pub(crate) use follow::follow;
pub use hints::Hints;
pub use occurrence::{DateChange, call_off_date, change_date};
pub(crate) use overlap::{Flag, Judge, judge};
pub use race::Race;
pub use settle::{LEASE, settled};
pub use update::update;

use crate::domain::ids::{HostId, MeetingId, TenantId, UserId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{HostWish, Kind};

/// How long a booking goes on trying to win against others before it gives up: what is left of a request's
/// patience of 25 seconds after Zoom has had its share.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(14);

/// Who books, and for whom.
#[derive(Debug, Clone)]
pub struct Booker {
    /// The tenant.
    pub tenant: TenantId,
    /// The caller.
    pub user: UserId,
    /// Whether the caller may use every connection of the tenant and see every meeting.
    pub admin: bool,
    /// Whose meeting it becomes: the connections of this user come first.
    pub organizer: UserId,
}

/// What is to be booked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Meeting or webinar.
    pub kind: Kind,
    /// The dates.
    pub dates: Vec<Interval>,
    /// On which host.
    pub wish: HostWish,
    /// Who may start it too.
    pub alternatives: Vec<HostId>,
    /// How many are to attend.
    pub attendees: u32,
    /// The meeting whose own time is not in the way.
    pub ignore: Option<MeetingId>,
    /// How many creates and updates at Zoom it takes.
    pub writes: u32,
}
