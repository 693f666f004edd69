//! The count of a host's creates and updates of a day, kept right when Zoom's answer is known.

use aws_sdk_dynamodb::types::TransactWriteItem;
use chrono::TimeDelta;

use super::BookingError;
use super::mark::counted;
use crate::deps::Deps;
use crate::domain::meeting::{BookedHost, Meeting};
use crate::zoom::ZoomError;

/// What becomes of a write that was counted before Zoom was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Zoom has counted it too.
    Stays,
    /// Zoom never saw it, or did nothing of it.
    TakenBack,
    /// Zoom says that the day's writes are used up.
    UsedUp,
}

impl Counted {
    /// What Zoom's refusal says of it.
    pub(super) fn after(error: &ZoomError) -> Self {
        match error {
            ZoomError::Unreachable(_)
            | ZoomError::Token(_)
            | ZoomError::Secret(_)
            | ZoomError::Store(_)
            | ZoomError::MissingScopes(_)
            | ZoomError::RateLimited { .. }
            | ZoomError::NotFound { .. }
            | ZoomError::Rejected { .. } => Self::TakenBack,
            ZoomError::DailyLimit => Self::UsedUp,
            ZoomError::Unclear(_) => Self::Stays,
        }
    }

    /// The write that corrects the count of `host`, on the day that `begun` was begun.
    pub(super) fn correction(
        self,
        deps: &Deps,
        begun: &Meeting,
        host: Option<&BookedHost>,
    ) -> Result<Option<TransactWriteItem>, BookingError> {
        let now = deps.clock.now();
        let began_at = begun.unsettled_since().unwrap_or(now);
        let (Some(host), true) = (host, now - began_at < TimeDelta::days(2)) else { return Ok(None) };
        let host = host.ledger();
        Ok(match self {
            Self::Stays => None,
            Self::TakenBack => {
                Some(deps.store.uncount_writes(&host, began_at.date_naive(), counted(begun))?)
            }
            Self::UsedUp => {
                Some(deps.store.exhaust_writes(&host, now.date_naive(), deps.config.daily_writes)?)
            }
        })
    }
}
