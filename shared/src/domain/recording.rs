//! Recordings of a meeting's sessions in Zoom's cloud.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who sees the recordings of a meeting, beside those who give it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingAccess {
    /// Nobody.
    Nobody,
    /// Those who are listed as its attendees.
    #[default]
    Attendees,
    /// These, and everybody in one of its courses.
    Course,
}

impl RecordingAccess {
    /// Whether it is what holds where nobody has chosen.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// An address that a browser may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// A text that is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a link begins with https://")]
pub struct InvalidLink;

impl WebLink {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WebLink {
    type Error = InvalidLink;

    fn try_from(text: String) -> Result<Self, InvalidLink> {
        match url::Url::parse(&text) {
            Ok(url) if url.scheme() == "https" => Ok(Self(text)),
            _ => Err(InvalidLink),
        }
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0
    }
}

/// Where a file stands; of two that are told of the same moment the later one here holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It can be played.
    Available,
    /// It is in Zoom's trash, from where it can be brought back.
    Trashed,
    /// It is gone.
    Deleted,
}

/// A file of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingFile {
    /// Zoom's id of it.
    pub id: String,
    /// What it shows, in Zoom's words: `shared_screen_with_speaker_view`, `audio_only`…
    pub kind: Option<String>,
    /// What it is, in Zoom's words: `MP4`, `M4A`, `TRANSCRIPT`…
    pub file_type: Option<String>,
    /// How many bytes it has.
    pub size: Option<u64>,
    /// When it begins.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Where it can be played.
    pub play_url: Option<WebLink>,
}

/// What Zoom tells of the recordings of a session. Not the token that they are downloaded with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingTold {
    /// Zoom's id of the session.
    pub session: String,
    /// When Zoom says that this happened.
    pub at: DateTime<Utc>,
    /// What has become of the files.
    pub state: FileState,
    /// The passcode that opens a play link as a part of it (`?pwd=`).
    pub play_passcode: Option<String>,
    /// The passcode that a person enters.
    pub passcode: Option<String>,
    /// The files.
    pub files: Vec<RecordingFile>,
}

/// What is known of the recordings of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Zoom's id of the session.
    pub session: String,
    /// Counts the changes.
    pub revision: u64,
    /// The passcode that opens a play link as a part of it (`?pwd=`).
    pub play_passcode: Option<String>,
    /// When that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub play_passcode_at: Option<DateTime<Utc>>,
    /// The passcode that a person enters.
    pub passcode: Option<String>,
    /// When that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode_at: Option<DateTime<Utc>>,
    /// The files, by Zoom's id.
    pub files: BTreeMap<String, KnownFile>,
}

/// What is known of a file: the newest that was told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFile {
    /// The file.
    pub file: RecordingFile,
    /// Where it stands.
    pub state: FileState,
    /// When that came to be.
    pub at: DateTime<Utc>,
}

impl Recording {
    /// What is known after `told`, in whatever order and however often things are told.
    #[must_use]
    pub fn after(&self, told: &RecordingTold) -> Self {
        let mut after = self.clone();
        after.session.clone_from(&told.session);
        // Of two that are told of the same moment the greater holds, whichever comes first.
        let take = |known: &mut Option<String>, at: &mut Option<DateTime<Utc>>, new: &Option<String>| {
            if new.is_some() && (*at, &*known) < (Some(told.at), new) {
                known.clone_from(new);
                *at = Some(told.at);
            }
        };
        take(&mut after.play_passcode, &mut after.play_passcode_at, &told.play_passcode);
        take(&mut after.passcode, &mut after.passcode_at, &told.passcode);
        for file in &told.files {
            let new = KnownFile { file: file.clone(), state: told.state, at: told.at };
            let known = match after.files.remove(&file.id) {
                Some(known) => known.joined(new),
                None => new,
            };
            after.files.insert(file.id.clone(), known.without_what_is_gone());
        }
        if after.files.values().all(|file| file.state == FileState::Deleted) {
            (after.play_passcode, after.passcode) = (None, None);
            (after.play_passcode_at, after.passcode_at) = (None, None);
        }
        if after != *self {
            after.revision += 1;
        }
        after
    }

