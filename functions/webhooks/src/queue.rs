//! The queue of what Zoom tells.

use serde::{Deserialize, Serialize};
use shared::domain::ids::{AccountId, ConnectionId, TenantId};
use shared::domain::trace::TraceId;

use crate::event::Event;

/// The most bytes of a message. SQS takes 256 KiB, and the table of what is kept of it a little more.
pub(crate) const MOST_BYTES: usize = 192 * 1024;

/// What was told, and by whom: only what is needed of it, so that nothing secret is queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Whose connection it came in by.
    pub(crate) tenant: TenantId,
    /// The connection.
    pub(crate) connection_id: ConnectionId,
    /// The Zoom account, which is the connection's.
    pub(crate) account_id: AccountId,
    /// What was told.
    pub(crate) event: Event,
    /// The trace of the request that told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trace: Option<TraceId>,
}
