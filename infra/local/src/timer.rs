//! Wakes the scheduled functions and feeds the queue's, as `EventBridge` and Lambda would.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use reconciler::Report;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::aws::REGION;
use crate::clock::LocalClock;
use crate::functions::{Functions, Queued, Scheduled};
use crate::sandbox::Sandbox;
use crate::tables::Queues;

const SCHEDULE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_secs(1);

/// As many messages as SQS hands out at once.
const BATCH: i32 = 10;

/// What one run of everything did.
#[derive(Debug, Serialize)]
pub(crate) struct Tick {
    reminders: Value,
    notifications: Drained,
    webhooks: Drained,
    reconciler: Report,
}

/// What draining a queue did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Drained {
    received: usize,
    handled: usize,
    failed: usize,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("the function {function} failed: {reason}")]
    Function { function: &'static str, reason: String },
    #[error("the queue does not answer: {0}")]
    Queue(String),
}

impl RunError {
    fn queue(error: &(dyn std::error::Error + 'static)) -> Self {
        Self::Queue(DisplayErrorContext(error).to_string())
    }
}

/// Runs functions one at a time, whoever asks.
#[derive(Debug)]
pub(crate) struct Runner {
    functions: Functions,
    sqs: Client,
    queues: Queues,
    /// Where events come from, unless functions talk to another Zoom.
    sandbox: Option<Sandbox>,
    running: Mutex<()>,
}

/// A queue and the function that it feeds.
struct Feed<'a, R> {
    name: &'static str,
    function: &'a Queued<R>,
    queue_url: &'a str,
}

impl Runner {
    /// A runner over the queues.
    pub(crate) fn new(functions: Functions, sqs: Client, queues: Queues, sandbox: Option<Sandbox>) -> Self {
        Self { functions, sqs, queues, sandbox, running: Mutex::new(()) }
    }

    fn notifications<'a>(&'a self, queue_url: &'a str) -> Feed<'a, ()> {
        Feed { name: "notifications", function: &self.functions.notifications, queue_url }
    }

