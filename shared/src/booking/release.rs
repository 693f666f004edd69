//! Giving back what was reserved for something that did not come about.

use std::collections::BTreeSet;

use super::BookingError;
use super::create::Race;
use super::holds::Holds;
use crate::deps::Deps;
use crate::domain::host::LedgerHost;
use crate::domain::meeting::{Meeting, State};
use crate::store::TransactError;
use crate::zoom::ZoomError;

/// Undoes the reservation of a meeting that Zoom has not made: the time is free again, and the meeting is what
/// it was before (`None`: nothing).
pub(super) async fn release(
    deps: &Deps,
    reserved: &Meeting,
    before: Option<&Meeting>,
    why: &ZoomError,
) -> Result<(), BookingError> {
    let holds = Holds::of(reserved);
    let (hosts, blocks) = (holds.hosts(), holds.blocks());
    let mut race = Race::start();
    loop {
        let now = deps.clock.now();
        let mut writes = match restored(reserved, before) {
            None => deps.store.meeting_removal(reserved)?,
            Some(restored) => {
                let shards = deps.config.reminder_shards;
                deps.store.meeting_writes(&restored, Some(reserved), now, shards)?
            }
        };
        let ledger = deps.store.ledger(&hosts, &blocks).await?;
        writes.extend(Holds::default().writes(&deps.store, &ledger, reserved, &hosts, 0)?);
        writes.extend(quota_correction(deps, reserved, why)?);
        match deps.store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(TransactError::Conditions(failed)) if failed.contains(&0) => {
                return Err(BookingError::Overtaken);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}

/// What a meeting is again when its booking has failed: what it was before, a draft, or nothing.
fn restored(reserved: &Meeting, before: Option<&Meeting>) -> Option<Meeting> {
    let mut restored = match before {
        Some(before) => before.clone(),
        None if reserved.was_draft => Meeting {
            state: State::Draft,
            host: None,
            alternative_hosts: Vec::new(),
            warnings: Vec::new(),
            was_draft: false,
            ..reserved.clone()
        },
        None => return None,
    };
    restored.revision = reserved.revision + 1;
    Some(restored)
}

/// A write that Zoom never saw is not counted; where Zoom says that the day's writes are used up, they are.
pub(super) fn quota_correction(
    deps: &Deps,
    meeting: &Meeting,
    why: &ZoomError,
) -> Result<Option<aws_sdk_dynamodb::types::TransactWriteItem>, BookingError> {
    let Some(host) = &meeting.host else { return Ok(None) };
    let host = LedgerHost { account_id: host.account_id.clone(), host_id: host.host_id.clone() };
    let day = deps.clock.now().date_naive();
    Ok(match why {
        ZoomError::Unreachable(_)
        | ZoomError::Token(_)
        | ZoomError::Secret(_)
        | ZoomError::MissingScopes(_)
        | ZoomError::RateLimited { .. } => Some(deps.store.uncount_write(&host, day)?),
        ZoomError::DailyLimit => Some(deps.store.exhaust_writes(&host, day, deps.config.daily_writes)?),
        ZoomError::NotFound { .. } | ZoomError::Rejected { .. } | ZoomError::Unclear(_) => None,
    })
}

/// The hosts whose time either takes.
pub(super) fn hosts_of_both(one: &Holds, other: &Holds) -> BTreeSet<LedgerHost> {
    one.union(other).hosts()
}