    /// What is known where `listed` is all that could be played at `at`, by Zoom's own list.
    #[must_use]
    pub fn listed(&self, listed: Option<&RecordingTold>, at: DateTime<Utc>) -> Self {
        let is_listed = |id: &str| listed.is_some_and(|told| told.files.iter().any(|file| file.id == id));
        let missing = |known: &&KnownFile| {
            known.state == FileState::Available && known.at < at && !is_listed(&known.file.id)
        };
        let gone = RecordingTold {
            session: self.session.clone(),
            at,
            state: FileState::Trashed,
            play_passcode: None,
            passcode: None,
            files: self.files.values().filter(missing).map(|known| known.file.clone()).collect(),
        };
        let after = if gone.files.is_empty() { self.clone() } else { self.after(&gone) };
        listed.map_or_else(|| after.clone(), |told| after.after(told))
    }

    /// The files that can be played, in the order of time.
    pub fn available(&self) -> Vec<&RecordingFile> {
        let available = self.files.values().filter(|known| known.state == FileState::Available);
        let mut files: Vec<_> = available.map(|known| &known.file).collect();
        files.sort_by_key(|file| (file.starts_at, &file.id));
        files
    }
}

impl KnownFile {
    /// The newer of the two, with what only the older one says of the file.
    fn joined(self, other: Self) -> Self {
        let (older, newer) =
            if (self.at, self.state) < (other.at, other.state) { (self, other) } else { (other, self) };
        let file = RecordingFile {
            id: newer.file.id,
            kind: newer.file.kind.or(older.file.kind),
            file_type: newer.file.file_type.or(older.file.file_type),
            size: newer.file.size.or(older.file.size),
            starts_at: newer.file.starts_at.or(older.file.starts_at),
            ends_at: newer.file.ends_at.or(older.file.ends_at),
            play_url: newer.file.play_url.or(older.file.play_url),
        };
        Self { file, state: newer.state, at: newer.at }
    }

    fn without_what_is_gone(mut self) -> Self {
        if self.state == FileState::Deleted {
            self.file.play_url = None;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(second: i64, state: FileState) -> RecordingTold {
        let file = RecordingFile {
            id: "f".to_owned(),
            kind: None,
            file_type: Some("MP4".to_owned()),
            size: Some(7),
            starts_at: None,
            ends_at: None,
            play_url: WebLink::try_from("https://zoom.example/play".to_owned()).ok(),
        };
        RecordingTold {
            session: "s".to_owned(),
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(second),
            state,
            play_passcode: (state == FileState::Available).then(|| "p".to_owned()),
            passcode: None,
            files: vec![file],
        }
    }

    /// What is known of the file after these, whatever else counts the changes.
    fn after(events: &[&RecordingTold]) -> (FileState, bool, Option<String>) {
        let known = events.iter().fold(Recording::default(), |known, told| known.after(told));
        let file = &known.files["f"];
        (file.state, file.file.play_url.is_some(), known.play_passcode)
    }

    #[test]
    fn the_newest_holds_in_whatever_order_it_comes() {
        let (made, trashed) = (told(1, FileState::Available), told(2, FileState::Trashed));
        let (back, gone) = (told(3, FileState::Available), told(4, FileState::Deleted));
        let passcode = Some("p".to_owned());
        assert_eq!(after(&[&trashed, &made, &trashed]), (FileState::Trashed, true, passcode.clone()));
        assert_eq!(after(&[&back, &made, &trashed]), (FileState::Available, true, passcode));
        assert_eq!(after(&[&gone, &made, &back, &trashed]), (FileState::Deleted, false, None));
        assert_eq!(after(&[&made, &gone]), (FileState::Deleted, false, None));
    }

    #[test]
    fn what_changes_nothing_counts_as_no_change() {
        let known = Recording::default().after(&told(1, FileState::Available));
        assert_eq!(known.after(&told(1, FileState::Available)), known);
    }

    #[test]
    fn a_link_that_is_no_link_is_not_kept() {
        for wrong in ["javascript:alert(1)", "http://zoom.example", "", "zoom"] {
            assert!(WebLink::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
