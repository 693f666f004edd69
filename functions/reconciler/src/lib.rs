//! The function `reconciler`: by schedule, finishes what was begun and left behind.
//!
//! A request that dies, or that Zoom does not answer, leaves its meeting marked with what was under way, and a
//! sparse index finds these. Zoom is asked what it has: what it has made is taken over, what it has not made
//! is taken back. Whatever cannot be settled now, since Zoom does not answer or refuses the app, is put off.
//!
//! Connections are checked once a day, more often while they do not work, and how many people their hosts'
//! meetings hold is read little by little; those that are being removed are emptied first.
//!
//! Who was in a session, and its recordings, are compared with Zoom's own lists some minutes after it is over. Zoom
//! is asked for the sessions of dates of which nothing was told. What Zoom has told of a connection's meetings is
//! deleted where its account has removed the app.
//!
//! What their hosts have to come is compared with Zoom's lists all day long, so that nothing that was made, moved or
//! deleted in Zoom stays unknown, events or not; a small connection is through within the hour, one of a thousand
//! hosts within a day. A run only queues the shares that are due; a second function, `reconciler-worker`, compares
//! them, many connections side by side, so that however slow Zoom is with one, no other waits, and no repair.
//!
//! The words of meetings are indexed here too: a request only marks those that are to be.

mod chores;
mod compare;
mod forget;
mod held;
mod sessions;
mod shard;
mod share;
mod worker;

use serde::Serialize;
use shared::deps::Deps;
use shared::queued::NotSent;
use shared::store::StoreError;
use shared::sync::Counts;
use shared::verification::NotChecked;

pub use self::worker::{MOST_TRIES, handle};

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The meetings that had been left behind.
    pub left_behind: usize,
    /// Those of them on which both sides agree again.
    pub settled: usize,
    /// Those that were put off to a later run.
    pub put_off: usize,
    /// The meetings whose words were indexed.
    pub indexed: usize,
    /// The connections that were checked.
    pub connections_checked: usize,
    /// Those of them that do not work.
    pub connections_failed: usize,
    /// The connections that were removed.
    pub connections_removed: usize,
    /// The hosts whose capacity was read.
    pub hosts_read: usize,
    /// The sessions of which it was looked up who was there.
    pub sessions_checked: usize,
    /// The shares of hosts that were queued to be compared.
    pub shares_queued: usize,
    /// Those of the shares that came to the worker and have to come again.
    pub shares_failed: usize,
    /// The hosts whose meetings were compared with Zoom's lists.
    pub hosts_compared: usize,
    /// The meetings that were brought to what Zoom shows of them.
    pub meetings_followed: usize,
    /// The meetings that were called off, as they were in Zoom.
    pub meetings_cancelled: usize,
    /// The meetings made in Zoom whose time was taken.
    pub zoom_times_taken: usize,
    /// Those whose time was given back.
    pub zoom_times_freed: usize,
    /// The meetings that are compared again later, since they are being changed.
    pub comparisons_put_off: usize,
}

impl std::ops::AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.left_behind += other.left_behind;
        self.settled += other.settled;
        self.put_off += other.put_off;
        self.indexed += other.indexed;
        self.connections_checked += other.connections_checked;
        self.connections_failed += other.connections_failed;
        self.connections_removed += other.connections_removed;
        self.hosts_read += other.hosts_read;
        self.sessions_checked += other.sessions_checked;
        self.shares_queued += other.shares_queued;
        self.shares_failed += other.shares_failed;
        self.hosts_compared += other.hosts_compared;
        self.meetings_followed += other.meetings_followed;
        self.meetings_cancelled += other.meetings_cancelled;
        self.zoom_times_taken += other.zoom_times_taken;
        self.zoom_times_freed += other.zoom_times_freed;
        self.comparisons_put_off += other.comparisons_put_off;
    }
}

impl Report {
    /// What came of comparing so many hosts.
    fn compared(hosts: usize, counts: Counts) -> Self {
        Self {
            hosts_compared: hosts,
            meetings_followed: counts.followed,
            meetings_cancelled: counts.cancelled,
            zoom_times_taken: counts.taken,
            zoom_times_freed: counts.freed,
            comparisons_put_off: counts.later,
            ..Self::default()
        }
    }
}

/// A run that could not do all. What is left is found by the next run.
#[derive(Debug, thiserror::Error)]
pub enum ReconcilerError {
    /// The table, or a secret, could not be read or written.
    #[error("not everything could be finished: {0}")]
    NotChecked(#[from] NotChecked),
    /// A share could not be queued.
    #[error("not every comparison could be queued: {0}")]
    NotSent(#[from] NotSent),
}

impl From<StoreError> for ReconcilerError {
    fn from(error: StoreError) -> Self {
        Self::NotChecked(error.into())
    }
}

/// Finishes what has been left behind by now: each shard by itself, so that trouble in one holds up no other.
///
/// # Errors
/// After all shards were gone through, when the table or the queue failed.
pub async fn run(deps: &Deps) -> Result<Report, ReconcilerError> {
    let now = deps.clock.now();
    let shards = (0..deps.config.reminder_shards).map(|shard| shard::run(deps, shard, now));
    let mut report = Report::default();
    let mut failed = None;
    for done in futures::future::join_all(shards).await {
        report += done.report;
        failed = failed.or(done.failed);
    }
    tracing::info!(?report, "reconciler ran");
    failed.map_or(Ok(report), Err)
}
