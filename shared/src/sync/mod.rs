//! In step with Zoom: what is made, moved or deleted there is known here.
//!
//! Zoom is asked what a meeting is now ([`meeting`]), and the ledger and the meeting here are brought in line with
//! that. Events are only hints that something has changed, so that it does not matter in which order, how often or
//! whether at all they come; [`host`] compares everything that a host has to come. What was written from here comes
//! back as an event too, and changes nothing, since states are compared.
//!
//! A meeting that Lectern has made is known by its claim ([`crate::store::zoom_meetings`]); all others were made in
//! Zoom itself and take the host's time as they stand, even where they overlap. A Lectern meeting follows what Zoom
//! shows of it. It is never touched while a change of it is under way, and what Zoom shows right after one may be of
//! before (`hint.rs`). Nothing is ever written to Zoom.

mod foreign;
mod hint;
mod host;
mod hosts;
mod made;
mod rule;
mod shown;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

pub use self::hint::Hint;
pub use self::host::{Compared, Counts, Part, Rest, host};
use self::made::Claim;
use crate::booking::{self, BookingError, Flag};
use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::domain::host::LedgerHost;
use crate::domain::ids::{HostId, MeetingId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{Kind, Meeting};
use crate::notices::{self, Notice, OverlapNotice};
use crate::store::ledger::{Busy, Ledger, TenantTag, Week};
use crate::zoom::App;
use crate::zoom::meetings::MeetingReply;

/// What was done about a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Nothing: both sides agree, or it is nobody's concern here.
    Nothing,
    /// Nothing yet: a change of it is under way here, or Zoom may show what was before the last one.
    Later,
    /// The meeting here is what Zoom shows.
    Followed,
    /// The meeting here was called off, as it was in Zoom.
    Cancelled,
    /// What was made in Zoom takes its host's time as Zoom shows it.
    Taken,
    /// What was deleted in Zoom takes no time any more.
    Freed,
}

/// Asks Zoom what the meeting of that number is now, and brings the ledger and the meeting here in line. `kind` is
/// what it is if nothing is known of it here; `hint` what an event tells of it.
///
/// # Errors
/// Where Zoom or the table cannot be asked.
pub async fn meeting(
    deps: &Deps,
    connection: &Connection,
    kind: Kind,
    number: u64,
    hint: &Hint,
) -> Result<Repair, BookingError> {
    bring_in_line(deps, connection, None, kind, number, Some(hint)).await
}

/// The same; `listed_for` is a host whose time it may take, where that is known.
async fn bring_in_line(
    deps: &Deps,
    connection: &Connection,
    listed_for: Option<&HostId>,
    kind: Kind,
    number: u64,
    hint: Option<&Hint>,
) -> Result<Repair, BookingError> {
    let account = &connection.account_id;
    let known = deps.store.at_zoom(account, number).await?;
    let made_for = known.made_for.as_ref().or(listed_for);
    let place = |id: &HostId| LedgerHost { account_id: account.clone(), host_id: id.clone() };
    let app = App::of(connection, &deps.secrets);
    let made = match made_for {
        Some(host) => deps.store.made_in_zoom(&place(host), number).await?,
        None => None,
    };
    // What is known of it counts, and not what somebody says that it is.
    let mut kind = made.map_or(kind, |made| made.kind);
    let mut claim = Claim::None;
    if let Some((tenant, id)) = &known.owner {
        if *tenant != connection.tenant {
            return foreign::look(deps, connection, (tenant, id), made_for.map(place), kind, number).await;
        }
        let stored = deps.store.meeting(tenant, id).await?;
        let is_now = |stored: &Meeting| stored.zoom.as_ref().is_some_and(|zoom| zoom.id == number);
        match stored {
            Some(stored) if stored.unsettled_since().is_some() => return Ok(Repair::Later),
            Some(stored) if stored.holds_time() && is_now(&stored) => {
                if let Some(host) = made_for {
                    made::free(deps, connection, &place(host), number).await?;
                }
                return ours(deps, connection, &app, stored, number, hint).await;
            }
            // It was called off here, or made anew elsewhere, and may be there all the same.
            stored => {
                kind = stored.map_or(kind, |stored| stored.kind);
                claim = Claim::Dead;
            }
        }
    }
    match deps.zoom.read_meeting(&app, kind, number).await {
        Ok(reply) if !is_gone(&reply) => made::take(deps, connection, kind, &reply, claim).await,
        Err(error) if !error.is_no_such_meeting() => Err(error.into()),
        Ok(_) | Err(_) => match made_for {
            Some(host) => made::free(deps, connection, &place(host), number).await,
            None => Ok(Repair::Nothing),
        },
    }
}

