//! One mail: a reminder to one attendee.

use chrono::{DateTime, TimeDelta, Utc};
use shared::deps::Deps;
use shared::domain::attendee::Attendee;
use shared::domain::interval::Interval;
use shared::domain::meeting::Meeting;
use shared::mail::mailer::{Mailer, MailerError};
use shared::mail::message::{self, Extras, Mail};
use shared::mail::notice::{Notice, NoticeKind};
use shared::notices::ReminderNotice;
use shared::store::StoreError;
use shared::store::deliveries::{Delivery, DeliveryStatus};
use shared::store::keys::{self, Key};

/// After so long whoever claimed a delivery is dead: a function lives no longer.
const CLAIM_LIFE: TimeDelta = TimeDelta::minutes(15);
/// The most characters of a reason that are kept.
const LONGEST_REASON: usize = 300;

/// A reminder on its way to several attendees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub(crate) deps: &'a Deps,
    pub(crate) mailer: &'a Mailer,
    pub(crate) notice: &'a ReminderNotice,
    pub(crate) meeting: &'a Meeting,
    pub(crate) date: Interval,
    pub(crate) from: &'a message::Mailbox,
    pub(crate) locale: &'a str,
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
    /// Mails the reminder unless it was dealt with before, and records what came of it.
    pub(crate) async fn deliver(self, attendee: &Attendee) -> Result<Outcome, StoreError> {
        let Self { deps, notice, .. } = self;
        let (start, offset) = (notice.occurrence_start, notice.offset);
        let key = keys::delivery(&notice.tenant, &notice.meeting_id, start, offset, &attendee.id);
        let now = deps.clock.now();
        if now >= start {
            let reason = "the date had begun before the reminder could be sent";
            let skipped = self.delivery(attendee, DeliveryStatus::Skipped, Some(reason));
            return self.record(&key, &skipped, Outcome::Skipped, now).await;
        }
        let mail = match self.write(attendee, now) {
            Ok(mail) => mail,
            Err(why) => {
                let failed = self.delivery(attendee, DeliveryStatus::Failed, Some(&why));
                return self.record(&key, &failed, Outcome::Failed, now).await;
            }
        };
        let claim =
            Delivery { claimed_at: Some(now), ..self.delivery(attendee, DeliveryStatus::Sending, None) };
        if !deps.store.claim_delivery(&key, &claim).await? {
            return self.look_at_earlier(&key, now).await;
        }
        // From here to the next write lies the window that the crate's documentation speaks of.
        match self.mailer.send(mail).await {
            Ok(()) => {
                let sent_at = Some(deps.clock.now());
                let sent = Delivery { status: DeliveryStatus::Sent, sent_at, ..claim };
                deps.store.settle_delivery(&key, &sent).await?;
                Ok(Outcome::Sent)
            }
            Err(error @ MailerError::NotNow(_)) => {
                deps.store.unclaim_delivery(&key).await?;
                Ok(Outcome::Left(error.to_string()))
            }
            Err(error @ (MailerError::Refused(_) | MailerError::Unclear(_))) => {
                let reason = Some(shortened(&error.to_string()));
                let failed = Delivery { status: DeliveryStatus::Failed, reason, ..claim };
                deps.store.settle_delivery(&key, &failed).await?;
                Ok(Outcome::Failed)
            }
        }
    }

    fn write(&self, attendee: &Attendee, now: DateTime<Utc>) -> Result<Mail, String> {
        let Self { meeting, date, locale, from, .. } = *self;
        let is_host = meeting.host.as_ref().is_some_and(|host| host.email.same_as(attendee.email.as_str()));
        let kind = NoticeKind::Reminder { date };
        let notice = Notice { kind, meeting, attendee, is_host, locale, unsubscribe_url: None, now };
        let content = notice.write().map_err(|error| error.to_string())?;
        let to = (&attendee.email, attendee.name.as_deref());
        message::build(from, to, content, Extras::default(), now).map_err(|error| error.to_string())
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

    fn delivery(&self, attendee: &Attendee, status: DeliveryStatus, reason: Option<&str>) -> Delivery {
        Delivery {
            attendee_id: attendee.id.clone(),
            occurrence_start: self.notice.occurrence_start,
            offset: self.notice.offset,
            due_at: self.notice.due_at,
            claimed_at: None,
            sent_at: None,
            status,
            reason: reason.map(shortened),
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

fn shortened(reason: &str) -> String {
    reason.chars().take(LONGEST_REASON).collect()
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
            attendee_id: "u-1".parse().unwrap(),
            occurrence_start: at("2026-12-01T13:30:00Z"),
            offset: "PT1H".parse().unwrap(),
            due_at: at("2026-12-01T12:30:00Z"),
            claimed_at: Some(at("2026-12-01T12:30:00Z")),
            sent_at: None,
            status,
            reason: None,
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
