//! One message: a reminder to one share of a meeting's attendees.

use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::AttendeeId;
use shared::mail::mailer::Mailer;
use shared::mail::message;
use shared::notices::ReminderNotice;

use crate::allowance::Allowance;
use crate::attendee::Sending;
use crate::judge::{Verdict, judge};
use crate::matter::Matter;
use crate::share::{self, Done, NotDone, Tally};

/// Sends a reminder to those of its share who have not had it.
pub(crate) async fn remind(
    deps: &Deps,
    mailer: &Mailer,
    notice: &ReminderNotice,
    is_last_try: bool,
) -> Result<Tally, NotDone> {
    let (mut all, mut done) = (Tally::default(), Done::new());
    loop {
        let outcome = Box::pin(round(deps, mailer, notice, is_last_try, &mut done)).await;
        if share::is_last(outcome, &mut all, &done)? {
            return Ok(all);
        }
    }
}

/// Reminds whoever is left, for as long as what it reads is relied on; returns whether nobody is left.
async fn round(
    deps: &Deps,
    mailer: &Mailer,
    notice: &ReminderNotice,
    is_last_try: bool,
    done: &mut Done,
) -> Result<(Tally, bool), NotDone> {
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
    let mut attendees: Vec<Attendee> = deps.store.attendees(tenant, id).await?;
    attendees.retain(|one| notice.share.holds(&one.id) && !done.contains(&(one.id.clone(), false)));
    let ids: Vec<AttendeeId> = attendees.iter().map(|attendee| attendee.id.clone()).collect();
    let unwanted = &deps.store.unsubscribed(tenant, ids.iter()).await?;
    let locale = &settings.locale;
    let counted = Allowance::new(deps, tenant, ids.len());
    let (meeting, from, allowance) = (&meeting, &from, &counted);
    let sending = Sending { deps, mailer, meeting, from, locale, unwanted, allowance, is_last_try };
    let matter = Matter::Reminder(notice, date);
    let told = attendees.into_iter().map(|one| async move { sending.deliver(matter, &one).await });
    let outcome = share::gather(told).await;
    counted.close().await;
    let (tally, begun) = outcome?;
    let is_last = begun == ids.len();
    done.extend(ids.into_iter().take(begun).map(|id| (id, false)));
    Ok((tally, is_last))
}
