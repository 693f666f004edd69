//! SQS queues that outlive the process and read the injected clock.

mod attributes;
mod messages;
mod store;

use std::collections::HashMap;
use std::future::ready;
use std::pin::Pin;

use rusqlite::Connection;
use shared::clock::SharedClock;
use winterbaume_sqs::state::SqsError;
use winterbaume_sqs::types::{Message, MessageAttribute, MessageMoveTask, Queue};
use winterbaume_sqs::{SendMessageOutput, SqsBackend, SqsStateView, StateViewError};

use self::messages::NewMessage;
use self::store::Store;

type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The queues of one account and region: the local stack has but one.
pub(super) struct Queues {
    store: Store,
}

impl Queues {
    /// Opens the queues over `connection`; `url` is where their clients find them.
    pub(super) fn open(
        connection: Connection,
        url: &str,
        clock: SharedClock,
    ) -> Result<Self, rusqlite::Error> {
        Ok(Self { store: Store::open(connection, url, clock)? })
    }
}

/// `SQLite` answers at once, so there is nothing to wait for.
fn now<T: Send + 'static>(answer: T) -> Answer<T> {
    Box::pin(ready(answer))
}

/// Operations that are refused before they come here.
fn unsupported<T: Send + 'static>() -> Answer<Result<T, SqsError>> {
    now(Err(SqsError::InternalError("the local queues do not know this operation".to_owned())))
}

impl SqsBackend for Queues {
    fn create_queue(
        &self,
        _account: String,
        _region: String,
        name: String,
        attributes: HashMap<String, String>,
        tags: Option<HashMap<String, String>>,
    ) -> Answer<Result<Queue, SqsError>> {
        now(self.store.create(&name, &attributes, &tags.unwrap_or_default()))
    }

    fn delete_queue(&self, _account: String, _region: String, queue: String) -> Answer<Result<(), SqsError>> {
        now(self.store.delete(&queue))
    }

    fn get_queue_url(
        &self,
        _account: String,
        _region: String,
        queue: String,
    ) -> Answer<Result<String, SqsError>> {
        now(self.store.queue(&queue).map(|queue| queue.url))
    }

    fn get_queue_attributes(
        &self,
        _account: String,
        _region: String,
        queue: String,
    ) -> Answer<Result<HashMap<String, String>, SqsError>> {
        now(self.store.attributes(&queue))
    }

    fn set_queue_attributes(
        &self,
        _account: String,
        _region: String,
        queue: String,
        attributes: HashMap<String, String>,
    ) -> Answer<Result<(), SqsError>> {
        now(self.store.set_attributes(&queue, attributes))
    }

    fn list_queues(
        &self,
        _account: String,
        _region: String,
        prefix: Option<String>,
    ) -> Answer<Result<Vec<Queue>, SqsError>> {
        now(self.store.list(prefix.as_deref().unwrap_or_default()))
    }

    fn send_message(
        &self,
        _account: String,
        _region: String,
        queue: String,
        body: String,
        delay_seconds: Option<u32>,
        attributes: HashMap<String, MessageAttribute>,
        _group: Option<String>,
        _deduplication: Option<String>,
    ) -> Answer<Result<SendMessageOutput, SqsError>> {
        now(self.store.send(&queue, &NewMessage { body, attributes, delay_seconds }))
    }

    fn receive_messages(
        &self,
        _account: String,
        _region: String,
        queue: String,
        max: usize,
        visibility_timeout: Option<u32>,
    ) -> Answer<Result<Vec<Message>, SqsError>> {
        now(self.store.receive(&queue, max, visibility_timeout))
    }

    fn delete_message(
        &self,
        _account: String,
        _region: String,
        queue: String,
        receipt_handle: String,
    ) -> Answer<Result<(), SqsError>> {
        now(self.store.delete_message(&queue, &receipt_handle))
    }

    fn purge_queue(&self, _account: String, _region: String, queue: String) -> Answer<Result<(), SqsError>> {
        now(self.store.purge(&queue))
    }

    fn change_message_visibility(
        &self,
        _account: String,
        _region: String,
        queue: String,
        receipt_handle: String,
        visibility_timeout: u32,
    ) -> Answer<Result<(), SqsError>> {
        now(self.store.change_visibility(&queue, &receipt_handle, visibility_timeout))
    }

    fn change_message_visibility_batch(
        &self,
        _account: String,
        _region: String,
        queue: String,
        entries: Vec<(String, String, u32)>,
    ) -> Answer<Result<Vec<String>, SqsError>> {
        let changed = entries.into_iter().map(|(id, receipt_handle, visibility_timeout)| {
            self.store.change_visibility(&queue, &receipt_handle, visibility_timeout).map(|()| id)
        });
        now(changed.collect())
    }

    fn list_queue_tags(
        &self,
        _account: String,
        _region: String,
        queue: String,
    ) -> Answer<Result<HashMap<String, String>, SqsError>> {
        now(self.store.tags(&queue))
    }

    fn tag_queue(
        &self,
        _account: String,
        _region: String,
        queue: String,
        tags: HashMap<String, String>,
    ) -> Answer<Result<(), SqsError>> {
        now(self.store.change_tags(&queue, |kept| kept.extend(tags)))
    }

    fn untag_queue(
        &self,
        _account: String,
        _region: String,
        queue: String,
        keys: Vec<String>,
    ) -> Answer<Result<(), SqsError>> {
        now(self.store.change_tags(&queue, |kept| kept.retain(|key, _| !keys.contains(key))))
    }

    fn add_permission(
        &self,
        _account: String,
        _region: String,
        _queue: String,
        _label: String,
        _accounts: Vec<String>,
        _actions: Vec<String>,
    ) -> Answer<Result<(), SqsError>> {
        unsupported()
    }

    fn remove_permission(
        &self,
        _account: String,
        _region: String,
        _queue: String,
        _label: String,
    ) -> Answer<Result<(), SqsError>> {
        unsupported()
    }

    fn list_dead_letter_source_queues(
        &self,
        _account: String,
        _region: String,
        queue: String,
    ) -> Answer<Result<Vec<String>, SqsError>> {
        now(self.store.sources_of(&queue))
    }

    fn start_message_move_task(
        &self,
        _account: String,
        _region: String,
        _source: String,
        _destination: Option<String>,
        _rate: Option<i32>,
    ) -> Answer<Result<String, SqsError>> {
        unsupported()
    }

    fn cancel_message_move_task(
        &self,
        _account: String,
        _region: String,
        _task: String,
    ) -> Answer<Result<i64, SqsError>> {
        unsupported()
    }

    fn list_message_move_tasks(
        &self,
        _account: String,
        _region: String,
        _source: String,
    ) -> Answer<Result<Vec<MessageMoveTask>, SqsError>> {
        unsupported()
    }

    fn scopes_with_state(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn snapshot(&self, _account: String, _region: String) -> Answer<SqsStateView> {
        now(SqsStateView::default())
    }

    fn restore(
        &self,
        _account: String,
        _region: String,
        _view: SqsStateView,
    ) -> Answer<Result<(), StateViewError>> {
        now(Err(no_snapshots()))
    }

    fn merge(
        &self,
        _account: String,
        _region: String,
        _view: SqsStateView,
    ) -> Answer<Result<(), StateViewError>> {
        now(Err(no_snapshots()))
    }
}

/// The queues keep themselves, messages included, which a snapshot would leave out.
fn no_snapshots() -> StateViewError {
    StateViewError::Invalid("the local queues are kept in SQLite, not in snapshots".to_owned())
}
