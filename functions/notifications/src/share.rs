//! What one message leads to: mails to a share of a meeting's attendees.

use futures::StreamExt;
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::meeting::Meeting;
use shared::mail::message::MessageError;
use shared::notices::Share;
use shared::store::StoreError;

use crate::attendee::Outcome;

/// How many mails of one message are on their way to SES at a time.
const MAILS_AT_A_TIME: usize = 4;

/// What became of a message, by attendees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Mailed now.
    pub(crate) sent: usize,
    /// Not mailed, since the date has begun.
    pub(crate) skipped: usize,
    /// Refused by SES, or not known to have left.
    pub(crate) failed: usize,
    /// Done with when the message came before.
    pub(crate) earlier: usize,
}

/// Why a message was not dealt with, or not for all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDone {
    /// It is not to be sent at all.
    #[error("{0}")]
    Moot(&'static str),
    /// It is not known yet whether it is to be sent.
    #[error("a change of the meeting is under way")]
    Undecided,
    /// Some attendees are left.
    #[error("{attendees} attendees are left: {why}")]
    Left {
        /// How many.
        attendees: usize,
        /// Why the first of them.
        why: String,
    },
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no one to send as.
    #[error(transparent)]
    Sender(MessageError),
}

/// The attendees of a share.
pub(crate) async fn attendees(
    deps: &Deps,
    meeting: &Meeting,
    share: Share,
) -> Result<Vec<Attendee>, StoreError> {
    let mut attendees = deps.store.attendees(&meeting.tenant, &meeting.id).await?;
    attendees.retain(|attendee| share.holds(&attendee.id));
    Ok(attendees)
}

/// Sends `mails`, some at a time, and tells what became of them.
pub(crate) async fn gather<F>(mails: impl Iterator<Item = F>) -> Result<Tally, NotDone>
where
    F: Future<Output = Result<Outcome, StoreError>>,
{
    let outcomes: Vec<_> = futures::stream::iter(mails).buffer_unordered(MAILS_AT_A_TIME).collect().await;
    let (mut tally, mut left, mut trouble) = (Tally::default(), Vec::new(), None);
    for outcome in outcomes {
        match outcome {
            Ok(Outcome::Sent) => tally.sent += 1,
            Ok(Outcome::Skipped) => tally.skipped += 1,
            Ok(Outcome::Failed) => tally.failed += 1,
            Ok(Outcome::Earlier) => tally.earlier += 1,
            Ok(Outcome::Left(why)) => left.push(why),
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    let attendees = left.len();
    match (trouble, left.into_iter().next()) {
        (Some(error), _) => Err(error.into()),
        (None, Some(why)) => Err(NotDone::Left { attendees, why }),
        (None, None) => Ok(tally),
    }
}
