//! What was sent to whom, and what was not and why.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::{Store, StoreError, call, from_item, to_item};
use crate::domain::ids::AttendeeId;
use crate::domain::offset::ReminderOffset;

/// A notice to one attendee about one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// To whom.
    pub attendee_id: AttendeeId,
    /// Of which date.
    pub occurrence_start: DateTime<Utc>,
    /// How long before it.
    pub offset: ReminderOffset,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When somebody set out to send it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<DateTime<Utc>>,
    /// When SES took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Why it was not sent.
    pub reason: Option<String>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Claimed: the mail is about to be handed to SES, or its sender died while doing so.
    Sending,
    /// SES took it.
    Sent,
    /// SES refused it for good.
    Failed,
    /// Not sent, on purpose.
    Skipped,
}

impl Store {
    /// The delivery that is recorded under `key`.
    pub async fn delivery(&self, key: &Key) -> Result<Option<Delivery>, StoreError> {
        self.get(key).await?.map(from_item).transpose()
    }

    /// Records a delivery under `key` unless one is recorded there already: whoever gets `true`, and no one
    /// else, sends the mail.
    pub async fn claim_delivery(&self, key: &Key, delivery: &Delivery) -> Result<bool, StoreError> {
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(to_item(key, delivery)?))
            .condition_expression("attribute_not_exists(pk)");
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

    /// Records how a delivery that was claimed ended.
    pub async fn settle_delivery(&self, key: &Key, delivery: &Delivery) -> Result<(), StoreError> {
        let put = self.client().put_item().table_name(self.table()).set_item(Some(to_item(key, delivery)?));
        put.send().await.map_err(|error| call("PutItem", &error))?;
        Ok(())
    }

    /// Records how a delivery ended whose sender died; `false` where it has come to an end meanwhile.
    pub async fn settle_abandoned_delivery(
        &self,
        key: &Key,
        delivery: &Delivery,
    ) -> Result<bool, StoreError> {
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(to_item(key, delivery)?))
            .condition_expression("#data.#status = :sending")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":sending", AttributeValue::S("sending".to_owned()));
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

    /// Forgets a delivery that was claimed and did not leave, so that a later try may send it.
    pub async fn unclaim_delivery(&self, key: &Key) -> Result<(), StoreError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(self.table())
            .set_key(Some(super::key_item(key)))
            .condition_expression("#data.#status = :sending")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":sending", AttributeValue::S("sending".to_owned()));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(call("DeleteItem", &error)),
        }
    }
}
