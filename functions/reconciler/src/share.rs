//! The shares of comparisons, as they go over their queue.
//!
//! A message only says that a connection has a share to be compared. Which hosts these are stands in the connection's
//! chore, which is the cursor, and says too whether a message is awaited: one that comes twice, or late, does nothing,
//! and one that is lost is sent again.

use serde::{Deserialize, Serialize};
use shared::deps::Deps;
use shared::domain::ids::{ConnectionId, TenantId};
use shared::queued::{self, NotSent};
use shared::store::chores::{Chore, Cursor, Stage};

/// That a connection has a share of hosts to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    /// Whose connection.
    pub(crate) tenant: TenantId,
    /// Which.
    pub(crate) connection: ConnectionId,
}

/// Queues the share that `chore` names, where it awaits a message for it.
pub(crate) async fn send(deps: &Deps, chore: &Chore) -> Result<bool, NotSent> {
    let Stage::Compare(Cursor { queued: true, .. }) = chore.stage else { return Ok(false) };
    let share = Share { tenant: chore.tenant.clone(), connection: chore.connection.clone() };
    queued::send(deps, &deps.config.comparisons_queue_url, queued::text(&share)?).await?;
    Ok(true)
}
