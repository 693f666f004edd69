//! A tenant's meetings, a page at a time.

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index, Scope, Shelf};
use super::meetings::until;
use super::{Item, Query, Range, Store, StoreError, from_item, key_item, text};
use crate::domain::ids::TenantId;
use crate::domain::meeting::Meeting;

/// The most `Query` calls that one page of a filtered list makes; a page may be short instead.
const MOST_QUERIES: usize = 5;
/// How many meetings a `Query` of a filtered list looks at.
const FILTERED_LIMIT: usize = 300;

/// How often a page is read anew after meetings in it were moved to where they belong.
const MOST_ROUNDS: usize = 3;

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
    id: String,
    at: Option<String>,
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
    /// The next page of a list: at most `limit` meetings that `keep` holds for.
    ///
    /// Without `keep` a page is one `Query`; with it, at most five.
    pub async fn list(
        &self,
        list: List<'_>,
        keep: Option<&(dyn Fn(&Meeting) -> bool + Send + Sync)>,
        limit: usize,
        after: Option<Place>,
        shards: u16,
    ) -> Result<(Vec<Meeting>, Option<Place>), StoreError> {
        let mut found: Vec<(Meeting, Place)> = Vec::new();
        let mut after = after;
        let most_queries = if keep.is_some() { MOST_QUERIES } else { 1 };
        for _ in 0..most_queries {
            // One more than is shown tells whether there is a next page.
            let reads = if keep.is_some() { FILTERED_LIMIT } else { limit + 1 };
            let (items, last) = self.read_fresh(list, reads, after.clone(), shards).await?;
            found.extend(items.into_iter().filter(|(meeting, _)| keep.is_none_or(|keep| keep(meeting))));
            if found.len() > limit {
                found.truncate(limit);
                let next = found.last().map(|(_, place)| place.clone());
                return Ok((found.into_iter().map(|(meeting, _)| meeting).collect(), next));
            }
            after = last;
            if after.is_none() {
                break;
            }
        }
        Ok((found.into_iter().map(|(meeting, _)| meeting).collect(), after))
    }

    /// One `Query` of a list, in which every meeting stands where `now` puts it; with the place that was read
    /// last, where there is more behind it.
    ///
    /// Dates pass, and with them a series' place among the upcoming. The scheduled run moves it; where that
    /// has not happened yet, it is moved here, before anything is shown.
    async fn read_fresh(
        &self,
        list: List<'_>,
        reads: usize,
        after: Option<Place>,
        shards: u16,
    ) -> Result<(Vec<(Meeting, Place)>, Option<Place>), StoreError> {
        let mut rounds = 0;
        loop {
            rounds += 1;
            let page = self.query(query(list, reads, after.as_ref())).await?;
            let ends_here = page.next.is_none();
            let mut last = None;
            let mut items = Vec::with_capacity(page.items.len());
            let mut stale = Vec::new();
            for item in page.items {
                let place = place(list.tab, &item)?;
                last = Some(place.clone());
                let meeting: Meeting = from_item(item)?;
                let belongs = list.tab != Tab::Upcoming
                    || meeting
                        .current_date(list.now)
                        .map(|date| keys::by_time(date.interval.starts_at, &meeting.id))
                        == place.at;
                if belongs { items.push((meeting, place)) } else { stale.push((meeting, place)) }
            }
            let last = last.filter(|_| !ends_here);
            if stale.is_empty() {
                return Ok((items, last));
            }
            if rounds == MOST_ROUNDS {
                // An index lags a moment behind: what is still where it was is left out of this page if it is
                // over, and shown where it stands if not.
                items.extend(stale.into_iter().filter(|(m, _)| m.current_date(list.now).is_some()));
                items.sort_by(|(_, a), (_, b)| a.at.cmp(&b.at));
                return Ok((items, last));
            }
            futures::stream::iter(stale)
                .map(|(meeting, _)| async move { self.roll(&meeting, list.now, shards).await })
                .buffer_unordered(8)
                .try_collect::<Vec<()>>()
                .await?;
        }
    }

    /// Moves a meeting to where `now` puts it in its lists.
    async fn roll(&self, listed: &Meeting, now: DateTime<Utc>, shards: u16) -> Result<(), StoreError> {
        if let Some(meeting) = self.meeting(&listed.tenant, &listed.id).await? {
            let mut moved = meeting.clone();
            moved.revision += 1;
            // Where somebody else was quicker the meeting has been moved by them.
            self.replace_meeting(&moved, &meeting, now, shards).await?;
        }
        Ok(())
    }
}

fn query(list: List<'_>, limit: usize, after: Option<&Place>) -> Query {
    let shelf = |shelf| keys::shelf(list.tenant, list.scope, shelf);
    let (index, partition, range, ascending) = match list.tab {
        Tab::Upcoming => (Some(Index::Upcoming), shelf(Shelf::Upcoming), Range::All, true),
        Tab::Drafts => (Some(Index::Upcoming), shelf(Shelf::Drafts), Range::All, false),
        Tab::Expired => {
            (Some(Index::Ended), shelf(Shelf::Ended), Range::Between("0".to_owned(), until(list.now)), false)
        }
        Tab::All => (None, keys::list(list.tenant, list.scope), Range::All, false),
    };
    let after = after.map(|place| {
        let base = keys::Key { pk: keys::list(list.tenant, list.scope), sk: place.id.clone() };
        let mut start = key_item(&base);
        if let (Some(index), Some(at)) = (index, &place.at) {
            let (_, pk, sk) = index.names();
            start.insert(pk.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(partition.clone()));
            start.insert(sk.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(at.clone()));
        }
        start
    });
    Query { index, partition, range, ascending, limit: Some(limit), after, filter: None }
}

fn place(tab: Tab, item: &Item) -> Result<Place, StoreError> {
    let at = match tab {
        Tab::Upcoming | Tab::Drafts => Some(text(item, Index::Upcoming.names().2)?),
        Tab::Expired => Some(text(item, Index::Ended.names().2)?),
        Tab::All => None,
    };
    Ok(Place { id: text(item, "sk")?, at })
}
