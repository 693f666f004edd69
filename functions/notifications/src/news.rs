//! One message: the news of a meeting to one share of its attendees.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::AttendeeId;
use shared::domain::meeting::Meeting;
use shared::domain::news::Told;
use shared::domain::offset::ReminderOffset;
use shared::mail::mailer::Mailer;
use shared::mail::message;
use shared::notices::NewsNotice;
use shared::store::StoreError;

use crate::allowance::Allowance;
use crate::attendee::{Outcome, Sending};
use crate::matter::Matter;
use crate::share::{self, Done, NotDone, Tally};

/// Tells the news to those of its share whom they concern, as the meeting is now.
pub(crate) async fn tell(
    deps: &Deps,
    mailer: &Mailer,
    notice: &NewsNotice,
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

/// Tells whoever is left, for as long as what it reads is relied on; returns whether nobody is left.
async fn round(
    deps: &Deps,
    mailer: &Mailer,
    notice: &NewsNotice,
    is_last_try: bool,
    done: &mut Done,
) -> Result<(Tally, bool), NotDone> {
    let (tenant, id) = (&notice.tenant, &notice.meeting_id);
    let (meeting, settings) =
        futures::try_join!(deps.store.meeting(tenant, id), deps.store.tenant_settings(tenant))?;
    let Some(meeting) = meeting else { return Err(NotDone::Moot("the meeting is gone")) };
    if !settings.email.enabled {
        return Err(NotDone::Moot("the tenant's mails are switched off"));
    }
    let now = deps.clock.now();
    if !meeting.news_helps(notice.due_at, now) {
        return Err(NotDone::Moot("the last date is over"));
    }
    let from = message::sender(settings.email.from.as_deref(), &deps.config.mail_from);
    let from = from.map_err(NotDone::Sender)?;
    let people = People::read(deps, notice).await?;
    let mut concerned = people.concerned(&meeting, notice);
    concerned.retain(|one| notice.share.holds(&one.attendee.id) && !done.contains(&one.as_done()));
    let all: Vec<(AttendeeId, bool)> = concerned.iter().map(Concerned::as_done).collect();
    let unwanted = &deps.store.unsubscribed(tenant, all.iter().map(|(id, _)| id)).await?;
    let locale = &settings.locale;
    let counted = Allowance::new(deps, tenant, all.len());
    let (meeting, from, allowance) = (&meeting, &from, &counted);
    let sending = Sending { deps, mailer, meeting, from, locale, unwanted, allowance, is_last_try };
    let mails = concerned.into_iter().map(|one| async move { tell_one(sending, notice, one, now).await });
    let outcome = share::gather(mails).await;
    counted.close().await;
    let (tally, begun) = outcome?;
    let is_last = begun == all.len();
    done.extend(all.into_iter().take(begun));
    Ok((tally, is_last))
}

/// Whom a meeting's news may concern.
struct People {
    attendees: Vec<Attendee>,
    departed: Vec<Attendee>,
    /// Who was told of some of the news already, by a run that died before it noted so, and up to which number.
    told: HashMap<AttendeeId, u32>,
}

impl People {
    async fn read(deps: &Deps, notice: &NewsNotice) -> Result<Self, StoreError> {
        let (tenant, id) = (&notice.tenant, &notice.meeting_id);
        let departed = async {
            if !notice.departed {
                return Ok(Vec::new());
            }
            deps.store.departed(tenant, id, notice.after, notice.number).await
        };
        let told = async {
            if notice.number <= notice.after + 1 {
                return Ok(HashMap::new());
            }
            deps.store.told_between(tenant, id, notice.after, notice.number).await
        };
        let attendees = deps.store.attendees(tenant, id);
        let (attendees, departed, told) = futures::try_join!(attendees, departed, told)?;
        Ok(Self { attendees, departed, told })
    }

    /// Who is told what. An address that was removed and added again meanwhile, for whomever, has never left.
    fn concerned(self, meeting: &Meeting, notice: &NewsNotice) -> Vec<Concerned> {
        let Self { attendees, departed, told } = self;
        let same = |a: &Attendee, b: &Attendee| a.email.same_as(b.email.as_str());
        let after = |id: &AttendeeId| told.get(id).copied().unwrap_or(notice.after);
        // Whoever was added after the message was queued is another message's.
        let attendees: Vec<&Attendee> =
            attendees.iter().filter(|attendee| attendee.since <= notice.number).collect();
        let mut concerned = Vec::new();
        for attendee in &attendees {
            let known = departed.iter().find(|gone| same(gone, attendee)).unwrap_or(attendee);
            let told = meeting.told(known.since, after(&known.id));
            concerned.extend(told.map(|told| Concerned {
                attendee: (*attendee).clone(),
                told,
                has_left: false,
            }));
        }
        let knew = |gone: &Attendee| (1..=after(&gone.id)).contains(&gone.since.max(1));
        let gone = departed.iter().filter(|gone| knew(gone) && !attendees.iter().any(|one| same(one, gone)));
        for gone in gone {
            let told = meeting.told_departed();
            concerned.extend(told.map(|told| Concerned { attendee: gone.clone(), told, has_left: true }));
        }
        concerned
    }
}

/// One who is told something.
struct Concerned {
    attendee: Attendee,
    told: Told,
    has_left: bool,
}

impl Concerned {
    fn as_done(&self) -> (AttendeeId, bool) {
        (self.attendee.id.clone(), self.has_left)
    }
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
) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, ReminderOffset)> + '_ {
    meeting.reminder_times().filter(move |(due, start, _)| *due <= until && *start > now)
}
