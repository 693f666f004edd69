//! `GET /v1/meetings/{id}/recordings`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::meeting::{Date, Meeting};
use shared::domain::recording::{Recording, RecordingFile};
use shared::http::Problem;
use shared::http::app::json;
use shared::http::problem::ProblemBody;
use shared::http::request::Named;
use url::Url;
use utoipa::ToSchema;

use crate::access::sees_recordings;
use crate::view::moment;

/// A file of a recording in Zoom's cloud.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recording)]
pub(crate) struct RecordingView {
    /// Zoom's id of the file.
    id: String,
    /// Of a series, the date that it is of.
    occurrence_id: Option<String>,
    /// What it shows, in Zoom's words.
    #[schema(example = "shared_screen_with_speaker_view")]
    #[serde(rename = "type")]
    kind: Option<String>,
    /// What it is, in Zoom's words.
    #[schema(example = "MP4")]
    file_type: Option<String>,
    /// When it begins.
    starts_at: Option<String>,
    /// How long it is.
    duration_seconds: Option<i64>,
    /// How many bytes it has.
    size_bytes: Option<u64>,
    /// Where it is played; the passcode is part of it where Zoom has told one for that.
    play_url: Option<String>,
    /// What a person enters where the page asks for it.
    passcode: Option<String>,
}

/// The recordings of a meeting.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordingList {
    /// The files, in the order of time.
    items: Vec<RecordingView>,
}

/// The recordings of a meeting that can be played, for those whom its `recording_access` lets see them. Whoever
/// gives it always does.
#[utoipa::path(
    get,
    path = "/v1/meetings/{id}/recordings",
    operation_id = "list_recordings",
    tag = "meetings",
    params(("id" = String, Path, description = "The meeting's id")),
    responses(
        (status = 200, description = "The recordings", body = RecordingList),
        (status = 403, description = "They are not for the caller", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such meeting", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    State(deps): State<Deps>,
    principal: Principal,
    Named(id): Named<String>,
) -> Result<Response, Problem> {
    let meeting = sees_recordings(&deps, &principal, &id).await?;
    let recordings = deps.store.recordings(&meeting.tenant, &meeting.id).await?;
    let visits = deps.store.visits(&meeting.tenant, &meeting.id).await?;
    let mut items: Vec<RecordingView> = recordings
        .iter()
        .flat_map(|recording| {
            let date =
                visits.date_of(&meeting, &recording.session).or_else(|| first_date(&meeting, recording));
            let files = recording.available().into_iter();
            files.map(move |file| RecordingView::new(date, recording, file))
        })
        .collect();
    items.sort_by(|one, other| (&one.starts_at, &one.id).cmp(&(&other.starts_at, &other.id)));
    Ok(json(StatusCode::OK, &RecordingList { items }))
}

/// The date that a session of which only recordings are known was held for, by the first of them.
fn first_date<'a>(meeting: &'a Meeting, recording: &Recording) -> Option<&'a Date> {
    let first = recording.files.values().filter_map(|known| known.file.starts_at).min();
    first.and_then(|at| meeting.date_for(at))
}

impl RecordingView {
    fn new(date: Option<&Date>, recording: &Recording, file: &RecordingFile) -> Self {
        Self {
            id: file.id.clone(),
            occurrence_id: date.and_then(|date| date.occurrence_id.clone()),
            kind: file.kind.clone(),
            file_type: file.file_type.clone(),
            starts_at: file.starts_at.map(moment),
            duration_seconds: file.starts_at.zip(file.ends_at).map(|(from, to)| (to - from).num_seconds()),
            size_bytes: file.size,
            play_url: file.play_url.as_ref().map(|url| with_passcode(url.as_str(), recording)),
            passcode: recording.passcode.clone(),
        }
    }
}

/// The link, with the passcode that opens it.
fn with_passcode(url: &str, recording: &Recording) -> String {
    match (Url::parse(url), &recording.play_passcode) {
        (Ok(mut parsed), Some(passcode)) if !parsed.query_pairs().any(|(name, _)| name == "pwd") => {
            parsed.query_pairs_mut().append_pair("pwd", passcode);
            parsed.into()
        }
        _ => url.to_owned(),
    }
}
