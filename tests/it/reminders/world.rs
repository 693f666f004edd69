//! A stack whose functions a test can call, hold back and cut off from SES.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use local::functions::{Build, Functions};
use local::{Options, Stack};
use notifications::Mailer;
use shared::deps::Deps;
use shared::domain::meeting::Meeting;
use shared::store::deliveries::Delivery;
use shared::store::keys;

use crate::support::{App, booked, queue};

/// The shards that the stack's deployment has.
pub(super) const SHARDS: u16 = 4;
const NOW: &str = "2026-12-01T10:00:00Z";

/// A stack and what its functions are made of.
pub(super) struct World {
    pub(super) app: App,
    pub(super) deps: Deps,
    mailer: Mailer,
    ses_is_down: Arc<AtomicBool>,
}

impl World {
    /// A world at ten in the morning of 1 December 2026.
    pub(super) async fn start() -> Self {
        Self::with(Options::memory()).await
    }

    /// The same, over another stack.
    pub(super) async fn with(options: Options) -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        let ses_is_down = Arc::new(AtomicBool::new(false));
        let is_down = Arc::clone(&ses_is_down);
        let build: Build = Box::new(move |environment| {
            async move {
                let deps = Deps::new(environment.config.clone(), &environment.aws, environment.clock.clone());
                let mailer = Mailer::new(&environment.aws, None);
                let nowhere =
                    environment.aws.clone().into_builder().endpoint_url("http://127.0.0.1:1").build();
                let cut_off = Mailer::new(&nowhere, None);
                sender.send((deps.clone(), mailer.clone()))?;
                let functions = local::functions::build(environment).await?;
                Ok(Functions {
                    notifications: Arc::new(move |event| {
                        let mailer = if is_down.load(Ordering::SeqCst) { &cut_off } else { &mailer };
                        let (deps, mailer) = (deps.clone(), mailer.clone());
                        async move { Ok((notifications::handle(&deps, &mailer, event).await, ())) }.boxed()
                    }),
                    ..functions
                })
            }
            .boxed()
        });
        let app = App::around(Stack::start_with(options, build).await.unwrap());
        app.stack.clock().set(NOW.parse().unwrap());
        let (deps, mailer) = receiver.recv().unwrap();
        Self { app, deps, mailer, ses_is_down }
    }

    /// Cuts functions off from SES, or lets them reach it again.
    pub(super) fn let_ses_be_down(&self, down: bool) {
        self.ses_is_down.store(down, Ordering::SeqCst);
    }

    pub(super) fn advance(&self, seconds: i64) {
        assert!(self.app.stack.clock().advance(seconds));
    }

    /// How many mails went to each address, by address.
    pub(super) async fn mails(&self) -> std::collections::BTreeMap<String, usize> {
        let mut counts = std::collections::BTreeMap::new();
        for mail in self.app.reminders().await {
            *counts.entry(mail["to"][0].as_str().unwrap().to_owned()).or_default() += 1;
        }
        counts
    }

    /// A meeting of an hour as the table holds it, with attendees `u-0`, `u-1`, ….
    pub(super) async fn meeting(&self, attendees: usize, start: &str, reminders: &[&str]) -> Meeting {
        let start: DateTime<Utc> = start.parse().unwrap();
        let now = self.app.now();
        let id = format!("mtg_{}", self.deps.ids.next().simple());
        let meeting = booked::meeting(&id, now, start, attendees, reminders);
        let people = booked::attendees(attendees);
        let store = &self.deps.store;
        let mut writes = store.meeting_writes(&meeting, None, now, SHARDS).unwrap();
        writes.extend(store.attendee_writes(&meeting.tenant, &meeting.id, &[], &people).unwrap());
        store.transact(writes).await.unwrap();
        meeting
    }

    /// The meeting as it is now.
    pub(super) async fn stored(&self, meeting: &Meeting) -> Meeting {
        self.deps.store.meeting(&meeting.tenant, &meeting.id).await.unwrap().unwrap()
    }

    /// Writes the meeting as `change` leaves it.
    pub(super) async fn rewrite(&self, meeting: &Meeting, change: impl FnOnce(&mut Meeting)) {
        let before = self.stored(meeting).await;
        let mut after = before.clone();
        after.revision += 1;
        change(&mut after);
        let now = self.app.now();
        assert!(self.deps.store.replace_meeting(&after, &before, now, SHARDS).await.unwrap());
    }

    /// Where it is recorded what became of a reminder of the first date to the attendee `u-n`.
    pub(super) fn key(meeting: &Meeting, offset: &str, n: usize) -> keys::Key {
        let start = meeting.dates[0].interval.starts_at;
        let attendee = format!("u-{n}").parse().unwrap();
        keys::delivery(&meeting.tenant, &meeting.id, start, offset.parse().unwrap(), &attendee)
    }

    /// What became of a reminder of the first date to the attendee `u-n`.
    pub(super) async fn delivery(&self, meeting: &Meeting, offset: &str, n: usize) -> Option<Delivery> {
        self.deps.store.delivery(&Self::key(meeting, offset, n)).await.unwrap()
    }

    /// The messages that the queue holds, as the function is given them.
    pub(super) async fn receive(&self) -> SqsEvent {
        queue::receive(&self.deps).await
    }

    /// Has the function work through a batch.
    pub(super) async fn handle(&self, event: SqsEvent) -> SqsBatchResponse {
        notifications::handle(&self.deps, &self.mailer, event).await
    }
}
