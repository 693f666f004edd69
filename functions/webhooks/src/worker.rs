//! Working off the queue.

use std::collections::BTreeMap;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use futures::StreamExt;
use shared::deps::Deps;
use shared::domain::ids::{AccountId, ConnectionId, TenantId};
use shared::store::StoreError;

use crate::event::Event;
use crate::queue::Message;
use crate::work::{self, Effect, MeetingOf, NotDone};

/// How many meetings are worked on side by side.
const SUBJECTS_AT_A_TIME: usize = 8;

/// Works through a batch and names the messages that are to come again.
///
/// What cannot be read is among these: the queue moves it to the dead-letter queue after a while.
pub async fn handle(deps: &Deps, event: SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    // What is told of one meeting is done one after another, since all of it is written to the same item.
    let mut by_subject: BTreeMap<Subject, Vec<(String, Event)>> = BTreeMap::new();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        match serde_json::from_str::<Message>(message.body.as_deref().unwrap_or_default()) {
            Ok(message) => {
                let (subject, event) = Subject::of(message);
                by_subject.entry(subject).or_default().push((id, event));
            }
            Err(error) => {
                // The error's own text would repeat what stands in the message.
                let (line, column) = (error.line(), error.column());
                tracing::error!(message_id = id, line, column, "a message cannot be read");
                response.add_failure(id);
            }
        }
    }
    let left: Vec<Vec<String>> = futures::stream::iter(by_subject)
        .map(|(subject, events)| async move { take_all(deps, &subject, events).await })
        .buffer_unordered(SUBJECTS_AT_A_TIME)
        .collect()
        .await;
    for id in left.into_iter().flatten() {
        response.add_failure(id);
    }
    response
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
    fn of(message: Message) -> (Self, Event) {
        let Message { tenant, connection_id, account_id, event } = message;
        let number = event.meeting_number();
        (Self { tenant, connection: connection_id, account: account_id, number }, event)
    }

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
async fn take_all(deps: &Deps, subject: &Subject, events: Vec<(String, Event)>) -> Vec<String> {
    let Subject { tenant, connection, number, .. } = subject;
    let mut left = Vec::new();
    let meeting = subject.meeting(deps).await;
    for (id, event) in events {
        let outcome = match &meeting {
            Ok(meeting) => take(deps, subject, meeting.as_ref(), &event).await,
            Err(error) => Err(NotDone::NotFound(error.to_string())),
        };
        let zoom_meeting = *number;
        match outcome {
            Ok(effect) => {
                tracing::info!(message_id = id, %tenant, %connection, zoom_meeting, ?effect, "an event was taken");
                continue;
            }
            Err(error @ NotDone::BeingChanged) => {
                tracing::info!(message_id = id, %tenant, %connection, zoom_meeting, %error, "an event must wait");
            }
            Err(error) => {
                tracing::warn!(message_id = id, %tenant, %connection, zoom_meeting, %error, "an event must wait");
            }
        }
        left.push(id);
    }
    left
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
            work::deauthorized::let_go(deps, &subject.tenant, (&subject.account, client_id), *at).await
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
