//! Comparing the shares that were queued.

use std::ops::RangeInclusive;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use shared::again;
use shared::deps::Deps;
use shared::domain::trace::TraceId;
use shared::store::chores::{Cursor, Stage};
use shared::telemetry::trace;
use shared::verification::NotChecked;
use tracing::Instrument;

use crate::Report;
use crate::chores::LEASE;
use crate::compare::{self, Compared};
use crate::share::Share;

/// How often a message comes before it is given up, by the queue's redrive policy.
pub const MOST_TRIES: u32 = 5;
/// After how many seconds a message comes again: so many at first, twice as many each time, and at most so many.
const SECONDS_TO_NEXT_TRY: RangeInclusive<i32> = 30..=240;

/// Compares the shares of a batch; returns the messages that are to come again, and what was done.
pub async fn handle(deps: &Deps, event: SqsEvent) -> (SqsBatchResponse, Report) {
    let (mut response, mut report) = (SqsBatchResponse::default(), Report::default());
    let mut left: Vec<SqsMessage> = Vec::new();
    // A batch is one share: how many run side by side is the queue's to say.
    for message in event.records {
        match serde_json::from_str::<Share>(message.body.as_deref().unwrap_or_default()) {
            Ok(share) => {
                let span = tracing::error_span!(
                    "share",
                    message_id = message.message_id,
                    tenant = %share.tenant,
                    connection = %share.connection,
                );
                // What comes of it is not what came of whichever request was the last.
                let trace = TraceId::new(deps.ids.next());
                let compared = trace::within(trace, Box::pin(take(deps, &share))).instrument(span.clone());
                match compared.await {
                    Ok(done) => report += done,
                    Err(error) => {
                        span.in_scope(|| tracing::error!(%error, "a share is compared again later"));
                        report.shares_failed += 1;
                        left.push(message);
                    }
                }
            }
            Err(error) => {
                let id = message.message_id.unwrap_or_default();
                tracing::error!(message_id = id, %error, "a message cannot be read");
                response.add_failure(id);
            }
        }
    }
    let left: Vec<&SqsMessage> = left.iter().collect();
    again::later(deps, &deps.config.comparisons_queue_url, &SECONDS_TO_NEXT_TRY, &left).await;
    for message in left {
        response.add_failure(message.message_id.clone().unwrap_or_default());
    }
    tracing::info!(?report, "shares were compared");
    (response, report)
}

/// Compares a connection's share, unless that was done already.
async fn take(deps: &Deps, share: &Share) -> Result<Report, NotChecked> {
    let shards = deps.config.reminder_shards;
    let now = deps.clock.now();
    let Some(chore) = deps.store.chore(&share.tenant, &share.connection).await? else {
        return Ok(Report::default());
    };
    let Stage::Compare(awaiting @ Cursor { queued: true, .. }) = &chore.stage else {
        return Ok(Report::default());
    };
    let taken = Cursor { queued: false, ..awaiting.clone() };
    let stage = Stage::Compare(taken.clone());
    let Some(mine) = deps.store.replace_chore(&chore, stage.clone(), now + LEASE, shards).await? else {
        return Ok(Report::default());
    };
    let connection = deps.store.connection(&share.tenant, &share.connection).await?;
    let connection = connection.filter(|connection| !connection.leaving && !connection.is_deauthorized());
    let Some(connection) = connection else {
        // What is to be done about it now is for the run that does all the rest.
        deps.store.replace_chore(&mine, stage, now, shards).await?;
        return Ok(Report::default());
    };
    match compare::compare(deps, &connection, taken, now).await {
        Ok(Compared { hosts, counts, next: (stage, due_at) }) => {
            // Where others have given the chore something else to do, that comes first.
            deps.store.replace_chore(&mine, stage, due_at, shards).await?;
            Ok(Report::compared(hosts, counts))
        }
        Err(error) => {
            // The message comes again. Where this cannot be written either, the chore is due once its lease is over.
            let again = deps.store.replace_chore(&mine, chore.stage, now + LEASE, shards).await;
            if let Err(error) = again {
                tracing::error!(%error, "what is to be compared again cannot be written");
            }
            Err(error)
        }
    }
}
