//! The queue of what Zoom tells.

use aws_sdk_sqs::error::DisplayErrorContext;
use serde::{Deserialize, Serialize};
use shared::deps::Deps;
use shared::domain::ids::{AccountId, ConnectionId, TenantId};
use shared::domain::trace::TraceId;

use crate::event::Event;

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

/// What was told could not be queued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotQueued {
    /// It cannot be written down.
    #[error("an event cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// SQS did not take it.
    #[error("SQS did not take an event: {0}")]
    Refused(String),
}

/// Queues what was told.
pub(crate) async fn send(deps: &Deps, message: &Message) -> Result<(), NotQueued> {
    let body = shared::queued::text(message)?;
    let send = deps.queue.send_message().queue_url(&deps.config.webhooks_queue_url).message_body(body);
    send.send().await.map_err(|error| NotQueued::Refused(DisplayErrorContext(&error).to_string()))?;
    Ok(())
}
