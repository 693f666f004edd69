//! Changing a meeting: reserve the new beside the old, change Zoom, release the old.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::confirm::with_reply;
use super::conflict::report;
use super::create::{Race, app_of, choose, place_on};
use super::holds::Holds;
use super::release::{hosts_of_both, quota_correction};
use super::settle::{delete_old, moves, reread, settle_update};
use super::survey::{Reach, survey};
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::host::LedgerHost;
use crate::domain::meeting::{Change, ChangeAction, HostName, HostWish, Meeting, State, Warning};
use crate::store::{MOST_TRANSACTION_ACTIONS, TransactError};
use crate::zoom::{App, ZoomError};

/// What a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// Nothing.
    Nothing,
    /// What is kept here alone.
    Here,
    /// What Zoom keeps too.
    Zoom,
    /// The time or the host.
    Time,
}

/// Makes of the booked meeting `before`, which is settled, what `wanted` says: the same meeting with other
/// fields.
///
/// `wanted.dates` are the dates of its schedule, `wanted.wish` the host as it is asked for now.
pub async fn update(
    deps: &Deps,
    booker: &Booker,
    before: Meeting,
    wanted: Meeting,
) -> Result<Meeting, BookingError> {
    if before.change.is_some() || before.state == State::Pending {
        return Err(BookingError::ChangeUnderWay);
    }
    let depth = depth(&before, &wanted);
    if depth == Depth::Nothing {
        return Ok(before);
    }
    let now = deps.clock.now();
    let mut after = wanted;
    after.version = before.version + 1;
    after.updated_at = now;
    let gone = depth == Depth::Zoom && app_of(deps, &before).await?.is_none();
    if depth == Depth::Here || gone {
        after.revision = before.revision + 1;
        let shards = deps.config.reminder_shards;
        let replaced = deps.store.replace_meeting(&after, &before, now, shards).await?;
        return if replaced { Ok(after) } else { Err(BookingError::ChangeUnderWay) };
    }
    let app = app_of(deps, &before).await?;
    let (marked, after) = match (&app, depth) {
        (Some(_), Depth::Zoom) => mark(deps, &before, after).await?,
        _ => reserve(deps, booker, &before, after, app.is_some()).await?,
    };
    match app {
        Some(app) if !moves(&marked, &after) => change(deps, &app, &marked, after).await,
        old_app => move_host(deps, old_app.as_ref(), &marked, after).await,
    }
}

fn depth(before: &Meeting, after: &Meeting) -> Depth {
    if before.schedule != after.schedule
        || before.wish != after.wish
        || before.alternative_wishes != after.alternative_wishes
        || before.intervals() != after.intervals()
    {
        return Depth::Time;
    }
    if before.topic != after.topic
        || before.agenda != after.agenda
        || before.passcode != after.passcode
        || before.requested_settings != after.requested_settings
    {
        return Depth::Zoom;
    }
    if before == after { Depth::Nothing } else { Depth::Here }
}

