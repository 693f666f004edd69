//! Comparing what a connection's hosts have to come with Zoom's lists, a share of the hosts at a time.
//!
//! The chore is the cursor: it names the last host, and the last meeting of a host that has very many.

use chrono::{DateTime, TimeDelta, Utc};
use shared::booking::BookingError;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::domain::host::Host;
use shared::domain::ids::HostId;
use shared::store::chores::{Cursor, Stage};
use shared::sync::{self, Counts, Part, Rest};
use shared::verification::NotChecked;
use shared::zoom::ZoomError;

use crate::held;

/// How many hosts a share is of: each takes one or two lists, one after another.
const HOSTS_IN_ONE_SHARE: usize = 20;
/// Of how many meetings of a share Zoom is asked one by one.
const READS_IN_ONE_SHARE: usize = 60;
/// After how long no host and no meeting is begun any more, so that a share ends in its function's time however slow
/// Zoom is.
const LONGEST: TimeDelta = TimeDelta::seconds(45);
/// How long after a share of the hosts the next is due: a thousand hosts take half a day.
const NEXT_SHARE: TimeDelta = TimeDelta::minutes(15);
/// How long after so many meetings were read the rest is due: with the next run of the schedule.
const NEXT_READS: TimeDelta = TimeDelta::seconds(30);
/// How long after the last share the first is due again.
const NEXT_CYCLE: TimeDelta = TimeDelta::minutes(45);
/// How long after an outage of Zoom it is tried again.
const AFTER_OUTAGE: TimeDelta = TimeDelta::minutes(5);

/// What a share came to.
#[derive(Debug)]
pub(crate) struct Compared {
    /// How many hosts were compared.
    pub(crate) hosts: usize,
    /// What was repaired.
    pub(crate) counts: Counts,
    /// What is to be done next, and when.
    pub(crate) next: (Stage, DateTime<Utc>),
}

/// Compares a share of a connection's active hosts, from where the cursor is.
pub(crate) async fn compare(
    deps: &Deps,
    connection: &Connection,
    cursor: Cursor,
    now: DateTime<Utc>,
) -> Result<Compared, NotChecked> {
    let (tenant, id) = (&connection.tenant, &connection.id);
    let until = now + LONGEST;
    let (page, next) = deps.store.hosts_page(tenant, id, HOSTS_IN_ONE_SHARE, cursor.after.as_ref()).await?;
    let next_cycle = (Stage::Compare(Cursor::default()), now + NEXT_CYCLE);
    let mut compared = Compared { hosts: 0, counts: Counts::default(), next: next_cycle };
    // The host after which others follow, and of the next one the meeting after which others do.
    let mut done = cursor.after;
    let mut within = cursor.host.zip(cursor.meeting);
    let mut is_first = true;
    for host in page {
        // One who has left has no list. What was booked there stays until somebody moves it.
        if host.active {
            let most = READS_IN_ONE_SHARE.saturating_sub(compared.counts.read);
            if !is_first && (most == 0 || deps.clock.now() >= until) {
                compared.next = (at(done, None), now + NEXT_READS);
                return Ok(compared);
            }
            is_first = false;
            let begun = within.take().filter(|(of, _)| *of == host.id).map(|(_, meeting)| meeting);
            let part = Part { after: begun, most, until };
            let here =
                |meeting: Option<u64>| at(done.clone(), meeting.map(|meeting| (host.id.clone(), meeting)));
            let (left, stopped) = match Box::pin(compare_host(deps, connection, &host, part, now)).await {
                Ok(found) => {
                    compared.counts += found.counts;
                    (found.rest, found.stopped)
                }
                Err(error) => (begun.map_or(Rest::Nothing, Rest::After), Some(error)),
            };
            let left = match left {
                Rest::After(meeting) => Some(meeting),
                Rest::Nothing => None,
            };
            match stopped.map(|error| after_error(error, now)).transpose()? {
                None => {
                    compared.hosts += 1;
                    if left.is_some() {
                        compared.next = (here(left), now + NEXT_READS);
                        return Ok(compared);
                    }
                }
                Some(AfterError::NextHost(error)) => {
                    tracing::warn!(connection = %id, host = %host.id, %error, "a host cannot be compared");
                }
                Some(AfterError::At(due_at)) => {
                    compared.next = (here(left), due_at);
                    return Ok(compared);
                }
                Some(AfterError::Check) => {
                    compared.next = (Stage::Check, now);
                    return Ok(compared);
                }
                Some(AfterError::NextCycle(error)) => {
                    tracing::info!(connection = %id, %error, "its hosts cannot be compared");
                    return Ok(compared);
                }
            }
        }
        done = Some(host.id);
    }
    if next.is_some() {
        compared.next = (at(done, None), now + NEXT_SHARE);
    }
    Ok(compared)
}

fn at(after: Option<HostId>, within: Option<(HostId, u64)>) -> Stage {
    let (host, meeting) = within.unzip();
    Stage::Compare(Cursor { after, host, meeting, queued: false })
}

/// Compares a part of a host's meetings, and once that is all of them looks for sessions that nothing was told of.
async fn compare_host(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    part: Part,
    now: DateTime<Utc>,
) -> Result<sync::Compared, BookingError> {
    let mut compared = Box::pin(sync::host(deps, connection, host, part)).await?;
    if compared.rest == Rest::Nothing {
        match held::look(deps, connection, host, part.until, now).await {
            Ok(asked) => compared.counts.read += asked,
            Err(error) => compared.stopped = Some(error),
        }
    }
    Ok(compared)
}

/// How it goes on after an error.
enum AfterError {
    /// With the next host: this one cannot be asked for.
    NextHost(BookingError),
    /// With the same host, at that time.
    At(DateTime<Utc>),
    /// With a check: Zoom gives the app no token.
    Check,
    /// With the next cycle: the app may not ask.
    NextCycle(BookingError),
}

fn after_error(error: BookingError, now: DateTime<Utc>) -> Result<AfterError, NotChecked> {
    Ok(match error {
        BookingError::Store(error) | BookingError::Zoom(ZoomError::Store(error)) => return Err(error.into()),
        BookingError::Zoom(ZoomError::Secret(error)) => return Err(error.into()),
        BookingError::Zoom(ZoomError::RateLimited { retry_after }) => {
            let pause = i64::try_from(retry_after).ok().and_then(TimeDelta::try_seconds);
            AfterError::At(now + pause.unwrap_or(NEXT_CYCLE).clamp(TimeDelta::seconds(1), NEXT_CYCLE))
        }
        BookingError::Zoom(ZoomError::Unreachable(_) | ZoomError::Unclear(_)) => {
            AfterError::At(now + AFTER_OUTAGE)
        }
        BookingError::Zoom(ZoomError::Token(_)) => AfterError::Check,
        error @ BookingError::Zoom(ZoomError::MissingScopes(_)) => AfterError::NextCycle(error),
        error => AfterError::NextHost(error),
    })
}
