//! Zoom users who can host.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::email::Email;
use super::ids::{AccountId, ConnectionId, HostId};
use super::meeting::Meeting;

/// A Zoom user as a connection knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Through which connection.
    pub connection_id: ConnectionId,
    /// The Zoom account that the user belongs to.
    pub account_id: AccountId,
    /// Zoom's user id.
    pub id: HostId,
    /// The address that the user signs in to Zoom with.
    pub email: Email,
    /// The name that others see.
    pub display_name: String,
    /// What the user has paid for.
    pub license: License,
    /// Whether Zoom lists the user as active.
    pub active: bool,
    /// Whether the host may be picked for `auto`; `None`: as the connection says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooled: Option<bool>,
    /// How many meetings the host may run at one time (1 or 2).
    pub concurrent_meetings: u8,
    /// How many people fit in a meeting, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<u32>,
    /// How many people fit in a webinar; `Some(0)`: no webinars; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webinar_participants: Option<u32>,
}

/// What a Zoom user has paid for (`type` in Zoom's `GET /users`: 1, 2, other).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum License {
    /// Free: meetings end after 40 minutes and hold 100 people.
    Basic,
    /// Paid.
    Licensed,
    /// None assigned.
    None,
}

impl Host {
    /// The ledger that the host's time is kept in.
    pub fn ledger(&self) -> LedgerHost {
        LedgerHost { account_id: self.account_id.clone(), host_id: self.id.clone() }
    }

    /// Whether `auto` may pick this host, given what its connection says of its hosts.
    pub fn is_pooled(&self, connection_pooled: bool) -> bool {
        self.active && self.pooled.unwrap_or(connection_pooled)
    }
}

/// Whose time a ledger keeps: a Zoom user of a Zoom account, whichever connection reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LedgerHost {
    /// The Zoom account.
    pub account_id: AccountId,
    /// The Zoom user.
    pub host_id: HostId,
}

impl Meeting {
    /// Whose time it takes in the ledger: its host's and its alternative hosts'.
    pub fn ledgers(&self) -> BTreeSet<LedgerHost> {
        let Some(host) = &self.host else { return BTreeSet::new() };
        let ids = std::iter::once(&host.host_id).chain(self.alternative_hosts.iter().map(|a| &a.host_id));
        ids.map(|id| LedgerHost { account_id: host.account_id.clone(), host_id: id.clone() }).collect()
    }
}
