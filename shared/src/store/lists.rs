//! A tenant's meetings, a page at a time.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index, Scope, Shelf};
use super::listing::{self, Filter, Listing};
use super::meetings::{scopes, until};
use super::{Item, Query, Range, Store, StoreError, from_item, key_item, text};
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::meeting::Meeting;

/// The most `Query` calls that one page makes; where they do not fill it, it is short.
const MOST_QUERIES: usize = 4;
/// How much of a list the first `Query` looks through; those after it take all that DynamoDB gives at once.
const FIRST_LOOK: usize = 300;
/// How many meetings are moved to their places side by side.
const MOVES_AT_A_TIME: usize = 8;

/// Which meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Those with a date to come or under way, soonest first.
    Upcoming,
    /// Those whose last date is over, latest first.
    Expired,
    /// Drafts, latest first.
    Drafts,
    /// Everything, cancelled and failed ones too, latest made first.
    All,
}

/// A place in a list, after which the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub(super) id: MeetingId,
    pub(super) at: Option<String>,
}

/// A list to read from.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Which.
    pub scope: &'a Scope,
    /// Which part.
    pub tab: Tab,
    /// The moment that divides upcoming from expired.
    pub now: DateTime<Utc>,
}

impl Store {
    /// The next page of a list: at most `limit` meetings that `filter` holds for.
    ///
    /// Where the list's keys say it all a page is one `Query`, else at most four; one `BatchGetItem` reads
    /// the meetings themselves.
    pub async fn list(
        &self,
        list: List<'_>,
        filter: &Filter,
        limit: usize,
        after: Option<Place>,
        shards: u16,
    ) -> Result<(Vec<Meeting>, Option<Place>), StoreError> {
        let mut walk = Walk::new(self, list, filter, shards, after);
        let mut found: Vec<Place> = Vec::new();
        for query in 0..MOST_QUERIES {
            // One more than is shown tells whether there is a next page.
            let reads = if walk.looks_through() { look(query) } else { Some(limit + 1) };
            found.extend(walk.step(reads).await?);
            if found.len() > limit || walk.has_ended() {
                break;
            }
        }
        let next = if found.len() > limit {
            found.truncate(limit);
            found.last().cloned()
        } else {
            walk.rest()
        };
        Ok((self.read_listed(list, filter, found.into_iter().map(|place| place.id)).await?, next))
    }

    /// Those of the meetings `ids`, in the same order, that stand in `list` and that `filter` holds for: an
    /// index lags a moment behind.
    pub(super) async fn read_listed(
        &self,
        list: List<'_>,
        filter: &Filter,
        ids: impl Iterator<Item = MeetingId>,
    ) -> Result<Vec<Meeting>, StoreError> {
        let keys: Vec<keys::Key> = ids.map(|id| keys::meeting(list.tenant, &id)).collect();
        let mut found = self.batch_get(keys.clone()).await?;
        let mut meetings = Vec::with_capacity(found.len());
        for item in keys.into_iter().filter_map(|key| found.remove(&key)) {
            let meeting: Meeting = from_item(item)?;
            if list.holds(&meeting, filter) {
                meetings.push(meeting);
            }
        }
        Ok(meetings)
    }
}

impl List<'_> {
    fn holds(&self, meeting: &Meeting, filter: &Filter) -> bool {
        scopes(meeting).contains(self.scope)
            && self.place(meeting).is_some()
            && filter.holds(&Listing::of(meeting), self.tab, self.now)
    }

    /// Where a meeting stands in this list; none where it is on another tab.
    pub(super) fn place(&self, meeting: &Meeting) -> Option<Place> {
        listing::place(meeting, self.tab, self.now)
    }

    /// How two places of this list stand to each other.
    pub(super) fn order(&self, one: &Place, other: &Place) -> Ordering {
        let order = one.at.cmp(&other.at).then_with(|| one.id.cmp(&other.id));
        if self.tab == Tab::Upcoming { order } else { order.reverse() }
    }

    /// The index that holds the list, the partition of it, and which of its sort keys can be what `filter`
    /// looks for; `None` where none can.
    fn range(&self, filter: &Filter) -> Option<(Option<Index>, String, Range)> {
        let shelf = |shelf| keys::shelf(self.tenant, self.scope, shelf);
        Some(match self.tab {
            Tab::Upcoming => {
                let range = match filter.to {
                    None => Range::All,
                    Some(to) => Range::Between("0".to_owned(), keys::moment(whole_second_from(to))),
                };
                (Some(Index::Upcoming), shelf(Shelf::Upcoming), range)
            }
            Tab::Drafts => (Some(Index::Upcoming), shelf(Shelf::Drafts), Range::All),
            Tab::Expired => {
                let after = filter.from.map_or_else(|| "0".to_owned(), until);
                let last = until(self.now);
                if after > last {
                    return None;
                }
                (Some(Index::Ended), shelf(Shelf::Ended), Range::Between(after, last))
            }
            Tab::All => (None, keys::list(self.tenant, self.scope), Range::All),
        })
    }
}

