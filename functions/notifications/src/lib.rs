//! The function `notifications`: consumes the queue of notices and mails them through SES: reminders, the news of
//! meetings, that a connection has stopped working, and that a meeting overlaps in Zoom; and the queue of events,
//! which it posts to learning platforms.
//!
//! # Once each
//!
//! What a mail says rests on what was read at most a second before its turn came: the meeting, its attendees, who
//! wants no mails.
//!
//! The queue gives a message at least once. A reminder, or news, is mailed to an attendee by whoever wrote the
//! delivery of it first (a conditional write of status `sending`), and by no one else:
//!
//! - SES took it: the delivery becomes `sent`.
//! - SES refused this mail: `failed`, with the reason.
//! - SES did not take it just now: the delivery is forgotten and the message fails, so that the queue gives it
//!   again, each time later; attendees who have been written to are known by their deliveries. With the last time
//!   the delivery becomes `failed` and the message goes to the dead letters; who moves it back from there has it
//!   tried anew.
//! - SES gave no answer: `failed`. It may have taken the mail, and twice is worse than not at all.
//!
//! What remains is a crash between SES's answer and the write of `sent`, or before SES was asked, and a table that
//! takes no writes for the seconds after SES's answer: the delivery stays `sending`, and nobody can know whether the
//! mail left. It is never sent again; 15 minutes later a redelivered message turns it into `failed`. Should none
//! come, it stays `sending`.

mod allowance;
mod attendee;
mod connection;
mod judge;
mod matter;
mod news;
mod overlap;
mod owner;
mod platform;
mod reminder;
mod share;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use chrono::TimeDelta;
use futures::StreamExt;
use shared::again;
use shared::deps::Deps;
use shared::domain::ids::TenantId;
pub use shared::mail::mailer::Mailer;
use shared::notices::{MOST_TRIES, NewsNotice, Notice, ReminderNotice, SECONDS_TO_NEXT_TRY};
use shared::telemetry::metrics::{self, Metric};

use self::owner::{NotTold, Told};
use self::share::{NotDone, Tally};

/// How many messages are worked on side by side.
const MESSAGES_AT_A_TIME: usize = 4;
/// A reminder is late that leaves longer than this after it is due: the schedule wakes its function every minute.
const LATE: TimeDelta = TimeDelta::minutes(2);

/// Works through a batch and names the messages that are to come again.
///
/// What cannot be read is among these: the queue moves it to the dead-letter queue after a few times.
pub async fn handle(deps: &Deps, mailer: &Mailer, event: SqsEvent) -> SqsBatchResponse {
    let outcomes: Vec<(Outcome, SqsMessage)> = futures::stream::iter(event.records)
        .map(|message| async move {
            let id = message.message_id.clone().unwrap_or_default();
            (take(deps, mailer, &id, &message).await, message)
        })
        .buffer_unordered(MESSAGES_AT_A_TIME)
        .collect()
        .await;
    let again = outcomes.iter().filter(|(outcome, _)| *outcome == Outcome::Again);
    let again: Vec<&SqsMessage> = again.map(|(_, message)| message).collect();
    again::later(deps, &deps.config.notices_queue_url, &SECONDS_TO_NEXT_TRY, &again).await;
    let mut response = SqsBatchResponse::default();
    for (_, message) in outcomes.iter().filter(|(outcome, _)| *outcome != Outcome::Done) {
        response.add_failure(message.message_id.clone().unwrap_or_default());
    }
    response
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What it asks for is done.
    Done,
    /// It is to come again.
    Again,
    /// It is to come again, and when that is needs no more seeing to.
    Hidden,
}

impl From<bool> for Outcome {
    /// `true`: done.
    fn from(done: bool) -> Self {
        if done { Self::Done } else { Self::Again }
    }
}

