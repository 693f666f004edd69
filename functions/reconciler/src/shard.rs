//! What was left behind in one shard.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use shared::booking::{self, BookingError, LEASE};
use shared::deps::Deps;
use shared::domain::ids::MeetingId;
use shared::domain::meeting::Meeting;
use shared::store::StoreError;

use crate::Report;

/// How many meetings are read at a time.
const PAGE: usize = 100;
/// How many pages a run reads of a shard; the rest is the next run's.
const MOST_PAGES: usize = 10;
/// How many meetings of a shard are settled side by side: Zoom takes 20 lists of meetings a second.
const AT_A_TIME: usize = 4;
/// After how long a meeting that cannot be settled is looked at again, so that it does not stand in the way of others.
const PUT_OFF: TimeDelta = TimeDelta::minutes(5);

/// What was done of a shard.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// What went wrong with the table.
    pub(crate) failed: Option<StoreError>,
}

/// What became of one meeting.
enum Outcome {
    /// Nothing was left behind any more, or it is somebody else's.
    Nothing,
    Settled,
    PutOff,
}

/// Settles what was left behind in a shard, the oldest first.
pub(crate) async fn run(deps: &Deps, shard: u16, now: DateTime<Utc>) -> Done {
    let mut done = Done::default();
    let mut seen: HashSet<MeetingId> = HashSet::new();
    for _ in 0..MOST_PAGES {
        let page = match deps.store.unsettled_meetings(shard, now - LEASE, PAGE).await {
            Ok(page) => page,
            Err(error) => {
                done.failed = Some(error);
                break;
            }
        };
        let full = page.len() >= PAGE;
        // The index lags behind the table.
        let fresh: Vec<Meeting> =
            page.into_iter().filter(|meeting| seen.insert(meeting.id.clone())).collect();
        let stuck = fresh.is_empty();
        let outcomes: Vec<Result<Outcome, StoreError>> = futures::stream::iter(fresh)
            .map(|meeting| async move { settle(deps, &meeting, now).await })
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        for outcome in outcomes {
            match outcome {
                Ok(Outcome::Nothing) => {}
                Ok(Outcome::Settled) => {
                    done.report.left_behind += 1;
                    done.report.settled += 1;
                }
                Ok(Outcome::PutOff) => {
                    done.report.left_behind += 1;
                    done.report.put_off += 1;
                }
                Err(error) => done.failed = Some(error),
            }
        }
        if !full || stuck {
            break;
        }
    }
    done
}

/// Settles a meeting as the table has it now.
async fn settle(deps: &Deps, listed: &Meeting, now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let Some(meeting) = deps.store.meeting(&listed.tenant, &listed.id).await? else {
        return Ok(Outcome::Nothing);
    };
    if meeting.unsettled_since().is_none_or(|since| since + LEASE > now) {
        return Ok(Outcome::Nothing);
    }
    match Box::pin(booking::settled(deps, meeting.clone())).await {
        Ok(_) => Ok(Outcome::Settled),
        Err(BookingError::ChangeUnderWay | BookingError::Overtaken) => Ok(Outcome::Nothing),
        Err(BookingError::Store(error)) => Err(error),
        Err(error) => match deps.store.meeting(&meeting.tenant, &meeting.id).await? {
            // Zoom's last word was no, and the meeting is what it was before.
            Some(left) if left.unsettled_since().is_none() => Ok(Outcome::Settled),
            None => Ok(Outcome::Settled),
            Some(left) => {
                tracing::warn!(
                    tenant = %left.tenant, meeting = %left.id, %error,
                    "a meeting that was left behind cannot be settled yet"
                );
                deps.store.put_off_settling(&left, now + PUT_OFF - LEASE).await?;
                Ok(Outcome::PutOff)
            }
        },
    }
}
