//! Calling off what a connection has to come.

use super::BookingError;
use super::cancel::{IfRefused, cancel};
use crate::deps::Deps;
use crate::domain::ids::{ConnectionId, TenantId};
use crate::domain::meeting::Meeting;
use crate::store::StoreError;
use crate::store::keys::Scope;
use crate::store::listing::Filter;
use crate::store::lists::{List, Tab};

/// The meetings of a connection that are to come, at most `limit` of them, and whether there are more.
pub async fn upcoming_of(
    deps: &Deps,
    tenant: &TenantId,
    connection: &ConnectionId,
    limit: usize,
) -> Result<(Vec<Meeting>, bool), StoreError> {
    let scope = Scope::Connection(connection.clone());
    let list = List { tenant, scope: &scope, tab: Tab::Upcoming, now: deps.clock.now() };
    let shards = deps.config.reminder_shards;
    let (meetings, next) = deps.store.list(list, &Filter::default(), limit, None, shards).await?;
    Ok((meetings, next.is_some()))
}

/// Calls `meetings` off, whose connection is going away. An app that Zoom no longer accepts must not keep it from
/// going: then they are called off here alone.
pub async fn clear(deps: &Deps, meetings: Vec<Meeting>) -> Result<(), BookingError> {
    for meeting in meetings {
        Box::pin(cancel(deps, meeting, IfRefused::CancelHere)).await?;
    }
    Ok(())
}
