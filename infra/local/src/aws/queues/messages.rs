//! Messages: sent, handed out, deleted.

use std::collections::HashMap;

use md5::{Digest, Md5};
use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};
use winterbaume_core::default_account_id;
use winterbaume_sqs::SendMessageOutput;
use winterbaume_sqs::state::SqsError;
use winterbaume_sqs::types::{Message, MessageAttribute};

use super::attributes::Attributes;
use super::store::{Store, decode, encode, find, internal};

/// A message to be sent.
#[derive(Debug)]
pub(super) struct NewMessage {
    pub(super) body: String,
    pub(super) attributes: HashMap<String, MessageAttribute>,
    pub(super) delay_seconds: Option<u32>,
}

/// A message's attribute as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct KeptAttribute {
    data_type: String,
    string_value: Option<String>,
}

impl Store {
    pub(super) fn send(&self, name: &str, message: &NewMessage) -> Result<SendMessageOutput, SqsError> {
        let now = self.now();
        self.within(name, |transaction, kept| {
            let delay = match message.delay_seconds {
                Some(seconds) => seconds,
                None => kept.attributes.number("DelaySeconds")?,
            };
            let attributes: HashMap<_, _> = message.attributes.iter().map(keep_attribute).collect();
            let id = random_id();
            transaction
                .execute(
                    "INSERT INTO messages (queue, id, body, attributes, sent_at, visible_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![name, id, message.body, encode(&attributes)?, now, now + millis(delay)],
                )
                .map_err(internal)?;
            Ok(SendMessageOutput { message_id: id, body_md5: md5_of(&message.body) })
        })
    }

    /// Hands out up to `max` visible messages and hides them for a while.
    pub(super) fn receive(
        &self,
        name: &str,
        max: usize,
        visibility_timeout: Option<u32>,
    ) -> Result<Vec<Message>, SqsError> {
        let now = self.now();
        self.within(name, |transaction, kept| {
            expire(transaction, name, &kept.attributes, now)?;
            redrive(transaction, name, &kept.attributes, now)?;
            let timeout = match visibility_timeout {
                Some(seconds) => seconds,
                None => kept.attributes.number("VisibilityTimeout")?,
            };
            let mut taken = transaction
                .prepare(
                    "SELECT sequence FROM messages WHERE queue = ?1 AND visible_at <= ?2
                     ORDER BY sequence LIMIT ?3",
                )
                .map_err(internal)?;
            let limit = i64::try_from(max).unwrap_or(i64::MAX);
            let sequences = taken
                .query_map(params![name, now, limit], |row| row.get::<_, i64>(0))
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(internal)?;
            let mut received = Vec::with_capacity(sequences.len());
            for sequence in sequences {
                let message = transaction
                    .query_row(
                        "UPDATE messages SET receive_count = receive_count + 1, visible_at = ?2,
                             first_received_at = coalesce(first_received_at, ?3), receipt_handle = ?4
                         WHERE sequence = ?1
                         RETURNING id, body, attributes, sent_at, visible_at, receive_count,
                             first_received_at, receipt_handle",
                        params![sequence, now + millis(timeout), now, random_id()],
                        read_message,
                    )
                    .map_err(internal)?;
                received.push(message?);
            }
            Ok(received)
        })
    }

    /// Deletes by the latest receipt; an older one of the same form is taken and does nothing, as in AWS.
    pub(super) fn delete_message(&self, name: &str, receipt: &str) -> Result<(), SqsError> {
        check_receipt(receipt)?;
        self.within(name, |transaction, _| {
            let delete = "DELETE FROM messages WHERE queue = ?1 AND receipt_handle = ?2";
            transaction.execute(delete, [name, receipt]).map_err(internal)?;
            Ok(())
        })
    }

    pub(super) fn change_visibility(&self, name: &str, receipt: &str, seconds: u32) -> Result<(), SqsError> {
        check_receipt(receipt)?;
        let visible_at = self.now() + millis(seconds);
        self.within(name, |transaction, _| {
            let update = "UPDATE messages SET visible_at = ?3 WHERE queue = ?1 AND receipt_handle = ?2";
            transaction.execute(update, params![name, receipt, visible_at]).map_err(internal)?;
            Ok(())
        })
    }
}

/// Drops what outlived the queue's retention.
fn expire(
    transaction: &Transaction<'_>,
    name: &str,
    attributes: &Attributes,
    now: i64,
) -> Result<(), SqsError> {
    let oldest = now - millis(attributes.number("MessageRetentionPeriod")?);
    let delete = "DELETE FROM messages WHERE queue = ?1 AND sent_at < ?2";
    transaction.execute(delete, params![name, oldest]).map_err(internal)?;
    Ok(())
}

/// Moves what was received too often to the dead-letter queue.
fn redrive(
    transaction: &Transaction<'_>,
    name: &str,
    attributes: &Attributes,
    now: i64,
) -> Result<(), SqsError> {
    let Some(redrive) = attributes.redrive()? else { return Ok(()) };
    if find(transaction, redrive.target())?.is_none() {
        // With nowhere to go, messages stay where they are rather than get lost.
        return Ok(());
    }
    transaction
        .execute(
            "UPDATE messages
             SET queue = ?3, receive_count = 0, first_received_at = NULL, receipt_handle = NULL
             WHERE queue = ?1 AND visible_at <= ?2 AND receive_count >= ?4",
            params![name, now, redrive.target(), redrive.max_receive_count()?],
        )
        .map_err(internal)?;
    Ok(())
}

fn read_message(row: &Row<'_>) -> rusqlite::Result<Result<Message, SqsError>> {
    let body: String = row.get(1)?;
    let attributes: String = row.get(2)?;
    let receipt_handle: Option<String> = row.get(7)?;
    let message = Message {
        message_id: row.get(0)?,
        body_md5: md5_of(&body),
        body,
        all_receipt_handles: receipt_handle.iter().cloned().collect(),
        receipt_handle,
        sender_id: default_account_id().to_owned(),
        sent_timestamp: row.get(3)?,
        approximate_first_receive_timestamp: row.get(6)?,
        approximate_receive_count: row.get(5)?,
        visible_at: row.get(4)?,
        message_attributes: HashMap::new(),
    };
    Ok(decode::<HashMap<String, KeptAttribute>>(&attributes).map(|kept| Message {
        message_attributes: kept.into_iter().map(release_attribute).collect(),
        ..message
    }))
}

fn keep_attribute((name, attribute): (&String, &MessageAttribute)) -> (String, KeptAttribute) {
    let kept = KeptAttribute {
        data_type: attribute.data_type.clone(),
        string_value: attribute.string_value.clone(),
    };
    (name.clone(), kept)
}

fn release_attribute((name, kept): (String, KeptAttribute)) -> (String, MessageAttribute) {
    let KeptAttribute { data_type, string_value } = kept;
    (name, MessageAttribute { data_type, string_value, binary_value: None })
}

fn check_receipt(receipt: &str) -> Result<(), SqsError> {
    match uuid::Uuid::parse_str(receipt) {
        Ok(_) => Ok(()),
        Err(_) => Err(SqsError::InvalidReceiptHandle { receipt_handle: receipt.to_owned() }),
    }
}

fn random_id() -> String {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
}

fn md5_of(text: &str) -> String {
    format!("{:x}", Md5::digest(text))
}

fn millis(seconds: u32) -> i64 {
    i64::from(seconds) * 1000
}
