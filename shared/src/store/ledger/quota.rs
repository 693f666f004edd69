//! How many of a day's writes at Zoom a host has used.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use chrono::{NaiveDate, TimeDelta};

use crate::domain::host::LedgerHost;
use crate::store::{Item, Store, StoreError, build, key_item, keys, number};

/// The attribute that counts a day's writes.
pub const USED: &str = "used";

impl Store {
    /// The write that counts so many `more` writes of `host` on `day`, where `limit` is not passed by them.
    pub fn count_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        limit: u32,
        more: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let expires = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(3);
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("SET expires_at = :expires ADD used :more")
            .condition_expression("(attribute_not_exists(used) AND :more <= :limit) OR used <= :left")
            .expression_attribute_values(":more", number(more))
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":left", number(i64::from(limit) - i64::from(more)))
            .expression_attribute_values(":expires", number(expires.timestamp()))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The write that takes back what [`Store::count_writes`] counted.
    pub fn uncount_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        counted: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("ADD used :less")
            .expression_attribute_values(":less", number(-i64::from(counted)))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The write that notes that the day's writes of `host` are used up.
    pub fn exhaust_writes(
        &self,
        host: &LedgerHost,
        day: NaiveDate,
        limit: u32,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::quota(host, day))))
            .update_expression("SET used = :limit")
            .expression_attribute_values(":limit", number(limit))
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// How many writes a quota item counts.
pub fn used_writes(item: Option<&Item>) -> u32 {
    item.and_then(|item| item.get(USED))
        .and_then(|value| value.as_n().ok())
        .and_then(|used| used.parse().ok())
        .unwrap_or(0)
}
