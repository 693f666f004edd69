//! Putting one state of a meeting in the place of another, with the time that it takes.

use aws_sdk_dynamodb::types::TransactWriteItem;

use super::conflict::report;
use super::holds::Holds;
use super::race::Race;
use super::reach::Reach;
use super::survey::survey;
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::meeting::{HostName, HostWish, Meeting};
use crate::store::ledger::Ledger;
use crate::store::{MOST_TRANSACTION_ACTIONS, TransactError};

/// One state of a meeting in the place of another, in one transaction with the ledger.
pub(super) struct Exchange<'a> {
    /// What is stored.
    pub(super) from: &'a Meeting,
    /// What is to be stored; `None`: nothing.
    pub(super) to: Option<&'a Meeting>,
    /// What is held for it beside what `from` takes.
    pub(super) reserved: Holds,
    /// Whose time is to be held beside what `to` takes.
    pub(super) keep: Option<&'a Meeting>,
    /// What is written with it.
    pub(super) extra: Vec<TransactWriteItem>,
}

/// Why nothing was exchanged.
#[derive(Debug)]
pub(super) enum NotExchanged {
    /// Somebody else has written the meeting, or what goes with it.
    Moved,
    /// Something else.
    Failed(BookingError),
}

impl<E: Into<BookingError>> From<E> for NotExchanged {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl NotExchanged {
    /// The error, where `moved` is what it means that somebody else was quicker.
    pub(super) fn or(self, moved: BookingError) -> BookingError {
        match self {
            Self::Moved => moved,
            Self::Failed(error) => error,
        }
    }
}

impl Exchange<'_> {
    /// Makes it. The ledger then holds what `to` takes and nothing else of what was held; time that was not
    /// held before must be free.
    pub(super) async fn make(self, deps: &Deps) -> Result<(), NotExchanged> {
        let before = Holds::of(self.from).union(&self.reserved);
        let held = |meeting: Option<&Meeting>| meeting.map(Holds::of).unwrap_or_default();
        let after = held(self.to).union(&held(self.keep));
        let mut race = Race::start();
        loop {
            let now = deps.clock.now();
            let mut writes = match self.to {
                Some(to) => {
                    deps.store.meeting_writes(to, Some(self.from), now, deps.config.reminder_shards)?
                }
                None => deps.store.meeting_removal(self.from)?,
            };
            writes.extend(self.extra.clone());
            let others = writes.len();
            if before != after {
                let (ledger, buffer_minutes) = Box::pin(self.ledger(deps, &before, &after)).await?;
                let hosts = before.union(&after).hosts();
                writes.extend(after.writes(&deps.store, &ledger, self.from, &hosts, buffer_minutes)?);
            }
            if writes.len() > MOST_TRANSACTION_ACTIONS {
                return Err(BookingError::TooLarge.into());
            }
            match deps.store.transact(writes).await {
                Ok(()) => return Ok(()),
                Err(TransactError::Conditions(failed)) if failed.iter().any(|place| *place < others) => {
                    return Err(NotExchanged::Moved);
                }
                Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
                Err(TransactError::Store(error)) => return Err(error.into()),
            }
        }
    }

    /// The ledger's weeks in question, and the buffer to keep; where `after` takes more than `before` held,
    /// that must be free.
    async fn ledger(
        &self,
        deps: &Deps,
        before: &Holds,
        after: &Holds,
    ) -> Result<(Ledger, u16), BookingError> {
        let both = before.union(after);
        let more = self
            .keep
            .or(self.to)
            .filter(|_| !after.is_within(before))
            .and_then(|to| Some((to, plan(to, before)?)));
        let Some((to, plan)) = more else {
            let ledger = deps.store.ledger(&both.hosts(), &both.weeks()).await?;
            return Ok((ledger, 0));
        };
        let booker = Booker {
            tenant: to.tenant.clone(),
            user: to.organizer_id.clone(),
            admin: true,
            organizer: to.organizer_id.clone(),
        };
        let mut survey = survey(deps, &booker, &plan, Reach::Dates, &both.weeks()).await?;
        if !survey.calendars(0, &plan).iter().all(|calendar| calendar.is_free(&plan.dates)) {
            return Err(BookingError::Conflict(Box::new(report(deps, &booker, &plan).await?)));
        }
        survey.refresh_others(deps, &both.hosts()).await?;
        Ok((survey.ledger, survey.settings.buffer_minutes))
    }
}

/// What `to` takes that was not held, as something to book.
fn plan(to: &Meeting, held: &Holds) -> Option<Plan> {
    let host = to.host.as_ref()?;
    let more = Holds::of(to).beyond(held);
    Some(Plan {
        kind: to.kind,
        dates: to.intervals().into_iter().filter(|date| more.contains(date)).collect(),
        wish: HostWish::Named {
            connection_id: host.connection_id.clone(),
            host: HostName::Id(host.host_id.clone()),
        },
        alternatives: to.alternative_hosts.iter().map(|host| host.host_id.clone()).collect(),
        attendees: to.attendee_count,
        ignore: Some(to.id.clone()),
        writes: 0,
    })
}
