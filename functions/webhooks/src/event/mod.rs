//! What Zoom tells, read out of the body of a webhook: what is needed of it, and no more.

mod belief;
mod participant;
mod recording;
mod schedule;
mod session;
mod surrogates;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::domain::attendance::VisitTold;
use shared::domain::ids::AccountId;
use shared::domain::recording::RecordingTold;
use shared::domain::session::SessionTold;
use shared::zoom::loose;

pub(crate) use self::schedule::ScheduleTold;

/// A signed body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// Zoom wants to see that whoever listens knows the Secret Token.
    Validation {
        /// What is to be signed.
        plain_token: String,
    },
    /// Something that concerns Lectern.
    Told(Box<Told>),
    /// It should concern Lectern, and is not what Zoom describes.
    Unreadable {
        /// Its name.
        event: &'static str,
        /// What is wrong with it; not what stands in it.
        why: String,
    },
    /// Something else.
    Other,
}

/// What was told, and of which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The Zoom account.
    pub(crate) account_id: AccountId,
    /// What.
    pub(crate) event: Event,
}

/// Something that happened in Zoom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Event {
    /// A session of a meeting began or ended.
    Session {
        /// The meeting's number.
        number: u64,
        /// What.
        told: SessionTold,
    },
    /// Somebody came or left.
    Visit {
        /// The meeting's number.
        number: u64,
        /// Who, and when.
        told: VisitTold,
    },
    /// A recording was finished, or what became of it.
    Recording {
        /// The meeting's number.
        number: u64,
        /// What.
        told: RecordingTold,
    },
    /// A meeting was made, changed, deleted or brought back.
    Schedule {
        /// The meeting's number.
        number: u64,
        /// What.
        told: ScheduleTold,
    },
    /// The account removed an app.
    Deauthorized {
        /// Which, by its client id: a connection may have moved to another one since. The one of the connection
        /// that was told where the event does not say.
        #[serde(default)]
        client_id: Option<String>,
        /// When.
        at: DateTime<Utc>,
    },
}

impl Event {
    /// The number of the meeting that it is about.
    pub(crate) fn meeting_number(&self) -> Option<u64> {
        match self {
            Self::Session { number, .. }
            | Self::Visit { number, .. }
            | Self::Recording { number, .. }
            | Self::Schedule { number, .. } => Some(*number),
            Self::Deauthorized { .. } => None,
        }
    }
}

/// The frame of every event.
#[derive(Deserialize)]
struct Envelope {
    event: String,
    #[serde(default)]
    event_ts: Value,
    #[serde(default)]
    payload: Value,
}

/// What most payloads look like; `T` is what is needed of their object.
#[derive(Deserialize)]
struct Payload<T> {
    account_id: AccountId,
    object: T,
}

/// An app that was removed (`app_deauthorized`).
#[derive(Deserialize)]
struct Deauthorized {
    account_id: AccountId,
    #[serde(default, deserialize_with = "loose::id::<512, _>")]
    client_id: Option<String>,
    deauthorization_time: DateTime<Utc>,
}

/// Why an event cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Payload(#[from] serde_json::Error),
    #[error("it does not say when it happened")]
    Undated,
    #[error("it names no {0}")]
    Lacking(&'static str),
    #[error("it tells of a moment at which it cannot have happened")]
    Unbelievable,
}

/// Reads a signed body that comes in now.
///
/// # Errors
/// Where it is no event at all.
pub(crate) fn read(body: &[u8], now: DateTime<Utc>) -> Result<Incoming, serde_json::Error> {
    // What is passed over would not be looked at otherwise.
    let text = str::from_utf8(body).map_err(serde::de::Error::custom)?;
    let envelope: Envelope = serde_json::from_str(&surrogates::mended(text))?;
    let name = match envelope.event.as_str() {
        "endpoint.url_validation" => {
            let plain_token = envelope.payload["plainToken"].as_str().unwrap_or_default().to_owned();
            return Ok(Incoming::Validation { plain_token });
        }
        name => NAMES.iter().find(|known| **known == name),
    };
    let Some(name) = name else { return Ok(Incoming::Other) };
    Ok(match told(name, envelope, now).and_then(|told| belief::checked(told, now)) {
        Ok(told) => Incoming::Told(Box::new(told)),
        Err(error) => Incoming::Unreadable { event: name, why: error.to_string() },
    })
}

