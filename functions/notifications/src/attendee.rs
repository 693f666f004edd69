//! One mail to one attendee.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use shared::calendar::{self, Invited, Publisher, Purpose};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::ids::AttendeeId;
use shared::domain::meeting::{Meeting, State};
use shared::domain::news::Told;
use shared::domain::offset::ReminderOffset;
use shared::language::Language;
use shared::mail::mailer::{Mailer, MailerError};
use shared::mail::message::{self, Calendar, Extras, Mail, Method};
use shared::mail::notice::{Notice, NoticeKind};
use shared::secrets::SecretError;
use shared::store::StoreError;
use shared::store::deliveries::{Delivery, DeliveryKind, DeliveryStatus};
use shared::store::keys::{self, Key};
use shared::unsubscribing::Subscription;
use url::Url;

use crate::allowance::Allowance;
use crate::matter::{Matter, shortened};

/// After so long whoever claimed a delivery is dead: a function lives no longer.
const CLAIM_LIFE: TimeDelta = TimeDelta::minutes(15);
/// Why a reminder is not sent to one who was added later.
const WAS_PAST: &str = "it was past when the attendee was invited";
/// How long to wait between tries to write what became of a mail.
const WRITE_PAUSES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5)];
/// What several attendees of a meeting are told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub(crate) deps: &'a Deps,
    pub(crate) mailer: &'a Mailer,
    pub(crate) meeting: &'a Meeting,
    pub(crate) from: &'a message::Mailbox,
    pub(crate) locale: &'a str,
    /// Those who want no mails.
    pub(crate) unwanted: &'a HashSet<AttendeeId>,
    /// How many mails may be sent.
    pub(crate) allowance: &'a Allowance<'a>,
    /// Whether the message comes no more.
    pub(crate) is_last_try: bool,
}

/// What became of one attendee's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// SES took it.
    Sent,
    /// It came too late to help.
    Skipped,
    /// It will not be sent.
    Failed,
    /// It had been dealt with before.
    Earlier,
    /// It is to be tried again, for this reason.
    Left(String),
}

