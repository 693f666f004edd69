//! Confirming what Zoom has made.

use chrono::{DateTime, Utc};

use super::BookingError;
use super::align::{align, made, whole};
use super::exchange::{Exchange, NotExchanged};
use super::holds::Holds;
use super::quota::Counted;
use super::release::release;
use crate::deps::Deps;
use crate::domain::meeting::{Meeting, State};
use crate::http::idempotency::Operation;
use crate::store::idempotency::KeptReply;
use crate::telemetry::metrics::{self, Metric};
use crate::telemetry::trace;
use crate::zoom::App;
use crate::zoom::meetings::MeetingReply;

/// Makes the reply that is kept for an idempotency key.
pub type Render<'a> = &'a (dyn Fn(&Meeting, DateTime<Utc>) -> KeptReply + Send + Sync);

/// Makes a reserved meeting `scheduled`, with the dates that Zoom holds.
///
/// Where these differ from what was reserved, the difference is booked too; where it cannot be, the meeting is
/// undone at Zoom and here.
pub(super) async fn confirm_created(
    deps: &Deps,
    app: &App,
    reserved: Meeting,
    before: Option<&Meeting>,
    reply: MeetingReply,
    kept: Option<(&Operation, Render<'_>)>,
) -> Result<Meeting, BookingError> {
    let reply = whole(deps, app, &reserved, reply).await?;
    let number = reply.id;
    let (_, aligned) = align(deps, app, &reserved, &reserved, &reply).await?;
    let mut confirmed = made(aligned, reply);
    confirmed.sent_at = Some(deps.clock.now());
    confirmed.news.add_for_all(deps.clock.now(), trace::current());
    let mut extra: Vec<_> = deps.store.claim_zoom_meeting(&confirmed)?.into_iter().collect();
    if let Some((operation, render)) = kept
        && let Some(claim) = &operation.claim
    {
        extra.push(deps.store.keep_reply(claim, &render(&confirmed, deps.clock.now()))?);
    }
    let exchange =
        Exchange { from: &reserved, to: Some(&confirmed), reserved: Holds::default(), keep: None, extra };
    match exchange.make(deps).await {
        Ok(()) => {
            if let Some((operation, _)) = kept {
                operation.reply_is_kept();
            }
            metrics::record(Metric::Bookings, 1.0);
            Ok(confirmed)
        }
        Err(NotExchanged::Moved) => overtaken(deps, app, &reserved, number).await,
        Err(NotExchanged::Failed(error @ (BookingError::Conflict(_) | BookingError::TooLarge))) => {
            deps.zoom.delete_meeting(app, reserved.kind, number).await?;
            release(deps, &reserved, before, Counted::Stays).await?;
            Err(error)
        }
        Err(NotExchanged::Failed(error)) => Err(error),
    }
}

/// Somebody else has changed the reserved meeting while it was made at Zoom: what was made is theirs, or is
/// deleted again.
async fn overtaken(deps: &Deps, app: &App, reserved: &Meeting, number: u64) -> Result<Meeting, BookingError> {
    let stored = deps.store.meeting(&reserved.tenant, &reserved.id).await?;
    match stored {
        Some(stored) if stored.zoom.as_ref().is_some_and(|zoom| zoom.id == number) => Ok(stored),
        // Whoever goes on with it looks for it at Zoom, and may have found it.
        Some(stored) if stored.state == State::Pending && stored.change.is_none() => {
            Err(BookingError::Overtaken)
        }
        _ => {
            deps.zoom.delete_meeting(app, reserved.kind, number).await?;
            Err(BookingError::Overtaken)
        }
    }
}
