//! An account removed the app.
//!
//! Zoom's rule is that what an app knows of an account's users is deleted within ten days. What is known here is
//! of three kinds. The app's secrets, its hosts and the connection's default host go at once. What stands with its
//! meetings (addresses and names of their hosts, who was there, recordings) goes with the next run of the schedule
//! and those after it. Replies that are kept for idempotency keys go by themselves within a day.
//!
//! The ids of hosts stay, and so does the time that meetings take: it is theirs until they are called off.

use chrono::{DateTime, Utc};
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::ids::{ConnectionId, TenantId};
use shared::notices::{self, ConnectionNotice, Notice};
use shared::store::chores::{Chore, Stage};

use super::{Effect, MOST_TRIES, NotDone};

/// Takes the connection out of use, deletes what is Zoom's, and has its owner told.
///
/// Each step can be made again, and the message comes again until all of them are.
pub(crate) async fn let_go(
    deps: &Deps,
    tenant: &TenantId,
    connection: &ConnectionId,
    at: DateTime<Utc>,
) -> Result<Effect, NotDone> {
    let Some(connection) = take_out_of_use(deps, tenant, connection, at).await? else {
        return Ok(Effect::Known);
    };
    let (tenant, id) = (&connection.tenant, &connection.id);
    deps.secrets.delete_connection(tenant, id).await?;
    deps.store.delete_hosts(tenant, id).await?;
    begin_to_forget(deps, &connection).await?;
    if let Some(failure) = connection.failure {
        let (tenant, connection_id) = (tenant.clone(), id.clone());
        let notice = ConnectionNotice { tenant, connection_id, since: failure.since };
        let refused = notices::send(deps, &[Notice::ConnectionFailed(notice)]).await;
        if let Some(refused) = refused.into_iter().next() {
            return Err(refused.into());
        }
    }
    Ok(Effect::Had)
}

/// Has the schedule delete what stands with the connection's meetings.
async fn begin_to_forget(deps: &Deps, connection: &Connection) -> Result<(), NotDone> {
    let (tenant, id) = (&connection.tenant, &connection.id);
    let (now, shards, stage) = (deps.clock.now(), deps.config.reminder_shards, Stage::Forget { after: None });
    let Some(chore) = deps.store.chore(tenant, id).await? else {
        let (tenant, connection) = (tenant.clone(), id.clone());
        let chore = Chore { tenant, connection, stage, due_at: now, revision: 1 };
        return Ok(deps.store.put_chore(&chore, shards).await?);
    };
    // The schedule may be at it at this moment; the message comes again.
    let replaced = deps.store.replace_chore(&chore, stage, now, shards).await?;
    replaced.map(drop).ok_or(NotDone::Contention)
}

/// The connection, out of use; none where it is gone, or was connected again since.
async fn take_out_of_use(
    deps: &Deps,
    tenant: &TenantId,
    id: &ConnectionId,
    at: DateTime<Utc>,
) -> Result<Option<Connection>, NotDone> {
    for _ in 0..MOST_TRIES {
        let stored = deps.store.connection(tenant, id).await?;
        let Some(before) = stored.filter(|stored| !stored.leaving && !stored.was_accepted_after(at)) else {
            return Ok(None);
        };
        if before.is_deauthorized() {
            return Ok(Some(before));
        }
        let after = before.deauthorized(at, deps.clock.now());
        if deps.store.replace_connection(&after, &before).await? {
            return Ok(Some(after));
        }
    }
    Err(NotDone::Contention)
}