impl Sending<'_> {
    /// Mails it unless it was dealt with before, and records what came of it.
    pub(crate) async fn deliver(
        self,
        matter: Matter<'_>,
        attendee: &Attendee,
    ) -> Result<Outcome, StoreError> {
        let deps = self.deps;
        let key = matter.key(self.meeting, attendee);
        let now = deps.clock.now();
        if let Some(reason) = self.why_not(matter, attendee, now) {
            return self.skip(&key, matter, attendee, reason).await;
        }
        let unsubscribe = match self.unsubscribe_url(attendee).await {
            Ok(url) => url,
            Err(error) => return Ok(Outcome::Left(error.to_string())),
        };
        // Before the claim: who claims sends at once.
        self.mailer.turn().await;
        let now = deps.clock.now();
        if let Some(reason) = matter.too_late(now) {
            return self.skip(&key, matter, attendee, reason).await;
        }
        let mail = match self.write(matter, attendee, &unsubscribe, now) {
            Ok(mail) => mail,
            Err(why) => {
                let failed = matter.delivery(attendee, DeliveryStatus::Failed, Some(&why));
                return self.record(&key, &failed, Outcome::Failed, now).await;
            }
        };
        let claim =
            Delivery { claimed_at: Some(now), ..matter.delivery(attendee, DeliveryStatus::Sending, None) };
        if !deps.store.claim_delivery(&key, &claim).await? {
            return self.look_at_earlier(&key, now).await;
        }
        if !self.allowance.take().await? {
            let reason = format!("the tenant's {} mails of the day are used up", deps.config.daily_mails);
            let skipped = matter.delivery(attendee, DeliveryStatus::Skipped, Some(&reason));
            deps.store.settle_delivery(&key, &skipped).await?;
            return Ok(Outcome::Skipped);
        }
        // From here to the next write lies the window that the crate's documentation speaks of.
        match self.mailer.send(mail).await {
            Ok(()) => {
                let sent_at = Some(deps.clock.now());
                let sent = Delivery { status: DeliveryStatus::Sent, sent_at, ..claim };
                self.insist(&key, Some(&sent)).await?;
                Ok(Outcome::Sent)
            }
            Err(error @ MailerError::NotNow(_)) => {
                self.allowance.put_back().await;
                self.let_go(&key, claim, &error).await?;
                Ok(Outcome::Left(error.to_string()))
            }
            Err(error @ (MailerError::Refused(_) | MailerError::Unclear(_))) => {
                let reason = Some(shortened(&error.to_string()));
                let failed = Delivery { status: DeliveryStatus::Failed, reason, ..claim };
                self.insist(&key, Some(&failed)).await?;
                Ok(Outcome::Failed)
            }
        }
    }

    /// Records that it is not sent, on purpose.
    async fn skip(
        &self,
        key: &Key,
        matter: Matter<'_>,
        attendee: &Attendee,
        reason: &str,
    ) -> Result<Outcome, StoreError> {
        let skipped = matter.delivery(attendee, DeliveryStatus::Skipped, Some(reason));
        self.record(key, &skipped, Outcome::Skipped, self.deps.clock.now()).await
    }

    /// Gives up a claim: its mail did not leave.
    async fn let_go(&self, key: &Key, claim: Delivery, error: &MailerError) -> Result<(), StoreError> {
        if !self.is_last_try {
            return self.insist(key, None).await;
        }
        let reason = Some(shortened(&error.to_string()));
        let failed = Delivery { status: DeliveryStatus::Failed, reason, again: true, ..claim };
        self.insist(key, Some(&failed)).await
    }

    /// Writes what is known of a delivery that was claimed, or lets it go; tries a few times, since whoever comes
    /// later can only guess.
    async fn insist(&self, key: &Key, known: Option<&Delivery>) -> Result<(), StoreError> {
        let store = &self.deps.store;
        let mut pauses = WRITE_PAUSES.into_iter();
        loop {
            let written = match known {
                Some(delivery) => store.settle_delivery(key, delivery).await,
                None => store.unclaim_delivery(key).await,
            };
            let (Err(error), Some(pause)) = (&written, pauses.next()) else { return written };
            tracing::warn!(%error, "what became of a mail is to be written again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Records that a reminder was past before the attendee was invited.
    pub(crate) async fn skip_past(
        self,
        attendee: &Attendee,
        reminder: (DateTime<Utc>, DateTime<Utc>, ReminderOffset),
    ) -> Result<(), StoreError> {
        let (due_at, start, offset) = reminder;
        let Meeting { tenant, id, .. } = self.meeting;
        let skipped = Delivery {
            kind: DeliveryKind::Reminder,
            attendee_id: attendee.id.clone(),
            occurrence_start: Some(start),
            offset: Some(offset),
            due_at,
            claimed_at: None,
            sent_at: None,
            status: DeliveryStatus::Skipped,
            reason: Some(WAS_PAST.to_owned()),
            again: false,
        };
        let key = keys::delivery(tenant, id, start, offset, &attendee.id);
        // Where one is recorded already it was sent, or is about to be.
        self.deps.store.claim_delivery(&key, &skipped).await.map(drop)
    }

    /// Why it is not to be sent.
    fn why_not(&self, matter: Matter<'_>, attendee: &Attendee, now: DateTime<Utc>) -> Option<&'static str> {
        let was_past = matches!(matter, Matter::Reminder(notice, _)
            if attendee.added_at.is_some_and(|added_at| notice.due_at <= added_at));
        let unwanted = self.unwanted.contains(&attendee.id);
        matter
            .too_late(now)
            .or(was_past.then_some(WAS_PAST))
            .or(unwanted.then_some("the attendee has unsubscribed from mails"))
    }

    /// Where the attendee has no more mails of the tenant.
    async fn unsubscribe_url(&self, attendee: &Attendee) -> Result<Url, SecretError> {
        let subscription =
            Subscription { tenant: self.meeting.tenant.clone(), attendee: attendee.id.clone() };
        let token = subscription.token(self.deps).await?;
        let mut url = self.deps.config.public_url.clone();
        url.set_path(&format!("{}/v1/unsubscribe/{token}", url.path().trim_end_matches('/')));
        Ok(url)
    }

    fn write(
        &self,
        matter: Matter<'_>,
        attendee: &Attendee,
        unsubscribe: &Url,
        now: DateTime<Utc>,
    ) -> Result<Mail, String> {
        let Self { meeting, locale, from, .. } = *self;
        let kind = match matter {
            Matter::Reminder(_, date) => NoticeKind::Reminder { date },
            Matter::News(_, told) | Matter::Departure(_, told) => told.into(),
        };
        let is_host = meeting.host.as_ref().is_some_and(|host| host.email.same_as(attendee.email.as_str()));
        let notice = Notice {
            kind,
            meeting,
            attendee,
            is_host,
            locale,
            unsubscribe_url: Some(unsubscribe.as_str()),
            now,
        };
        let content = notice.write().map_err(|error| error.to_string())?;
        let entry = self.entry(matter, attendee, now);
        let calendar = entry.as_ref().map(|(method, text)| Calendar { method: *method, text });
        let trace = match matter {
            Matter::Reminder(notice, _) => notice.trace,
            Matter::News(notice, _) | Matter::Departure(notice, _) => notice.trace,
        };
        let extras = Extras { calendar, unsubscribe: Some(unsubscribe), trace };
        let to = (&attendee.email, attendee.name.as_deref());
        message::build(from, to, content, extras, now).map_err(|error| error.to_string())
    }

    /// What goes into the attendee's calendar; a reminder changes nothing there.
    fn entry(&self, matter: Matter<'_>, attendee: &Attendee, now: DateTime<Utc>) -> Option<(Method, String)> {
        let (Matter::News(_, told) | Matter::Departure(_, told)) = matter else { return None };
        let invited = Invited { email: &attendee.email, name: attendee.name.as_deref() };
        let (method, purpose) = match told {
            Told::Invitation | Told::Update => (Method::Request, Purpose::Request(invited)),
            // Dates that were held stay in calendars.
            Told::Cancellation if matches!(matter, Matter::News(..)) && self.some_were_held() => {
                (Method::Request, Purpose::Request(invited))
            }
            Told::Cancellation => (Method::Cancel, Purpose::Cancel(invited)),
            Told::Removal => (Method::Cancel, Purpose::Uninvite(invited)),
        };
        let domain = self.deps.config.public_url.host_str().unwrap_or_default();
        let publisher = Publisher { organizer: self.from, domain };
        let language = Language::of_locale(Some(attendee.locale.as_deref().unwrap_or(self.locale)));
        Some((method, calendar::write(self.meeting, purpose, publisher, language, now)))
    }

    /// Whether what is left of the meeting are dates that were held.
    fn some_were_held(&self) -> bool {
        self.meeting.state != State::Cancelled && self.meeting.live_dates().next().is_some()
    }

    /// Records a delivery that calls for no mail.
    async fn record(
        &self,
        key: &Key,
        delivery: &Delivery,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Outcome, StoreError> {
        if self.deps.store.claim_delivery(key, delivery).await? {
            return Ok(outcome);
        }
        self.look_at_earlier(key, now).await
    }

    /// What is to be done about a delivery that somebody else recorded.
    async fn look_at_earlier(&self, key: &Key, now: DateTime<Utc>) -> Result<Outcome, StoreError> {
        // Where there is none any more, its mail did not leave and whoever claimed it has let go.
        let Some(earlier) = self.deps.store.delivery(key).await? else {
            return Ok(Outcome::Left("somebody else has tried just now".to_owned()));
        };
        match standing(&earlier, now) {
            Standing::Settled => Ok(Outcome::Earlier),
            Standing::UnderWay => Ok(Outcome::Left("somebody else is at it, or has died".to_owned())),
            Standing::Abandoned => {
                let reason = "its sender died; whether the mail left is not known, and it is not sent twice";
                let failed =
                    Delivery { status: DeliveryStatus::Failed, reason: Some(reason.to_owned()), ..earlier };
                let settled = self.deps.store.settle_abandoned_delivery(key, &failed).await?;
                Ok(if settled { Outcome::Failed } else { Outcome::Earlier })
            }
        }
    }
}

/// How far somebody else has come with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Settled,
    UnderWay,
    Abandoned,
}

fn standing(delivery: &Delivery, now: DateTime<Utc>) -> Standing {
    match (delivery.status, delivery.claimed_at) {
        (DeliveryStatus::Sent | DeliveryStatus::Failed | DeliveryStatus::Skipped, _) => Standing::Settled,
        (DeliveryStatus::Sending, Some(at)) if now - at < CLAIM_LIFE => Standing::UnderWay,
        (DeliveryStatus::Sending, _) => Standing::Abandoned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_claim_is_given_up_after_its_life_and_not_before() {
        let delivery = |status| Delivery {
            kind: DeliveryKind::Reminder,
            attendee_id: "u-1".parse().unwrap(),
            occurrence_start: Some(at("2026-12-01T13:30:00Z")),
            offset: Some("PT1H".parse().unwrap()),
            due_at: at("2026-12-01T12:30:00Z"),
            claimed_at: Some(at("2026-12-01T12:30:00Z")),
            sent_at: None,
            status,
            reason: None,
            again: false,
        };
        let sending = delivery(DeliveryStatus::Sending);
        assert_eq!(standing(&sending, at("2026-12-01T12:44:59Z")), Standing::UnderWay);
        assert_eq!(standing(&sending, at("2026-12-01T12:45:00Z")), Standing::Abandoned);
        let unmarked = Delivery { claimed_at: None, ..sending };
        assert_eq!(standing(&unmarked, at("2026-12-01T12:30:01Z")), Standing::Abandoned);
        for status in [DeliveryStatus::Sent, DeliveryStatus::Failed, DeliveryStatus::Skipped] {
            assert_eq!(standing(&delivery(status), at("2026-12-01T13:00:00Z")), Standing::Settled);
        }
    }
}
