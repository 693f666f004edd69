//! `GET /v1/meetings`

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::words::Sought;
use shared::http::app::json;
use shared::http::fields::{Errors, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::QueryMap;
use shared::http::{Problem, cursor, parse};
use shared::store::keys::Scope;
use shared::store::listing::Filter;
use shared::store::lists::{List, Tab};
use utoipa::ToSchema;

use crate::view::MeetingView;

/// A page of meetings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeetingPage {
    /// The meetings.
    items: Vec<MeetingView>,
    /// Where the next page begins; none after the last.
    next_cursor: Option<String>,
}

#[derive(Debug, Default)]
struct Filters {
    tab: Option<Tab>,
    words: Option<String>,
    kept: Filter,
    limit: usize,
    cursor: Option<String>,
}

/// A tenant's meetings, or an instructor's own.
#[utoipa::path(
    get,
    path = "/v1/meetings",
    operation_id = "list_meetings",
    tag = "meetings",
    params(
        ("tab" = Option<String>, Query, description = "upcoming (default: soonest first by next date), expired (latest first), drafts, all"),
        ("q" = Option<String>, Query, description = "Words of the topic or agenda, or the Zoom meeting number"),
        ("course_id" = Option<String>, Query, description = "Placed in this course"),
        ("lesson_id" = Option<String>, Query, description = "Placed in this lesson"),
        ("connection_id" = Option<String>, Query, description = "Of this connection"),
        ("host_id" = Option<String>, Query, description = "On this host"),
        ("from" = Option<String>, Query, description = "With a date that ends after this moment"),
        ("to" = Option<String>, Query, description = "With a date that starts before this moment"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 by default"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses(
        (status = 200, description = "A page; it may be short where filters are combined", body = MeetingPage),
        (status = 422, description = "A parameter is wrong", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    State(deps): State<Deps>,
    principal: Principal,
    QueryMap(query): QueryMap,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let filters = filters(&query, &principal)?;
    let tab = filters.tab.unwrap_or(Tab::Upcoming);
    let scope = scope(&filters.kept, &principal);
    let description = describe(&query);
    let user = filters.kept.organizer.as_ref().map_or("", |user| user.as_str());
    let identity = ["meetings", principal.tenant.as_str(), user, &description];
    let after = match &filters.cursor {
        Some(text) => Some(cursor::decode(&deps, &identity, text).await?),
        None => None,
    };
    let now = deps.clock.now();
    let list = List { tenant: &principal.tenant, scope: &scope, tab, now };
    let shards = deps.config.reminder_shards;
    let (meetings, next) = match filters.words.as_deref().and_then(Sought::parse) {
        None => deps.store.list(list, &filters.kept, filters.limit, after, shards).await?,
        Some(sought) => deps.store.search(list, &filters.kept, &sought, filters.limit, after, shards).await?,
    };
    let next_cursor = match next {
        Some(place) => Some(cursor::encode(&deps, &identity, &place).await?),
        None => None,
    };
    let items = meetings.iter().map(|meeting| MeetingView::new(meeting, now)).collect();
    Ok(json(StatusCode::OK, &MeetingPage { items, next_cursor }))
}

fn filters(
    query: &serde_json::Map<String, serde_json::Value>,
    principal: &Principal,
) -> Result<Filters, Problem> {
    let errors = Errors::default();
    let read = Reader::query(query, &errors);
    let filters = Filters {
        tab: read.optional("tab", |v| parse::one_of(v, &["upcoming", "expired", "drafts", "all"])),
        words: read.optional("q", |v| parse::text(v, 0..=200)),
        kept: Filter {
            organizer: (!principal.is_admin()).then(|| principal.user.clone()),
            course: read.optional("course_id", parse::parsed),
            lesson: read.optional("lesson_id", parse::parsed),
            connection: read.optional("connection_id", parse::parsed),
            host: read.optional("host_id", parse::parsed),
            from: read.optional("from", parse::moment),
            to: read.optional("to", parse::moment),
        },
        limit: read.optional("limit", |v| parse::integer_text(v, 1..=100)).unwrap_or(25),
        cursor: read.optional("cursor", parse::parsed),
    };
    drop(read);
    errors.finish()?;
    Ok(filters)
}

/// The list to read from: the narrowest that one filter names.
fn scope(kept: &Filter, principal: &Principal) -> Scope {
    if let Some(course) = &kept.course {
        Scope::Course(course.clone())
    } else if let Some(host) = &kept.host {
        Scope::Host(host.clone())
    } else if let Some(connection) = &kept.connection {
        Scope::Connection(connection.clone())
    } else if principal.is_admin() {
        Scope::Tenant
    } else {
        Scope::Organizer(principal.user.clone())
    }
}

/// The filters as a text: a cursor is good for the same ones only.
fn describe(query: &serde_json::Map<String, serde_json::Value>) -> String {
    let mut parts: Vec<String> = query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort_unstable();
    parts.join("&")
}
