//! What another tenant has booked on an account that both have connected.
//!
//! Each tenant looks after its own, as long as one of its connections to the account works and may read meetings.
//! Where none does, whoever else has the account looks: the time at which Zoom shows such a meeting is taken like
//! that of anything made in Zoom, beside what was booked, until the owner follows; and one that Zoom no longer has is
//! called off.

use super::made::{self, Claim};
use super::{Repair, hint, is_gone};
use crate::booking::{self, BookingError};
use crate::deps::Deps;
use crate::domain::connection::{Connection, VerificationStatus};
use crate::domain::host::LedgerHost;
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::meeting::{Kind, Meeting};
use crate::store::StoreError;
use crate::zoom::App;
use crate::zoom::scopes::Need;

/// Brings the ledger in line for the meeting of that number, which `tenant` has made; `made_for` is where it may take
/// time as if it was made in Zoom.
pub(super) async fn look(
    deps: &Deps,
    connection: &Connection,
    (tenant, id): (&TenantId, &MeetingId),
    made_for: Option<LedgerHost>,
    kind: Kind,
    number: u64,
) -> Result<Repair, BookingError> {
    let free = async || match &made_for {
        Some(host) => made::free(deps, connection, host, number).await,
        None => Ok(Repair::Nothing),
    };
    if is_looked_after(deps, tenant, connection).await? {
        return free().await;
    }
    let stored = deps.store.meeting(tenant, id).await?;
    let is_now = |stored: &Meeting| stored.zoom.as_ref().is_some_and(|zoom| zoom.id == number);
    let booked = stored.filter(|stored| stored.holds_time() && is_now(stored));
    // What it is here counts, and not what somebody says that it is.
    let kind = booked.as_ref().map_or(kind, |booked| booked.kind);
    let app = App::of(connection, &deps.secrets);
    match deps.zoom.read_meeting(&app, kind, number).await {
        Ok(reply) if !is_gone(&reply) => {
            made::take(deps, connection, kind, &reply, Claim::Foreign(booked.as_ref())).await
        }
        Err(error) if !error.is_no_such_meeting() => Err(error.into()),
        Ok(_) | Err(_) => {
            let freed = free().await?;
            match booked {
                Some(booked) => call_off(deps, &booked, freed).await,
                None => Ok(freed),
            }
        }
    }
}

/// Whether a connection of the tenant's to the same account works, and may read what it has made.
async fn is_looked_after(
    deps: &Deps,
    tenant: &TenantId,
    connection: &Connection,
) -> Result<bool, StoreError> {
    let connections = deps.store.all_connections(tenant).await?;
    Ok(connections.iter().any(|other| {
        let works = other.verification.status == VerificationStatus::Verified && !other.is_deauthorized();
        let sees = !other.lacks(Need::ReadMeetings);
        other.account_id == connection.account_id && works && sees && !other.leaving
    }))
}

/// Calls off what Zoom no longer has, where nothing is under way.
async fn call_off(deps: &Deps, booked: &Meeting, freed: Repair) -> Result<Repair, BookingError> {
    let now = deps.clock.now();
    if booked.unsettled_since().is_some()
        || booked.current_date(now).is_none()
        || hint::may_be_new(booked, None, now)
    {
        return Ok(freed);
    }
    match Box::pin(booking::cancel_here(deps, booked)).await {
        Ok(_) => Ok(Repair::Cancelled),
        Err(BookingError::ChangeUnderWay) => Ok(Repair::Later),
        Err(error) => Err(error),
    }
}
