//! Queues in `SQLite`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use shared::clock::SharedClock;
use winterbaume_core::default_account_id;
use winterbaume_sqs::state::SqsError;
use winterbaume_sqs::types::Queue;

use super::attributes::Attributes;
use crate::aws::REGION;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS queues (
        name TEXT PRIMARY KEY,
        attributes TEXT NOT NULL,
        tags TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        modified_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS messages (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        receive_count INTEGER NOT NULL DEFAULT 0,
        first_received_at INTEGER,
        receipt_handle TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue, visible_at);
    CREATE INDEX IF NOT EXISTS messages_by_receipt ON messages (receipt_handle);
";

/// The queues and their messages.
pub(super) struct Store {
    connection: Mutex<Connection>,
    url: String,
    clock: SharedClock,
}

/// A queue as it is kept.
pub(super) struct KeptQueue {
    pub(super) attributes: Attributes,
    tags: HashMap<String, String>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
}

impl Store {
    pub(super) fn open(
        connection: Connection,
        url: &str,
        clock: SharedClock,
    ) -> Result<Self, rusqlite::Error> {
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection), url: url.to_owned(), clock })
    }

    pub(super) fn create(
        &self,
        name: &str,
        named: &HashMap<String, String>,
        tags: &HashMap<String, String>,
    ) -> Result<Queue, SqsError> {
        let allowed = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        if name.is_empty() || name.len() > 80 || !name.chars().all(allowed) {
            return Err(SqsError::InvalidQueueName);
        }
        let attributes = Attributes::of(named.clone())?;
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(internal)?;
        match find(&transaction, name)? {
            Some(kept) if !kept.attributes.agree_with(named) => return Err(SqsError::QueueAlreadyExists),
            Some(_) => {}
            None => {
                let now = self.now();
                transaction
                    .execute(
                        "INSERT INTO queues (name, attributes, tags, created_at, modified_at)
                         VALUES (?1, ?2, ?3, ?4, ?4)",
                        params![name, encode(attributes.as_map())?, encode(tags)?, now],
                    )
                    .map_err(internal)?;
            }
        }
        transaction.commit().map_err(internal)?;
        drop(connection);
        self.queue(name)
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), SqsError> {
        self.within(name, |transaction, _| {
            transaction.execute("DELETE FROM messages WHERE queue = ?1", [name]).map_err(internal)?;
            transaction.execute("DELETE FROM queues WHERE name = ?1", [name]).map_err(internal)?;
            Ok(())
        })
    }

    pub(super) fn queue(&self, name: &str) -> Result<Queue, SqsError> {
        self.within(name, |_, kept| self.describe(name, &kept))
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Queue>, SqsError> {
        let names = self.names()?;
        names.iter().filter(|name| name.starts_with(prefix)).map(|name| self.queue(name)).collect()
    }

    pub(super) fn attributes(&self, name: &str) -> Result<HashMap<String, String>, SqsError> {
        let now = self.now();
        self.within(name, |transaction, kept| {
            let count = |state: &str| -> Result<i64, SqsError> {
                let query = format!("SELECT count(*) FROM messages WHERE queue = ?1 AND {state}");
                transaction.query_row(&query, params![name, now], |row| row.get(0)).map_err(internal)
            };
            let mut attributes = kept.attributes.as_map().clone();
            let mut add = |name: &str, value: String| attributes.insert(name.to_owned(), value);
            add("ApproximateNumberOfMessages", count("visible_at <= ?2")?.to_string());
            add(
                "ApproximateNumberOfMessagesNotVisible",
                count("visible_at > ?2 AND receive_count > 0")?.to_string(),
            );
            add(
                "ApproximateNumberOfMessagesDelayed",
                count("visible_at > ?2 AND receive_count = 0")?.to_string(),
            );
            add("QueueArn", arn(name));
            add("CreatedTimestamp", kept.created_at.timestamp().to_string());
            add("LastModifiedTimestamp", kept.modified_at.timestamp().to_string());
            Ok(attributes)
        })
    }

    pub(super) fn set_attributes(
        &self,
        name: &str,
        changes: HashMap<String, String>,
    ) -> Result<(), SqsError> {
        let now = self.now();
        self.within(name, |transaction, kept| {
            let attributes = encode(kept.attributes.with(changes)?.as_map())?;
            let update = "UPDATE queues SET attributes = ?2, modified_at = ?3 WHERE name = ?1";
            transaction.execute(update, params![name, attributes, now]).map_err(internal)?;
            Ok(())
        })
    }

    pub(super) fn tags(&self, name: &str) -> Result<HashMap<String, String>, SqsError> {
        self.within(name, |_, kept| Ok(kept.tags))
    }

    pub(super) fn change_tags(
        &self,
        name: &str,
        change: impl FnOnce(&mut HashMap<String, String>),
    ) -> Result<(), SqsError> {
        self.within(name, |transaction, mut kept| {
            change(&mut kept.tags);
            let update = "UPDATE queues SET tags = ?2 WHERE name = ?1";
            transaction.execute(update, params![name, encode(&kept.tags)?]).map_err(internal)?;
            Ok(())
        })
    }

    /// The URLs of the queues whose dead letters go to `name`.
    pub(super) fn sources_of(&self, name: &str) -> Result<Vec<String>, SqsError> {
        let target = arn(name);
        self.queue(name)?;
        let mut urls = Vec::new();
        for source in self.names()? {
            let redrive = self.within(&source, |_, kept| kept.attributes.redrive())?;
            if redrive.is_some_and(|redrive| redrive.target_arn() == target) {
                urls.push(self.queue(&source)?.url);
            }
        }
        Ok(urls)
    }

    pub(super) fn purge(&self, name: &str) -> Result<(), SqsError> {
        self.within(name, |transaction, _| {
            transaction.execute("DELETE FROM messages WHERE queue = ?1", [name]).map_err(internal)?;
            Ok(())
        })
    }

    /// Runs `work` in a transaction on a queue that exists.
    pub(super) fn within<T>(
        &self,
        name: &str,
        work: impl FnOnce(&Transaction<'_>, KeptQueue) -> Result<T, SqsError>,
    ) -> Result<T, SqsError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(internal)?;
        let kept = find(&transaction, name)?.ok_or(SqsError::NonExistentQueue)?;
        let done = work(&transaction, kept)?;
        transaction.commit().map_err(internal)?;
        Ok(done)
    }

    fn names(&self) -> Result<Vec<String>, SqsError> {
        let connection = self.connection();
        let mut names = connection.prepare("SELECT name FROM queues ORDER BY name").map_err(internal)?;
        names.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(internal)
    }

    fn describe(&self, name: &str, kept: &KeptQueue) -> Result<Queue, SqsError> {
        let number = |attribute| kept.attributes.number(attribute);
        Ok(Queue {
            name: name.to_owned(),
            url: format!("{}/{}/{name}", self.url, default_account_id()),
            arn: arn(name),
            region: REGION.to_owned(),
            account_id: default_account_id().to_owned(),
            created_timestamp: kept.created_at,
            last_modified_timestamp: kept.modified_at,
            visibility_timeout: number("VisibilityTimeout")?,
            delay_seconds: number("DelaySeconds")?,
            maximum_message_size: number("MaximumMessageSize")?,
            message_retention_period: number("MessageRetentionPeriod")?,
            receive_wait_time_seconds: number("ReceiveMessageWaitTimeSeconds")?,
            fifo_queue: false,
            content_based_deduplication: false,
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }
}

pub(super) fn find(transaction: &Transaction<'_>, name: &str) -> Result<Option<KeptQueue>, SqsError> {
    let query = "SELECT attributes, tags, created_at, modified_at FROM queues WHERE name = ?1";
    let row = transaction
        .query_row(query, [name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()
        .map_err(internal)?;
    let Some((attributes, tags, created_at, modified_at)) = row else { return Ok(None) };
    Ok(Some(KeptQueue {
        attributes: Attributes::of(decode(&attributes)?)?,
        tags: decode(&tags)?,
        created_at: moment(created_at)?,
        modified_at: moment(modified_at)?,
    }))
}

fn arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{}:{name}", default_account_id())
}

fn moment(millis: i64) -> Result<DateTime<Utc>, SqsError> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| internal("a time out of range"))
}

pub(super) fn encode(value: &impl Serialize) -> Result<String, SqsError> {
    serde_json::to_string(value).map_err(internal)
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, SqsError> {
    serde_json::from_str(text).map_err(internal)
}

pub(super) fn internal(error: impl std::fmt::Display) -> SqsError {
    SqsError::InternalError(error.to_string())
}
