//! The function `reminders`: by schedule, queues what has come due and moves meetings on.
//!
//! A meeting carries the moment at which something is next to be done about it, and a sparse index finds the
//! ones whose moment has come. Its reminders are queued first and it is moved on after that: whoever dies in
//! between queues them again, and the consumer, which sends each reminder once, leaves the doubles alone.

mod listeners;
mod shard;

use serde::Serialize;
use shared::deps::Deps;
use shared::store::StoreError;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The reminders that were due: one for each date and offset of a meeting.
    pub due: usize,
    /// The messages that were queued for them.
    pub queued: usize,
    /// The meetings that were moved on to what is next.
    pub moved: usize,
}

/// A run that did not get everything done. What is left is still due at the next run.
#[derive(Debug, thiserror::Error)]
pub enum RemindersError {
    /// The due meetings of a shard could not be read.
    #[error("due meetings could not be read: {0}")]
    Read(#[from] StoreError),
    /// Some meetings were left where they are.
    #[error("{meetings} due meetings are left to the next run; the log says why")]
    Left {
        /// How many.
        meetings: usize,
    },
}

/// Does what is due by now: each shard by itself, so that trouble in one holds up no other.
///
/// # Errors
/// After all shards were gone through, when something was left.
pub async fn run(deps: &Deps) -> Result<Report, RemindersError> {
    let now = deps.clock.now();
    let shards = (0..deps.config.reminder_shards).map(|shard| shard::run(deps, shard, now));
    let mut report = Report::default();
    let mut left = 0;
    let mut unread = None;
    for done in futures::future::join_all(shards).await {
        report.due += done.report.due;
        report.queued += done.report.queued;
        report.moved += done.report.moved;
        left += done.left;
        unread = unread.or(done.unread);
    }
    tracing::info!(due = report.due, queued = report.queued, moved = report.moved, left, "reminders ran");
    match (unread, left) {
        (Some(error), _) => Err(error.into()),
        (None, 0) => Ok(report),
        (None, meetings) => Err(RemindersError::Left { meetings }),
    }
}
