//! `GET /v1/meetings`

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::ids::{ConnectionId, CourseId, HostId, LessonId};
use shared::domain::meeting::Meeting;
use shared::http::app::json;
use shared::http::fields::{Errors, Reader};
use shared::http::problem::ProblemBody;
use shared::http::request::QueryMap;
use shared::http::{Problem, cursor, parse};
use shared::store::keys::Scope;
use shared::store::lists::{List, Tab};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
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
    course: Option<CourseId>,
    lesson: Option<LessonId>,
    connection: Option<ConnectionId>,
    host: Option<HostId>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
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
    let filters = filters(&query)?;
    let tab = filters.tab.unwrap_or(Tab::Upcoming);
    let only_own = !principal.is_admin();
    let scope = scope(&filters, &principal);
    let description = describe(&query);
    let user = if only_own { principal.user.as_str() } else { "" };
    let identity = ["meetings", principal.tenant.as_str(), user, &description];
    let after = match &filters.cursor {
        Some(text) => Some(cursor::decode(&deps, &identity, text).await?),
        None => None,
    };
    let now = deps.clock.now();
    let own = principal.user.clone();
    let words: Vec<String> = filters
        .words
        .as_deref()
        .map(|q| fold(q).split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    let keep =
        |meeting: &Meeting| (!only_own || meeting.organizer_id == own) && matches(&filters, &words, meeting);
    let filtered = needs_filter(&filters, &scope, only_own);
    let keep: Option<&(dyn Fn(&Meeting) -> bool + Send + Sync)> = if filtered { Some(&keep) } else { None };
    let list = List { tenant: &principal.tenant, scope: &scope, tab, now };
    let (meetings, next) =
        deps.store.list(list, keep, filters.limit, after, deps.config.reminder_shards).await?;
    let next_cursor = match next {
        Some(place) => Some(cursor::encode(&deps, &identity, &place).await?),
        None => None,
    };
    let items = meetings.iter().map(|meeting| MeetingView::new(meeting, now)).collect();
    Ok(json(StatusCode::OK, &MeetingPage { items, next_cursor }))
}

fn filters(query: &serde_json::Map<String, serde_json::Value>) -> Result<Filters, Problem> {
    let errors = Errors::default();
    let read = Reader::query(query, &errors);
    let filters = Filters {
        tab: read.optional("tab", |v| parse::one_of(v, &["upcoming", "expired", "drafts", "all"])),
        words: read.optional("q", |v| parse::text(v, 0..=200)),
        course: read.optional("course_id", parse::parsed),
        lesson: read.optional("lesson_id", parse::parsed),
        connection: read.optional("connection_id", parse::parsed),
        host: read.optional("host_id", parse::parsed),
        from: read.optional("from", parse::moment),
        to: read.optional("to", parse::moment),
        limit: read.optional("limit", |v| parse::integer_text(v, 1..=100)).unwrap_or(25),
        cursor: read.optional("cursor", parse::parsed),
    };
    drop(read);
    errors.finish()?;
    Ok(filters)
}

/// The list to read from: the narrowest that one filter names.
fn scope(filters: &Filters, principal: &Principal) -> Scope {
    if let Some(course) = &filters.course {
        Scope::Course(course.clone())
    } else if let Some(host) = &filters.host {
        Scope::Host(host.clone())
    } else if let Some(connection) = &filters.connection {
        Scope::Connection(connection.clone())
    } else if principal.is_admin() {
        Scope::Tenant
    } else {
        Scope::Organizer(principal.user.clone())
    }
}

/// Whether what the list holds must be looked through.
fn needs_filter(filters: &Filters, scope: &Scope, only_own: bool) -> bool {
    let named = [filters.course.is_some(), filters.host.is_some(), filters.connection.is_some()];
    let several = named.iter().filter(|named| **named).count() > 1;
    let others = only_own && !matches!(scope, Scope::Organizer(_));
    let words = filters.words.as_deref().is_some_and(|words| !words.trim().is_empty());
    several || others || words || filters.lesson.is_some() || filters.from.is_some() || filters.to.is_some()
}

fn matches(filters: &Filters, words: &[String], meeting: &Meeting) -> bool {
    let course = |id: &CourseId| meeting.courses.iter().any(|course| course.course_id == *id);
    let lesson = |id: &LessonId| {
        let in_course =
            |c: &shared::domain::meeting::Course| filters.course.as_ref().is_none_or(|f| *f == c.course_id);
        meeting.courses.iter().any(|course| course.lesson_id.as_ref() == Some(id) && in_course(course))
    };
    let host = meeting.host.as_ref();
    let in_range = || {
        meeting.live_dates().any(|date| {
            filters.from.is_none_or(|from| date.interval.ends_at > from)
                && filters.to.is_none_or(|to| date.interval.starts_at < to)
        })
    };
    filters.course.as_ref().is_none_or(course)
        && filters.lesson.as_ref().is_none_or(lesson)
        && filters.connection.as_ref().is_none_or(|id| host.is_some_and(|host| host.connection_id == *id))
        && filters.host.as_ref().is_none_or(|id| host.is_some_and(|host| host.host_id == *id))
        && ((filters.from.is_none() && filters.to.is_none()) || in_range())
        && (words.is_empty() || holds_words(meeting, words))
}

/// Whether the topic and agenda hold every word, or the Zoom number is the one asked for.
fn holds_words(meeting: &Meeting, words: &[String]) -> bool {
    let number = meeting.zoom.as_ref().map(|zoom| zoom.id.to_string());
    // People write the number with spaces or dashes, as Zoom shows it.
    let digits: String = words.concat().chars().filter(|c| *c != '-').collect();
    if number.is_some_and(|number| number == digits) {
        return true;
    }
    let text = fold(&format!("{} {}", meeting.topic, meeting.agenda));
    words.iter().all(|word| text.contains(word.as_str()))
}

/// A text without case and accents.
fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_accents() {
        assert_eq!(fold("Élève Straße ÀÉ ﬁn"), "eleve straße ae fin");
    }
}
