//! Changing a meeting: reserve the new beside the old, change Zoom, release the old.

use chrono::{DateTime, Utc};

use super::at_zoom::carry_out;
use super::conflict::report;
use super::create::{app_of, choose, place_on};
use super::holds::Holds;
use super::mark::marked;
use super::overlap::Judge;
use super::race::Race;
use super::reach::Reach;
use super::step::Step;
use super::survey::survey;
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::interval::Interval;
use crate::domain::meeting::{BookedHost, HostName, HostWish, Meeting, Warning};
use crate::store::ledger::Ledger;
use crate::store::{MOST_TRANSACTION_ACTIONS, TransactError};
use crate::telemetry::trace;
use crate::zoom::App;

/// How far a change has come when it is written for the first time.
enum Begun {
    /// It concerned nothing that Zoom knows of, and is done.
    Done(Box<Meeting>),
    /// It is marked: the app to make it through, the meeting with the mark, and what it is to become.
    Marked(App, Box<Meeting>, Box<Meeting>),
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
    if before.unsettled_since().is_some() {
        return Err(BookingError::ChangeUnderWay);
    }
    if before == wanted {
        return Ok(before);
    }
    let mut after = wanted;
    after.version = before.version + 1;
    after.updated_at = deps.clock.now();
    let begun = if takes_more_time(&before, &after) {
        let reachable = app_of(deps, &before).await?.is_some();
        reserve(deps, booker, &before, after, reachable).await?
    } else {
        mark(deps, &before, after).await?
    };
    match begun {
        Begun::Done(meeting) => Ok(*meeting),
        Begun::Marked(app, marked, after) => Box::pin(carry_out(deps, &app, &marked, *after)).await,
    }
}

/// Whether a change must be booked: whoever gives time back need not ask for it.
fn takes_more_time(before: &Meeting, after: &Meeting) -> bool {
    let held = before.intervals();
    before.schedule != after.schedule
        || before.wish != after.wish
        || before.alternative_wishes != after.alternative_wishes
        || !after.intervals().iter().all(|date| is_held(&held, date))
}

/// Whether one of the spans that a meeting has holds all of `date`.
fn is_held(held: &[Interval], date: &Interval) -> bool {
    held.iter().any(|held| held.starts_at <= date.starts_at && date.ends_at <= held.ends_at)
}

