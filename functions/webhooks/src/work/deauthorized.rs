//! An account removed an app.
//!
//! That concerns each of the tenant's connections that are this app in this account, whichever was told of it, and no
//! other: a connection that has moved to another app since goes on working. Connections of other tenants are told by
//! events of their own, each under its own address.
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
use shared::domain::ids::{AccountId, ConnectionId, TenantId};
use shared::notices::{self, ConnectionNotice, Notice};
use shared::store::chores::{Chore, Cursor, Stage};

use super::{Effect, MOST_TRIES, NotDone};

/// Takes the tenant's connections of an app in an account out of use, deletes what is Zoom's, and has their owners
/// told. Where the app is not named it is that of the connection that was told.
///
/// Each step can be made again, and the message comes again until all of them are.
pub(crate) async fn let_go(
    deps: &Deps,
    tenant: &TenantId,
    (account, told): (&AccountId, &ConnectionId),
    client_id: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Effect, NotDone> {
    let mut effect = Effect::Known;
    let is_concerned = |connection: &Connection| match client_id {
        Some(client_id) => is_of(connection, (account, client_id)),
        None => connection.id == *told && connection.account_id == *account,
    };
    for connection in deps.store.all_connections(tenant).await? {
        if is_concerned(&connection) && let_go_of(deps, &connection, at).await? {
            effect = Effect::Had;
        }
    }
    Ok(effect)
}

fn is_of(connection: &Connection, (account, client_id): (&AccountId, &str)) -> bool {
    connection.account_id == *account && connection.client_id == client_id
}

/// Does so with one of them; `false` where it is gone, or was connected again since.
async fn let_go_of(deps: &Deps, connection: &Connection, at: DateTime<Utc>) -> Result<bool, NotDone> {
    let Some(connection) = take_out_of_use(deps, connection, at).await? else { return Ok(false) };
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
    Ok(true)
}

/// Has the schedule delete what stands with the connection's meetings.
async fn begin_to_forget(deps: &Deps, connection: &Connection) -> Result<(), NotDone> {
    let (tenant, id) = (&connection.tenant, &connection.id);
    let (now, shards, stage) = (deps.clock.now(), deps.config.reminder_shards, Stage::Forget { after: None });
    let Some(chore) = deps.store.chore(tenant, id).await? else {
        let (tenant, connection) = (tenant.clone(), id.clone());
        let compared = Cursor::default();
        let chore = Chore { tenant, connection, stage, due_at: now, compared, revision: 1 };
        return Ok(deps.store.put_chore(&chore, shards).await?);
    };
    // The schedule may be at it at this moment; the message comes again.
    let replaced = deps.store.replace_chore(&chore, stage, now, shards).await?;
    replaced.map(drop).ok_or(NotDone::Contention)
}

/// The connection, out of use; none where it is gone, is another app by now, or was connected again since.
async fn take_out_of_use(
    deps: &Deps,
    found: &Connection,
    at: DateTime<Utc>,
) -> Result<Option<Connection>, NotDone> {
    let app = (&found.account_id, found.client_id.as_str());
    for _ in 0..MOST_TRIES {
        let stored = deps.store.connection(&found.tenant, &found.id).await?;
        let concerned =
            |stored: &Connection| is_of(stored, app) && !stored.leaving && !stored.was_accepted_after(at);
        let Some(before) = stored.filter(concerned) else { return Ok(None) };
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
