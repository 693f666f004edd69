//! The index of words: which meetings hold a word.
//!
//! A request marks a meeting whose words have changed, in the transaction that changes it; a scheduled step
//! writes its postings and clears the mark, in one transaction again. A meeting so is always found by its
//! mark or by its postings. Postings may tell of words that are gone: what they lead to is looked at anew.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index, Key};
use super::{
    Item, MOST_TRANSACTION_ACTIONS, Query, Range, Store, StoreError, TransactError, build, from_item,
    key_item, number, text, to_item,
};
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::meeting::Meeting;
use crate::domain::words::Terms;

/// The most postings that one transaction changes; the mark and what is indexed stand beside them.
const MOST_CHANGES: usize = MOST_TRANSACTION_ACTIONS - 2;

/// That a meeting's words are to be indexed.
#[derive(Debug, Clone)]
pub struct Mark {
    marked: Marked,
    revision: u64,
}

impl Mark {
    /// Which meeting is marked.
    pub fn meeting(&self) -> (TenantId, MeetingId) {
        (self.marked.tenant.clone(), self.marked.id.clone())
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Marked {
    tenant: TenantId,
    id: MeetingId,
    #[serde(flatten)]
    terms: Terms,
}

/// What a meeting is indexed under.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Indexed {
    words: BTreeSet<String>,
    numbers: BTreeSet<u64>,
    /// Counts the writes of it.
    version: u64,
}

impl Indexed {
    fn under(terms: Terms) -> Self {
        Self { words: terms.words, numbers: terms.number.into_iter().collect(), version: 0 }
    }

    fn and<'a>(mut self, others: impl IntoIterator<Item = &'a Self>) -> Self {
        for other in others {
            self.words.extend(other.words.iter().cloned());
            self.numbers.extend(&other.numbers);
        }
        self
    }

    fn keys(&self, tenant: &TenantId, id: &MeetingId) -> BTreeSet<Key> {
        let words = self.words.iter().map(|word| keys::posting(tenant, word, id));
        words.chain(self.numbers.iter().map(|number| keys::numbered(tenant, *number, id))).collect()
    }
}

impl Store {
    /// The write that marks `meeting` as one to be indexed, where it is found by other terms than `before`.
    pub(super) fn mark_unindexed(
        &self,
        meeting: &Meeting,
        before: Option<&Meeting>,
        now: DateTime<Utc>,
        shards: u16,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let terms = Terms::of(meeting);
        if before.is_some_and(|before| Terms::of(before) == terms) {
            return Ok(None);
        }
        let shard = keys::shard(meeting.id.as_str(), shards);
        self.mark_write(meeting, terms, meeting.revision, shard, now).map(Some)
    }

    /// The write that marks a meeting whose postings are to go with it.
    pub(super) fn mark_removed(&self, meeting: &Meeting) -> Result<TransactWriteItem, StoreError> {
        // The first shard is there however many there are.
        self.mark_write(meeting, Terms::default(), meeting.revision + 1, 0, meeting.updated_at)
    }

    fn mark_write(
        &self,
        meeting: &Meeting,
        terms: Terms,
        revision: u64,
        shard: u16,
        at: DateTime<Utc>,
    ) -> Result<TransactWriteItem, StoreError> {
        let marked = Marked { tenant: meeting.tenant.clone(), id: meeting.id.clone(), terms };
        let mut item = to_item(&keys::unindexed(&meeting.tenant, &meeting.id), &marked)?;
        item.insert("revision".to_owned(), number(revision));
        keys::place(&mut item, Index::Todo, keys::todo(shard), keys::by_time(at, meeting.id.as_str()));
        self.put_write(item)
    }

