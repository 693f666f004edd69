//! What a host has left of Zoom's daily limit.

use shared::config::Config;
use shared::store::Item;
use shared::store::ledger::used_writes;

use crate::shapes::Today;

/// What the quota item of the running UTC day says.
pub(crate) fn of(quota: Option<&Item>, config: &Config) -> Today {
    Today { writes_used: used_writes(quota), writes_limit: config.daily_writes }
}
