//! Removing a connection: its hosts, itself, its secrets.
//!
//! It is marked first, and the schedule told to finish what is begun. Its hosts go next: a booking is made on the
//! condition that its host is there, so that whatever was booked is found by whoever looks after that, and is
//! called off. The chore goes last: as long as something is left, the schedule comes back for it.

use chrono::TimeDelta;

use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::domain::host::Host;
use crate::domain::ids::{ConnectionId, TenantId};
use crate::secrets::SecretError;
use crate::store::StoreError;
use crate::store::chores::Stage;

/// How often a removal that was overtaken by a change is made again.
const MOST_TRIES: usize = 5;
/// How long the schedule leaves a removal to the request that began it.
const GRACE: TimeDelta = TimeDelta::seconds(60);

/// What keeps a connection from going.
#[derive(Debug, thiserror::Error)]
pub enum NotRemoved {
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others change it all the time.
    #[error("the connection is being changed by others")]
    Contention,
}

/// A connection that was begun to be removed.
#[derive(Debug)]
pub struct Begun {
    /// The connection, marked.
    pub leaving: Connection,
    /// Its hosts, which are gone.
    hosts: Vec<Host>,
    /// Whether it took bookings.
    active: bool,
}

/// Begins to remove a connection: from here on it takes no bookings, and to callers it is gone. `None` where it is
/// no longer what is stored.
pub async fn begin(deps: &Deps, before: &Connection) -> Result<Option<Begun>, StoreError> {
    let (now, shards) = (deps.clock.now(), deps.config.reminder_shards);
    // First, so that a removal that is marked is never forgotten.
    if let Some(chore) = deps.store.chore(&before.tenant, &before.id).await? {
        deps.store.replace_chore(&chore, Stage::Remove, now + GRACE, shards).await?;
    }
    let version = before.version + 1;
    let leaving = Connection { active: false, leaving: true, version, updated_at: now, ..before.clone() };
    if !deps.store.replace_connection(&leaving, before).await? {
        return Ok(None);
    }
    let hosts = deps.store.hosts(&leaving.tenant, Some(&leaving.id)).await?;
    deps.store.delete_hosts(&leaving.tenant, &leaving.id).await?;
    Ok(Some(Begun { leaving, hosts, active: before.active }))
}

/// Takes back what was begun: a meeting was booked at the last moment.
pub async fn take_back(deps: &Deps, begun: Begun) -> Result<(), NotRemoved> {
    let Begun { leaving, hosts, active } = begun;
    deps.store.put_hosts(&leaving.tenant, &hosts).await?;
    let version = leaving.version + 1;
    let back =
        Connection { active, leaving: false, version, updated_at: deps.clock.now(), ..leaving.clone() };
    // To callers it was gone, so that nobody but the schedule can have been at it.
    if deps.store.replace_connection(&back, &leaving).await? { Ok(()) } else { Err(NotRemoved::Contention) }
}

/// Leaves what was begun to the schedule, whose next run goes on with it.
pub async fn hand_over(deps: &Deps, leaving: &Connection) -> Result<(), StoreError> {
    let (now, shards) = (deps.clock.now(), deps.config.reminder_shards);
    if let Some(chore) = deps.store.chore(&leaving.tenant, &leaving.id).await? {
        // Where it is at it already, all the better.
        deps.store.replace_chore(&chore, Stage::Remove, now, shards).await?;
    }
    Ok(())
}

/// Removes a connection that is leaving and has no meetings to come.
pub async fn finish(deps: &Deps, leaving: Connection) -> Result<(), NotRemoved> {
    let mut leaving = leaving;
    for _ in 0..MOST_TRIES {
        if deps.store.delete_connection(&leaving).await? {
            tracing::info!(connection = %leaving.id, tenant = %leaving.tenant, "a connection was deleted");
            return clear_up(deps, &leaving.tenant, &leaving.id).await;
        }
        match deps.store.connection(&leaving.tenant, &leaving.id).await? {
            Some(changed) => leaving = changed,
            None => return clear_up(deps, &leaving.tenant, &leaving.id).await,
        }
    }
    Err(NotRemoved::Contention)
}

/// Removes what is left of a connection that is gone, or that never came to be.
pub async fn clear_up(deps: &Deps, tenant: &TenantId, connection: &ConnectionId) -> Result<(), NotRemoved> {
    deps.secrets.delete_connection(tenant, connection).await?;
    deps.store.delete_hosts(tenant, connection).await?;
    deps.store.delete_chore(tenant, connection).await?;
    Ok(())
}
