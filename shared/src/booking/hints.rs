//! What is remembered of connections so that a booking can read all it needs in one call.

use std::time::Duration;

use moka::sync::Cache;

use super::Booker;
use crate::domain::ids::{AccountId, ConnectionId, HostId, TenantId, UserId};
use crate::domain::meeting::HostName;

/// Guesses, kept per execution environment. The account behind a connection never changes; a host's name is
/// checked against what is read, so that a wrong guess costs a call and nothing else.
#[derive(Debug, Clone)]
pub struct Hints {
    accounts: Cache<(TenantId, ConnectionId), AccountId>,
    names: Cache<(TenantId, ConnectionId, String), HostId>,
    connections: Cache<(TenantId, UserId, String), ConnectionId>,
}

impl Default for Hints {
    fn default() -> Self {
        // Which connection serves best may change, so this guess does not live long.
        let connections = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_mins(1)).build();
        Self { accounts: Cache::new(10_000), names: Cache::new(10_000), connections }
    }
}

impl Hints {
    pub(super) fn account(&self, tenant: &TenantId, connection: &ConnectionId) -> Option<AccountId> {
        self.accounts.get(&(tenant.clone(), connection.clone()))
    }

    pub(super) fn learn_account(&self, tenant: &TenantId, connection: &ConnectionId, account: &AccountId) {
        self.accounts.insert((tenant.clone(), connection.clone()), account.clone());
    }

    pub(super) fn host(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        name: &HostName,
    ) -> Option<HostId> {
        match name {
            HostName::Id(id) => Some(id.clone()),
            _ => self.names.get(&(tenant.clone(), connection.clone(), spelled(name))),
        }
    }

    pub(super) fn connection(&self, booker: &Booker, name: &HostName) -> Option<ConnectionId> {
        self.connections.get(&(booker.tenant.clone(), booker.organizer.clone(), spelled(name)))
    }

    pub(super) fn learn_connection(&self, booker: &Booker, name: &HostName, connection: &ConnectionId) {
        let key = (booker.tenant.clone(), booker.organizer.clone(), spelled(name));
        self.connections.insert(key, connection.clone());
    }

    pub(super) fn forget_connection(&self, booker: &Booker, name: &HostName) {
        self.connections.invalidate(&(booker.tenant.clone(), booker.organizer.clone(), spelled(name)));
    }

    pub(super) fn learn_host(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        name: &HostName,
        host: &HostId,
    ) {
        self.names.insert((tenant.clone(), connection.clone(), spelled(name)), host.clone());
    }
}

fn spelled(name: &HostName) -> String {
    match name {
        HostName::Id(id) => format!("id {id}"),
        HostName::Email(email) => format!("email {}", email.as_str().to_lowercase()),
        HostName::Default => "default".to_owned(),
    }
}
