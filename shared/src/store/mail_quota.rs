//! How many mails a tenant has sent on a day.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use chrono::{NaiveDate, TimeDelta};

use super::keys;
use super::{Store, StoreError, call, key_item, number};
use crate::domain::ids::TenantId;

impl Store {
    /// Counts up to `wanted` mails of the tenant on `day` (UTC), as many as `limit` leaves; returns how many.
    pub async fn reserve_mails(
        &self,
        tenant: &TenantId,
        day: NaiveDate,
        limit: u32,
        wanted: u32,
    ) -> Result<u32, StoreError> {
        let expires = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(3);
        let mut more = wanted.min(limit);
        while more > 0 {
            let update = self
                .client()
                .update_item()
                .table_name(self.table())
                .set_key(Some(key_item(&keys::mails_sent(tenant, day))))
                .update_expression("SET expires_at = :expires ADD used :more")
                .condition_expression("attribute_not_exists(used) OR used <= :left")
                .expression_attribute_values(":more", number(more))
                .expression_attribute_values(":left", number(limit - more))
                .expression_attribute_values(":expires", number(expires.timestamp()))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            let Err(error) = update.send().await else { return Ok(more) };
            let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error()
            else {
                return Err(call("UpdateItem", &error));
            };
            let used = failed.item().and_then(|item| item.get("used"));
            let used = used.and_then(|used| used.as_n().ok()).and_then(|used| used.parse().ok());
            // Others count at the same time: what is left now may be gone at the next try, and never comes back.
            more = limit.saturating_sub(used.unwrap_or(limit)).min(more - 1);
        }
        Ok(0)
    }

    /// Takes back what [`Store::reserve_mails`] counted and was not sent.
    pub async fn return_mails(
        &self,
        tenant: &TenantId,
        day: NaiveDate,
        unsent: u32,
    ) -> Result<(), StoreError> {
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::mails_sent(tenant, day))))
            .update_expression("ADD used :less")
            .expression_attribute_values(":less", AttributeValue::N(format!("-{unsent}")));
        update.send().await.map_err(|error| call("UpdateItem", &error))?;
        Ok(())
    }
}
