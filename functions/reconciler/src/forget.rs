//! Deleting what Zoom has told of the meetings of a connection whose app was removed.

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::MeetingId;
use shared::store::StoreError;

/// How many meetings a run looks at.
const MEETINGS_IN_ONE_RUN: usize = 100;
/// How many of them are written side by side.
const MEETINGS_AT_A_TIME: usize = 8;

/// How far it has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Forgotten {
    /// All is gone.
    All,
    /// What follows this meeting is still to be looked at.
    UpTo(MeetingId),
    /// Some of these are being changed, and are to be looked at again.
    NotAll,
}

/// Deletes it of those meetings that follow `after`.
pub(crate) async fn forget(
    deps: &Deps,
    connection: &Connection,
    after: Option<&MeetingId>,
    now: DateTime<Utc>,
) -> Result<Forgotten, StoreError> {
    let (tenant, id) = (&connection.tenant, &connection.id);
    let meetings = deps.store.meetings_of_connection(tenant, id, after, MEETINGS_IN_ONE_RUN).await?;
    let done: Vec<bool> = futures::stream::iter(meetings.clone())
        .map(|meeting| async move { forget_meeting(deps, connection, &meeting, now).await })
        .buffer_unordered(MEETINGS_AT_A_TIME)
        .try_collect()
        .await?;
    Ok(match meetings.last() {
        _ if done.contains(&false) => Forgotten::NotAll,
        Some(last) if meetings.len() == MEETINGS_IN_ONE_RUN => Forgotten::UpTo(last.clone()),
        _ => Forgotten::All,
    })
}

/// Deletes it of one meeting; `false` where somebody else is at it.
async fn forget_meeting(
    deps: &Deps,
    connection: &Connection,
    id: &MeetingId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    deps.store.forget_sessions(&connection.tenant, id).await?;
    let Some(meeting) = deps.store.meeting(&connection.tenant, id).await? else { return Ok(true) };
    if meeting.unsettled_since().is_some() {
        return Ok(false);
    }
    let Ok(after) = meeting.without_hosts(now) else { return Ok(false) };
    if after == meeting {
        return Ok(true);
    }
    deps.store.replace_meeting(&after, &meeting, now, deps.config.reminder_shards).await
}
