//! What goes over the queue of notices, and over that of events for learning platforms.
//!
//! A message may be queued more than once and come more than once; that a reminder reaches each attendee once
//! is the doing of the one who sends it ([`crate::store::deliveries`]).

use std::num::NonZeroU16;
use std::ops::RangeInclusive;

use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use chrono::{DateTime, Utc};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::deps::Deps;
use crate::domain::ids::{AttendeeId, ConnectionId, MeetingId, TenantId};
use crate::domain::offset::ReminderOffset;
use crate::domain::trace::TraceId;
use crate::platform::PlatformEvent;

/// How often a message comes before it goes to the dead letters: the queue's `maxReceiveCount`. With the times
/// between, it is tried for about two hours.
pub const MOST_TRIES: u32 = 12;
/// How long after a try that failed the next one comes: so long after the first, twice as long after each, and at
/// most so long.
pub const SECONDS_TO_NEXT_TRY: RangeInclusive<i32> = 30..=900;
/// How many attendees, on average, one message is for.
pub const ATTENDEES_PER_MESSAGE: u32 = 50;
/// The most messages that SQS takes in one call.
const MOST_IN_BATCH: usize = 10;
/// How many calls to SQS run side by side.
const CALLS_AT_A_TIME: usize = 8;

/// A message: something that somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// That a date comes up.
    Reminder(ReminderNotice),
    /// That a meeting takes place, has changed, or does not take place.
    News(NewsNotice),
    /// That a connection has stopped working.
    ConnectionFailed(ConnectionNotice),
    /// An event, to the tenant's learning platform. It goes over a queue of its own.
    PlatformEvent(Box<PlatformEvent>),
    /// That a meeting overlaps with what was made or moved in Zoom.
    Overlap(OverlapNotice),
}

/// A meeting that overlaps with what was made or moved in Zoom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlapNotice {
    /// Whose meeting.
    pub tenant: TenantId,
    /// Which.
    pub meeting_id: MeetingId,
    /// The start of the first date that does.
    pub occurrence_start: DateTime<Utc>,
}

/// The news of a meeting, to one share of its attendees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsNotice {
    /// Whose meeting.
    pub tenant: TenantId,
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// Up to which number they have been told already.
    pub after: u32,
    /// Up to which they are told now.
    pub number: u32,
    /// When the last of it came up.
    pub due_at: DateTime<Utc>,
    /// Until when reminders had been seen to before this news: for who is invited by it these are past.
    pub reminded_until: DateTime<Utc>,
    /// Whether some do not attend any more who are to be told so.
    #[serde(default)]
    pub departed: bool,
    /// The trace of the request that it came of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
    /// To whom.
    pub share: Share,
}

/// A connection that has stopped working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionNotice {
    /// Whose connection.
    pub tenant: TenantId,
    /// Which.
    pub connection_id: ConnectionId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A reminder of one date to one share of a meeting's attendees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderNotice {
    /// Whose meeting.
    pub tenant: TenantId,
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// The start of the date.
    pub occurrence_start: DateTime<Utc>,
    /// How long before it.
    pub offset: ReminderOffset,
    /// When that is.
    pub due_at: DateTime<Utc>,
    /// The trace of the request that last made news of the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
    /// To whom.
    pub share: Share,
}

/// One of the equal parts that a meeting's attendees are divided into, by a hash of their ids: whoever else
/// comes or goes, an attendee stays in the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which, from 0.
    number: u16,
    /// Of how many.
    of: NonZeroU16,
}

/// A message that SQS did not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("SQS did not take the message: {why}")]
pub struct NotQueued {
    /// The place of the message among those that were to be sent.
    pub place: usize,
    /// What SQS said.
    pub why: String,
}

impl Share {
    /// The shares that so many attendees are divided into; none for none.
    pub fn all(attendees: u32) -> impl Iterator<Item = Self> {
        let wanted = attendees.div_ceil(ATTENDEES_PER_MESSAGE);
        let of = NonZeroU16::new(u16::try_from(wanted).unwrap_or(u16::MAX));
        of.into_iter().flat_map(|of| (0..of.get()).map(move |number| Self { number, of }))
    }

    /// Whether the attendee is in this share.
    pub fn holds(self, id: &AttendeeId) -> bool {
        let digest = Sha256::digest(id.as_str().as_bytes());
        let hash = digest.iter().take(8).fold(0_u64, |hash, byte| (hash << 8) | u64::from(*byte));
        hash % u64::from(self.of.get()) == u64::from(self.number)
    }
}

/// What messages go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Queue {
    Notices,
    PlatformEvents,
}

impl Queue {
    fn url(self, config: &Config) -> &str {
        match self {
            Self::Notices => &config.notices_queue_url,
            Self::PlatformEvents => &config.platform_events_queue_url,
        }
    }
}

impl Notice {
    fn queue(&self) -> Queue {
        match self {
            Self::PlatformEvent(_) => Queue::PlatformEvents,
            Self::Reminder(_) | Self::News(_) | Self::ConnectionFailed(_) | Self::Overlap(_) => {
                Queue::Notices
            }
        }
    }
}

