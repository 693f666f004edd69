//! Changing a meeting: reserve the new beside the old, change Zoom, release the old.

use std::collections::BTreeSet;

use super::candidates::Candidate;
use super::confirm::with_reply;
use super::conflict::report;
use super::create::{Race, app_of, place_on};
use super::holds::Holds;
use super::release::{hosts_of_both, quota_correction};
use super::settle::{settle_update, with_dates_of};
use super::survey::{Reach, survey};
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::meeting::{Change, ChangeAction, HostName, HostWish, Meeting, State};
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
    if depth == Depth::Here {
        after.revision = before.revision + 1;
        let shards = deps.config.reminder_shards;
        let replaced = deps.store.replace_meeting(&after, &before, now, shards).await?;
        return if replaced { Ok(after) } else { Err(BookingError::ChangeUnderWay) };
    }
    let (marked, after) = reserve(deps, booker, &before, after, depth).await?;
    let app = app_of(deps, &before).await?;
    let moved = before.host.as_ref().map(|h| &h.host_id) != after.host.as_ref().map(|h| &h.host_id);
    if moved { move_host(deps, &app, &marked, after).await } else { change(deps, &app, &marked, after).await }
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

/// Takes the new time beside the old and marks the change; returns the meeting so marked, and what it is to
/// become.
async fn reserve(
    deps: &Deps,
    booker: &Booker,
    before: &Meeting,
    after: Meeting,
    depth: Depth,
) -> Result<(Meeting, Meeting), BookingError> {
    let plan = Plan {
        kind: after.kind,
        dates: after.intervals(),
        // A meeting stays with its host unless another is asked for.
        wish: if before.wish == after.wish { stay(before) } else { after.wish.clone() },
        alternatives: after.alternative_wishes.clone(),
        attendees: after.attendee_count,
        ignore: Some(before.id.clone()),
    };
    let old = Holds::of(before);
    let mut race = Race::start();
    loop {
        let mut survey = survey(deps, booker, &plan, Reach::Dates, &old.blocks()).await?;
        let free = free_candidate(deps, &mut survey, &plan, depth).await?;
        let Some((place, candidate)) = free else {
            return Err(BookingError::Conflict(Box::new(report(deps, booker, &plan).await?)));
        };
        let now = deps.clock.now();
        let mut next = after.clone();
        place_on(&mut next, &candidate, &plan);
        let new = Holds::of(&next);
        let hosts = survey.hosts_of(place);
        let mut marked = before.clone();
        marked.revision = before.revision + 1;
        next.revision = before.revision + 2;
        marked.change =
            Some(Box::new(Change { began_at: now, action: ChangeAction::Replace(Box::new(next.clone())) }));
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
        if writes.len() > MOST_TRANSACTION_ACTIONS {
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

/// The first candidate that is free; a change that leaves the time alone needs none.
async fn free_candidate(
    deps: &Deps,
    survey: &mut super::survey::Survey,
    plan: &Plan,
    depth: Depth,
) -> Result<Option<(usize, Candidate)>, BookingError> {
    let mut known = 0;
    while known < survey.candidates.len() {
        let first = known;
        known = survey.know(deps, first).await?;
        for place in first..known {
            let calendars = survey.calendars(place, plan);
            if depth < Depth::Time || calendars.iter().all(|calendar| calendar.is_free(&plan.dates)) {
                return Ok(Some((place, survey.candidates[place].clone())));
            }
        }
    }
    Ok(None)
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
        Ok(()) if after.schedule.recurrence.is_some() => {
            // The ids of the dates are Zoom's to give.
            let reply = deps.zoom.read_meeting(app, after.kind, zoom.id).await?;
            finish_update(deps, marked, with_dates_of(&after, &reply)).await
        }
        Ok(()) => finish_update(deps, marked, after).await,
        // Zoom forgets meetings some time after they are over; with a new date it is made anew.
        Err(ZoomError::NotFound { .. }) => make_anew(deps, app, marked, after).await,
        Err(error) if error.is_unclear() => {
            let settled = settle_update(deps, app, marked, after.clone()).await?;
            if settled.version == after.version { Ok(settled) } else { Err(error.into()) }
        }
        Err(error) => {
            undo_update(deps, marked, &after, Some(&error)).await?;
            Err(error.into())
        }
    }
}

async fn make_anew(
    deps: &Deps,
    app: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let host = after.host.as_ref().map(|host| host.host_id.clone()).ok_or(BookingError::Overtaken)?;
    match deps.zoom.create_meeting(app, &host, &after).await {
        Ok(reply) => finish_update(deps, marked, with_reply(&after, reply)).await,
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
    old: &App,
    marked: &Meeting,
    after: Meeting,
) -> Result<Meeting, BookingError> {
    let new = app_of(deps, &after).await?;
    let host = after.host.as_ref().map(|host| host.host_id.clone()).ok_or(BookingError::Overtaken)?;
    match deps.zoom.create_meeting(&new, &host, &after).await {
        Ok(reply) => {
            if let Some(zoom) = &marked.zoom {
                deps.zoom.delete_meeting(old, marked.kind, zoom.id).await?;
            }
            finish_update(deps, marked, with_reply(&after, reply)).await
        }
        Err(error) if error.is_unclear() => Err(error.into()),
        Err(error) => {
            undo_update(deps, marked, &after, Some(&error)).await?;
            Err(error.into())
        }
    }
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
