//! A host's busy times in one block, as they are read and written.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem, Update};

use super::pack::{pack, unpack};
use super::{Busy, Week};
use crate::store::keys::Key;
use crate::store::{Item, StoreError, build, key_item, number};

/// The attribute that every write raises.
pub(super) const VERSION: &str = "version";
/// The attribute that counts the entries of all weeks.
pub(super) const TAKEN: &str = "taken";

/// What was read of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// 0 where the block was not there: it is never deleted.
    version: u64,
    /// How many entries all its weeks hold, those included that were not read.
    pub(super) taken: usize,
    /// The weeks that were read, each in order.
    pub(super) weeks: BTreeMap<Week, Vec<Busy>>,
}

impl Block {
    /// Reads `weeks` of a block; one that is not there is empty.
    pub(super) fn read(
        item: Option<&Item>,
        weeks: impl IntoIterator<Item = Week>,
    ) -> Result<Self, StoreError> {
        let Some(item) = item else {
            let weeks = weeks.into_iter().map(|week| (week, Vec::new())).collect();
            return Ok(Self { weeks, ..Self::default() });
        };
        let version = counter(item, VERSION)?;
        let taken = counter(item, TAKEN)?;
        let read = |week: Week| {
            let busy = match item.get(&week.attribute()) {
                Some(AttributeValue::B(bytes)) => unpack(week, bytes.as_ref())?,
                Some(_) => return Err(unreadable("the busy times of a ledger week are no bytes")),
                None => Vec::new(),
            };
            Ok((week, busy))
        };
        let weeks = weeks.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        Ok(Self { version, taken, weeks })
    }

    /// The write that puts `changed` in the place of what was read of these weeks, where nobody has written
    /// the block since.
    pub(super) fn update(
        &self,
        table: &str,
        key: &Key,
        changed: &BTreeMap<Week, Vec<Busy>>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut taken = self.taken;
        let mut sets = vec![format!("{VERSION} = :next"), format!("{TAKEN} = :taken")];
        let mut removed = Vec::new();
        let mut update = Update::builder().table_name(table).set_key(Some(key_item(key)));
        for (week, busy) in changed {
            let before = self.weeks.get(week).map_or(0, Vec::len);
            taken = (taken + busy.len()).saturating_sub(before);
            let attribute = week.attribute();
            if busy.is_empty() {
                removed.push(attribute);
            } else {
                let packed = AttributeValue::B(Blob::new(pack(*week, busy)?));
                update = update.expression_attribute_values(format!(":{attribute}"), packed);
                sets.push(format!("{attribute} = :{attribute}"));
            }
        }
        let mut expression = format!("SET {}", sets.join(", "));
        if !removed.is_empty() {
            expression.push_str(" REMOVE ");
            expression.push_str(&removed.join(", "));
        }
        update = update
            .update_expression(expression)
            .expression_attribute_values(":next", number(self.version + 1))
            .expression_attribute_values(":taken", number(taken))
            .condition_expression(self.condition());
        if let Some(version) = self.expected() {
            update = update.expression_attribute_values(":version", version);
        }
        let update = update.build().map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// What fails a transaction where somebody has written the block since it was read.
    pub(super) fn check(&self, table: &str, key: &Key) -> Result<TransactWriteItem, StoreError> {
        let mut check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key_item(key)))
            .condition_expression(self.condition());
        if let Some(version) = self.expected() {
            check = check.expression_attribute_values(":version", version);
        }
        let check = check.build().map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// That the block is as it was read.
    fn condition(&self) -> &'static str {
        if self.version == 0 { "attribute_not_exists(pk)" } else { "version = :version" }
    }

    fn expected(&self) -> Option<AttributeValue> {
        (self.version > 0).then(|| number(self.version))
    }
}

fn counter<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| unreadable(&format!("a ledger block has no {name}")))
}

fn unreadable(why: &str) -> StoreError {
    StoreError::Unreadable(serde::de::Error::custom(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_an_error_and_never_free_time() {
        let week = Week::touched(
            &[crate::domain::interval::Interval::of_minutes(chrono::DateTime::UNIX_EPOCH, 60)],
            0,
        );
        let version = || (VERSION.to_owned(), number(1));
        let taken = || (TAKEN.to_owned(), number(1));
        let text = ("w0".to_owned(), AttributeValue::S("busy".to_owned()));
        let read = |item: Item| Block::read(Some(&item), week.clone());
        assert!(read([version(), taken()].into()).is_ok());
        assert!(read([version()].into()).is_err());
        assert!(read([taken()].into()).is_err());
        assert!(read([version(), taken(), text].into()).is_err());
    }
}
