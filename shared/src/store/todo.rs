//! What was begun and is not finished, of all tenants.

use chrono::{DateTime, Utc};

use super::keys::{self, Index};
use super::meetings::until;
use super::postings::{Mark, mark};
use super::{Query, Range, Store, StoreError, from_item, text};
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::meeting::Meeting;

/// Something that was begun and is not finished.
#[derive(Debug)]
pub enum Todo {
    /// What is under way with a meeting between here and Zoom is to be settled.
    Settle(Box<Meeting>),
    /// The words of a meeting are to be indexed.
    Index(Mark),
}

impl Todo {
    /// What tells it from all others.
    pub fn key(&self) -> (bool, TenantId, MeetingId) {
        match self {
            Self::Settle(meeting) => (true, meeting.tenant.clone(), meeting.id.clone()),
            Self::Index(mark) => {
                let (tenant, id) = mark.meeting();
                (false, tenant, id)
            }
        }
    }
}

impl Store {
    /// What is to be finished of one shard at `now`, the oldest first.
    pub async fn todo(&self, shard: u16, now: DateTime<Utc>, limit: usize) -> Result<Vec<Todo>, StoreError> {
        let query = Query {
            index: Some(Index::Todo),
            partition: keys::todo(shard),
            range: Range::Between("0".to_owned(), until(now)),
            ascending: true,
            limit: Some(limit),
            after: None,
            filter: None,
        };
        let items = self.query(query).await?.items.into_iter();
        let read = |item| {
            Ok(if text(&item, "sk")? == keys::MEETING {
                Todo::Settle(Box::new(from_item(item)?))
            } else {
                Todo::Index(mark(item)?)
            })
        };
        items.map(read).collect()
    }
}
