//! A meeting or webinar as Zoom holds it.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::links;
use super::recurrence::Recurrence;
use super::registrants::Registrant;

/// Zoom's two kinds of session; they differ in numbers, names and licences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Meeting,
    Webinar,
}

/// When a session takes place; `type` in Zoom's API, where the number depends on the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rhythm {
    Instant,
    Once,
    /// Recurring without a fixed time.
    Loose,
    /// Recurring with fixed times.
    Series,
    ScreenShare,
}

impl Kind {
    pub(super) fn rhythm(self, number: i64) -> Option<Rhythm> {
        match (self, number) {
            (Self::Meeting, 1) => Some(Rhythm::Instant),
            (Self::Meeting, 2) | (Self::Webinar, 5) => Some(Rhythm::Once),
            (Self::Meeting, 3) | (Self::Webinar, 6) => Some(Rhythm::Loose),
            (Self::Meeting, 8) | (Self::Webinar, 9) => Some(Rhythm::Series),
            (Self::Meeting, 10) => Some(Rhythm::ScreenShare),
            _ => None,
        }
    }

    pub(super) fn number(self, rhythm: Rhythm) -> u8 {
        match (self, rhythm) {
            (Self::Meeting, Rhythm::Instant) => 1,
            (Self::Meeting, Rhythm::Once) => 2,
            (Self::Meeting, Rhythm::Loose) => 3,
            (Self::Meeting, Rhythm::Series) => 8,
            (Self::Meeting, Rhythm::ScreenShare) => 10,
            (Self::Webinar, Rhythm::Loose) => 6,
            (Self::Webinar, Rhythm::Series) => 9,
            (Self::Webinar, _) => 5,
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Meeting => "Meeting",
            Self::Webinar => "Webinar",
        }
    }

    /// The key of a list of this kind.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Meeting => "meetings",
            Self::Webinar => "webinars",
        }
    }
}

/// A meeting or webinar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Meeting {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) account_id: String,
    pub(super) host_id: String,
    pub(super) host_email: String,
    /// Of the present instance: each time a meeting ends, the next instance gets a new one.
    pub(super) uuid: String,
    pub(super) topic: String,
    pub(super) agenda: String,
    pub(super) rhythm: Rhythm,
    /// Absent where the rhythm knows no time.
    pub(super) start_time: Option<DateTime<Utc>>,
    pub(super) duration: u32,
    pub(super) timezone: chrono_tz::Tz,
    pub(super) created_at: DateTime<Utc>,
    pub(super) passcode: Option<Passcode>,
    pub(super) pre_schedule: bool,
    pub(super) tracking_fields: Option<Value>,
    pub(super) settings: Map<String, Value>,
    pub(super) recurrence: Option<Recurrence>,
    pub(super) occurrences: Vec<Occurrence>,
    pub(super) running_since: Option<DateTime<Utc>>,
    /// Who is, or was, in the session that runs.
    #[serde(default)]
    pub(super) present: Vec<Attending>,
    pub(super) past: Vec<PastInstance>,
    pub(super) registrants: Vec<Registrant>,
    /// Deleted meetings are kept for `recover`, and for nothing else.
    pub(super) deleted: bool,
}

/// A passcode and the forms that Zoom derives from it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Passcode {
    pub(super) plain: String,
    pub(super) encrypted: String,
    pub(super) numeric: String,
}

/// One date of a series.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Occurrence {
    pub(super) id: String,
    pub(super) start_time: DateTime<Utc>,
    pub(super) duration: u32,
    pub(super) deleted: bool,
    pub(super) agenda: Option<String>,
    pub(super) settings: Map<String, Value>,
}

/// An instance that took place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PastInstance {
    pub(super) uuid: String,
    pub(super) start_time: DateTime<Utc>,
    pub(super) end_time: DateTime<Utc>,
    #[serde(default)]
    pub(super) participants: Vec<Attending>,
    /// Whether it has a recording that can be played.
    #[serde(default)]
    pub(super) is_recorded: bool,
}

/// Somebody's stay in a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Attending {
    /// What they are called from when they come until they leave.
    pub(super) user_id: String,
    pub(super) uuid: String,
    /// As a user of Zoom; empty for others.
    pub(super) id: String,
    pub(super) email: String,
    pub(super) registrant_id: String,
    pub(super) customer_key: String,
    pub(super) name: String,
    pub(super) join_time: DateTime<Utc>,
    pub(super) leave_time: Option<DateTime<Utc>>,
}

impl Occurrence {
    pub(super) fn ends_at(&self) -> DateTime<Utc> {
        self.start_time + Duration::minutes(i64::from(self.duration))
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "occurrence_id": self.id,
            "start_time": instant(self.start_time),
            "duration": self.duration,
            "status": if self.deleted { "deleted" } else { "available" },
        })
    }
}

