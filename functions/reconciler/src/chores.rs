//! What is done about connections: each is checked once a day, and how many people its hosts' meetings hold is
//! read; then, all day long, shares of its hosts are queued for what they have to come to be compared with Zoom's
//! lists. Both go in shares that Zoom's rates bear.

use chrono::{DateTime, TimeDelta, Utc};
use shared::booking::{clear, upcoming_of};
use shared::deps::Deps;
use shared::domain::connection::{Connection, VerificationStatus};
use shared::domain::trace::TraceId;
use shared::notices::{self, ConnectionNotice, Notice};
use shared::platform::PlatformEvent;
use shared::store::chores::{Chore, Cursor, RECHECK, RECHECK_OF_FAILED, Stage};
use shared::telemetry::trace;
use shared::verification::roster::{self, Rest};
use shared::verification::{NotChecked, again};

use crate::forget::{self, Forgotten};
use crate::share;
use crate::{ReconcilerError, Report};

/// How long a chore belongs to whoever began it; longer than a function may run.
pub(crate) const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long after an outage of Zoom a check is made again.
const AFTER_OUTAGE: TimeDelta = TimeDelta::minutes(5);
/// How many things that follow each other a run does about one connection: its hosts' capacities, where they are
/// still to be read, its check, the capacities after that, and the comparison.
const STAGES_IN_ONE_RUN: usize = 4;
/// How long after a share of the hosts the next is due.
const NEXT_SHARE: TimeDelta = TimeDelta::seconds(30);
/// How many meetings of a connection that is being removed are called off in one run.
const MEETINGS_IN_ONE_RUN: usize = 50;
/// How often a check is written again where others have changed the connection.
const MOST_TRIES: usize = 5;

/// Does what is due of a connection; nothing where another run is at it.
pub(crate) async fn run(deps: &Deps, chore: Chore, now: DateTime<Utc>) -> Result<Report, ReconcilerError> {
    let shards = deps.config.reminder_shards;
    let Some(stored) = deps.store.chore(&chore.tenant, &chore.connection).await? else {
        return Ok(Report::default());
    };
    // The index lags behind the table.
    if stored.due_at > now {
        return Ok(Report::default());
    }
    let stage = match &stored.stage {
        // A message that comes late is not to be taken while this run is at it.
        Stage::Compare(cursor) => Stage::Compare(Cursor { queued: false, ..cursor.clone() }),
        stage => stage.clone(),
    };
    let Some(mut mine) = deps.store.replace_chore(&stored, stage, now + LEASE, shards).await? else {
        return Ok(Report::default());
    };
    let mut all = Report::default();
    for _ in 0..STAGES_IN_ONE_RUN {
        // What comes of it is not what came of whichever request was the last.
        let trace = TraceId::new(deps.ids.next());
        let (report, next) = trace::within(trace, Box::pin(step(deps, &mine, now))).await?;
        all += report;
        let Some((stage, due_at)) = next else { break };
        // What is due at once is this run's as well.
        let goes_on = due_at <= now;
        let due_at = if goes_on { now + LEASE } else { due_at };
        match deps.store.replace_chore(&mine, stage, due_at, shards).await? {
            Some(next) if goes_on => mine = next,
            Some(next) => {
                all.shares_queued += usize::from(share::send(deps, &next).await?);
                break;
            }
            None => break,
        }
    }
    Ok(all)
}

/// Does one thing; returns what is to be done next, and when.
async fn step(deps: &Deps, chore: &Chore, now: DateTime<Utc>) -> Result<(Report, Next), NotChecked> {
    let Some(connection) = deps.store.connection(&chore.tenant, &chore.connection).await? else {
        let next = (Stage::Remove, now + NEXT_SHARE);
        let cleared = shared::removal::clear_up(deps, &chore.tenant, &chore.connection).await;
        return Ok((Report::default(), cleared.is_err().then_some(next)));
    };
    // However long its hosts' capacities take to be read, it is checked daily.
    let is_due = connection.verification.checked_at + RECHECK <= now;
    match &chore.stage {
        _ if connection.leaving => remove(deps, connection, now).await,
        Stage::Forget { after } if connection.is_deauthorized() => {
            let next = match forget::forget(deps, &connection, after.as_ref(), now).await? {
                Forgotten::All => (Stage::Check, now + RECHECK),
                Forgotten::UpTo(last) => (Stage::Forget { after: Some(last) }, now + NEXT_SHARE),
                Forgotten::NotAll => (Stage::Forget { after: after.clone() }, now + NEXT_SHARE),
            };
            Ok((Report::default(), Some(next)))
        }
        // Nothing is left to ask with until somebody connects it again.
        _ if connection.is_deauthorized() => Ok((Report::default(), Some((Stage::Check, now + RECHECK)))),
        Stage::Check | Stage::Remove | Stage::Forget { .. } => check(deps, connection, now).await,
        Stage::Capacities { .. } | Stage::Compare(_) if is_due => check(deps, connection, now).await,
        Stage::Compare(cursor) => {
            let stage = Stage::Compare(Cursor { queued: true, ..cursor.clone() });
            // A share that has not been taken by then is queued again.
            Ok((Report::default(), Some((stage, now + LEASE))))
        }
        Stage::Capacities { after } => {
            let refreshed = roster::refresh_capacities(deps, &connection, after.as_ref()).await?;
            let next = match refreshed.rest {
                Rest::After(after) => (Stage::Capacities { after }, now + NEXT_SHARE),
                Rest::Refused => (Stage::Check, now),
                Rest::Nothing => (Stage::Compare(chore.compared.clone()), now),
            };
            Ok((Report { hosts_read: refreshed.read, ..Report::default() }, Some(next)))
        }
    }
}