/// Queues `notices` in batches and tells which of them were not taken.
pub async fn send(deps: &Deps, notices: &[Notice]) -> Vec<NotQueued> {
    let (mut bodies, mut refused) = (Vec::with_capacity(notices.len()), Vec::new());
    for (place, notice) in notices.iter().enumerate() {
        match crate::queued::text(notice) {
            Ok(body) => bodies.push((notice.queue(), (place, body))),
            Err(error) => refused.push(NotQueued { place, why: error.to_string() }),
        }
    }
    let mut batches: Vec<(Queue, Vec<(usize, String)>)> = Vec::new();
    for queue in [Queue::Notices, Queue::PlatformEvents] {
        let its: Vec<_> = bodies.extract_if(.., |(of, _)| *of == queue).map(|(_, body)| body).collect();
        batches.extend(its.chunks(MOST_IN_BATCH).map(|batch| (queue, batch.to_vec())));
    }
    let sent: Vec<Vec<NotQueued>> = futures::stream::iter(batches)
        .map(|(queue, batch)| send_batch(deps, queue, batch))
        .buffer_unordered(CALLS_AT_A_TIME)
        .collect()
        .await;
    refused.extend(sent.into_iter().flatten());
    refused
}

async fn send_batch(deps: &Deps, queue: Queue, batch: Vec<(usize, String)>) -> Vec<NotQueued> {
    let places: Vec<usize> = batch.iter().map(|(place, _)| *place).collect();
    match try_send_batch(deps, queue, batch).await {
        Ok(refused) => refused,
        Err(why) => places.into_iter().map(|place| NotQueued { place, why: why.clone() }).collect(),
    }
}

async fn try_send_batch(
    deps: &Deps,
    queue: Queue,
    batch: Vec<(usize, String)>,
) -> Result<Vec<NotQueued>, String> {
    let mut request = deps.queue.send_message_batch().queue_url(queue.url(&deps.config));
    let mut places = Vec::with_capacity(batch.len());
    for (place, body) in batch {
        let entry = SendMessageBatchRequestEntry::builder().id(place.to_string()).message_body(body).build();
        request = request.entries(entry.map_err(|error| error.to_string())?);
        places.push(place);
    }
    let output = request.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
    let refusal = |place: usize| {
        let id = place.to_string();
        // What SQS does not name as taken is not.
        if output.successful().iter().any(|entry| entry.id() == id) {
            return None;
        }
        let said = output.failed().iter().find(|entry| entry.id() == id);
        Some(NotQueued { place, why: said.map_or("no reason given", |entry| entry.code()).to_owned() })
    };
    Ok(places.into_iter().filter_map(refusal).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> AttendeeId {
        format!("u-{number}").parse().unwrap()
    }

    #[test]
    fn the_shares_hold_each_attendee_exactly_once() {
        for attendees in [1, 50, 51, 777, 5_000] {
            let shares: Vec<Share> = Share::all(attendees).collect();
            assert_eq!(shares.len(), attendees.div_ceil(50) as usize);
            for number in 0..attendees as usize {
                assert_eq!(shares.iter().filter(|share| share.holds(&id(number))).count(), 1);
            }
        }
        assert_eq!(Share::all(0).count(), 0);
    }

    #[test]
    fn the_shares_are_about_equal() {
        for share in Share::all(5_000) {
            let held = (0..5_000).filter(|number| share.holds(&id(*number))).count();
            assert!((20..=90).contains(&held), "{held} in {share:?}");
        }
    }

    #[test]
    fn an_attendee_stays_in_the_same_share() {
        let shares: Vec<Share> = Share::all(200).collect();
        // Written down: messages of an earlier release may still be in the queue.
        let at = |number| shares.iter().position(|share| share.holds(&id(number)));
        assert_eq!((at(1), at(2), at(3), at(4)), (Some(1), Some(1), Some(3), Some(3)));
    }

    #[test]
    fn a_message_reads_back_as_it_was_written() {
        let notice = Notice::Reminder(ReminderNotice {
            tenant: "t".parse().unwrap(),
            meeting_id: "mtg_1".parse().unwrap(),
            occurrence_start: "2026-12-01T13:30:00Z".parse().unwrap(),
            offset: ReminderOffset::Minutes(60),
            due_at: "2026-12-01T12:30:00Z".parse().unwrap(),
            trace: "1-5759e988-bd862e3fe1be46a994272793".parse().ok(),
            share: Share::all(1).next().unwrap(),
        });
        let text = serde_json::to_string(&notice).unwrap();
        assert!(text.starts_with(r#"{"kind":"reminder","tenant":"t""#), "{text}");
        assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice);
        let none_of_none = text.replace(r#""of":1"#, r#""of":0"#);
        assert!(serde_json::from_str::<Notice>(&none_of_none).is_err());
    }
}
