//! The recordings of a session, as events and lists have them alike.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::operation::Operation;
use super::participants::in_a_path;
use super::transport::Call;
use super::{App, Zoom, ZoomError, loose};
use crate::domain::recording::{FileState, RecordingFile, RecordingTold, WebLink};

/// The recordings of a session. The token that files are downloaded with is not read.
#[derive(Debug, Deserialize)]
pub struct SessionRecordings {
    #[serde(deserialize_with = "loose::session")]
    uuid: String,
    #[serde(default, deserialize_with = "loose::text::<256, _>")]
    recording_play_passcode: Option<String>,
    #[serde(default, deserialize_with = "loose::text::<256, _>")]
    password: Option<String>,
    #[serde(default)]
    recording_files: Vec<File>,
    #[serde(default)]
    participant_audio_files: Vec<File>,
}

/// One file of a recording.
#[derive(Debug, Deserialize)]
struct File {
    #[serde(default, deserialize_with = "loose::text::<128, _>")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose::moment")]
    recording_start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "loose::moment")]
    recording_end: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "loose::text::<64, _>")]
    recording_type: Option<String>,
    #[serde(default, rename = "file_type", deserialize_with = "loose::text::<64, _>")]
    format: Option<String>,
    #[serde(default, rename = "file_size")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "loose::text::<2048, _>")]
    play_url: Option<String>,
}

impl SessionRecordings {
    /// What is told by this, where it has come to that at `at`.
    pub fn told(self, state: FileState, at: DateTime<Utc>) -> RecordingTold {
        let files = self.recording_files.into_iter().map(|file| (file, None));
        let audio = self.participant_audio_files.into_iter();
        let audio = audio.map(|file| (file, Some("audio_only_each_participant")));
        RecordingTold {
            session: self.uuid,
            at,
            state,
            play_passcode: self.recording_play_passcode,
            passcode: self.password,
            files: files.chain(audio).filter_map(|(file, kind)| file.read(kind)).collect(),
        }
    }
}

impl File {
    /// The file; none where it cannot be told from others.
    fn read(self, kind: Option<&str>) -> Option<RecordingFile> {
        Some(RecordingFile {
            id: self.id?,
            kind: self.recording_type.or(kind.map(str::to_owned)),
            file_type: self.format,
            size: self.size,
            starts_at: self.recording_start,
            ends_at: self.recording_end,
            play_url: self.play_url.and_then(|url| WebLink::try_from(url).ok()),
        })
    }
}

impl Zoom {
    /// The recordings of a session that can be played; none where there is none.
    pub async fn recordings(&self, app: &App, session: &str) -> Result<Option<SessionRecordings>, ZoomError> {
        let call =
            Call { operation: Operation::ListRecordings, id: &in_a_path(session), query: &[], body: None };
        match self.call(app, &call).await {
            Ok(recordings) => Ok(Some(recordings)),
            Err(ZoomError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
