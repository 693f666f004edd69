//! What is not finished in one shard.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use shared::booking::{self, BookingError, LEASE};
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::store::StoreError;
use shared::store::chores::{Chore, Stage};
use shared::store::todo::Todo;
use shared::store::visits::SessionCheck;

use crate::chores;
use crate::sessions;
use crate::{ReconcilerError, Report};

/// How much is read at a time.
const PAGE: usize = 50;
/// How many pages a run reads of a shard; the rest is the next run's.
const MOST_PAGES: usize = 40;
/// How many meetings of a shard are settled side by side: Zoom takes 20 lists of meetings a second.
const AT_A_TIME: usize = 4;
/// How many connections of a shard are looked after in one run, so that it ends in time; those that are due
/// longest come first.
const MOST_CHORES: usize = 8;
/// For how many beside these a share is queued.
const MOST_SHARES: usize = 40;
/// After how long a meeting that cannot be settled is looked at again, so that it does not stand in the way of
/// others.
const PUT_OFF: TimeDelta = TimeDelta::minutes(5);

/// What was done of a shard.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// What went wrong with the table, a secret or the queue.
    pub(crate) failed: Option<ReconcilerError>,
}

/// What became of one meeting.
enum Outcome {
    /// Nothing was left behind any more, or it is somebody else's.
    Nothing,
    Settled,
    PutOff,
}

/// Finishes what is not finished in a shard, the oldest first.
pub(crate) async fn run(deps: &Deps, shard: u16, now: DateTime<Utc>) -> Done {
    let mut done = Done::default();
    let mut seen = HashSet::new();
    let mut chores = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = match deps.store.todo(shard, now, PAGE).await {
            Ok(page) => page,
            Err(error) => {
                done.failed = Some(error.into());
                break;
            }
        };
        let full = page.len() >= PAGE;
        let (mut meetings, mut marks, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
        let chores_before = chores.len();
        // The index lags behind the table, and what cannot be finished stays in it.
        for todo in page.into_iter().filter(|todo| seen.insert(todo.key())) {
            match todo {
                Todo::Settle(meeting) => meetings.push(*meeting),
                Todo::Index(mark) => marks.push(mark),
                Todo::Chore(chore) => chores.push(chore),
                Todo::Session(check) => sessions.push(check),
            }
        }
        let stuck =
            meetings.is_empty() && marks.is_empty() && sessions.is_empty() && chores.len() == chores_before;
        match deps.store.index(&marks).await {
            Ok(indexed) => done.report.indexed += indexed,
            Err(error) => done.failed = Some(error.into()),
        }
        done.settle(deps, meetings, now).await;
        done.check_sessions(deps, sessions, now).await;
        if !full || stuck {
            break;
        }
    }
    // What people wait for comes first.
    let (mut shares, mut chores): (Vec<Chore>, Vec<Chore>) =
        chores.into_iter().partition(|chore| matches!(chore.stage, Stage::Compare(_)));
    shares.truncate(MOST_SHARES);
    chores.truncate(MOST_CHORES);
    chores.append(&mut shares);
    done.look_after(deps, chores, now).await;
    done
}

impl Done {
    async fn settle(&mut self, deps: &Deps, meetings: Vec<Meeting>, now: DateTime<Utc>) {
        let outcomes: Vec<Result<Outcome, StoreError>> = futures::stream::iter(meetings)
            .map(|meeting| async move { settle(deps, &meeting, now).await })
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        for outcome in outcomes {
            match outcome {
                Ok(Outcome::Nothing) => {}
                Ok(Outcome::Settled) => {
                    self.report.left_behind += 1;
                    self.report.settled += 1;
                }
                Ok(Outcome::PutOff) => {
                    self.report.left_behind += 1;
                    self.report.put_off += 1;
                }
                Err(error) => self.failed = Some(error.into()),
            }
        }
    }

    async fn check_sessions(&mut self, deps: &Deps, due: Vec<SessionCheck>, now: DateTime<Utc>) {
        let checks: Vec<Result<bool, StoreError>> = futures::stream::iter(due)
            .map(|due| async move { sessions::check(deps, &due, now).await })
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        for checked in checks {
            match checked {
                Ok(checked) => self.report.sessions_checked += usize::from(checked),
                Err(error) => self.failed = Some(error.into()),
            }
        }
    }

    async fn look_after(&mut self, deps: &Deps, chores: Vec<Chore>, now: DateTime<Utc>) {
        let reports: Vec<Result<Report, ReconcilerError>> = futures::stream::iter(chores)
            .map(|chore| chores::run(deps, chore, now))
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        for report in reports {
            match report {
                Ok(report) => self.report += report,
                Err(error) => self.failed = Some(error),
            }
        }
    }
}

/// Settles a meeting as the table has it now.
async fn settle(deps: &Deps, listed: &Meeting, now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let is_at_work = |meeting: &Meeting| meeting.unsettled_since().is_none_or(|since| since + LEASE > now);
    // A request may still be at work on it.
    if is_at_work(listed) {
        return Ok(Outcome::Nothing);
    }
    let stored = deps.store.meeting(&listed.tenant, &listed.id).await?;
    let Some(meeting) = stored.filter(|meeting| !is_at_work(meeting)) else { return Ok(Outcome::Nothing) };
    match Box::pin(booking::settled(deps, meeting.clone())).await {
        Ok(_) => Ok(Outcome::Settled),
        Err(BookingError::ChangeUnderWay | BookingError::Overtaken) => Ok(Outcome::Nothing),
        Err(BookingError::Store(error)) => Err(error),
        Err(error) => match deps.store.meeting(&meeting.tenant, &meeting.id).await? {
            Some(left) if left.unsettled_since().is_some() => {
                tracing::warn!(
                    tenant = %left.tenant, meeting = %left.id, %error,
                    "a meeting that was left behind cannot be settled yet"
                );
                deps.store.put_off_settling(&left, now + PUT_OFF).await?;
                Ok(Outcome::PutOff)
            }
            // Zoom's last word was no, and the meeting is what it was before.
            _ => Ok(Outcome::Settled),
        },
    }
}