/// Does what a message asks for.
async fn take(deps: &Deps, mailer: &Mailer, id: &str, message: &SqsMessage) -> Outcome {
    let body = message.body.as_deref().unwrap_or_default();
    let is_last = again::tries(message) >= MOST_TRIES;
    match serde_json::from_str(body) {
        Ok(Notice::Reminder(notice)) => remind(deps, mailer, id, &notice, is_last).await.into(),
        Ok(Notice::News(notice)) => tell_news(deps, mailer, id, &notice, is_last).await.into(),
        Ok(Notice::ConnectionFailed(notice)) => {
            let told = connection::tell(deps, mailer, &notice).await;
            owner_told(id, &notice.tenant, notice.connection_id.as_str(), told).into()
        }
        Ok(Notice::Overlap(notice)) => {
            let told = overlap::tell(deps, mailer, &notice).await;
            owner_told(id, &notice.tenant, notice.meeting_id.as_str(), told).into()
        }
        Ok(Notice::PlatformEvent(event)) => platform::take(deps, message, &event).await,
        Err(error) => {
            // The error's own text would repeat what stands in the message.
            let (line, column) = (error.line(), error.column());
            tracing::error!(message_id = id, line, column, "a message cannot be read");
            Outcome::Hidden
        }
    }
}

async fn remind(deps: &Deps, mailer: &Mailer, id: &str, notice: &ReminderNotice, is_last: bool) -> bool {
    let span = tracing::error_span!(
        "reminder",
        message_id = id,
        tenant = %notice.tenant,
        meeting = %notice.meeting_id,
        occurrence_start = %notice.occurrence_start,
        offset = %notice.offset,
        trace_id = notice.trace.map(tracing::field::display),
    );
    let outcome = reminder::remind(deps, mailer, notice, is_last).await;
    let _entered = span.enter();
    match outcome {
        Ok(tally) => {
            let Tally { sent, skipped, failed, earlier } = tally;
            measure(sent, skipped, deps.clock.now() - notice.due_at);
            tracing::info!(sent, skipped, failed, earlier, "a reminder was dealt with");
            true
        }
        Err(NotDone::Moot(why)) => {
            tracing::info!(why, "a reminder was dropped");
            true
        }
        Err(error) => {
            tracing::warn!(%error, "a reminder is to come again");
            false
        }
    }
}

/// Tells how many reminders were sent, and how long after they were due; of those that came too late to be sent
/// the latter alone.
fn measure(sent: usize, skipped: usize, lag: TimeDelta) {
    if sent + skipped > 0 {
        metrics::record(Metric::ReminderLag, lag.as_seconds_f64());
    }
    let Some(sent) = u32::try_from(sent).ok().filter(|sent| *sent > 0).map(f64::from) else { return };
    metrics::record(Metric::RemindersSent, sent);
    metrics::record(Metric::RemindersLate, if lag > LATE { sent } else { 0.0 });
}

async fn tell_news(deps: &Deps, mailer: &Mailer, id: &str, notice: &NewsNotice, is_last: bool) -> bool {
    let outcome = news::tell(deps, mailer, notice, is_last).await;
    let span = tracing::error_span!(
        "news",
        message_id = id,
        tenant = %notice.tenant,
        meeting = %notice.meeting_id,
        number = notice.number,
        trace_id = notice.trace.map(tracing::field::display),
    );
    let _entered = span.enter();
    match outcome {
        Ok(tally) => {
            let Tally { sent, skipped, failed, earlier } = tally;
            tracing::info!(sent, skipped, failed, earlier, "news were told");
            true
        }
        Err(NotDone::Moot(why)) => {
            tracing::info!(why, "news were dropped");
            true
        }
        Err(error) => {
            tracing::warn!(%error, "news are to come again");
            false
        }
    }
}

/// Whether an owner need not be told again; `subject` is the id of what it is about.
fn owner_told(id: &str, tenant: &TenantId, subject: &str, outcome: Result<Told, NotTold>) -> bool {
    match outcome {
        Ok(Told::Sent) => tracing::info!(message_id = id, %tenant, subject, "an owner was told"),
        Ok(Told::Not(why)) => {
            tracing::info!(message_id = id, %tenant, subject, why, "an owner is not told");
        }
        Err(error) => {
            tracing::warn!(message_id = id, %tenant, subject, %error, "an owner is to be told again");
            return false;
        }
    }
    true
}