/// Whether all dates of a series were deleted.
fn is_gone(reply: &MeetingReply) -> bool {
    !reply.occurrences.is_empty() && reply.occurrences.iter().all(|date| date.status == "deleted")
}

/// Brings a meeting of Lectern's in line.
async fn ours(
    deps: &Deps,
    connection: &Connection,
    app: &App,
    stored: Meeting,
    number: u64,
    hint: Option<&Hint>,
) -> Result<Repair, BookingError> {
    let now = deps.clock.now();
    let reply = match deps.zoom.read_meeting(app, stored.kind, number).await {
        Ok(reply) if !is_gone(&reply) => reply,
        Err(error) if !error.is_no_such_meeting() => return Err(error.into()),
        Ok(_) | Err(_) => return gone(deps, &stored, hint, now).await,
    };
    let mut shown = shown::shown(&stored, &reply, now);
    hosts::follow(deps, &stored, &mut shown, &reply).await?;
    if shown == stored {
        return Ok(Repair::Nothing);
    }
    if hint::may_be_old(&stored, &reply, hint, now) {
        return Ok(Repair::Later);
    }
    if shown.live_dates().next().is_none() {
        return gone(deps, &stored, hint, now).await;
    }
    let Some(followed) = booking::follow(deps, &stored, shown).await? else { return Ok(Repair::Later) };
    let spans: Vec<Interval> = stored.intervals().into_iter().chain(followed.intervals()).collect();
    for host in stored.ledgers().union(&followed.ledgers()) {
        look_around(deps, connection, host, &spans).await?;
    }
    Ok(Repair::Followed)
}

/// Calls a meeting off that was deleted in Zoom: here alone, for a read is no ground to delete anything there. Zoom
/// forgets meetings some time after they are over, which is nothing to follow.
async fn gone(
    deps: &Deps,
    stored: &Meeting,
    hint: Option<&Hint>,
    now: DateTime<Utc>,
) -> Result<Repair, BookingError> {
    if stored.current_date(now).is_none() {
        return Ok(Repair::Nothing);
    }
    if hint::may_be_new(stored, hint, now) {
        return Ok(Repair::Later);
    }
    match Box::pin(booking::cancel_here(deps, stored)).await {
        Ok(_) => Ok(Repair::Cancelled),
        Err(BookingError::ChangeUnderWay) => Ok(Repair::Later),
        Err(error) => Err(error),
    }
}

/// Looks at the tenant's meetings on a host beside `spans`, where something was changed in Zoom: whether they
/// overlap now, or no longer do.
async fn look_around(
    deps: &Deps,
    connection: &Connection,
    host: &LedgerHost,
    spans: &[Interval],
) -> Result<(), BookingError> {
    let now = deps.clock.now();
    let weeks = Week::touched(spans, 0);
    let ledger = deps.store.ledger(&BTreeSet::from([host.clone()]), &weeks).await?;
    for id in beside(&ledger, host, &connection.tenant, spans, now) {
        let flag = booking::judge(deps, &connection.tenant, &id, true).await?;
        tell(deps, &connection.tenant, &id, flag).await;
    }
    Ok(())
}

/// The tenant's meetings to come that share a moment with one of `spans`.
fn beside(
    ledger: &Ledger,
    host: &LedgerHost,
    tenant: &TenantId,
    spans: &[Interval],
    now: DateTime<Utc>,
) -> BTreeSet<MeetingId> {
    let tag = TenantTag::of(tenant);
    let near =
        |busy: &&Busy| busy.interval.ends_at > now && spans.iter().any(|span| span.overlaps(&busy.interval));
    ledger.busy(host).filter(near).filter_map(|busy| busy.meeting_of(tag)).collect()
}

/// Has the owner written to where a meeting overlaps. Whoever sends it knows what was told before, so that it can
/// be asked for with every comparison, and is not lost.
async fn tell(deps: &Deps, tenant: &TenantId, id: &MeetingId, flag: Flag) {
    let Flag::Up(occurrence_start) = flag else { return };
    let notice = OverlapNotice { tenant: tenant.clone(), meeting_id: id.clone(), occurrence_start };
    if let Some(refused) = notices::send(deps, &[Notice::Overlap(notice)]).await.first() {
        tracing::warn!(%tenant, meeting = %id, error = %refused, "its owner is told after the next comparison");
    }
}