type Next = Option<(Stage, DateTime<Utc>)>;

/// Checks a connection. An outage of Zoom says nothing about it; what has stopped working is told to its owner
/// once, and what works again is in use again.
async fn check(
    deps: &Deps,
    mut before: Connection,
    now: DateTime<Utc>,
) -> Result<(Report, Next), NotChecked> {
    let (examined, findings) = (before.clone(), again::examine(deps, &before).await?);
    let report = Report { connections_checked: 1, ..Report::default() };
    if findings.outage.is_some() {
        return Ok((report, Some((Stage::Check, now + AFTER_OUTAGE))));
    }
    for _ in 0..MOST_TRIES {
        let after = again::found(&before, &findings, now);
        if deps.store.replace_connection(&after, &before).await? {
            if after.verification.status == VerificationStatus::Verified {
                return Ok((report, Some((Stage::Capacities { after: None }, now))));
            }
            tracing::warn!(connection = %after.id, tenant = %after.tenant, "a connection does not work");
            tell(deps, &after).await?;
            let next = (Stage::Check, now + RECHECK_OF_FAILED);
            return Ok((Report { connections_failed: 1, ..report }, Some(next)));
        }
        match deps.store.connection(&before.tenant, &before.id).await? {
            Some(changed) if again::is_same_app(&changed, &examined) => before = changed,
            // What was found is of credentials that are no longer in use.
            Some(_) => return Ok((report, Some((Stage::Check, now + NEXT_SHARE)))),
            None => return Ok((report, None)),
        }
    }
    Ok((report, Some((Stage::Check, now + AFTER_OUTAGE))))
}

/// Has the owner written to, and the learning platform told, unless that was done before. A crash in between
/// has the notice queued twice, and the one who sends it knows it again.
async fn tell(deps: &Deps, failed: &Connection) -> Result<(), NotChecked> {
    // Whoever has switched it off does not wait for it.
    let untold = failed.failure.filter(|failure| !failure.told && failed.active);
    let Some(failure) = untold else { return Ok(()) };
    let (tenant, connection_id) = (failed.tenant.clone(), failed.id.clone());
    let notice = ConnectionNotice { tenant, connection_id, since: failure.since };
    let mut messages = vec![Notice::ConnectionFailed(notice)];
    if deps.store.tenant_settings(&failed.tenant).await?.tells_platform() {
        messages.push(Notice::PlatformEvent(Box::new(PlatformEvent::connection_failed(failed, failure))));
    }
    let refused = notices::send(deps, &messages).await;
    if let Some(refused) = refused.first() {
        tracing::warn!(connection = %failed.id, error = %refused, "its owner is told after the next check");
        return Ok(());
    }
    let mut told = failed.clone();
    told.failure = Some(shared::domain::connection::Failure { told: true, ..failure });
    told.version += 1;
    // Where somebody was quicker, the next check finds that nobody was told, and the notice is known again.
    deps.store.replace_connection(&told, failed).await?;
    Ok(())
}

/// Calls off some of the meetings of a connection that is leaving, and removes it with the last of them.
async fn remove(
    deps: &Deps,
    connection: Connection,
    now: DateTime<Utc>,
) -> Result<(Report, Next), NotChecked> {
    let (tenant, id) = (&connection.tenant, &connection.id);
    // Without hosts nothing is booked any more.
    deps.store.delete_hosts(tenant, id).await?;
    let (meetings, more) = upcoming_of(deps, tenant, id, MEETINGS_IN_ONE_RUN).await?;
    let cleared = Box::pin(clear(deps, meetings)).await;
    let next = Some((Stage::Remove, now + NEXT_SHARE));
    if let Err(error) = cleared {
        tracing::warn!(connection = %id, %error, "its meetings cannot be called off yet");
        return Ok((Report::default(), next));
    }
    if more {
        return Ok((Report::default(), next));
    }
    match shared::removal::finish(deps, connection.clone()).await {
        Ok(()) => Ok((Report { connections_removed: 1, ..Report::default() }, None)),
        Err(error) => {
            tracing::warn!(connection = %id, %error, "it cannot be removed yet");
            Ok((Report::default(), next))
        }
    }
}