/// Marks a change that takes no more time, on the same host: nothing is booked for it.
async fn mark(deps: &Deps, before: &Meeting, after: Meeting) -> Result<Begun, BookingError> {
    let Some(host) = &before.host else { return Err(BookingError::Overtaken) };
    let mut next = after;
    let connection = deps.store.connection(&before.tenant, &host.connection_id).await?;
    let app = connection.as_ref().map(|connection| App::of(connection, &deps.secrets));
    if let Some(connection) = connection {
        next.settings = next.settings_over(connection.defaults);
    }
    next.warn_of_settings();
    let now = deps.clock.now();
    let step = Step::between(before, &next);
    let Some(app) = app.filter(|_| step != Step::Nothing) else {
        return keep_here(deps, before, next).await;
    };
    let counted = step.writes();
    let marked = marked(before, &mut next, now, counted);
    let mut writes = deps.store.meeting_writes(&marked, Some(before), now, deps.config.reminder_shards)?;
    let quota_write = writes.len();
    if counted > 0 {
        let limit = deps.config.daily_writes;
        writes.push(deps.store.count_writes(&host.ledger(), now.date_naive(), limit, counted)?);
    }
    match deps.store.transact(writes).await {
        Ok(()) => Ok(Begun::Marked(app, Box::new(marked), Box::new(next))),
        Err(TransactError::Conditions(failed)) if failed == [quota_write] => {
            Err(BookingError::QuotaExhausted)
        }
        Err(TransactError::Conditions(_) | TransactError::Conflict) => Err(BookingError::ChangeUnderWay),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// Writes a change that Zoom has nothing to do with.
async fn keep_here(deps: &Deps, before: &Meeting, mut next: Meeting) -> Result<Begun, BookingError> {
    next.revision = before.revision + 1;
    next.note_news(before, deps.clock.now(), trace::current());
    let shards = deps.config.reminder_shards;
    if deps.store.replace_meeting(&next, before, deps.clock.now(), shards).await? {
        Ok(Begun::Done(Box::new(next)))
    } else {
        Err(BookingError::ChangeUnderWay)
    }
}

/// Takes the new time beside the old and marks the change. A meeting stays with its host, where that can still
/// be reached, unless another is asked for.
async fn reserve(
    deps: &Deps,
    booker: &Booker,
    before: &Meeting,
    after: Meeting,
    reachable: bool,
) -> Result<Begun, BookingError> {
    let stays = before.wish == after.wish && reachable;
    // Whoever may change a meeting may keep it where it is, in the pool or not.
    let booker = &Booker { admin: booker.admin || stays, ..booker.clone() };
    let plan = plan(deps, before, &after, stays);
    let old = Holds::of(before);
    let mut race = Race::start();
    loop {
        let mut survey = survey(deps, booker, &plan, Reach::Dates, &old.weeks()).await?;
        let Some(place) = choose(deps, &mut survey, &plan).await? else {
            return Err(BookingError::Conflict(Box::new(report(deps, booker, &plan).await?)));
        };
        let candidate = survey.candidates[place].clone();
        let now = deps.clock.now();
        let mut next = after.clone();
        place_on(&mut next, &candidate);
        if before.warnings.contains(&Warning::OverlapsInZoom) {
            let judge = Judge::knowing(std::iter::once(&candidate.host).chain(&candidate.alternatives));
            judge.overlap(&next, &survey.ledger, true, now).set(&mut next);
        }
        let step = Step::between(before, &next);
        if step == Step::Nothing {
            return keep_here(deps, before, next).await;
        }
        let counted = step.writes();
        let new = Holds::of(&next);
        let both = old.union(&new);
        let marked = marked(before, &mut next, now, counted);
        let shards = deps.config.reminder_shards;
        let mut writes = deps.store.meeting_writes(&marked, Some(before), now, shards)?;
        let quota_write = writes.len();
        if counted > 0 {
            let (host, limit) = (candidate.host.ledger(), deps.config.daily_writes);
            writes.push(deps.store.count_writes(&host, now.date_naive(), limit, counted)?);
        }
        writes.push(deps.store.check_host(&before.tenant, &candidate.host)?);
        writes.extend(both.writes(
            &deps.store,
            &survey.ledger,
            before,
            &survey.hosts_of(place),
            survey.settings.buffer_minutes,
        )?);
        if writes.len().max(finishing(deps, &marked, &next, &both, now)?) > MOST_TRANSACTION_ACTIONS {
            return Err(BookingError::TooLarge);
        }
        match deps.store.transact(writes).await {
            Ok(()) => {
                let app = App::of(&candidate.connection, &deps.secrets);
                return Ok(Begun::Marked(app, Box::new(marked), Box::new(next)));
            }
            Err(TransactError::Conditions(failed)) if failed.contains(&0) => {
                return Err(BookingError::ChangeUnderWay);
            }
            Err(TransactError::Conditions(failed)) if counted > 0 && failed == [quota_write] => {
                return Err(BookingError::QuotaExhausted);
            }
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}

/// What must be free for the change.
fn plan(deps: &Deps, before: &Meeting, after: &Meeting, stays: bool) -> Plan {
    let now = deps.clock.now();
    let same_hosts = stays && before.alternative_wishes == after.alternative_wishes;
    let held = if same_hosts { before.intervals() } else { Vec::new() };
    Plan {
        kind: after.kind,
        // What is over is in nobody's way any more, and what the meeting has already it keeps, whatever the
        // rules have become since.
        dates: after.intervals().into_iter().filter(|d| d.ends_at > now && !is_held(&held, d)).collect(),
        wish: before.host.as_ref().filter(|_| stays).map_or_else(|| after.wish.clone(), stay),
        alternatives: after.alternative_wishes.clone(),
        attendees: after.attendee_count,
        ignore: Some(before.id.clone()),
        writes: Step::between(before, after).writes().max(u32::from(!same_hosts)),
    }
}

/// The most writes that finishing or undoing the change can take.
fn finishing(
    deps: &Deps,
    marked: &Meeting,
    next: &Meeting,
    both: &Holds,
    now: DateTime<Utc>,
) -> Result<usize, BookingError> {
    let listings = deps.store.meeting_writes(next, Some(marked), now, deps.config.reminder_shards)?.len();
    let blocks = Ledger::keys(&both.hosts(), &both.weeks()).len();
    // One claims the meeting at Zoom, one corrects the quota.
    Ok(listings + blocks + 2)
}

/// The host that a meeting has, as a wish.
fn stay(host: &BookedHost) -> HostWish {
    HostWish::Named { connection_id: host.connection_id.clone(), host: HostName::Id(host.host_id.clone()) }
}
