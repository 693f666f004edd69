//! The one DynamoDB store.
//!
//! Everything goes through the table that [`keys`] describes. A write that rests on what was read before is
//! conditioned on it; a failed condition comes back as [`TransactError::Conditions`] with the places of the
//! writes that failed, and the caller says what it means.

pub mod attendees;
pub mod chores;
pub mod connections;
pub mod deliveries;
mod departures;
pub mod grants;
pub mod hosts;
pub mod idempotency;
pub mod keys;
pub mod ledger;
pub mod listing;
pub mod lists;
mod mail_quota;
pub mod meetings;
pub mod once;
pub mod postings;
mod query;
pub mod recordings;
pub mod search;
pub mod settings;
pub mod todo;
mod unsubscribed;
pub mod visits;
pub mod webhook_routes;
pub mod zoom_meetings;

use std::collections::{BTreeSet, HashMap};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, TransactWriteItem};
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::keys::Key;
pub(crate) use self::query::{Query, Range};

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// The most keys that one `BatchGetItem` takes.
pub(crate) const MOST_BATCH_GETS: usize = 100;
/// How many calls of `BatchGetItem` are under way at a time.
pub(crate) const BATCHES_AT_A_TIME: usize = 4;
/// The most writes that one `BatchWriteItem` takes.
const MOST_BATCH_WRITES: usize = 25;
/// The most actions that one `TransactWriteItems` takes.
pub const MOST_TRANSACTION_ACTIONS: usize = 100;

/// The table.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: String,
}

/// DynamoDB could not do what it was asked, or holds what cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The call failed.
    #[error("DynamoDB failed at {action}: {why}")]
    Call {
        /// What was tried.
        action: &'static str,
        /// What came back.
        why: String,
    },
    /// An item cannot be read.
    #[error("an item in the table cannot be read: {0}")]
    Unreadable(#[from] serde_dynamo::Error),
}

/// A transaction that did not take place.
#[derive(Debug, thiserror::Error)]
pub enum TransactError {
    /// Conditions did not hold, at these places of the transaction.
    #[error("the conditions of the writes {0:?} did not hold")]
    Conditions(Vec<usize>),
    /// Another transaction was at the same items.
    #[error("another transaction was at the same items")]
    Conflict,
    /// The call failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The table of that name, in the account and region that `aws` names.
    pub fn new(aws: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(aws), table }
    }

    /// The client, for what has a form of its own.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The table's name.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Reads one item, consistently.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.table).set_key(Some(key_item(key))).consistent_read(true);
        Ok(request.send().await.map_err(|error| call("GetItem", &error))?.item)
    }

    /// Reads the items that exist of `keys`, consistently, in as few calls as the limits allow, some of them
    /// side by side.
    pub async fn batch_get(&self, keys: Vec<Key>) -> Result<HashMap<Key, Item>, StoreError> {
        self.get_batches(keys, None).await
    }

    /// Reads `attributes` of the items that exist of `keys`, as [`Store::batch_get`] does; one that an item
    /// does not have is not in it.
    pub async fn batch_get_only(
        &self,
        keys: Vec<Key>,
        attributes: &BTreeSet<String>,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        self.get_batches(keys, Some(&Projection::of(attributes))).await
    }

    async fn get_batches(
        &self,
        keys: Vec<Key>,
        projection: Option<&Projection>,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        let batches: Vec<Vec<Item>> =
            keys.chunks(MOST_BATCH_GETS).map(|batch| batch.iter().map(key_item).collect()).collect();
        let read: Vec<Vec<Item>> = futures::stream::iter(batches)
            .map(|batch| self.get_batch(batch, projection))
            .buffer_unordered(BATCHES_AT_A_TIME)
            .try_collect()
            .await?;
        let mut found = HashMap::with_capacity(keys.len());
        for item in read.into_iter().flatten() {
            found.insert(Key { pk: text(&item, "pk")?, sk: text(&item, "sk")? }, item);
        }
        Ok(found)
    }

    /// Reads at most [`MOST_BATCH_GETS`] items: in one call, unless `DynamoDB` leaves some for the next.
    async fn get_batch(
        &self,
        keys: Vec<Item>,
        projection: Option<&Projection>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::with_capacity(keys.len());
        let mut left = keys;
        while !left.is_empty() {
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(std::mem::take(&mut left)))
                .set_projection_expression(projection.map(|projection| projection.expression.clone()))
                .set_expression_attribute_names(projection.map(|projection| projection.names.clone()))
                .consistent_read(true)
                .build()
                .map_err(|error| build(&error))?;
            let output = self
                .client
                .batch_get_item()
                .request_items(&self.table, asked)
                .send()
                .await
                .map_err(|error| call("BatchGetItem", &error))?;
            found.extend(output.responses.into_iter().flatten().flat_map(|(_, items)| items));
            left.extend(output.unprocessed_keys.into_iter().flatten().flat_map(|(_, keys)| keys.keys));
        }
        Ok(found)
    }

    /// Writes all of `writes` or none.
    pub async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<(), TransactError> {
        let request = self.client.transact_write_items().set_transact_items(Some(writes));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let reasons = cancelled.cancellation_reasons();
                    let failed: Vec<usize> = reasons
                        .iter()
                        .enumerate()
                        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
                        .map(|(place, _)| place)
                        .collect();
                    let conflict = |code: &str| {
                        matches!(
                            code,
                            "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"
                        )
                    };
                    if !failed.is_empty() {
                        Err(TransactError::Conditions(failed))
                    } else if reasons.iter().any(|reason| reason.code().is_some_and(conflict)) {
                        Err(TransactError::Conflict)
                    } else {
                        Err(call("TransactWriteItems", &error).into())
                    }
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
                    Err(TransactError::Conflict)
                }
                _ => Err(call("TransactWriteItems", &error).into()),
            },
        }
    }

    /// Puts an item where the put's condition holds; `false` where it does not.
    pub(crate) async fn put_if(&self, put: PutItemFluentBuilder) -> Result<bool, StoreError> {
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(call("PutItem", &error)),
        }
    }

    /// Puts and deletes many items, each by itself.
    pub(crate) async fn batch_write(
        &self,
        mut writes: Vec<aws_sdk_dynamodb::types::WriteRequest>,
    ) -> Result<(), StoreError> {
        while !writes.is_empty() {
            let rest = writes.split_off(writes.len().min(MOST_BATCH_WRITES));
            let output = self
                .client
                .batch_write_item()
                .request_items(&self.table, std::mem::replace(&mut writes, rest))
                .send()
                .await
                .map_err(|error| call("BatchWriteItem", &error))?;
            writes.extend(output.unprocessed_items.into_iter().flatten().flat_map(|(_, items)| items));
        }
        Ok(())
    }
}

