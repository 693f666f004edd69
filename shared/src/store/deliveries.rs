//! What was sent to whom, and what was not and why.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::keys::{self, Key};
use super::{DATA, Query, Range, Store, StoreError, call, from_item, key_item, text, to_item};
use crate::domain::ids::{AttendeeId, MeetingId, TenantId};
use crate::domain::news::Told;
use crate::domain::offset::ReminderOffset;

/// A notice to one attendee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// What it is about.
    pub kind: DeliveryKind,
    /// To whom.
    pub attendee_id: AttendeeId,
    /// Of which date, where it is a reminder.
    pub occurrence_start: Option<DateTime<Utc>>,
    /// How long before it.
    pub offset: Option<ReminderOffset>,
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
    /// Whether it is sent after all, should its message come again: it failed without having left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// What a delivery is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// That the meeting takes place.
    Invitation,
    /// That it has changed.
    Update,
    /// That it does not take place, or not for them.
    Cancellation,
    /// That a date comes up.
    Reminder,
}

impl From<Told> for DeliveryKind {
    fn from(told: Told) -> Self {
        match told {
            Told::Invitation => Self::Invitation,
            Told::Update => Self::Update,
            Told::Cancellation | Told::Removal => Self::Cancellation,
        }
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Claimed: the mail is about to be handed to SES, or its sender died while doing so.
    Sending,
    /// SES took it.
    Sent,
    /// It will not be sent, or nobody knows whether it was.
    Failed,
    /// Not sent, on purpose.
    Skipped,
}

/// A delivery that is recorded, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place among the meeting's deliveries.
    pub place: String,
    /// The delivery.
    pub delivery: Delivery,
}

impl Store {
    /// A page of a meeting's deliveries, by date and offset: at most `limit`, after the place `after`.
    pub async fn deliveries(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        limit: usize,
        after: Option<&str>,
    ) -> Result<Vec<Recorded>, StoreError> {
        let partition = keys::meeting(tenant, meeting).pk;
        let start = after.map(|place| key_item(&Key { pk: partition.clone(), sk: place.to_owned() }));
        let query = Query {
            index: None,
            partition,
            range: Range::Prefix(keys::DELIVERIES.to_owned()),
            ascending: true,
            limit: Some(limit),
            after: start,
            filter: None,
        };
        let items = self.query(query).await?.items.into_iter();
        let read = |item: super::Item| Ok(Recorded { place: text(&item, "sk")?, delivery: from_item(item)? });
        items.map(read).collect()
    }

    /// Who was told of a meeting's news after the number `after` and before `until`, and up to which number.
    pub async fn told_between(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        after: u32,
        until: u32,
    ) -> Result<HashMap<AttendeeId, u32>, StoreError> {
        let range = Range::Between(keys::news_of(after.saturating_add(1)), keys::news_of(until));
        let mut told = HashMap::new();
        for item in self.query_all(keys::meeting(tenant, meeting).pk, range).await? {
            let number = keys::number_of_news(&text(&item, "sk")?);
            let Delivery { kind, attendee_id, status, .. } = from_item(item)?;
            let is_told = matches!(status, DeliveryStatus::Sent | DeliveryStatus::Sending);
            if let Some(number) = number.filter(|_| is_told && kind != DeliveryKind::Cancellation) {
                told.insert(attendee_id, number);
            }
        }
        Ok(told)
    }

    /// The delivery that is recorded under `key`.
    pub async fn delivery(&self, key: &Key) -> Result<Option<Delivery>, StoreError> {
        self.get(key).await?.map(from_item).transpose()
    }

    /// Records a delivery under `key` unless one is recorded there already that stands: whoever gets `true`, and
    /// no one else, sends the mail.
    pub async fn claim_delivery(&self, key: &Key, delivery: &Delivery) -> Result<bool, StoreError> {
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(to_item(key, delivery)?))
            .condition_expression("attribute_not_exists(pk) OR #data.#again = :true")
            .expression_attribute_names("#data", DATA)
            .expression_attribute_names("#again", "again")
            .expression_attribute_values(":true", AttributeValue::Bool(true));
        self.put_if(put).await
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
            .expression_attribute_names("#data", DATA)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":sending", AttributeValue::S("sending".to_owned()));
        self.put_if(put).await
    }

    /// Forgets a delivery that was claimed and did not leave, so that a later try may send it.
    pub async fn unclaim_delivery(&self, key: &Key) -> Result<(), StoreError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(self.table())
            .set_key(Some(super::key_item(key)))
            .condition_expression("#data.#status = :sending")
            .expression_attribute_names("#data", DATA)
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
