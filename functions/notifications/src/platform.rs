//! One message: an event, to the learning platform of a tenant.
//!
//! What the platform did not take is hidden in the queue until it is sent again; the queue counts the
//! attempts and has the event go to the dead letters after the last. An event is marked as taken after the
//! platform's answer: a crash in between sends it again, under the same id.

use aws_lambda_events::sqs::SqsMessage;
use aws_sdk_sqs::error::DisplayErrorContext;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use shared::again::tries;
use shared::deps::Deps;
use shared::platform::event::Event;
use shared::platform::{Answer, Endpoint, EndpointError, PlatformEvent, RETRIES_AFTER_SECONDS, SendError};
use shared::secrets::SecretError;
use shared::store::settings::{TenantSettings, TenantWebhook};
use shared::store::{StoreError, keys};
use tracing::Instrument;

use crate::Outcome;
use crate::judge::{Verdict, judge_date};

/// How long it is remembered that an event was taken: longer than a queue keeps a message.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// The platform took the event.
    Sent,
    /// There was none to be sent.
    Not(&'static str),
}

/// Why an event is to be sent again.
#[derive(Debug, thiserror::Error)]
enum NotTold {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("a change of the meeting is under way")]
    Undecided,
    #[error("the address {0}")]
    Endpoint(#[from] EndpointError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("the platform answered {0}")]
    NotTaken(u16),
}

/// Sends an event.
pub(crate) async fn take(deps: &Deps, message: &SqsMessage, event: &PlatformEvent) -> Outcome {
    let span = tracing::error_span!(
        "event",
        event = %event.id,
        tenant = %event.tenant,
        trace_id = event.trace.map(tracing::field::display),
    );
    attempt(deps, message, event).instrument(span).await
}

async fn attempt(deps: &Deps, message: &SqsMessage, event: &PlatformEvent) -> Outcome {
    let outcome = tell(deps, event).await;
    let attempt = tries(message);
    let retry_after = RETRIES_AFTER_SECONDS.get(attempt.saturating_sub(1) as usize).copied();
    match (outcome, retry_after) {
        (Ok(Told::Sent), _) => {
            tracing::info!(attempt, "a platform was told");
            Outcome::Done
        }
        (Ok(Told::Not(why)), _) => {
            tracing::info!(attempt, why, "a platform is not told");
            Outcome::Done
        }
        (Err(error), Some(seconds)) => {
            tracing::warn!(attempt, seconds, %error, "a platform is to be told again");
            hide(deps, message, seconds).await;
            Outcome::Hidden
        }
        (Err(error), None) => {
            tracing::error!(attempt, %error, "an event is given up: its platform was not told");
            Outcome::Hidden
        }
    }
}

async fn tell(deps: &Deps, event: &PlatformEvent) -> Result<Told, NotTold> {
    let settings = deps.store.tenant_settings(&event.tenant).await?;
    let Some(webhook) = settings.webhook.as_ref().filter(|_| settings.tells_platform()) else {
        return Ok(Told::Not("the tenant wants no events"));
    };
    let now = deps.clock.now();
    if let Some(why) = moot(deps, event, now).await? {
        return Ok(Told::Not(why));
    }
    let mark = keys::platform_event(&event.tenant, &event.id);
    if deps.store.is_claimed(&mark).await? {
        return Ok(Told::Not("it was told before"));
    }
    let endpoint = Endpoint::parse(&webhook.url, deps.config.webhook_reach)?;
    let secrets = secrets(deps, event, webhook, now).await?;
    let secrets: Vec<&SecretString> = secrets.iter().map(AsRef::as_ref).collect();
    match deps.platform.post(&endpoint, event, &secrets, now).await? {
        Answer::Taken => {
            // Whoever sent it at the same moment has marked it already.
            deps.store.claim_once(&mark, now + REMEMBERED).await?;
            Ok(Told::Sent)
        }
        Answer::Gone => {
            disable(deps, event, &settings, now).await?;
            Ok(Told::Not("the platform wants no more events"))
        }
        Answer::NotTaken(status) => Err(NotTold::NotTaken(status.as_u16())),
    }
}

/// Why an event says nothing any more. What has happened to a meeting has happened; what comes up, or fails,
/// may have been moved or mended since.
async fn moot(
    deps: &Deps,
    event: &PlatformEvent,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, NotTold> {
    let tenant = &event.tenant;
    match &event.said.event {
        Event::MeetingScheduled(_) | Event::MeetingUpdated(_) | Event::MeetingCancelled(_) => Ok(None),
        Event::ReminderDue(reminder) if reminder.occurrence_start <= now => Ok(Some("the date has begun")),
        Event::ReminderDue(reminder) => {
            let meeting = deps.store.meeting(tenant, &reminder.meeting.meeting_id).await?;
            match judge_date(meeting.as_ref(), reminder.occurrence_start, reminder.offset) {
                Verdict::Send(_) => Ok(None),
                Verdict::Drop(why) => Ok(Some(why)),
                Verdict::Wait => Err(NotTold::Undecided),
            }
        }
        Event::ConnectionFailed(failed) => {
            let connection = deps.store.connection(tenant, &failed.connection_id).await?;
            let failure = connection.and_then(|connection| connection.failure);
            let still_fails = failure.is_some_and(|failure| failure.since == failed.since);
            Ok((!still_fails).then_some("it works again, or is gone"))
        }
    }
}

/// What signs at `now`: the secret, and the one before while the platform may not know the new one yet.
async fn secrets(
    deps: &Deps,
    event: &PlatformEvent,
    webhook: &TenantWebhook,
    now: DateTime<Utc>,
) -> Result<Vec<std::sync::Arc<SecretString>>, SecretError> {
    let id = deps.secrets.platform_id(&event.tenant);
    let previous = webhook.previous.iter().filter(|(_, until)| now < *until).map(|(version, _)| version);
    let versions = std::iter::once(&webhook.secret_version).chain(previous);
    futures::future::try_join_all(versions.map(|version| deps.secrets.get(&id, Some(version)))).await
}

/// Sends no more events until an administrator sets the webhook again.
async fn disable(
    deps: &Deps,
    event: &PlatformEvent,
    before: &TenantSettings,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut after = before.clone();
    after.version += 1;
    if let Some(webhook) = &mut after.webhook {
        webhook.disabled_at = Some(now);
    }
    if deps.store.replace_tenant_settings(&event.tenant, &after, before).await? {
        tracing::warn!(tenant = %event.tenant, "a platform wants no more events: its webhook is disabled");
    }
    // Where the settings were changed meanwhile, the next event finds out whether it is still so.
    Ok(())
}

/// Has the message come again after so many seconds. Where SQS does not take that, it comes when the queue's
/// own time is up.
async fn hide(deps: &Deps, message: &SqsMessage, seconds: u16) {
    let request = deps
        .queue
        .change_message_visibility()
        .queue_url(&deps.config.platform_events_queue_url)
        .set_receipt_handle(message.receipt_handle.clone())
        .visibility_timeout(i32::from(seconds));
    if let Err(error) = request.send().await {
        tracing::warn!(error = %DisplayErrorContext(error), "an event comes again sooner than it should");
    }
}