/// Which attributes to read of items.
#[derive(Debug)]
struct Projection {
    expression: String,
    names: HashMap<String, String>,
}

impl Projection {
    /// Those attributes, and the keys by which the items are told apart.
    fn of(attributes: &BTreeSet<String>) -> Self {
        // Some attributes have names that expressions reserve.
        let named = |name: &str| (format!("#{name}"), name.to_owned());
        let all = attributes.iter().map(String::as_str).chain(["pk", "sk"]);
        let names: HashMap<String, String> = all.map(named).collect();
        let expression = names.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Self { expression, names }
    }
}

/// The attribute that holds a thing whole.
pub(crate) const DATA: &str = "data";

/// An item that holds `data` under `key`.
pub(crate) fn to_item(key: &Key, data: &impl Serialize) -> Result<Item, StoreError> {
    let mut item = key_item(key);
    item.insert(DATA.to_owned(), serde_dynamo::to_attribute_value(data)?);
    Ok(item)
}

/// What [`to_item`] put into an item.
pub(crate) fn from_item<T: DeserializeOwned>(mut item: Item) -> Result<T, StoreError> {
    let data = item.remove(DATA).unwrap_or(AttributeValue::Null(true));
    Ok(serde_dynamo::from_attribute_value(data)?)
}

pub(crate) fn key_item(key: &Key) -> Item {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
        ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(format!("{value}"))
}

pub(crate) fn text(item: &Item, name: &'static str) -> Result<String, StoreError> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .ok_or_else(|| StoreError::Unreadable(serde::de::Error::custom(format!("{name} is not a text"))))
}

pub(crate) fn call(action: &'static str, error: &(impl std::error::Error + 'static)) -> StoreError {
    StoreError::Call { action, why: DisplayErrorContext(error).to_string() }
}

/// A malformed request that was built here.
pub(crate) fn build(error: &aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Call { action: "building a request", why: error.to_string() }
}