/// A list that is gone through from a place on.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    store: &'a Store,
    list: List<'a>,
    filter: &'a Filter,
    shards: u16,
    after: Option<Place>,
    ended: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        store: &'a Store,
        list: List<'a>,
        filter: &'a Filter,
        shards: u16,
        after: Option<Place>,
    ) -> Self {
        Self { store, list, filter, shards, after, ended: false }
    }

    /// Whether there is nothing more in the list.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// The place behind which the rest of the list is; none where there is no more.
    pub(super) fn rest(self) -> Option<Place> {
        self.after.filter(|_| !self.ended)
    }

    fn looks_through(&self) -> bool {
        self.filter.looks_through(self.list.scope, self.list.tab, self.list.now)
    }

    /// One `Query`: the places of the meetings in it that the filter holds for, each where `now` puts it.
    ///
    /// Dates pass, and with them a series' place among the upcoming. The scheduled run moves it; where that
    /// has not happened yet it is moved here. What is over is left for that run to take away.
    pub(super) async fn step(&mut self, reads: Option<usize>) -> Result<Vec<Place>, StoreError> {
        let List { tab, now, .. } = self.list;
        let Some(query) = self.query(reads) else {
            self.ended = true;
            return Ok(Vec::new());
        };
        let page = self.store.query(query).await?;
        self.ended = page.next.is_none();
        let mut found = Vec::with_capacity(page.items.len());
        let mut moved = Vec::new();
        for item in page.items {
            let place = place(tab, &item)?;
            self.after = Some(place.clone());
            let listing: Listing = from_item(item)?;
            if !self.filter.holds(&listing, tab, now) {
                continue;
            }
            if tab != Tab::Upcoming {
                found.push(place);
            } else if let Some(start) = listing.current_start(now) {
                let stands =
                    Place { at: Some(keys::by_time(start, place.id.as_str())), id: place.id.clone() };
                if stands == place { found.push(place) } else { moved.push(stands) }
            }
        }
        self.settle(moved, &mut found).await?;
        Ok(found)
    }

    /// Moves meetings to the places that they are to have, and puts those into `found` that this step has
    /// come by already.
    async fn settle(&self, moved: Vec<Place>, found: &mut Vec<Place>) -> Result<(), StoreError> {
        if moved.is_empty() {
            return Ok(());
        }
        let (store, List { tenant, now, .. }, shards) = (self.store, self.list, self.shards);
        let ids: Vec<MeetingId> = moved.iter().map(|place| place.id.clone()).collect();
        futures::stream::iter(ids)
            .map(|id| async move { store.list_anew(tenant, &id, now, shards).await })
            .buffer_unordered(MOVES_AT_A_TIME)
            .try_collect::<Vec<()>>()
            .await?;
        let come_by = |place: &Place| {
            self.ended || self.after.as_ref().is_some_and(|last| self.list.order(place, last).is_le())
        };
        found.extend(moved.into_iter().filter(come_by));
        found.sort_by(|one, other| self.list.order(one, other));
        Ok(())
    }

    fn query(&self, limit: Option<usize>) -> Option<Query> {
        let (index, partition, range) = self.list.range(self.filter)?;
        let after = self.after.as_ref().map(|place| {
            let mut start = key_item(&keys::listing(self.list.tenant, self.list.scope, &place.id));
            if let (Some(index), Some(at)) = (index, &place.at) {
                keys::place(&mut start, index, partition.clone(), at.clone());
            }
            start
        });
        let ascending = self.list.tab == Tab::Upcoming;
        Some(Query { index, partition, range, ascending, limit, after, filter: None })
    }
}

/// How much the `query`-th `Query` reads of a list that must be looked through.
pub(super) fn look(query: usize) -> Option<usize> {
    (query == 0).then_some(FIRST_LOOK)
}

fn place(tab: Tab, item: &Item) -> Result<Place, StoreError> {
    let at = match tab {
        Tab::Upcoming | Tab::Drafts => Some(text(item, Index::Upcoming.names().2)?),
        Tab::Expired => Some(text(item, Index::Ended.names().2)?),
        Tab::All => None,
    };
    let id = text(item, "sk")?.try_into().map_err(<serde_dynamo::Error as serde::de::Error>::custom)?;
    Ok(Place { id, at })
}

/// The first whole second that is not before `at`: sort keys know no parts of seconds.
fn whole_second_from(at: DateTime<Utc>) -> DateTime<Utc> {
    let parts = i64::from(at.timestamp_subsec_nanos());
    if parts == 0 { at } else { at + TimeDelta::nanoseconds(1_000_000_000 - parts) }
}
