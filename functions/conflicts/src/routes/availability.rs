//! `GET /v1/availability`

use std::collections::{BTreeSet, HashMap};

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::{Connection, Owner};
use shared::domain::host::{Host, LedgerHost};
use shared::domain::ids::{ConnectionId, HostId};
use shared::domain::interval::Interval;
use shared::http::app::json;
use shared::http::fields::{Errors, Fault, Reader};
use shared::http::problem::{FieldCode, ProblemBody};
use shared::http::request::QueryMap;
use shared::http::{Problem, cursor, parse};
use shared::store::StoreError;
use shared::store::ledger::{Busy, Ledger, TenantTag, Week};
use utoipa::ToSchema;

/// The longest time that is shown at once.
const MOST_DAYS: i64 = 62;

/// A page of hosts and their busy times.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvailabilityPage {
    /// The hosts, by connection.
    items: Vec<HostAvailability>,
    /// Where the next page begins; none after the last.
    next_cursor: Option<String>,
}

/// A host's busy times.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HostAvailability {
    /// Through which connection.
    connection_id: String,
    /// The Zoom user.
    host_id: String,
    /// The user's address in Zoom.
    email: String,
    /// When the host is busy, in order.
    busy: Vec<BusyView>,
}

/// A busy time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BusyView {
    /// Its start.
    starts_at: String,
    /// Its end.
    ends_at: String,
    /// `lectern`, or `zoom` for what was made in Zoom itself.
    source: &'static str,
    /// By which meeting; none where it is another tenant's, or was made in Zoom itself.
    meeting_id: Option<String>,
    /// What it is called in Zoom, where it was made there; to administrators alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
}

