//! What was answered to a request with an idempotency key.

use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Key;
use super::{Item, Store, StoreError, build, call, from_item, key_item, number, text, to_item};

/// How long a key is remembered.
const LIFE: TimeDelta = TimeDelta::hours(24);
/// How long the first request may run before another with the same key takes over.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A request's hold on its idempotency key.
#[derive(Debug, Clone)]
pub struct Claim {
    key: Key,
    fence: Uuid,
    /// The same for every try with this key: what is made is named after it.
    pub operation: Uuid,
    /// Whether an earlier try with this key may have left something behind.
    pub resumed: bool,
}

/// What came of claiming a key.
#[derive(Debug)]
pub enum ClaimOutcome {
    /// It is ours.
    Claimed(Claim),
    /// The request was answered before.
    Answered(KeptReply),
    /// Another request with the key is under way.
    InProgress,
    /// The key was used with another body.
    Reused,
}

/// A reply that is kept to be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReply {
    /// The HTTP status.
    pub status: u16,
    /// Headers worth keeping.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

#[derive(Serialize, Deserialize)]
struct Record {
    body_hash: String,
    operation: Uuid,
    reply: Option<KeptReply>,
}

impl Store {
    /// Claims a key for a request whose body hashes to `body_hash`; `operation` and `fence` are new ids.
    pub async fn claim(
        &self,
        key: Key,
        body_hash: &str,
        operation: Uuid,
        fence: Uuid,
        now: DateTime<Utc>,
    ) -> Result<ClaimOutcome, StoreError> {
        let record = Record { body_hash: body_hash.to_owned(), operation, reply: None };
        let mut item = to_item(&key, &record)?;
        item.insert("fence".to_owned(), AttributeValue::S(fence.to_string()));
        item.insert("leased_until".to_owned(), number((now + LEASE).timestamp()));
        item.insert("expires_at".to_owned(), number((now + LIFE).timestamp()));
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.timestamp()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = put.send().await else {
            return Ok(ClaimOutcome::Claimed(Claim { key, fence, operation, resumed: false }));
        };
        let old = match error.as_service_error() {
            Some(aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(
                failed,
            )) => failed.item().cloned().ok_or_else(|| call("PutItem", &error))?,
            _ => return Err(call("PutItem", &error)),
        };
        self.take_over(key, old, body_hash, fence, now).await
    }

    async fn take_over(
        &self,
        key: Key,
        old: Item,
        body_hash: &str,
        fence: Uuid,
        now: DateTime<Utc>,
    ) -> Result<ClaimOutcome, StoreError> {
        let old_fence = text(&old, "fence")?;
        let leased_until: i64 = old
            .get("leased_until")
            .and_then(|value| value.as_n().ok())
            .and_then(|until| until.parse().ok())
            .unwrap_or_default();
        let record: Record = from_item(old)?;
        if record.body_hash != body_hash {
            return Ok(ClaimOutcome::Reused);
        }
        if let Some(reply) = record.reply {
            return Ok(ClaimOutcome::Answered(reply));
        }
        if leased_until > now.timestamp() {
            return Ok(ClaimOutcome::InProgress);
        }
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&key)))
            .update_expression("SET fence = :fence, leased_until = :until")
            .condition_expression("fence = :old AND leased_until = :was")
            .expression_attribute_values(":fence", AttributeValue::S(fence.to_string()))
            .expression_attribute_values(":until", number((now + LEASE).timestamp()))
            .expression_attribute_values(":old", AttributeValue::S(old_fence))
            .expression_attribute_values(":was", number(leased_until));
        match update.send().await {
            Ok(_) => {
                let operation = record.operation;
                Ok(ClaimOutcome::Claimed(Claim { key, fence, operation, resumed: true }))
            }
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(ClaimOutcome::InProgress)
            }
            Err(error) => Err(call("UpdateItem", &error)),
        }
    }

    /// The write that keeps `reply`, on the condition that the key is still ours.
    pub fn keep_reply(&self, claim: &Claim, reply: &KeptReply) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .fenced(claim)
            .update_expression("SET #data.#reply = :reply, leased_until = :zero")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#reply", "reply")
            .expression_attribute_values(":reply", serde_dynamo::to_attribute_value(reply)?)
            .expression_attribute_values(":zero", number(0))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The write that changes nothing but fails where the key is no longer ours: put into a transaction, it
    /// keeps a request that was overtaken from writing.
    pub fn check_claim(&self, claim: &Claim) -> Result<TransactWriteItem, StoreError> {
        let check = aws_sdk_dynamodb::types::ConditionCheck::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&claim.key)))
            .condition_expression("fence = :fence")
            .expression_attribute_values(":fence", AttributeValue::S(claim.fence.to_string()))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// Keeps `reply` by itself; nothing happens where the key is no longer ours.
    pub async fn finish_claim(&self, claim: &Claim, reply: &KeptReply) -> Result<(), StoreError> {
        self.write_claim(self.keep_reply(claim, reply)?).await
    }

    /// Lets the next request with the key go on with the same operation.
    pub async fn release_claim(&self, claim: &Claim) -> Result<(), StoreError> {
        let update = self
            .fenced(claim)
            .update_expression("SET leased_until = :zero")
            .expression_attribute_values(":zero", number(0))
            .build()
            .map_err(|error| build(&error))?;
        self.write_claim(TransactWriteItem::builder().update(update).build()).await
    }

    async fn write_claim(&self, write: TransactWriteItem) -> Result<(), StoreError> {
        match self.transact(vec![write]).await {
            // Whoever took the key over answers for it now.
            Ok(()) | Err(super::TransactError::Conditions(_) | super::TransactError::Conflict) => Ok(()),
            Err(super::TransactError::Store(error)) => Err(error),
        }
    }

    fn fenced(&self, claim: &Claim) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&claim.key)))
            .condition_expression("fence = :fence")
            .expression_attribute_values(":fence", AttributeValue::S(claim.fence.to_string()))
    }
}
