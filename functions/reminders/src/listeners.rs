//! Whose learning platforms are told of what happens.

use std::collections::{BTreeSet, HashSet};

use shared::deps::Deps;
use shared::domain::ids::TenantId;
use shared::domain::meeting::Meeting;
use shared::store::StoreError;
use shared::store::keys;
use shared::store::settings::TenantSettings;

/// The tenants of `meetings` whose platforms are to be told, found with one read of all their settings.
pub(crate) async fn listeners<'a>(
    deps: &Deps,
    meetings: impl Iterator<Item = &'a Meeting>,
) -> Result<HashSet<TenantId>, StoreError> {
    let tenants: BTreeSet<&TenantId> = meetings.map(|meeting| &meeting.tenant).collect();
    if tenants.is_empty() {
        return Ok(HashSet::new());
    }
    let keys = tenants.iter().map(|tenant| keys::settings(tenant)).collect();
    let mut found = deps.store.batch_get(keys).await?;
    let mut listeners = HashSet::new();
    for tenant in tenants {
        if TenantSettings::read(found.remove(&keys::settings(tenant)))?.tells_platform() {
            listeners.insert(tenant.clone());
        }
    }
    Ok(listeners)
}
