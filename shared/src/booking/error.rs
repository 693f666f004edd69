//! Why a booking did not come about.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::conflict::ConflictReport;
use crate::domain::connection::{Finding, Unusable};
use crate::domain::ids::ConnectionId;
use crate::http::fields::{Errors, Fault};
use crate::http::{Code, Problem};
use crate::language::Message;
use crate::store::StoreError;
use crate::store::grants::Lost;
use crate::zoom::{TokenFault, ZoomError};

/// Why a booking, a change or a cancellation did not come about.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// The hosts that were asked for are busy.
    #[error("the time is taken")]
    Conflict(Box<ConflictReport>),
    /// The connection that was named does not exist in the tenant.
    #[error("there is no connection {0}")]
    NoSuchConnection(ConnectionId),
    /// The connection or host that was named is not the caller's to use.
    #[error("the host is not the caller's to use")]
    NotYours,
    /// The connection takes no bookings.
    #[error(transparent)]
    Inactive(Unusable),
    /// A field of the request asks for what cannot be had.
    #[error("{pointer}: {detail}")]
    Field {
        /// Which field.
        pointer: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// No host that could be chosen has webinars.
    #[error("no host has webinars")]
    NoWebinars,
    /// The host's creates and updates of the day are used up.
    #[error("the daily limit is reached")]
    QuotaExhausted,
    /// The series touches more periods than one transaction can write.
    #[error("too many periods for one transaction")]
    TooLarge,
    /// Others were quicker again and again until the request's time was up.
    #[error("too many bookings at one moment")]
    Contention,
    /// Another request with the same idempotency key has taken over.
    #[error("overtaken by another request with the same key")]
    KeyTakenOver,
    /// Another request has taken the meeting over while it was made, or has written it.
    #[error("overtaken by another request")]
    Overtaken,
    /// Another change of the meeting is under way.
    #[error("another change is under way")]
    ChangeUnderWay,
    /// The series has no date of that id.
    #[error("there is no such date")]
    NoSuchDate,
    /// The meeting, or the date of it, cannot be changed as it stands.
    #[error("{0}")]
    NotEditable(&'static str),
    /// Zoom did not do it.
    #[error(transparent)]
    Zoom(#[from] ZoomError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BookingError {
    /// Whether trying the same again would end the same.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Conflict(_)
            | Self::NoSuchConnection(_)
            | Self::NotYours
            | Self::Inactive(_)
            | Self::Field { .. }
            | Self::NoWebinars
            | Self::QuotaExhausted
            | Self::TooLarge
            | Self::NoSuchDate
            | Self::NotEditable(_) => true,
            Self::Contention
            | Self::KeyTakenOver
            | Self::Overtaken
            | Self::ChangeUnderWay
            | Self::Store(_) => false,
            Self::Zoom(error) => error.is_final(),
        }
    }

    /// The error as the caller sees it; `now` tells how long the day still lasts.
    pub fn problem(self, now: DateTime<Utc>) -> Problem {
        match self {
            Self::Conflict(report) => report.problem(),
            Self::NoSuchConnection(id) => Problem::new(
                Code::NotFound,
                format!(
                    "There is no connection {id}. Choose one of GET /v1/connections, or let the host be \"auto\"."
                ),
            ),
            Self::NotYours => Problem::new(
                Code::Forbidden,
                "This host belongs to another instructor or is not in the tenant's pool. Choose one of your own connections, or let the host be \"auto\".",
            ),
            Self::Inactive(why) => Problem::new(Code::ConnectionInactive, why.message()),
            Self::Field { pointer, detail } => {
                let errors = Errors::default();
                errors.add(pointer, Fault::invalid(detail));
                errors.finish().err().unwrap_or_else(|| Problem::internal("a fault was not noted"))
            }
            Self::NoWebinars => Problem::new(Code::WebinarPlanRequired, NO_WEBINARS),
            Self::QuotaExhausted => daily_quota(now),
            Self::TooLarge => {
                let errors = Errors::default();
                errors.add("/recurrence", Fault::invalid("the series, with its alternative hosts, reaches too far to be booked at once; make it shorter or name fewer alternative hosts"));
                errors.finish().err().unwrap_or_else(|| Problem::internal("a fault was not noted"))
            }
            Self::Contention => Problem::new(
                Code::RateLimited,
                "Too many bookings came for this host at one moment. Ask again in a few seconds.",
            )
            .retry_after(2),
            Self::KeyTakenOver => Problem::new(
                Code::IdempotencyInProgress,
                "Another request with this idempotency key is at work. Ask again in a few seconds.",
            )
            .retry_after(2),
            Self::Overtaken => Problem::new(
                Code::RateLimited,
                "Another request changed the meeting at the same moment. Ask again in a few seconds.",
            )
            .retry_after(2),
            Self::ChangeUnderWay => Problem::new(
                Code::MeetingNotEditable,
                "Another change of this meeting is under way. Ask again in a few seconds.",
            )
            .retry_after(10),
            Self::NoSuchDate => Problem::not_found("occurrence"),
            Self::NotEditable(why) => Problem::new(Code::MeetingNotEditable, why),
            Self::Zoom(error) => zoom_problem(error, now),
            Self::Store(error) => error.into(),
        }
    }
}

