//! What meetings start from, in a request.

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::domain::settings::{MeetingSettings, PartialSettings};
use shared::http::fields::{Fault, Field, Reader};
use shared::http::parse;
use shared::http::problem::FieldCode;

const RECORDINGS: [&str; 3] = ["none", "local", "cloud"];

/// Reads `defaults`: those that are given. `null` brings a setting back to what it is at first.
pub(crate) fn read(body: &Reader<'_>) -> Field<PartialSettings> {
    match body.raw("defaults") {
        None => return Field::Absent,
        Some(Value::Null) => return Field::Null,
        Some(_) => {}
    }
    let Some(reader) = body.object("defaults") else { return Field::Wrong };
    let first = MeetingSettings::default();
    let switch = |name, first| with_default(reader.field(name, parse::boolean), first);
    let settings = PartialSettings {
        join_before_host: switch("join_before_host", first.join_before_host),
        host_video: switch("host_video", first.host_video),
        participant_video: switch("participant_video", first.participant_video),
        mute_upon_entry: switch("mute_upon_entry", first.mute_upon_entry),
        enforce_login: switch("enforce_login", first.enforce_login),
        waiting_room: switch("waiting_room", first.waiting_room),
        recording: with_default(reader.field("recording", recording), first.recording),
    };
    if settings.contradicts_itself() {
        let detail = "people cannot come in before the host and wait in the waiting room; send one of the two as false";
        reader.fault("waiting_room", Fault::new(FieldCode::Contradiction, detail));
        return Field::Wrong;
    }
    Field::Value(settings)
}

fn recording<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    parse::one_of(value, &RECORDINGS)
}

fn with_default<T>(field: Field<T>, first: T) -> Option<T> {
    field.change().map(|value| value.unwrap_or(first))
}