/// Marks a change that leaves the time and the host as they are: nothing is booked for it.
async fn mark(deps: &Deps, before: &Meeting, after: Meeting) -> Result<(Meeting, Meeting), BookingError> {
    let Some(host) = &before.host else { return Err(BookingError::Overtaken) };
    let connection = deps.store.connection(&before.tenant, &host.connection_id).await?;
    let mut next = after;
    if let Some(connection) = connection {
        next.settings = next.requested_settings.over(connection.defaults);
    }
    next.warnings.retain(|warning| *warning != Warning::BrowserJoinCannotRecordLocally);
    next.warnings.extend(next.settings_warning());
    let ledger_host = LedgerHost { account_id: host.account_id.clone(), host_id: host.host_id.clone() };
    let now = deps.clock.now();
    let marked = marked(before, &mut next, now);
    let mut writes = deps.store.meeting_writes(&marked, Some(before), now, deps.config.reminder_shards)?;
    let quota_write = writes.len();
    writes.push(deps.store.count_write(&ledger_host, now.date_naive(), deps.config.daily_writes)?);
    match deps.store.transact(writes).await {
        Ok(()) => Ok((marked, next)),
        Err(TransactError::Conditions(failed)) if failed == [quota_write] => {
            Err(BookingError::QuotaExhausted)
        }
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(BookingError::ChangeUnderWay),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// `before` with the mark that it is to become `next`.
fn marked(before: &Meeting, next: &mut Meeting, now: DateTime<Utc>) -> Meeting {
    let mut marked = before.clone();
    marked.revision = before.revision + 1;
    next.revision = before.revision + 2;
    let action = ChangeAction::Replace(Box::new(next.clone()));
    marked.change = Some(Box::new(Change { began_at: now, action }));
    marked
}

/// Takes the new time beside the old and marks the change; returns the meeting so marked, and what it is to
/// become. A meeting stays with its host, where that can still be reached, unless another is asked for.
async fn reserve(
    deps: &Deps,
    booker: &Booker,
    before: &Meeting,
    after: Meeting,
    reachable: bool,
) -> Result<(Meeting, Meeting), BookingError> {
    let stays = before.wish == after.wish && reachable;
    let now = deps.clock.now();
    let plan = Plan {
        kind: after.kind,
        // What is over is in nobody's way any more.
        dates: after.intervals().into_iter().filter(|date| date.ends_at > now).collect(),
        wish: if stays { stay(before) } else { after.wish.clone() },
        alternatives: after.alternative_wishes.clone(),
        attendees: after.attendee_count,
        ignore: Some(before.id.clone()),
    };
    // Whoever may change a meeting may keep it where it is, in the pool or not.
    let booker = &Booker { admin: booker.admin || stays, ..booker.clone() };
    let old = Holds::of(before);
    let mut race = Race::start();
    loop {
        let mut survey = survey(deps, booker, &plan, Reach::Dates, &old.blocks()).await?;
        let Some(place) = choose(deps, &mut survey, &plan).await? else {
            return Err(BookingError::Conflict(Box::new(report(deps, booker, &plan).await?)));
        };
        let candidate = survey.candidates[place].clone();
        let now = deps.clock.now();
        let mut next = after.clone();
        place_on(&mut next, &candidate, &plan);
        let new = Holds::of(&next);
        let hosts = survey.hosts_of(place);
        let marked = marked(before, &mut next, now);
        let shards = deps.config.reminder_shards;
        let mut writes = deps.store.meeting_writes(&marked, Some(before), now, shards)?;
        let quota_write = writes.len();
        writes.push(deps.store.count_write(
            &candidate.host.ledger(),
            now.date_naive(),
            deps.config.daily_writes,
        )?);
        writes.extend(old.union(&new).writes(
            &deps.store,
            &survey.ledger,
            before,
            &hosts,
            survey.settings.buffer_minutes,
        )?);
        if writes.len().max(finishing(deps, &marked, &next, &old, &new, now)?) > MOST_TRANSACTION_ACTIONS {
            return Err(BookingError::TooLarge);
        }
        match deps.store.transact(writes).await {
            Ok(()) => return Ok((marked, next)),
            Err(TransactError::Conditions(failed)) if failed.contains(&0) => {
                return Err(BookingError::ChangeUnderWay);
            }
            Err(TransactError::Conditions(failed)) if failed == [quota_write] => {
                return Err(BookingError::QuotaExhausted);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}

/// The most writes that finishing or undoing the change can take.
fn finishing(
    deps: &Deps,
    marked: &Meeting,
    next: &Meeting,
    old: &Holds,
    new: &Holds,
    now: DateTime<Utc>,
) -> Result<usize, BookingError> {
    let listings = deps.store.meeting_writes(next, Some(marked), now, deps.config.reminder_shards)?.len();
    let both = old.union(new);
    // One claims the meeting at Zoom, one corrects the quota.
    Ok(listings + both.hosts().len() * both.blocks().len() + 2)
}

/// The host that a meeting has, as a wish.
fn stay(meeting: &Meeting) -> HostWish {
    meeting.host.as_ref().map_or(HostWish::Auto, |host| HostWish::Named {
        connection_id: host.connection_id.clone(),
        host: HostName::Id(host.host_id.clone()),
    })
}

/// Changes the meeting at Zoom, on the host that it has.
async fn change(deps: &Deps, app: &App, marked: &Meeting, after: Meeting) -> Result<Meeting, BookingError> {
    let Some(zoom) = &marked.zoom else { return Err(BookingError::Overtaken) };
    match deps.zoom.update_meeting(app, zoom.id, &after).await {
        Ok(()) => finish_update(deps, marked, reread(deps, app, marked, after, zoom.id).await?).await,
        // Zoom forgets meetings some time after they are over; with a new date it is made anew.
        Err(ZoomError::NotFound { .. }) => make_anew(deps, app, None, marked, after).await,
        Err(error) if error.is_unclear() => settle_update(deps, None, marked, after).await,
        Err(error) => {
            undo_update(deps, marked, &after, Some(&error)).await?;
            Err(error.into())
        }
    }
}

/// Makes the meeting, and deletes what there was of it on another host.
async fn make_anew(
    deps: &Deps,
    app: &App,
    old_app: Option<&App>,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let host = after.host.as_ref().map(|host| host.host_id.clone()).ok_or(BookingError::Overtaken)?;
    match deps.zoom.create_meeting(app, &host, &after).await {
        Ok(reply) => {
            delete_old(deps, old_app, marked).await?;
            finish_update(deps, marked, with_reply(&after, reply)).await
        }
        Err(error) if error.is_unclear() => Err(error.into()),
        Err(error) => {
            undo_update(deps, marked, &after, Some(&error)).await?;
            Err(error.into())
        }
    }
}

/// Makes the meeting on its new host, then deletes it on the old.
async fn move_host(
    deps: &Deps,
    old_app: Option<&App>,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let new_app = app_of(deps, &after).await?.ok_or(BookingError::Overtaken)?;
    make_anew(deps, &new_app, old_app, marked, after).await
}

/// Puts `after` in the place of the marked meeting and frees what it no longer takes.
pub(super) async fn finish_update(
    deps: &Deps,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let mut after = after;
    after.change = None;
    after.revision = marked.revision + 1;
    if matches!(after.state, State::Ended | State::Pending) {
        after.state = State::Scheduled;
    }
    let (old, new) = (Holds::of(marked), Holds::of(&after));
    settle_writes(deps, marked, &after, &old, &new, None).await?;
    Ok(after)
}

/// Puts the meeting back as it was before it was marked and frees what was reserved for the change.
pub(super) async fn undo_update(
    deps: &Deps,
    marked: &Meeting,
    after: &Meeting,
    why: Option<&ZoomError>,
) -> Result<Meeting, BookingError> {
    let mut restored = marked.clone();
    restored.change = None;
    restored.revision = marked.revision + 1;
    let (old, new) = (Holds::of(&restored), Holds::of(after));
    settle_writes(deps, marked, &restored, &new, &old, why.map(|why| (after, why))).await?;
    Ok(restored)
}

/// Writes `kept` in the place of `marked`, with the ledger holding `keep` and no more of `drop`.
async fn settle_writes(
    deps: &Deps,
    marked: &Meeting,
    kept: &Meeting,
    drop: &Holds,
    keep: &Holds,
    why: Option<(&Meeting, &ZoomError)>,
) -> Result<(), BookingError> {
    let hosts = hosts_of_both(drop, keep);
    let blocks: BTreeSet<i64> = drop.blocks().union(&keep.blocks()).copied().collect();
    let mut race = Race::start();
    loop {
        let now = deps.clock.now();
        let mut writes = deps.store.meeting_writes(kept, Some(marked), now, deps.config.reminder_shards)?;
        writes.extend(deps.store.claim_zoom_meeting(kept)?);
        if let Some((after, why)) = why {
            writes.extend(quota_correction(deps, after, why)?);
        }
        let ledger = deps.store.ledger(&hosts, &blocks).await?;
        writes.extend(keep.writes(&deps.store, &ledger, marked, &hosts, 0)?);
        match deps.store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(TransactError::Conditions(failed)) if failed.contains(&0) => {
                return Err(BookingError::ChangeUnderWay);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}
