//! The scheduled step that indexes the words of meetings.

use std::collections::HashSet;

use crate::deps::Deps;
use crate::domain::ids::{MeetingId, TenantId};
use crate::store::StoreError;

/// How many meetings are read at a time.
const PAGE: usize = 50;
/// How many pages a run reads of a shard; the rest is the next run's.
const MOST_PAGES: usize = 40;

/// Indexes the meetings whose words have changed; returns how many. Where there are none, this is one `Query`
/// a shard.
///
/// # Errors
/// After all shards were gone through, when something was left to the next run.
pub async fn index(deps: &Deps) -> Result<usize, StoreError> {
    let shards = (0..deps.config.reminder_shards.max(1)).map(|shard| index_shard(deps, shard));
    futures::future::join_all(shards).await.into_iter().sum()
}

async fn index_shard(deps: &Deps, shard: u16) -> Result<usize, StoreError> {
    let now = deps.clock.now();
    let mut seen: HashSet<(TenantId, MeetingId)> = HashSet::new();
    let mut indexed = 0;
    let mut failed = None;
    for _ in 0..MOST_PAGES {
        let page = deps.store.unindexed(shard, now, PAGE).await?;
        let full = page.len() >= PAGE;
        // The index of marks lags behind the table, and what was marked anew meanwhile stays in it.
        let fresh: Vec<_> = page.into_iter().filter(|mark| seen.insert(mark.meeting())).collect();
        let stuck = fresh.is_empty();
        match deps.store.index(&fresh).await {
            Ok(cleared) => indexed += cleared,
            Err(error) => failed = failed.or(Some(error)),
        }
        if !full || stuck {
            break;
        }
    }
    failed.map_or(Ok(indexed), Err)
}
