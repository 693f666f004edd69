//! The operations that change a meeting.

use serde_json::{Value, json};

use super::world::{Fault, HOST, OTHER_HOST, World};
use crate::support::{admin, meeting_on};

/// An operation, as a client asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    CreateSeries,
    CreateOnAnyHost,
    CreateWebinar,
    Duplicate,
    PlanDraft,
    Rename,
    Move,
    MoveToOtherHost,
    ChangeSeries,
    MoveSeriesToOtherHost,
    LengthenSeries,
    AddAlternativeHost,
    MoveDate,
    CallOffDate,
    Revive,
    Cancel,
    CancelSeries,
    CancelWebinar,
    End,
}

/// A request.
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Value,
}

impl Operation {
    pub(super) const ALL: [Self; 20] = [
        Self::Create,
        Self::CreateSeries,
        Self::CreateOnAnyHost,
        Self::CreateWebinar,
        Self::Duplicate,
        Self::PlanDraft,
        Self::Rename,
        Self::Move,
        Self::MoveToOtherHost,
        Self::ChangeSeries,
        Self::MoveSeriesToOtherHost,
        Self::LengthenSeries,
        Self::AddAlternativeHost,
        Self::MoveDate,
        Self::CallOffDate,
        Self::Revive,
        Self::Cancel,
        Self::CancelSeries,
        Self::CancelWebinar,
        Self::End,
    ];

