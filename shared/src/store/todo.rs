//! What was begun and is not finished, of all tenants.

use chrono::{DateTime, Utc};

use super::chores::{Chore, is_chore};
use super::keys::{self, Index};
use super::meetings::until;
use super::postings::{Mark, mark};
use super::visits::{SessionCheck, session_check};
use super::{Query, Range, Store, StoreError, from_item, text};
use crate::domain::ids::TenantId;
use crate::domain::meeting::Meeting;

/// Something that was begun and is not finished.
#[derive(Debug)]
pub enum Todo {
    /// What is under way with a meeting between here and Zoom is to be settled.
    Settle(Box<Meeting>),
    /// The words of a meeting are to be indexed.
    Index(Mark),
    /// Something is to be done about a connection.
    Chore(Chore),
    /// Who was in a session is to be looked up.
    Session(SessionCheck),
}

impl Todo {
    /// What tells it from all others.
    pub fn key(&self) -> (u8, TenantId, String) {
        match self {
            Self::Settle(meeting) => (0, meeting.tenant.clone(), meeting.id.to_string()),
            Self::Index(mark) => {
                let (tenant, id) = mark.meeting();
                (1, tenant, id.to_string())
            }
            Self::Chore(chore) => (2, chore.tenant.clone(), chore.connection.to_string()),
            Self::Session(check) => (3, check.tenant.clone(), format!("{} {}", check.meeting, check.session)),
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
            Ok(if is_chore(&item) {
                Todo::Chore(from_item(item)?)
            } else if text(&item, "sk")? == keys::MEETING {
                Todo::Settle(Box::new(from_item(item)?))
            } else if text(&item, "sk")?.starts_with(keys::VISITS) {
                Todo::Session(session_check(&item)?)
            } else {
                Todo::Index(mark(item)?)
            })
        };
        items.map(read).collect()
    }
}