/// The events that concern Lectern.
const NAMES: [&str; 24] = [
    "meeting.started",
    "meeting.ended",
    "meeting.participant_joined",
    "meeting.participant_left",
    "meeting.created",
    "meeting.updated",
    "meeting.deleted",
    "meeting.permanently_deleted",
    "meeting.recovered",
    "webinar.started",
    "webinar.ended",
    "webinar.participant_joined",
    "webinar.participant_left",
    "webinar.created",
    "webinar.updated",
    "webinar.deleted",
    "webinar.permanently_deleted",
    "webinar.recovered",
    "recording.completed",
    "recording.transcript_completed",
    "recording.trashed",
    "recording.deleted",
    "recording.recovered",
    "app_deauthorized",
];

fn told(name: &str, envelope: Envelope, now: DateTime<Utc>) -> Result<Told, Unreadable> {
    let Envelope { event_ts, payload, .. } = envelope;
    if name == "app_deauthorized" {
        let Deauthorized { account_id, client_id, deauthorization_time } = serde_json::from_value(payload)?;
        return Ok(Told { account_id, event: Event::Deauthorized { client_id, at: deauthorization_time } });
    }
    let at = event_ts.as_i64().and_then(DateTime::from_timestamp_millis).ok_or(Unreadable::Undated)?;
    belief::check(at, now)?;
    let (noun, action) = name.split_once('.').unwrap_or_default();
    match action {
        "started" | "ended" => {
            let (account_id, object) = parts::<session::Object>(payload)?;
            let (number, told) = object.told(action == "ended", at);
            Ok(Told { account_id, event: Event::Session { number, told } })
        }
        "participant_joined" | "participant_left" => {
            let (account_id, object) = parts::<participant::Object>(payload)?;
            let (number, told) = object.told(action == "participant_left", at)?;
            Ok(Told { account_id, event: Event::Visit { number, told } })
        }
        _ if name.starts_with("recording.") => {
            let (account_id, object) = parts::<recording::Object>(payload)?;
            let (number, told) = object.told(action, at);
            Ok(Told { account_id, event: Event::Recording { number, told } })
        }
        _ => {
            let (account_id, object) = parts::<schedule::Object>(payload)?;
            let (number, told) = object.told(noun, action, at);
            Ok(Told { account_id, event: Event::Schedule { number, told } })
        }
    }
}

fn parts<T: DeserializeOwned>(payload: Value) -> Result<(AccountId, T), serde_json::Error> {
    let Payload { account_id, object } = serde_json::from_value(payload)?;
    Ok((account_id, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_no_concern_is_no_error() {
        for body in [r#"{"event":"user.created"}"#, r#"{"event":"meeting.startedx","payload":7}"#] {
            assert_eq!(read(body.as_bytes(), DateTime::UNIX_EPOCH).unwrap(), Incoming::Other, "{body}");
        }
        let undated = r#"{"event":"meeting.started","payload":{}}"#;
        let read = read(undated.as_bytes(), DateTime::UNIX_EPOCH).unwrap();
        assert!(matches!(read, Incoming::Unreadable { .. }));
    }

    #[test]
    fn what_is_no_event_is_refused() {
        let deep = format!(r#"{{"event":"a","payload":{}}}"#, "[".repeat(100_000));
        let latin = b"{\"event\":\"meeting.started\",\"x\":\"\xe9\"}";
        for body in [b"".as_slice(), b"[]", b"{}", deep.as_bytes(), latin] {
            assert!(read(body, DateTime::UNIX_EPOCH).is_err());
        }
    }
}