impl Meeting {
    pub(super) fn zoom_type(&self) -> u8 {
        self.kind.number(self.rhythm)
    }

    pub(super) fn join_url(&self) -> String {
        links::join_url(self.id, self.passcode.as_ref().map(|passcode| passcode.encrypted.as_str()))
    }

    /// The date that a list shows: of a series the running or next one, or else the last.
    pub(super) fn listed_start(&self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, u32)> {
        if self.rhythm != Rhythm::Series {
            return self.start_time.map(|start| (start, self.duration));
        }
        // A date that was moved may have left its place in the list.
        let available = || self.occurrences.iter().filter(|occurrence| !occurrence.deleted);
        available()
            .filter(|occurrence| occurrence.ends_at() > now)
            .min_by_key(|occurrence| occurrence.start_time)
            .or_else(|| available().max_by_key(|occurrence| occurrence.start_time))
            .map(|occurrence| (occurrence.start_time, occurrence.duration))
    }

    /// When the last date is over; `None` where there is no date.
    pub(super) fn last_end(&self) -> Option<DateTime<Utc>> {
        if self.rhythm == Rhythm::Series {
            return self.occurrences.iter().filter(|o| !o.deleted).map(Occurrence::ends_at).max();
        }
        self.start_time.map(|start| start + Duration::minutes(i64::from(self.duration)))
    }

    /// Ends the running instance, if there is one: everybody leaves, and the next gets a new uuid.
    pub(super) fn end(&mut self, now: DateTime<Utc>) -> Option<PastInstance> {
        let start_time = self.running_since.take()?;
        let uuid = std::mem::replace(&mut self.uuid, links::uuid());
        let mut participants = std::mem::take(&mut self.present);
        for one in &mut participants {
            one.leave_time.get_or_insert(now);
        }
        let instance = PastInstance { uuid, start_time, end_time: now, participants, is_recorded: false };
        self.past.push(instance.clone());
        Some(instance)
    }

    /// The row of a list.
    pub(super) fn row(&self, now: DateTime<Utc>) -> Value {
        let mut row = json!({
            "uuid": self.uuid,
            "id": self.id,
            "host_id": self.host_id,
            "topic": self.topic,
            "type": self.zoom_type(),
            "timezone": self.timezone.name(),
            "agenda": self.agenda,
            "created_at": instant(self.created_at),
            "join_url": self.join_url(),
        });
        if let Some((start, duration)) = self.listed_start(now) {
            row["start_time"] = json!(instant(start));
            row["duration"] = json!(duration);
        }
        if self.kind == Kind::Webinar {
            row["is_simulive"] = json!(false);
        }
        row
    }

    /// The whole, with a host link made for this very reply.
    pub(super) fn whole(&self) -> Value {
        let mut body = json!({
            "uuid": self.uuid,
            "id": self.id,
            "host_id": self.host_id,
            "host_email": self.host_email,
            "topic": self.topic,
            "type": self.zoom_type(),
            "timezone": self.timezone.name(),
            "agenda": self.agenda,
            "created_at": instant(self.created_at),
            "start_url": links::start_url(self.id),
            "join_url": self.join_url(),
            "settings": self.settings,
            "creation_source": "open_api",
        });
        if let Some(start) = self.start_time {
            body["start_time"] = json!(instant(start));
            body["duration"] = json!(self.duration);
        }
        if let Some(recurrence) = &self.recurrence {
            body["recurrence"] = recurrence.json();
            body["occurrences"] = self.occurrences.iter().map(Occurrence::json).collect();
        }
        if let Some(fields) = &self.tracking_fields {
            body["tracking_fields"] = fields.clone();
        }
        match self.kind {
            Kind::Meeting => {
                body["status"] = json!(if self.running_since.is_some() { "started" } else { "waiting" });
                body["pre_schedule"] = json!(self.pre_schedule);
            }
            Kind::Webinar => body["is_simulive"] = json!(false),
        }
        if let Some(passcode) = &self.passcode {
            body["password"] = json!(passcode.plain);
            match self.kind {
                Kind::Meeting => {
                    body["h323_password"] = json!(passcode.numeric);
                    body["pstn_password"] = json!(passcode.numeric);
                    body["encrypted_password"] = json!(passcode.encrypted);
                }
                Kind::Webinar => {
                    body["h323_passcode"] = json!(passcode.numeric);
                    body["encrypted_passcode"] = json!(passcode.encrypted);
                }
            }
        }
        body
    }
}

/// A moment as Zoom writes it: UTC, whole seconds, `Z`.
pub(super) fn instant(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
