//! The meetings of a list that hold some words.

use super::listing::Filter;
use super::lists::{List, Place, Walk, look};
use super::{Store, StoreError};
use crate::domain::meeting::Meeting;
use crate::domain::words::{Sought, words_of};

/// How many meetings are read at a time to look at their words.
const READ_AT_A_TIME: usize = 100;
/// How often a page reads meetings; where that does not fill it, it is short.
const MOST_READS: usize = 5;
/// How often a page reads the list.
const MOST_WALKS: usize = 2;

impl Store {
    /// The next page of what is `sought` in a list: at most `limit` meetings that `filter` holds for too.
    pub async fn search(
        &self,
        list: List<'_>,
        filter: &Filter,
        sought: &Sought,
        limit: usize,
        after: Option<Place>,
        shards: u16,
    ) -> Result<(Vec<Meeting>, Option<Place>), StoreError> {
        let mut walk = Walk::new(self, list, filter, shards, after.clone());
        let mut looked_at = after;
        let mut found: Vec<Meeting> = Vec::new();
        let mut reads = 0;
        for query in 0..MOST_WALKS {
            let places = walk.step(look(query)).await?;
            for some in places.chunks(READ_AT_A_TIME) {
                if reads == MOST_READS {
                    return Ok((found, looked_at));
                }
                reads += 1;
                let meetings = self.read_listed(list, filter, some.iter().map(|place| place.id.clone()));
                found.extend(meetings.await?.into_iter().filter(|meeting| holds(meeting, sought)));
                if found.len() > limit {
                    found.truncate(limit);
                    let next = found.last().and_then(|meeting| list.place(meeting));
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
}

fn holds(meeting: &Meeting, sought: &Sought) -> bool {
    sought.matches(&words_of(meeting), meeting.zoom.as_ref().map(|zoom| zoom.id))
}
