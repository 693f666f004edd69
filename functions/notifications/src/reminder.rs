//! One message: a reminder to one share of a meeting's attendees.

use futures::StreamExt;
use shared::deps::Deps;
use shared::mail::mailer::Mailer;
use shared::mail::message::{self, MessageError};
use shared::notices::ReminderNotice;
use shared::store::StoreError;

use crate::attendee::{Outcome, Sending};
use crate::judge::{Verdict, judge};

/// How many mails of one message are on their way to SES at a time.
const MAILS_AT_A_TIME: usize = 4;

/// What became of a reminder, by attendees.
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

/// Why a reminder was not sent, or not to all.
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

/// Sends a reminder to those of its share who have not had it.
pub(crate) async fn remind(deps: &Deps, mailer: &Mailer, notice: &ReminderNotice) -> Result<Tally, NotDone> {
    let (tenant, id) = (&notice.tenant, &notice.meeting_id);
    let (meeting, settings) =
        futures::try_join!(deps.store.meeting(tenant, id), deps.store.tenant_settings(tenant))?;
    let date = match judge(meeting.as_ref(), notice) {
        Verdict::Send(date) => date,
        Verdict::Drop(why) => return Err(NotDone::Moot(why)),
        Verdict::Wait => return Err(NotDone::Undecided),
    };
    let Some(meeting) = meeting else { return Err(NotDone::Moot("the meeting is gone")) };
    if !settings.email.enabled {
        return Err(NotDone::Moot("the tenant's mails are switched off"));
    }
    let from = message::sender(settings.email.from.as_deref(), &deps.config.mail_from);
    let from = from.map_err(NotDone::Sender)?;
    let sending =
        Sending { deps, mailer, notice, meeting: &meeting, date, from: &from, locale: &settings.locale };

    let mut attendees = deps.store.attendees(tenant, id).await?;
    attendees.retain(|attendee| notice.share.holds(&attendee.id));
    let outcomes = futures::stream::iter(attendees)
        .map(|attendee| async move { sending.deliver(&attendee).await })
        .buffer_unordered(MAILS_AT_A_TIME)
        .collect::<Vec<_>>()
        .await;

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
