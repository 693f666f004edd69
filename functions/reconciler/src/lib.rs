//! The function `reconciler`: by schedule, finishes what was begun and left behind.
//!
//! A request that dies, or that Zoom does not answer, leaves its meeting marked with what was under way, and a
//! sparse index finds these. Zoom is asked what it has: what it has made is taken over, what it has not made
//! is taken back. Whatever cannot be settled now, since Zoom does not answer or refuses the app, is put off.
//!
//! The words of meetings are indexed here too: a request only marks those that are to be.

mod shard;

use serde::Serialize;
use shared::deps::Deps;
use shared::store::StoreError;

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
}

/// A run that could not read or write the table. What is left is found by the next run.
#[derive(Debug, thiserror::Error)]
#[error("not everything could be finished: {0}")]
pub struct ReconcilerError(#[from] StoreError);

/// Finishes what has been left behind by now: each shard by itself, so that trouble in one holds up no other.
///
/// # Errors
/// After all shards were gone through, when the table failed.
pub async fn run(deps: &Deps) -> Result<Report, ReconcilerError> {
    let now = deps.clock.now();
    let shards = (0..deps.config.reminder_shards).map(|shard| shard::run(deps, shard, now));
    let mut report = Report::default();
    let mut failed = None;
    for done in futures::future::join_all(shards).await {
        report.left_behind += done.report.left_behind;
        report.settled += done.report.settled;
        report.put_off += done.report.put_off;
        report.indexed += done.report.indexed;
        failed = failed.or(done.failed);
    }
    let Report { left_behind, settled, put_off, indexed } = report;
    tracing::info!(left_behind, settled, put_off, indexed, "reconciler ran");
    failed.map_or(Ok(report), |error| Err(error.into()))
}