#[derive(Debug)]
struct Wanted {
    window: Interval,
    connection: Option<ConnectionId>,
    host: Option<HostId>,
    limit: usize,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Place {
    connection: ConnectionId,
    host: HostId,
}

/// Whose time is taken when: of all hosts of the tenant, or of those that an instructor may book.
#[utoipa::path(
    get,
    path = "/v1/availability",
    operation_id = "availability",
    tag = "conflicts",
    params(
        ("from" = String, Query, description = "The start of the time to show (RFC 3339)"),
        ("to" = String, Query, description = "Its end, at most 62 days later"),
        ("connection_id" = Option<String>, Query, description = "The hosts of this connection"),
        ("host_id" = Option<String>, Query, description = "This host"),
        ("limit" = Option<u16>, Query, description = "1 to 100 hosts, 25 by default"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses(
        (status = 200, description = "A page of hosts", body = AvailabilityPage),
        (status = 422, description = "A parameter is wrong", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn availability(
    State(deps): State<Deps>,
    principal: Principal,
    QueryMap(query): QueryMap,
) -> Result<Response, Problem> {
    principal.must_teach()?;
    let wanted = read(&query)?;
    let tenant = &principal.tenant;
    let filters = format!("{:?} {:?} {:?}", wanted.window, wanted.connection, wanted.host);
    let identity = ["availability", tenant.as_str(), principal.user.as_str(), &filters];
    let after: Option<Place> = match &wanted.cursor {
        Some(text) => Some(cursor::decode(&deps, &identity, text).await?),
        None => None,
    };
    let hosts = hosts(&deps, &principal, &wanted).await?;
    let is_after = |host: &Host| {
        after.as_ref().is_none_or(|p| (&host.connection_id, &host.id) > (&p.connection, &p.host))
    };
    let mut left = hosts.into_iter().filter(is_after);
    let page: Vec<Host> = left.by_ref().take(wanted.limit).collect();
    let next_cursor = match (left.next(), page.last()) {
        (Some(_), Some(last)) => {
            let place = Place { connection: last.connection_id.clone(), host: last.id.clone() };
            Some(cursor::encode(&deps, &identity, &place).await?)
        }
        _ => None,
    };
    let ledgers: BTreeSet<_> = page.iter().map(Host::ledger).collect();
    let ledger = deps.store.ledger(&ledgers, &Week::touched(&[wanted.window], 0)).await?;
    let topics = if principal.is_admin() {
        topics(&deps, &ledger, &page, &wanted.window).await?
    } else {
        Topics::new()
    };
    let tag = TenantTag::of(tenant);
    let items = page.iter().map(|host| view(&ledger, host, &wanted.window, tag, &topics)).collect();
    Ok(json(StatusCode::OK, &AvailabilityPage { items, next_cursor }))
}

/// The hosts that the caller may see, by connection and id.
async fn hosts(deps: &Deps, principal: &Principal, wanted: &Wanted) -> Result<Vec<Host>, Problem> {
    let mut hosts = deps.store.hosts(&principal.tenant, wanted.connection.as_ref()).await?;
    hosts.retain(|host| host.active && wanted.host.as_ref().is_none_or(|id| host.id == *id));
    if !principal.is_admin() {
        let connections = deps.store.all_connections(&principal.tenant).await?;
        let connections: HashMap<ConnectionId, Connection> =
            connections.into_iter().map(|connection| (connection.id.clone(), connection)).collect();
        hosts.retain(|host| {
            connections.get(&host.connection_id).is_some_and(|connection| match &connection.owner {
                Owner::User(owner) => *owner == principal.user,
                Owner::Tenant => host.is_pooled(connection.pooled),
            })
        });
    }
    hosts.sort_by(|a, b| (&a.connection_id, &a.id).cmp(&(&b.connection_id, &b.id)));
    Ok(hosts)
}

/// What meetings made in Zoom are called, by their hosts and numbers.
type Topics = HashMap<(LedgerHost, u64), String>;

/// What is called what in Zoom, of what is shown.
async fn topics(
    deps: &Deps,
    ledger: &Ledger,
    page: &[Host],
    window: &Interval,
) -> Result<Topics, StoreError> {
    let in_zoom = |host: LedgerHost| {
        let shown = ledger.busy(&host).filter(|busy| busy.interval.overlaps(window));
        let numbers: Vec<u64> = shown.filter_map(Busy::zoom_number).collect();
        numbers.into_iter().map(move |number| (host.clone(), number))
    };
    let wanted: BTreeSet<(LedgerHost, u64)> = page.iter().map(Host::ledger).flat_map(in_zoom).collect();
    deps.store.topics_in_zoom(wanted.into_iter().collect()).await
}

fn view(
    ledger: &Ledger,
    host: &Host,
    window: &Interval,
    tenant: TenantTag,
    topics: &Topics,
) -> HostAvailability {
    let busy = ledger.busy(&host.ledger()).filter(|busy| busy.interval.overlaps(window));
    HostAvailability {
        connection_id: host.connection_id.to_string(),
        host_id: host.id.to_string(),
        email: host.email.to_string(),
        busy: busy
            .map(|busy| BusyView {
                starts_at: moment(busy.interval.starts_at),
                ends_at: moment(busy.interval.ends_at),
                source: if busy.zoom_number().is_some() { "zoom" } else { "lectern" },
                meeting_id: busy.meeting_of(tenant).as_ref().map(ToString::to_string),
                topic: busy.zoom_number().and_then(|number| topics.get(&(host.ledger(), number)).cloned()),
            })
            .collect(),
    }
}

fn read(query: &Map<String, Value>) -> Result<Wanted, Problem> {
    let errors = Errors::default();
    let read = Reader::query(query, &errors);
    let from = read.required("from", parse::moment);
    let to = read.required("to", parse::moment);
    if let (Some(from), Some(to)) = (from, to) {
        if to <= from {
            read.fault("to", Fault::new(FieldCode::OutOfRange, "must be after from"));
        } else if to - from > TimeDelta::days(MOST_DAYS) {
            let detail = format!("must be at most {MOST_DAYS} days after from");
            read.fault("to", Fault::new(FieldCode::OutOfRange, detail));
        }
    }
    let connection = read.optional("connection_id", parse::parsed);
    let host = read.optional("host_id", parse::parsed);
    let limit = read.optional("limit", |value| parse::integer_text(value, 1..=100)).unwrap_or(25);
    let cursor = read.optional("cursor", parse::parsed);
    drop(read);
    errors.finish()?;
    let (Some(starts_at), Some(ends_at)) = (from, to) else {
        return Err(Problem::internal("a fault of a query was not noted"));
    };
    Ok(Wanted { window: Interval { starts_at, ends_at }, connection, host, limit, cursor })
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