    /// The call at Zoom that does it.
    pub(super) fn at_zoom(self) -> &'static str {
        match self {
            Self::CreateWebinar => "POST /users/{userId}/webinars",
            Self::Create
            | Self::CreateSeries
            | Self::CreateOnAnyHost
            | Self::Duplicate
            | Self::PlanDraft
            | Self::MoveToOtherHost
            | Self::MoveSeriesToOtherHost => "POST /users/{userId}/meetings",
            Self::Rename
            | Self::Move
            | Self::ChangeSeries
            | Self::LengthenSeries
            | Self::AddAlternativeHost
            | Self::MoveDate
            | Self::Revive => "PATCH /meetings/{meetingId}",
            Self::CallOffDate | Self::Cancel | Self::CancelSeries => "DELETE /meetings/{meetingId}",
            Self::CancelWebinar => "DELETE /webinars/{webinarId}",
            Self::End => "PUT /meetings/{meetingId}/status",
        }
    }

    /// Whether a fault can happen to it: only what is there can have been deleted by hand.
    pub(super) fn can_meet(self, fault: Fault) -> bool {
        let makes = matches!(
            self,
            Self::Create
                | Self::CreateSeries
                | Self::CreateOnAnyHost
                | Self::CreateWebinar
                | Self::Duplicate
                | Self::PlanDraft
        );
        match fault {
            // A meeting that is gone is not running.
            Fault::Gone => !makes && self != Self::End,
            // Zoom does not count it, and a day later the meeting is over in any case.
            Fault::DailyLimit => self != Self::End,
            _ => true,
        }
    }

    /// What must be there first.
    pub(super) async fn prepare(self, world: &World) -> Value {
        let single = || world.booking("before");
        let series = || {
            let mut body = world.booking("before");
            body["recurrence"] = json!({"frequency": "daily", "count": 4});
            body
        };
        let body = match self {
            Self::Create | Self::CreateSeries | Self::CreateOnAnyHost | Self::CreateWebinar => {
                return Value::Null;
            }
            Self::PlanDraft => {
                let mut body = single();
                body["status"] = json!("draft");
                body
            }
            Self::Duplicate
            | Self::Rename
            | Self::Move
            | Self::MoveToOtherHost
            | Self::AddAlternativeHost
            | Self::Cancel => single(),
            Self::CancelWebinar => {
                let mut body = single();
                body["kind"] = json!("webinar");
                body
            }
            Self::ChangeSeries | Self::MoveDate | Self::CallOffDate | Self::CancelSeries => series(),
            Self::MoveSeriesToOtherHost | Self::LengthenSeries => {
                return world.series_with_exceptions(&series()).await;
            }
            Self::Revive => return world.expired().await,
            Self::End => return world.running().await,
        };
        world.app.book(&admin(), &body).await
    }

    /// What is asked for.
    pub(super) fn request(self, world: &World, prepared: &Value) -> Request {
        let path = format!("/v1/meetings/{}", prepared["id"].as_str().unwrap_or_default());
        let post = |path: &str, body| Request { method: "POST", path: path.to_owned(), body };
        let patch = |body| Request { method: "PATCH", path: path.clone(), body };
        let date = || format!("{path}/occurrences/{}", prepared["occurrences"][1]["id"].as_str().unwrap());
        let delete = |path: String| Request { method: "DELETE", path, body: Value::Null };
        let at = |day: i64, hour: u32| world.at(day, hour);
        match self {
            Self::Create => post("/v1/meetings", meeting_on("made", &at(0, 9), HOST)),
            Self::CreateSeries => {
                let mut body = meeting_on("made", &at(0, 9), HOST);
                body["recurrence"] = json!({"frequency": "daily", "count": 4});
                body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
                post("/v1/meetings", body)
            }
            Self::CreateOnAnyHost => {
                let mut body = meeting_on("made", &at(0, 9), HOST);
                body["host"] = json!("auto");
                post("/v1/meetings", body)
            }
            Self::CreateWebinar => {
                let mut body = meeting_on("made", &at(0, 9), HOST);
                body["kind"] = json!("webinar");
                post("/v1/meetings", body)
            }
            Self::Duplicate => post(&format!("{path}/duplicate"), json!({"start": at(1, 9)})),
            Self::PlanDraft => patch(json!({"status": "planned"})),
            Self::Revive => patch(json!({"start": at(0, 9)})),
            Self::LengthenSeries => patch(json!({"duration_minutes": 90})),
            Self::AddAlternativeHost => patch(json!({"alternative_hosts": [world.other_host]})),
            Self::Rename => patch(json!({"topic": "after", "settings": {"mute_upon_entry": true}})),
            Self::Move => patch(json!({"start": at(0, 14), "topic": "after"})),
            Self::MoveToOtherHost | Self::MoveSeriesToOtherHost => {
                patch(json!({"host": {"email": OTHER_HOST}}))
            }
            Self::ChangeSeries => {
                patch(json!({"start": at(0, 15), "recurrence": {"frequency": "daily", "count": 5}}))
            }
            Self::MoveDate => Request {
                method: "PATCH",
                path: date(),
                body: json!({"start": at(1, 20), "duration_minutes": 30, "agenda": "Only this date"}),
            },
            Self::CallOffDate => delete(date()),
            Self::Cancel | Self::CancelSeries | Self::CancelWebinar => delete(path.clone()),
            Self::End => post(&format!("{path}/end"), json!({})),
        }
    }

    /// The start and the topic of each date that is there once it is done.
    pub(super) fn result(self, world: &World) -> Vec<(String, &'static str)> {
        let at = |day: i64, hour: u32, topic| (format!("{}Z", world.at(day, hour)), topic);
        match self {
            Self::Create | Self::CreateOnAnyHost | Self::CreateWebinar => vec![at(0, 9, "made")],
            Self::CreateSeries => (0..4).map(|day| at(day, 9, "made")).collect(),
            Self::Duplicate => vec![at(0, 9, "before"), at(1, 9, "before")],
            Self::PlanDraft | Self::MoveToOtherHost | Self::AddAlternativeHost => {
                vec![at(0, 9, "before")]
            }
            Self::Revive => vec![at(0, 9, "expired")],
            Self::Rename => vec![at(0, 9, "after")],
            Self::Move => vec![at(0, 14, "after")],
            Self::ChangeSeries => (0..5).map(|day| at(day, 15, "before")).collect(),
            // Of four dates the second was moved and the third called off before.
            Self::MoveSeriesToOtherHost | Self::LengthenSeries => {
                vec![at(0, 9, "before"), at(1, 11, "before"), at(3, 9, "before")]
            }
            Self::MoveDate => [(0, 9), (1, 20), (2, 9), (3, 9)].map(|(d, h)| at(d, h, "before")).to_vec(),
            Self::CallOffDate => [0, 2, 3].map(|day| at(day, 9, "before")).to_vec(),
            Self::Cancel | Self::CancelSeries | Self::CancelWebinar | Self::End => Vec::new(),
        }
    }

    /// The statuses that the client's retry may be answered with.
    pub(super) fn answers(self) -> &'static [u16] {
        match self {
            Self::Create
            | Self::CreateSeries
            | Self::CreateOnAnyHost
            | Self::CreateWebinar
            | Self::Duplicate => &[201],
            Self::PlanDraft
            | Self::Rename
            | Self::Move
            | Self::MoveToOtherHost
            | Self::ChangeSeries
            | Self::MoveSeriesToOtherHost
            | Self::LengthenSeries
            | Self::AddAlternativeHost
            | Self::MoveDate
            | Self::Revive => &[200],
            Self::CallOffDate | Self::Cancel | Self::CancelSeries | Self::CancelWebinar => &[204],
            // It has ended, by the first request.
            Self::End => &[200, 409],
        }
    }
}