    /// A tenant's meetings that are not indexed under all of their terms yet, as many as one `Query` gives.
    pub(super) async fn unindexed_of(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<(MeetingId, Terms)>, StoreError> {
        let (items, _) = self.postings(keys::unindexed_of(tenant), Range::All).await?;
        let marks = items.into_iter().map(mark);
        marks.map(|mark| mark.map(|Mark { marked, .. }| (marked.id, marked.terms))).collect()
    }

    /// The meetings with a word that begins as `word`; `None` where they are more than one `Query` gives.
    pub(super) async fn meetings_with_word(
        &self,
        tenant: &TenantId,
        word: &str,
    ) -> Result<Option<BTreeSet<MeetingId>>, StoreError> {
        let (items, all) =
            self.postings(keys::postings(tenant, word), Range::Prefix(word.to_owned())).await?;
        if !all {
            return Ok(None);
        }
        let id = |item: &Item| id(text(item, "sk")?.rsplit('#').next().unwrap_or_default());
        items.iter().map(id).collect::<Result<_, _>>().map(Some)
    }

    /// The meetings with that number at Zoom.
    pub(super) async fn meetings_with_number(
        &self,
        tenant: &TenantId,
        number: u64,
    ) -> Result<BTreeSet<MeetingId>, StoreError> {
        let (items, _) = self.postings(keys::numbered_as(tenant, number), Range::All).await?;
        items.iter().map(|item| id(&text(item, "sk")?)).collect()
    }

    async fn postings(&self, partition: String, range: Range) -> Result<(Vec<Item>, bool), StoreError> {
        let query =
            Query { index: None, partition, range, ascending: true, limit: None, after: None, filter: None };
        let page = self.query(query).await?;
        Ok((page.items, page.next.is_none()))
    }

    /// Writes the postings of the marked meetings and clears the marks; returns how many it cleared. Those
    /// that somebody else has written meanwhile are marked still.
    ///
    /// # Errors
    /// After all of them were gone through, when one could not be indexed.
    pub async fn index(&self, marks: &[Mark]) -> Result<usize, StoreError> {
        let keys = marks.iter().flat_map(|Mark { marked: Marked { tenant, id, .. }, .. }| {
            [keys::meeting(tenant, id), keys::indexed(tenant, id)]
        });
        let mut found = self.batch_get(keys.collect()).await?;
        let mut cleared = 0;
        let mut failed = None;
        for mark in marks {
            let Marked { tenant, id, .. } = &mark.marked;
            let meeting = found.remove(&keys::meeting(tenant, id));
            let indexed = found.remove(&keys::indexed(tenant, id));
            match self.index_item(mark, meeting, indexed).await {
                Ok(done) => cleared += usize::from(done),
                Err(error) => {
                    tracing::warn!(%tenant, meeting = %id, %error, "a meeting could not be indexed");
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(cleared), Err)
    }

    async fn index_item(
        &self,
        mark: &Mark,
        meeting: Option<Item>,
        indexed: Option<Item>,
    ) -> Result<bool, StoreError> {
        let meeting: Option<Meeting> = meeting.map(from_item).transpose()?;
        let terms = meeting.as_ref().map(Terms::of).unwrap_or_default();
        self.index_one(mark, indexed.map(from_item).transpose()?, Indexed::under(terms)).await
    }

    async fn index_one(
        &self,
        mark: &Mark,
        before: Option<Indexed>,
        after: Indexed,
    ) -> Result<bool, StoreError> {
        let Marked { tenant, id, .. } = &mark.marked;
        let there = before.as_ref().map(|indexed| indexed.keys(tenant, id)).unwrap_or_default();
        let wanted = after.keys(tenant, id);
        let mut changes = Vec::new();
        for key in wanted.difference(&there) {
            changes.push(self.put_write(key_item(key))?);
        }
        for key in there.difference(&wanted) {
            changes.push(self.delete_write(key)?);
        }
        let mut before = before;
        loop {
            let rest = changes.split_off(changes.len().min(MOST_CHANGES));
            let mut writes = std::mem::replace(&mut changes, rest);
            let last = changes.is_empty();
            // Until the last of them is written there are postings of both.
            let now = if last { after.clone() } else { after.clone().and(before.iter()) };
            let now = Indexed { version: before.as_ref().map_or(1, |before| before.version + 1), ..now };
            writes.push(self.mark_step(mark, last)?);
            writes.extend(self.indexed_write(tenant, id, &now, before.as_ref())?);
            match self.transact(writes).await {
                Ok(()) if last => return Ok(true),
                Ok(()) => before = Some(now),
                Err(TransactError::Conditions(_) | TransactError::Conflict) => return Ok(false),
                Err(TransactError::Store(error)) => return Err(error),
            }
        }
    }

    /// The write of what a meeting is indexed under, unless somebody else has written it since.
    fn indexed_write(
        &self,
        tenant: &TenantId,
        id: &MeetingId,
        indexed: &Indexed,
        before: Option<&Indexed>,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let key = keys::indexed(tenant, id);
        let version = before.map(|before| number(before.version));
        let write = TransactWriteItem::builder();
        let write = match (version, indexed.words.is_empty() && indexed.numbers.is_empty()) {
            (None, true) => return Ok(None),
            (Some(version), true) => {
                let delete = Delete::builder()
                    .table_name(self.table())
                    .set_key(Some(key_item(&key)))
                    .condition_expression("version = :version")
                    .expression_attribute_values(":version", version);
                write.delete(delete.build().map_err(|error| build(&error))?)
            }
            (version, false) => {
                let mut item = to_item(&key, indexed)?;
                item.insert("version".to_owned(), number(indexed.version));
                let put = Put::builder().table_name(self.table()).set_item(Some(item));
                let put = match version {
                    None => put.condition_expression("attribute_not_exists(pk)"),
                    Some(version) => put
                        .condition_expression("version = :version")
                        .expression_attribute_values(":version", version),
                };
                write.put(put.build().map_err(|error| build(&error))?)
            }
        };
        Ok(Some(write.build()))
    }

    /// What every transaction does with the mark, unless the meeting was marked anew: the last one clears it.
    fn mark_step(&self, mark: &Mark, last: bool) -> Result<TransactWriteItem, StoreError> {
        let key = key_item(&keys::unindexed(&mark.marked.tenant, &mark.marked.id));
        let (condition, revision) = ("revision = :revision", number(mark.revision));
        let write = TransactWriteItem::builder();
        Ok(if last {
            let delete = Delete::builder()
                .table_name(self.table())
                .set_key(Some(key))
                .condition_expression(condition)
                .expression_attribute_values(":revision", revision);
            write.delete(delete.build().map_err(|error| build(&error))?).build()
        } else {
            let check = ConditionCheck::builder()
                .table_name(self.table())
                .set_key(Some(key))
                .condition_expression(condition)
                .expression_attribute_values(":revision", revision);
            write.condition_check(check.build().map_err(|error| build(&error))?).build()
        })
    }
}

/// What an item that marks a meeting says.
pub(super) fn mark(mut item: Item) -> Result<Mark, StoreError> {
    let revision = item.remove("revision").map(serde_dynamo::from_attribute_value).transpose()?;
    Ok(Mark { revision: revision.unwrap_or_default(), marked: from_item(item)? })
}

fn id(text: &str) -> Result<MeetingId, StoreError> {
    text.parse().map_err(|error| StoreError::Unreadable(serde::de::Error::custom(error)))
}
