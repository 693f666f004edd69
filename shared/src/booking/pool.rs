//! What a booking on any host of the pool must know.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rand::seq::SliceRandom;

use super::reach::{attributes, time_keys};
use super::survey::{LARGEST_SHARE, Survey};
use super::{Booker, BookingError, Plan, candidates};
use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::domain::host::{Host, LedgerHost};
use crate::domain::ids::{ConnectionId, TenantId};
use crate::store::ledger::Week;
use crate::store::settings::TenantSettings;
use crate::store::{MOST_BATCH_GETS, StoreError, from_item, keys};

/// Reads what is needed to book `plan` on whoever suits it best: of few hosts all at once, of many a share.
pub(super) async fn survey(
    deps: &Deps,
    booker: &Booker,
    plan: &Plan,
    weeks: BTreeSet<Week>,
) -> Result<Survey, BookingError> {
    let tenant = &booker.tenant;
    let hosts = deps.store.hosts(tenant, None).await?;
    let active: BTreeSet<LedgerHost> = hosts.iter().filter(|host| host.active).map(Host::ledger).collect();
    if active.len() > LARGEST_SHARE {
        return large_pool(deps, booker, plan, &hosts, weeks).await;
    }
    let ids: BTreeSet<&ConnectionId> = hosts.iter().map(|host| &host.connection_id).collect();
    let mut keys = vec![keys::settings(tenant)];
    keys.extend(ids.iter().map(|id| keys::connection(tenant, id)));
    keys.extend(time_keys(deps, &active, &weeks));
    let mut items = deps.store.batch_get_only(keys, &attributes(&weeks)).await?;
    let mut connections = HashMap::new();
    for id in ids {
        if let Some(item) = items.remove(&keys::connection(tenant, id)) {
            connections.insert(id.clone(), Arc::new(from_item(item)?));
        }
    }
    let candidates = candidates::pool(booker, plan, &hosts, &connections)?;
    let mut survey = Survey::of_pool(tenant, candidates, weeks);
    survey.settings = TenantSettings::read(items.remove(&keys::settings(tenant)))?;
    survey.take(deps, active, &items)?;
    Ok(survey)
}

/// A pool of which a share alone is looked at, unless nobody of it is free.
async fn large_pool(
    deps: &Deps,
    booker: &Booker,
    plan: &Plan,
    hosts: &[Host],
    weeks: BTreeSet<Week>,
) -> Result<Survey, BookingError> {
    let tenant = &booker.tenant;
    let connections = connections(deps, tenant, hosts).await?;
    let mut candidates = candidates::pool(booker, plan, hosts, &connections)?;
    // Among equals chance decides who is of the share, so that the load spreads over all.
    candidates.shuffle(&mut rand::rng());
    candidates.sort_by_key(|candidate| candidate.rank);
    let mut survey = Survey::of_pool(tenant, candidates, weeks.clone());
    let share = (0..survey.share(0)).flat_map(|place| survey.hosts_of(place)).collect();
    let mut keys = time_keys(deps, &share, &weeks);
    keys.push(keys::settings(tenant));
    let mut items = deps.store.batch_get_only(keys, &attributes(&weeks)).await?;
    survey.settings = TenantSettings::read(items.remove(&keys::settings(tenant)))?;
    survey.take(deps, share, &items)?;
    Ok(survey)
}

/// The connections that reach `hosts`: by their ids where one call holds them, else among all of the tenant's.
pub(super) async fn connections(
    deps: &Deps,
    tenant: &TenantId,
    hosts: impl IntoIterator<Item = &Host>,
) -> Result<HashMap<ConnectionId, Arc<Connection>>, StoreError> {
    let ids: BTreeSet<&ConnectionId> = hosts.into_iter().map(|host| &host.connection_id).collect();
    let found: Vec<Connection> = if ids.len() > MOST_BATCH_GETS {
        deps.store.all_connections(tenant).await?
    } else {
        let keys = ids.into_iter().map(|id| keys::connection(tenant, id)).collect();
        let items = deps.store.batch_get(keys).await?;
        items.into_values().map(from_item).collect::<Result<_, _>>()?
    };
    Ok(found.into_iter().map(|one| (one.id.clone(), Arc::new(one))).collect())
}
