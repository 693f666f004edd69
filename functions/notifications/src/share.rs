//! What one message leads to: mails to a share of a meeting's attendees.

use std::collections::HashSet;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use shared::domain::ids::AttendeeId;
use shared::mail::message::MessageError;
use shared::store::StoreError;
use tokio::time::Instant;

use crate::attendee::Outcome;

/// How many mails of one message are on their way to SES at a time.
const MAILS_AT_A_TIME: usize = 4;

/// How long what was read of a meeting is relied on: it may be moved, or called off, while its mails wait for their
/// turn.
const RELIED_ON: Duration = Duration::from_secs(1);

/// With whom a message has been dealt: with each as one who attends, or as one who left.
pub(crate) type Done = HashSet<(AttendeeId, bool)>;

/// What became of a message, by attendees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Mailed now.
    pub(crate) sent: usize,
    /// Not mailed, on purpose.
    pub(crate) skipped: usize,
    /// Refused by SES, or not known to have left.
    pub(crate) failed: usize,
    /// Done with when the message came before.
    pub(crate) earlier: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.earlier += other.earlier;
    }
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

/// Adds up what a round did, after which everything is read anew for those who are left; returns whether nobody is.
pub(crate) fn is_last(
    outcome: Result<(Tally, bool), NotDone>,
    all: &mut Tally,
    done: &Done,
) -> Result<bool, NotDone> {
    match outcome {
        Ok((tally, is_last)) => {
            *all += tally;
            Ok(is_last)
        }
        // It was moved or called off while its mails were on their way.
        Err(NotDone::Moot(why)) if !done.is_empty() => {
            tracing::info!(why, "the rest of a message was dropped");
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Sends `mails`, some at a time, for as long as what was read of the meeting is relied on; tells what became of
/// them, and of how many.
pub(crate) async fn gather<F>(mut mails: impl Iterator<Item = F>) -> Result<(Tally, usize), NotDone>
where
    F: Future<Output = Result<Outcome, StoreError>>,
{
    let began = Instant::now();
    let (mut under_way, mut outcomes) = (FuturesUnordered::new(), Vec::new());
    loop {
        while under_way.len() < MAILS_AT_A_TIME && began.elapsed() < RELIED_ON {
            let Some(mail) = mails.next() else { break };
            under_way.push(mail);
        }
        let Some(outcome) = under_way.next().await else { break };
        outcomes.push(outcome);
    }
    let begun = outcomes.len();
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
        (None, None) => Ok((tally, begun)),
    }
}
