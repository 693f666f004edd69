//! Working off the queue.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use shared::again;
use shared::deps::Deps;
use shared::domain::ids::{AccountId, ConnectionId, TenantId};
use shared::domain::trace::TraceId;
use shared::store::StoreError;
use shared::telemetry::trace;
use tracing::Instrument;

use crate::event::Event;
use crate::queue::Message;
use crate::work::{self, Effect, MeetingOf, NotDone};

/// How many meetings are worked on side by side.
const SUBJECTS_AT_A_TIME: usize = 8;
/// How often a message comes before it is given up, by the queue's redrive policy.
pub const MOST_TRIES: u32 = 20;
/// After how long no event is begun any more: what is left comes again before the function's time is up.
const LONGEST: TimeDelta = TimeDelta::seconds(25);
/// After how many seconds a message comes again: so many at first, twice as many each time, and at most so many.
const SECONDS_TO_NEXT_TRY: RangeInclusive<i32> = 5..=900;

/// Works through a batch and names the messages that are to come again.
///
/// What cannot be read is among these: the queue moves it to the dead-letter queue after a while.
pub async fn handle(deps: &Deps, event: SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    // What is told of one meeting is done one after another, since all of it is written to the same item.
    let mut by_subject: BTreeMap<Subject, Vec<Received>> = BTreeMap::new();
    for message in event.records {
        match serde_json::from_str::<Message>(message.body.as_deref().unwrap_or_default()) {
            Ok(Message { tenant, connection_id, account_id, event, trace }) => {
                let number = event.meeting_number();
                let subject = Subject { tenant, connection: connection_id, account: account_id, number };
                by_subject.entry(subject).or_default().push(Received { message, event, trace });
            }
            Err(error) => {
                let id = message.message_id.unwrap_or_default();
                // The error's own text would repeat what stands in the message.
                let (line, column) = (error.line(), error.column());
                tracing::error!(message_id = id, line, column, "a message cannot be read");
                response.add_failure(id);
            }
        }
    }
    let until = deps.clock.now() + LONGEST;
    let left: Vec<Vec<SqsMessage>> = futures::stream::iter(by_subject)
        .map(|(subject, events)| async move { take_all(deps, &subject, events, until).await })
        .buffer_unordered(SUBJECTS_AT_A_TIME)
        .collect()
        .await;
    let left: Vec<&SqsMessage> = left.iter().flatten().collect();
    again::later(deps, &deps.config.webhooks_queue_url, &SECONDS_TO_NEXT_TRY, &left).await;
    for message in left {
        response.add_failure(message.message_id.clone().unwrap_or_default());
    }
    response
}

/// An event as it was received.
#[derive(Debug)]
struct Received {
    message: SqsMessage,
    event: Event,
    trace: Option<TraceId>,
}

/// What events are about: a meeting, or a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    tenant: TenantId,
    connection: ConnectionId,
    account: AccountId,
    number: Option<u64>,
}

impl Subject {
    /// The tenant's meeting of that number, in the account that told of it.
    ///
    /// Whoever knows one tenant's Secret Token can say what they like of meetings, but only of that tenant's.
    async fn meeting(&self, deps: &Deps) -> Result<Option<MeetingOf>, StoreError> {
        let Some(number) = self.number else { return Ok(None) };
        let owner = deps.store.owner_at_zoom(&self.account, number).await?;
        let owner = owner.filter(|(tenant, _)| *tenant == self.tenant);
        Ok(owner.map(|(tenant, id)| MeetingOf { tenant, id, number }))
    }
}

/// Does what follows from what was told of one thing; returns the messages that are to come again.
async fn take_all(
    deps: &Deps,
    subject: &Subject,
    events: Vec<Received>,
    until: DateTime<Utc>,
) -> Vec<SqsMessage> {
    let mut left = Vec::new();
    let meeting = subject.meeting(deps).await;
    for Received { message, event, trace } in events {
        if deps.clock.now() >= until {
            left.push(message);
            continue;
        }
        let span = tracing::error_span!(
            "event",
            message_id = message.message_id,
            tenant = %subject.tenant,
            connection = %subject.connection,
            zoom_meeting = subject.number,
            trace_id = trace.map(tracing::field::display),
        );
        let work = Box::pin(is_taken(deps, subject, &meeting, &event).instrument(span));
        let is_taken = match trace {
            // What it changes here is told of as part of the same trace.
            Some(trace) => trace::within(trace, work).await,
            None => work.await,
        };
        if !is_taken {
            left.push(message);
        }
    }
    left
}

/// Whether nothing is left to be done about an event.
async fn is_taken(
    deps: &Deps,
    subject: &Subject,
    meeting: &Result<Option<MeetingOf>, StoreError>,
    event: &Event,
) -> bool {
    let outcome = match meeting {
        Ok(meeting) => take(deps, subject, meeting.as_ref(), event).await,
        Err(error) => Err(NotDone::NotFound(error.to_string())),
    };
    match &outcome {
        Ok(effect) => tracing::info!(?effect, "an event was taken"),
        Err(error @ NotDone::BeingChanged) => tracing::info!(%error, "an event must wait"),
        Err(error) => tracing::warn!(%error, "an event must wait"),
    }
    outcome.is_ok()
}

/// Does what follows from an event.
async fn take(
    deps: &Deps,
    subject: &Subject,
    meeting: Option<&MeetingOf>,
    event: &Event,
) -> Result<Effect, NotDone> {
    match (event, meeting) {
        (Event::Deauthorized { client_id, at }, _) => {
            let told = (&subject.account, &subject.connection);
            work::deauthorized::let_go(deps, &subject.tenant, told, client_id.as_deref(), *at).await
        }
        // What was made in Zoom itself is followed too.
        (Event::Schedule { number, told }, _) => {
            let (tenant, connection) = (&subject.tenant, &subject.connection);
            work::schedule::look(deps, tenant, connection, *number, told).await
        }
        (Event::Session { .. } | Event::Visit { .. } | Event::Recording { .. }, None) => Ok(Effect::NotOurs),
        (_, Some(meeting)) => {
            let Some(stored) = meeting.heard_of(deps).await? else { return Ok(Effect::NotOurs) };
            match event {
                Event::Session { told, .. } => work::session::hear(deps, meeting, told).await,
                Event::Visit { told, .. } => work::visit::note(deps, &stored, told).await,
                Event::Recording { told, .. } => work::recording::keep(deps, meeting, told).await,
                Event::Schedule { .. } | Event::Deauthorized { .. } => Ok(Effect::NotOurs),
            }
        }
    }
}
