//! What follows from what Zoom tells.

pub(crate) mod deauthorized;
pub(crate) mod recording;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod visit;

use shared::booking::BookingError;
use shared::deps::Deps;
use shared::domain::ids::{MeetingId, TenantId};
use shared::domain::meeting::Meeting;
use shared::notices::NotQueued;
use shared::secrets::SecretError;
use shared::store::StoreError;
use shared::zoom::ZoomError;

/// How often something is written again that others have written in between.
const MOST_TRIES: usize = 5;

/// What came of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It had its effect.
    Had,
    /// It was known already, or is of the past.
    Known,
    /// It is about nothing that the tenant has here.
    NotOurs,
}

/// Why an event is to come again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDone {
    /// The meeting is being changed, by somebody who must not lose it.
    #[error("the meeting is being changed")]
    BeingChanged,
    /// Others write it all the time.
    #[error("others write it all the time")]
    Contention,
    /// Whose meeting it is could not be read.
    #[error("{0}")]
    NotFound(String),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Zoom could not be asked.
    #[error(transparent)]
    Zoom(#[from] ZoomError),
    /// The meeting could not be changed.
    #[error(transparent)]
    Booking(BookingError),
    /// Nobody could be told.
    #[error(transparent)]
    Untold(#[from] NotQueued),
}

/// A meeting that something was told of.
#[derive(Debug, Clone)]
pub(crate) struct MeetingOf {
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// The meeting.
    pub(crate) id: MeetingId,
    /// Zoom's number.
    pub(crate) number: u64,
}

impl MeetingOf {
    /// The meeting, where what happens in it is to be known: not once its account has removed the app, whichever
    /// other app of the account tells of it, and however late.
    pub(crate) async fn heard_of(&self, deps: &Deps) -> Result<Option<Meeting>, StoreError> {
        let Some(stored) = deps.store.meeting(&self.tenant, &self.id).await? else { return Ok(None) };
        let Some(host) = &stored.host else { return Ok(None) };
        let connection = deps.store.connection(&self.tenant, &host.connection_id).await?;
        Ok(connection.is_none_or(|connection| !connection.is_deauthorized()).then_some(stored))
    }
}
