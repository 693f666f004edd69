//! One change of a meeting at a time: who comes while another is under way waits until it is over.

use shared::booking::{BookingError, Race};
use shared::deps::Deps;
use shared::http::Problem;
use shared::store::StoreError;

/// What of a request's patience is spent on waiting; the rest is for what it asks for.
const SHARE: u32 = 3;

/// The turn of a request that changes a meeting.
#[derive(Debug)]
pub(super) struct Turn(Race);

/// Why something was not done to a meeting.
#[derive(Debug)]
pub(super) enum NotDone {
    /// It was not booked; another change may have been in the way.
    Booking(BookingError),
    /// It cannot be done.
    Refused(Problem),
}

impl Turn {
    /// One that has just come.
    pub(super) fn of(deps: &Deps) -> Self {
        Self(Race::lasting(deps.config.patience / SHARE))
    }

    /// Waits a little where another request was in the way: then the meeting is to be read again.
    ///
    /// # Errors
    /// What the caller is told, where nothing was in the way or it took too long.
    pub(super) async fn wait(&mut self, deps: &Deps, error: impl Into<NotDone>) -> Result<(), Problem> {
        let error = match error.into() {
            NotDone::Booking(error) => error,
            NotDone::Refused(problem) => return Err(problem),
        };
        let is_in_the_way = matches!(error, BookingError::ChangeUnderWay | BookingError::Overtaken);
        // It may have died; what it began is settled once its lease is over.
        if !is_in_the_way || self.0.lost().await.is_err() {
            return Err(error.problem(deps.clock.now()));
        }
        Ok(())
    }
}

impl From<BookingError> for NotDone {
    fn from(error: BookingError) -> Self {
        Self::Booking(error)
    }
}

impl From<Problem> for NotDone {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}
