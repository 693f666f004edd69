//! Removing a connection: its secrets, its hosts, and itself.

use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::secrets::SecretError;
use crate::store::StoreError;
use crate::store::chores::Stage;

/// How often a removal that was overtaken by a change is made again.
const MOST_TRIES: usize = 5;

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

/// Removes a connection that has no meetings to come. The connection itself goes last: as long as something of it
/// is left, this can be done again.
pub async fn remove(deps: &Deps, connection: Connection) -> Result<(), NotRemoved> {
    let mut connection = connection;
    deps.secrets.delete_connection(&connection.tenant, &connection.id).await?;
    deps.store.delete_hosts(&connection.tenant, &connection.id).await?;
    for _ in 0..MOST_TRIES {
        if deps.store.delete_connection(&connection).await? {
            let (connection, tenant) = (&connection.id, &connection.tenant);
            tracing::info!(%connection, %tenant, "a connection was deleted");
            return Ok(());
        }
        match deps.store.connection(&connection.tenant, &connection.id).await? {
            Some(changed) => connection = changed,
            // Somebody else was quicker.
            None => return Ok(()),
        }
    }
    Err(NotRemoved::Contention)
}

/// Has the schedule remove a connection that is leaving.
pub async fn schedule(deps: &Deps, leaving: &Connection) -> Result<(), StoreError> {
    for _ in 0..MOST_TRIES {
        let Some(chore) = deps.store.chore(&leaving.tenant, &leaving.id).await? else { return Ok(()) };
        let (now, shards) = (deps.clock.now(), deps.config.reminder_shards);
        if deps.store.replace_chore(&chore, Stage::Remove, now, shards).await?.is_some() {
            break;
        }
    }
    Ok(())
}