    fn webhooks(&self) -> Feed<'_, ()> {
        Feed { name: "webhooks", function: &self.functions.webhooks, queue_url: &self.queues.webhooks }
    }

    fn comparisons(&self) -> Feed<'_, Report> {
        let queue_url = &self.queues.comparisons;
        Feed { name: "reconciler-worker", function: &self.functions.comparisons, queue_url }
    }

    /// Keeps everything from running for as long as the guard lives.
    pub(crate) async fn pause(&self) -> MutexGuard<'_, ()> {
        self.running.lock().await
    }

    /// Runs each scheduled function once, and drains the queues: what Zoom told first, for what follows from it.
    pub(crate) async fn tick(&self) -> Result<Tick, RunError> {
        let _running = self.running.lock().await;
        self.run_all().await
    }

    async fn run_all(&self) -> Result<Tick, RunError> {
        if let Some(sandbox) = &self.sandbox {
            sandbox.delivered().await;
        }
        let webhooks = self.drain(&self.webhooks()).await;
        let reminders = run("reminders", &self.functions.reminders).await;
        let reconciler = run("reconciler", &self.functions.reconciler).await;
        let compared = self.compare().await;
        // A function that fails keeps no other from its turn.
        let notifications = self.notify().await;
        Ok(Tick {
            reminders: reminders?,
            notifications: notifications?,
            webhooks: webhooks?,
            reconciler: {
                let mut all = reconciler?;
                all += compared?;
                all
            },
        })
    }

    async fn drain_all(&self) -> Result<(), RunError> {
        let webhooks = self.drain(&self.webhooks()).await;
        let compared = self.compare().await;
        self.notify().await?;
        compared?;
        webhooks.map(drop)
    }

    /// Drains the queue of comparisons, and tells what all of them did.
    async fn compare(&self) -> Result<Report, RunError> {
        let mut all = Report::default();
        self.drain_into(&self.comparisons(), |report| all += report).await?;
        Ok(all)
    }

    /// Drains both queues that notifications come from; trouble with one keeps nothing of the other from its turn.
    async fn notify(&self) -> Result<Drained, RunError> {
        let notices = self.drain(&self.notifications(&self.queues.notices)).await;
        let events = self.drain(&self.notifications(&self.queues.platform_events)).await;
        let (notices, events) = (notices?, events?);
        Ok(Drained {
            received: notices.received + events.received,
            handled: notices.handled + events.handled,
            failed: notices.failed + events.failed,
        })
    }

    async fn drain(&self, feed: &Feed<'_, ()>) -> Result<Drained, RunError> {
        self.drain_into(feed, |()| {}).await
    }

    /// Hands messages to their function until none is left that can be seen.
    async fn drain_into<R>(
        &self,
        feed: &Feed<'_, R>,
        mut report: impl FnMut(R),
    ) -> Result<Drained, RunError> {
        let mut drained = Drained::default();
        let mut first_failure = None;
        loop {
            let received = self
                .sqs
                .receive_message()
                .queue_url(feed.queue_url)
                .max_number_of_messages(BATCH)
                .message_system_attribute_names(MessageSystemAttributeName::All)
                .message_attribute_names("All")
                .send()
                .await
                .map_err(|error| RunError::queue(&error))?;
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return first_failure.map_or(Ok(drained), Err);
            }
            drained.received += messages.len();
            let failed = match hand_over(feed, &messages).await {
                Ok((failed, done)) => {
                    report(done);
                    failed
                }
                Err(failure) => {
                    // The batch stays in the queue, hidden for a while; the next one still gets its turn.
                    first_failure.get_or_insert(failure);
                    continue;
                }
            };
            let done: Vec<_> = messages
                .iter()
                .filter(|message| !message.message_id.as_ref().is_some_and(|id| failed.contains(id)))
                .collect();
            drained.handled += done.len();
            drained.failed += messages.len() - done.len();
            self.delete(feed.queue_url, &done).await?;
        }
    }

    async fn delete(&self, queue_url: &str, messages: &[&Message]) -> Result<(), RunError> {
        if messages.is_empty() {
            return Ok(());
        }
        let entries = messages.iter().enumerate().map(|(position, message)| {
            DeleteMessageBatchRequestEntry::builder()
                .id(position.to_string())
                .set_receipt_handle(message.receipt_handle.clone())
                .build()
        });
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|error| RunError::queue(&error))?;
        let deleted = self.sqs.delete_message_batch().queue_url(queue_url).set_entries(Some(entries));
        deleted.send().await.map_err(|error| RunError::queue(&error))?;
        Ok(())
    }

    /// Runs everything by itself until told to stop, or the clock is moved.
    pub(crate) fn start(
        self: Arc<Self>,
        clock: Arc<LocalClock>,
        mut stop: watch::Receiver<bool>,
    ) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut poll = tokio::time::interval(POLL);
            poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut last_schedule = Instant::now();
            loop {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    _ = poll.tick() => {}
                }
                if clock.is_moved() {
                    return;
                }
                let due = last_schedule.elapsed() >= SCHEDULE;
                if due {
                    last_schedule = Instant::now();
                }
                self.run_by_itself(due, &clock).await;
            }
        })
    }

    async fn run_by_itself(&self, scheduled: bool, clock: &LocalClock) {
        let _running = self.running.lock().await;
        // The clock may have been moved while this waited for its turn.
        if clock.is_moved() {
            return;
        }
        let done = if scheduled { self.run_all().await.map(drop) } else { self.drain_all().await };
        if let Err(error) = done {
            tracing::error!(%error, "run by timer failed");
        }
    }
}

/// Returns the ids of the messages that the function did not handle, and what it did.
async fn hand_over<R>(feed: &Feed<'_, R>, messages: &[Message]) -> Result<(Vec<String>, R), RunError> {
    let mut event = SqsEvent::default();
    event.records.extend(messages.iter().map(record));
    let (response, report) =
        (feed.function)(event).await.map_err(|reason| RunError::Function { function: feed.name, reason })?;
    let failures = response.batch_item_failures.into_iter();
    Ok((failures.map(|failure| failure.item_identifier).collect(), report))
}

async fn run<R>(function: &'static str, scheduled: &Scheduled<R>) -> Result<R, RunError> {
    scheduled().await.map_err(|reason| RunError::Function { function, reason })
}

fn record(message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id.clone_from(&message.message_id);
    record.receipt_handle.clone_from(&message.receipt_handle);
    record.body.clone_from(&message.body);
    let attributes = message.attributes.iter().flatten();
    record.attributes = attributes.map(|(name, value)| (name.as_str().to_owned(), value.clone())).collect();
    record.event_source = Some("aws:sqs".to_owned());
    record.aws_region = Some(REGION.to_owned());
    record
}
