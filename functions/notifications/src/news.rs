//! One message: the news of a meeting to one share of its attendees.

use chrono::{DateTime, Utc};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::meeting::Meeting;
use shared::domain::news::Told;
use shared::mail::mailer::Mailer;
use shared::mail::message;
use shared::notices::NewsNotice;
use shared::store::StoreError;

use crate::attendee::{Matter, Outcome, Sending};
use crate::share::{self, NotDone, Tally};

/// Tells the news to those of its share whom they concern, as the meeting is now.
pub(crate) async fn tell(deps: &Deps, mailer: &Mailer, notice: &NewsNotice) -> Result<Tally, NotDone> {
    let (tenant, id) = (&notice.tenant, &notice.meeting_id);
    let (meeting, settings) =
        futures::try_join!(deps.store.meeting(tenant, id), deps.store.tenant_settings(tenant))?;
    let Some(meeting) = meeting else { return Err(NotDone::Moot("the meeting is gone")) };
    if !settings.email.enabled {
        return Err(NotDone::Moot("the tenant's mails are switched off"));
    }
    let now = deps.clock.now();
    if meeting.current_date(now).is_none() {
        return Err(NotDone::Moot("the last date is over"));
    }
    let from = message::sender(settings.email.from.as_deref(), &deps.config.mail_from);
    let from = from.map_err(NotDone::Sender)?;
    let sending = Sending { deps, mailer, meeting: &meeting, from: &from, locale: &settings.locale };
    let attendees = share::attendees(deps, &meeting, notice.share).await?;
    let told = |attendee: Attendee| Some((meeting.told(attendee.since, notice.after)?, attendee));
    let concerned: Vec<(Told, Attendee)> = attendees.into_iter().filter_map(told).collect();
    let mails = concerned
        .into_iter()
        .map(|(told, attendee)| async move { one(sending, notice, &attendee, told, now).await });
    share::gather(mails).await
}

async fn one(
    sending: Sending<'_>,
    notice: &NewsNotice,
    attendee: &Attendee,
    told: Told,
    now: DateTime<Utc>,
) -> Result<Outcome, StoreError> {
    if told == Told::Invitation {
        for past in past_reminders(sending.meeting, notice.due_at, now) {
            sending.skip_past(attendee, past).await?;
        }
    }
    sending.deliver(Matter::News(notice, told), attendee).await
}

/// The reminders of dates to come that were past when the news came up.
fn past_reminders(
    meeting: &Meeting,
    came_up: DateTime<Utc>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, shared::domain::offset::ReminderOffset)> + '_ {
    meeting.reminder_times().filter(move |(due, start, _)| *due <= came_up && *start > now)
}
