//! The meetings of a list that hold some words.

use std::collections::BTreeSet;

use super::listing::Filter;
use super::lists::{List, Place, Walk, look};
use super::{Store, StoreError};
use crate::domain::ids::MeetingId;
use crate::domain::meeting::Meeting;
use crate::domain::words::{Sought, Terms};

/// How many meetings are read at a time to look at their words.
const READ_AT_A_TIME: usize = 100;
/// How often a page reads meetings; where that does not fill it, it is short.
const MOST_READS: usize = 5;
/// The most `Query` calls that one page makes.
const MOST_QUERIES: usize = 5;
/// How many of the words are looked up at most: the longest are the rarest.
const MOST_WORDS: usize = 2;

impl Store {
    /// The next page of what is `sought` in a list: at most `limit` meetings that `filter` holds for too.
    ///
    /// At most five `Query` calls. Where the index of words leads to few meetings, those are read and put in
    /// order. Where it leads to many, the list is gone through, and what the index names is read; where to
    /// more than it can tell, everything is.
    pub async fn search(
        &self,
        list: List<'_>,
        filter: &Filter,
        sought: &Sought,
        limit: usize,
        after: Option<Place>,
        shards: u16,
    ) -> Result<(Vec<Meeting>, Option<Place>), StoreError> {
        let search = Search { store: self, list, filter, sought, limit, after };
        let Candidates { ids, queries } = search.candidates().await?;
        match ids {
            Some(ids) if ids.len() <= MOST_READS * READ_AT_A_TIME => search.pick(ids).await,
            ids => search.sift(ids.as_ref(), MOST_QUERIES - queries, shards).await,
        }
    }
}

struct Search<'a> {
    store: &'a Store,
    list: List<'a>,
    filter: &'a Filter,
    sought: &'a Sought,
    limit: usize,
    after: Option<Place>,
}

/// What the index of words leads to.
struct Candidates {
    /// The meetings that it may be; `None` where the words are too common for the index to tell.
    ids: Option<BTreeSet<MeetingId>>,
    /// How many `Query` calls it took.
    queries: usize,
}

type Found = Result<(Vec<Meeting>, Option<Place>), StoreError>;

impl Search<'_> {
    async fn candidates(&self) -> Result<Candidates, StoreError> {
        let (store, tenant) = (self.store, self.list.tenant);
        // Before the postings: what is indexed in between is then found twice rather than not at all.
        let unindexed = store.unindexed_of(tenant).await?;
        let mut queries = 1;
        let mut found: BTreeSet<MeetingId> =
            unindexed.into_iter().filter(|(_, terms)| self.sought.matches(terms)).map(|(id, _)| id).collect();
        if let Some(number) = self.sought.number() {
            queries += 1;
            found.extend(store.meetings_with_number(tenant, number).await?);
        }
        let words = self.sought.words();
        for word in words.iter().take(MOST_WORDS) {
            queries += 1;
            if let Some(ids) = store.meetings_with_word(tenant, word).await? {
                found.extend(ids);
                return Ok(Candidates { ids: Some(found), queries });
            }
        }
        // Where nothing in what is sought is a word, no meeting holds it.
        Ok(Candidates { ids: words.is_empty().then_some(found), queries })
    }

    /// The page out of the few meetings `ids`.
    async fn pick(self, ids: BTreeSet<MeetingId>) -> Found {
        let mut found: Vec<(Place, Meeting)> = self
            .read(ids.into_iter())
            .await?
            .into_iter()
            .filter_map(|meeting| Some((self.list.place(&meeting)?, meeting)))
            .filter(|(place, _)| {
                self.after.as_ref().is_none_or(|after| self.list.order(place, after).is_gt())
            })
            .collect();
        found.sort_by(|(one, _), (other, _)| self.list.order(one, other));
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let next = found.last().filter(|_| more).map(|(place, _)| place.clone());
        Ok((found.into_iter().map(|(_, meeting)| meeting).collect(), next))
    }

    /// The page out of the list, gone through with `queries` calls; only of `ids`, where those are known.
    async fn sift(self, ids: Option<&BTreeSet<MeetingId>>, queries: usize, shards: u16) -> Found {
        let mut walk = Walk::new(self.store, self.list, self.filter, shards, self.after.clone());
        let mut looked_at = self.after.clone();
        let mut found: Vec<Meeting> = Vec::new();
        let mut reads = 0;
        for query in 0..queries {
            let mut places = walk.step(look(query)).await?;
            places.retain(|place| ids.is_none_or(|ids| ids.contains(&place.id)));
            for some in places.chunks(READ_AT_A_TIME) {
                if reads == MOST_READS {
                    return Ok((found, looked_at));
                }
                reads += 1;
                found.extend(self.read(some.iter().map(|place| place.id.clone())).await?);
                if found.len() > self.limit {
                    found.truncate(self.limit);
                    let next = found.last().and_then(|meeting| self.list.place(meeting));
                    return Ok((found, next));
                }
                looked_at = some.last().cloned();
            }
            if walk.has_ended() {
                break;
            }
        }
        Ok((found, walk.rest()))
    }

    /// Those of the meetings `ids` that are what is looked for, in the same order.
    async fn read(&self, ids: impl Iterator<Item = MeetingId>) -> Result<Vec<Meeting>, StoreError> {
        let mut meetings = self.store.read_listed(self.list, self.filter, ids).await?;
        meetings.retain(|meeting| self.sought.matches(&Terms::of(meeting)));
        Ok(meetings)
    }
}
