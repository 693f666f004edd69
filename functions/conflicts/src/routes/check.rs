//! `POST /v1/conflicts/check`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use shared::auth::Principal;
use shared::booking::{self, Booker, CheckReport, Plan};
use shared::deps::Deps;
use shared::http::app::json;
use shared::http::fields::{Errors, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::JsonBody;
use shared::http::schedule::Earliest;
use shared::http::{Problem, parse, schedule};
use utoipa::ToSchema;

/// What a check takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConflictCheckRequest)]
pub(crate) struct CheckBody {
    /// Wall time in `time_zone`, or with an offset.
    #[schema(example = "2027-12-01T20:30:00")]
    start: String,
    /// An IANA name; required where `start` has no offset.
    time_zone: Option<String>,
    /// How long each date is.
    #[schema(minimum = 1, maximum = 1440)]
    duration_minutes: u16,
    /// The rule of a series, as in a booking.
    recurrence: Option<Value>,
    /// `"auto"` (default), or a host by `host_id` or `email`, as in a booking.
    host: Option<Value>,
    /// `meeting` (default) or `webinar`.
    kind: Option<String>,
    /// The meeting whose own time is not in the way.
    ignore_meeting_id: Option<String>,
}

/// Looks whether a time is free; books nothing.
#[utoipa::path(
    post,
    path = "/v1/conflicts/check",
    operation_id = "check_conflicts",
    tag = "conflicts",
    request_body = CheckBody,
    responses(
        (status = 200, description = "Whether it is free, and what is in the way", body = CheckReport),
        (status = 422, description = "Fields are wrong", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn check(
    State(deps): State<Deps>,
    principal: Principal,
    JsonBody(value): JsonBody,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let plan = read(&deps, &value)?;
    let booker = Booker {
        tenant: principal.tenant.clone(),
        user: principal.user.clone(),
        admin: principal.is_admin(),
        organizer: principal.user,
    };
    let report = booking::check(&deps, &booker, &plan).await;
    Ok(json(StatusCode::OK, &report.map_err(|error| error.problem(deps.clock.now()))?))
}

fn read(deps: &Deps, value: &Value) -> Result<Plan, Problem> {
    let errors = Errors::default();
    let plan = Reader::body(value, &errors).and_then(|body| {
        let kind = schedule::kind(&body);
        let earliest = Earliest { now: deps.clock.now(), except: None };
        let when = schedule::schedule(&body, kind, earliest);
        let wish = schedule::host(&body);
        let ignore = body.optional("ignore_meeting_id", parse::parsed);
        let (_, dates) = when?;
        Some(Plan { kind, dates, wish, alternatives: Vec::new(), attendees: 0, ignore, writes: 1 })
    });
    errors.finish()?;
    plan.ok_or_else(|| Problem::internal("a fault of a check was not noted"))
}
