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

use crate::allowance::Allowance;
use crate::attendee::{Matter, Outcome, Sending};
use crate::share::{self, NotDone, Tally};

/// Tells the news to those of its share whom they concern, as the meeting is now.
pub(crate) async fn tell(
    deps: &Deps,
    mailer: &Mailer,
    notice: &NewsNotice,
    is_last_try: bool,
) -> Result<Tally, NotDone> {
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
    let (attendees, departed) =
        futures::try_join!(share::attendees(deps, &meeting, notice.share), departed(deps, notice))?;
    let concerned = concerned(&meeting, notice, &attendees, departed);
    let ids = concerned.iter().map(|one| &one.attendee.id);
    let unwanted = &deps.store.unsubscribed(tenant, ids).await?;
    let locale = &settings.locale;
    let counted = Allowance::new(deps, tenant, concerned.len());
    let (meeting, from, allowance) = (&meeting, &from, &counted);
    let sending = Sending { deps, mailer, meeting, from, locale, unwanted, allowance, is_last_try };
    let mails = concerned.into_iter().map(|one| async move { tell_one(sending, notice, one, now).await });
    let outcome = share::gather(mails).await;
    counted.close().await;
    outcome
}

/// Those of the share who were removed and are to be told.
async fn departed(deps: &Deps, notice: &NewsNotice) -> Result<Vec<Attendee>, StoreError> {
    if !notice.departed {
        return Ok(Vec::new());
    }
    let (tenant, id) = (&notice.tenant, &notice.meeting_id);
    let mut departed = deps.store.departed(tenant, id, notice.after, notice.number).await?;
    departed.retain(|attendee| notice.share.holds(&attendee.id));
    Ok(departed)
}

/// One who is told something.
struct Concerned {
    attendee: Attendee,
    told: Told,
    has_left: bool,
}

/// Who is told what. One who was removed and added again meanwhile has never left.
fn concerned(
    meeting: &Meeting,
    notice: &NewsNotice,
    attendees: &[Attendee],
    departed: Vec<Attendee>,
) -> Vec<Concerned> {
    let same = |a: &Attendee, b: &Attendee| a.id == b.id && a.email.same_as(b.email.as_str());
    // Whoever was added after the message was queued is another message's.
    let attendees: Vec<&Attendee> =
        attendees.iter().filter(|attendee| attendee.since <= notice.number).collect();
    let mut concerned = Vec::new();
    for attendee in &attendees {
        let before = departed.iter().find(|gone| same(gone, attendee));
        let since = before.map_or(attendee.since, |before| before.since);
        let told = meeting.told(since, notice.after);
        concerned.extend(told.map(|told| Concerned { attendee: (*attendee).clone(), told, has_left: false }));
    }
    for gone in departed.into_iter().filter(|gone| !attendees.iter().any(|one| same(one, gone))) {
        let told = meeting.told_departed();
        concerned.extend(told.map(|told| Concerned { attendee: gone, told, has_left: true }));
    }
    concerned
}

async fn tell_one(
    sending: Sending<'_>,
    notice: &NewsNotice,
    concerned: Concerned,
    now: DateTime<Utc>,
) -> Result<Outcome, StoreError> {
    let Concerned { attendee, told, has_left } = &concerned;
    if *told == Told::Invitation {
        let until = attendee.added_at.map_or(notice.reminded_until, |at| at.max(notice.reminded_until));
        for past in past_reminders(sending.meeting, until, now) {
            sending.skip_past(attendee, past).await?;
        }
    }
    let matter = if *has_left { Matter::Departure(notice, *told) } else { Matter::News(notice, *told) };
    sending.deliver(matter, attendee).await
}

/// The reminders of dates to come that were due `until` then.
fn past_reminders(
    meeting: &Meeting,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, shared::domain::offset::ReminderOffset)> + '_ {
    meeting.reminder_times().filter(move |(due, start, _)| *due <= until && *start > now)
}
