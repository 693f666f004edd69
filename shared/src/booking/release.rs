//! Giving back what was reserved for something that did not come about.

use super::BookingError;
use super::exchange::Exchange;
use super::holds::Holds;
use super::quota::Counted;
use crate::deps::Deps;
use crate::domain::meeting::{Meeting, State};

/// Undoes the reservation of a meeting that Zoom has not made: the time is free again, and the meeting is what
/// it was before (`None`: nothing).
pub(super) async fn release(
    deps: &Deps,
    reserved: &Meeting,
    before: Option<&Meeting>,
    counted: Counted,
) -> Result<(), BookingError> {
    let restored = restored(reserved, before);
    let exchange = Exchange {
        from: reserved,
        to: restored.as_ref(),
        reserved: Holds::default(),
        keep: None,
        extra: counted.correction(deps, reserved, reserved.host.as_ref())?.into_iter().collect(),
    };
    exchange.make(deps).await.map_err(|error| error.or(BookingError::Overtaken))
}

/// Gives up a meeting that Zoom has not made and that nobody goes on with: it has failed, or is a draft again.
/// The same idempotency key can still make it.
pub(super) async fn abandon(
    deps: &Deps,
    pending: &Meeting,
    counted: Counted,
) -> Result<Meeting, BookingError> {
    let mut failed = pending.clone();
    failed.state = State::Failed;
    failed.revision += 1;
    failed.version += 1;
    failed.updated_at = deps.clock.now();
    let before = if pending.was_draft { restored(pending, None) } else { None };
    release(deps, pending, Some(before.as_ref().unwrap_or(&failed)), counted).await?;
    Ok(before.unwrap_or(failed))
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