const NO_WEBINARS: &str = "No host that could be chosen has webinars in its Zoom plan. Add the webinar plan in Zoom (Plans and Billing), or book a meeting.";
/// Zoom's code for what the account's plan lacks (`POST /users/{userId}/webinars`).
const NO_PLAN: i64 = 200;

/// A failure of Zoom as the caller sees it.
pub fn zoom_problem(error: ZoomError, now: DateTime<Utc>) -> Problem {
    match error {
        ZoomError::Token(fault) => {
            let advice = refusal(&fault).map_or_else(|| Message::new("app-refused"), |found| found.advice());
            Problem::new(Code::ConnectionInactive, advice)
        }
        ZoomError::MissingScopes(scopes) => {
            let finding = Finding::ScopesMissing { scopes };
            Problem::new(Code::ConnectionInactive, finding.advice())
        }
        ZoomError::Rejected { code: NO_PLAN, message } if message.contains("Webinar plan") => {
            Problem::new(Code::WebinarPlanRequired, NO_WEBINARS)
        }
        ZoomError::Rejected { .. } | ZoomError::NotFound { .. } => {
            Problem::new(Code::ZoomRejected, format!("{error}. Nothing was changed."))
        }
        ZoomError::RateLimited { retry_after } => {
            Problem::new(Code::RateLimited, "Zoom asks for a pause. Ask again after the time in Retry-After.")
                .retry_after(retry_after.clamp(1, 3600))
        }
        ZoomError::DailyLimit => daily_quota(now),
        ZoomError::Unreachable(_) => {
            unavailable("Zoom cannot be reached; nothing was changed. Ask again in a moment.")
        }
        ZoomError::Unclear(_) => unavailable(
            "Zoom did not answer in time. Ask again, a POST with the same Idempotency-Key: what was begun is taken up where it stopped.",
        ),
        ZoomError::Secret(error) => error.into(),
        ZoomError::Store(error) => error.into(),
    }
}

/// What a refusal of a token says of an app that was accepted before, where it says enough.
fn refusal(fault: &TokenFault) -> Option<Finding> {
    match fault {
        TokenFault::WrongClient => Some(Finding::WrongClient),
        TokenFault::NotActivated => Some(Finding::NotActivated),
        TokenFault::Disabled => Some(Finding::Disabled),
        TokenFault::Lost(Lost::Interrupted) => Some(Finding::RefreshInterrupted),
        TokenFault::Lost(Lost::Refused) | TokenFault::BadGrant => Some(Finding::RefreshRefused),
        TokenFault::WrongAccount | TokenFault::WrongKind | TokenFault::RedirectUri | TokenFault::Other(_) => {
            None
        }
    }
}

fn unavailable(detail: &str) -> Problem {
    Problem::new(Code::ZoomUnavailable, detail).retry_after(5)
}

fn daily_quota(now: DateTime<Utc>) -> Problem {
    let midnight = (now + TimeDelta::days(1)).date_naive().and_time(NaiveTime::MIN).and_utc();
    let seconds = u64::try_from((midnight - now).num_milliseconds()).unwrap_or_default().div_ceil(1000);
    Problem::new(
        Code::DailyQuotaExhausted,
        "Zoom's limit of creates and changes for this host and UTC day is reached. Choose another host, or ask again after 00:00 UTC.",
    )
    .retry_after(seconds)
}
