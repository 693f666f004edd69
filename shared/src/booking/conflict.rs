//! What is in the way, who is free instead, and when.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::clash::Clash;
use super::reach::Reach;
use super::survey::{Survey, survey};
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::ids::MeetingId;
use crate::domain::meeting::{HostWish, Meeting};
use crate::http::{Code, Problem};
use crate::store::keys::{self, Key};
use crate::store::ledger::TenantTag;
use crate::store::zoom_meetings::MadeInZoom;
use crate::store::{Item, StoreError, from_item};

/// The most clashes that a reply names.
const MOST_CLASHES: usize = 200;
/// The most hosts that a reply offers, and the most that are looked at for them.
const MOST_FREE_HOSTS: usize = 100;

/// What is in the way of a booking.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictReport {
    #[serde(skip)]
    named: bool,
    /// How many clashes there are; the list holds the first 200.
    pub clash_count: usize,
    /// What is in the way.
    pub clashes: Vec<ClashView>,
    /// Hosts who are free at that very time.
    pub free_hosts: Vec<FreeHost>,
    /// The next time within 14 days at which it would fit.
    pub next_free: Option<NextFree>,
}

/// A clash as callers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClashView {
    /// The start of the date that was asked for.
    pub occurrence_start: String,
    /// Whose time is taken.
    pub host_id: String,
    /// By which meeting; none where it is another tenant's.
    pub meeting_id: Option<String>,
    /// Its topic, where the caller may see it.
    pub topic: Option<String>,
    /// Its start.
    pub starts_at: String,
    /// Its end.
    pub ends_at: String,
    /// `lectern`, or `zoom` for what was made in Zoom itself.
    pub source: &'static str,
}

/// A host who is free.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FreeHost {
    /// Through which connection.
    pub connection_id: String,
    /// The Zoom user.
    pub host_id: String,
    /// The user's address in Zoom.
    pub email: String,
}

/// A time that would fit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextFree {
    /// The start of the first date.
    pub starts_at: String,
    /// Its end.
    pub ends_at: String,
    /// Through which connection.
    pub connection_id: String,
    /// On which host.
    pub host_id: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckReport {
    /// Whether at least one of the hosts is free.
    pub free: bool,
    /// How many dates were looked at.
    pub occurrences: usize,
    /// Each host that was looked at.
    pub hosts: Vec<CheckedHost>,
    /// The next time within 14 days at which it would fit, where none is free.
    pub next_free: Option<NextFree>,
}

/// How a host stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedHost {
    /// Through which connection.
    pub connection_id: String,
    /// The Zoom user.
    pub host_id: String,
    /// The user's address in Zoom.
    pub email: String,
    /// Whether the host is free on all dates.
    pub free: bool,
    /// How many clashes there are; the list holds the first 200.
    pub clash_count: usize,
    /// What is in the way.
    pub clashes: Vec<ClashView>,
}

/// Looks whether `plan` could be booked; books nothing.
pub async fn check(deps: &Deps, booker: &Booker, plan: &Plan) -> Result<CheckReport, BookingError> {
    let mut survey = survey(deps, booker, plan, Reach::Dates, &BTreeSet::new()).await?;
    survey.know(deps, 0..survey.candidates.len()).await?;
    let now = deps.clock.now();
    let mut found: Vec<(usize, Vec<Clash>)> = Vec::new();
    for place in 0..survey.candidates.len() {
        found.push((place, clashes(&survey, place, plan)));
    }
    let free = found.iter().any(|(_, clashes)| clashes.is_empty());
    let shown: Vec<&Clash> =
        found.iter().flat_map(|(_, clashes)| clashes.iter().take(MOST_CLASHES)).collect();
    let keys = shown_keys(booker, &shown);
    let items =
        if free { deps.store.batch_get(keys).await? } else { survey.look_ahead(deps, plan, keys).await? };
    let mut views = views(booker, &shown, items)?.into_iter();
    let mut hosts = Vec::with_capacity(found.len());
    for (place, clashes) in &found {
        let candidate = &survey.candidates[*place];
        hosts.push(CheckedHost {
            connection_id: candidate.connection.id.to_string(),
            host_id: candidate.host.id.to_string(),
            email: candidate.host.email.to_string(),
            free: clashes.is_empty(),
            clash_count: clashes.len(),
            clashes: views.by_ref().take(clashes.len().min(MOST_CLASHES)).collect(),
        });
    }
    let next_free = if free { None } else { next_free(&survey, plan, now) };
    Ok(CheckReport { free, occurrences: plan.dates.len(), hosts, next_free })
}

/// What is in the way of a booking that did not come about.
pub(super) async fn report(
    deps: &Deps,
    booker: &Booker,
    plan: &Plan,
) -> Result<ConflictReport, BookingError> {
    let none = BTreeSet::new();
    let mut survey = survey(deps, booker, plan, Reach::LookAhead, &none).await?;
    let looked_at = survey.candidates.len().min(MOST_FREE_HOSTS);
    survey.know(deps, 0..looked_at).await?;
    let mut all: Vec<Clash> = (0..looked_at).flat_map(|place| clashes(&survey, place, plan)).collect();
    all.sort_by_key(|clash| (clash.occurrence_start, clash.busy.interval));
    let clash_count = all.len();
    all.truncate(MOST_CLASHES);
    let shown: Vec<&Clash> = all.iter().collect();
    let clashes = views(booker, &shown, deps.store.batch_get(shown_keys(booker, &shown)).await?)?;
    let free_hosts =
        if survey.named { free_hosts(deps, booker, plan).await? } else { free_among(&survey, plan) };
    let next_free = next_free(&survey, plan, deps.clock.now());
    Ok(ConflictReport { named: survey.named, clash_count, clashes, free_hosts, next_free })
}

impl ConflictReport {
    /// The report as a reply.
    pub fn problem(&self) -> Problem {
        let next = self.next_free.as_ref().map_or_else(
            || "Nothing is free within 14 days".to_owned(),
            |next| format!("The next free time is {}", next.starts_at),
        );
        let problem = if self.named {
            Problem::new(
                Code::ScheduleConflict,
                format!(
                    "The host is busy: {} clash(es). {next}; {} other host(s) are free at that time.",
                    self.clash_count,
                    self.free_hosts.len()
                ),
            )
        } else {
            Problem::new(
                Code::NoRoomAvailable,
                format!(
                    "No host is free at that time. {next}. Choose another time, or connect another Zoom account."
                ),
            )
        };
        problem
            .with("clash_count", json!(self.clash_count))
            .with("clashes", json!(self.clashes))
            .with("free_hosts", json!(self.free_hosts))
            .with("next_free", json!(self.next_free))
    }
}

/// What is in the way of all who are to host.
fn clashes(survey: &Survey, place: usize, plan: &Plan) -> Vec<Clash> {
    survey.calendars(place, plan).iter().flat_map(|calendar| calendar.clashes(&plan.dates)).collect()
}

fn next_free(survey: &Survey, plan: &Plan, now: DateTime<Utc>) -> Option<NextFree> {
    let first = plan.dates.first()?;
    let known = survey.candidates.len().min(MOST_FREE_HOSTS);
    let (shift, place) =
        (0..known).filter_map(|place| Some((survey.next_free(place, plan, now)?, place))).min()?;
    let candidate = &survey.candidates[place];
    Some(NextFree {
        starts_at: moment(first.starts_at + shift),
        ends_at: moment(first.ends_at + shift),
        connection_id: candidate.connection.id.to_string(),
        host_id: candidate.host.id.to_string(),
    })
}

/// The hosts of the pool who are free for `plan`.
async fn free_hosts(deps: &Deps, booker: &Booker, plan: &Plan) -> Result<Vec<FreeHost>, BookingError> {
    let anyone = Plan { wish: HostWish::Auto, ..plan.clone() };
    let none = BTreeSet::new();
    let mut survey = match survey(deps, booker, &anyone, Reach::Dates, &none).await {
        Ok(survey) => survey,
        // Nobody can hold it: then nobody is free for it.
        Err(BookingError::NoWebinars) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    survey.know(deps, 0..survey.candidates.len().min(MOST_FREE_HOSTS)).await?;
    Ok(free_among(&survey, &anyone))
}

/// Those who are free among the hosts that are looked at.
fn free_among(survey: &Survey, plan: &Plan) -> Vec<FreeHost> {
    let looked_at = survey.candidates.len().min(MOST_FREE_HOSTS);
    let is_free =
        |place: &usize| survey.calendars(*place, plan).iter().all(|calendar| calendar.is_free(&plan.dates));
    let view = |place: usize| {
        let candidate = &survey.candidates[place];
        FreeHost {
            connection_id: candidate.connection.id.to_string(),
            host_id: candidate.host.id.to_string(),
            email: candidate.host.email.to_string(),
        }
    };
    (0..looked_at).filter(is_free).map(view).collect()
}

/// The keys of what the caller may know of what is in the way.
fn shown_keys(booker: &Booker, clashes: &[&Clash]) -> Vec<Key> {
    let mut keys = meeting_keys(booker, clashes);
    if booker.admin {
        let in_zoom: BTreeSet<Key> = clashes.iter().filter_map(|clash| zoom_key(clash)).collect();
        keys.extend(in_zoom);
    }
    keys
}

/// The key of what is known of a clash that was made in Zoom.
fn zoom_key(clash: &Clash) -> Option<Key> {
    clash.busy.zoom_number().map(|number| keys::made_in_zoom(&clash.host, number))
}

/// The keys of the meetings of the caller's tenant that are in the way.
fn meeting_keys(booker: &Booker, clashes: &[&Clash]) -> Vec<Key> {
    let tag = TenantTag::of(&booker.tenant);
    let ids: BTreeSet<MeetingId> = clashes.iter().filter_map(|clash| clash.busy.meeting_of(tag)).collect();
    ids.iter().map(|id| keys::meeting(&booker.tenant, id)).collect()
}

/// Clashes as the caller may see them: meetings of the caller's tenant by their id, with the topic where the
/// caller may read it; what was made in Zoom with its topic for administrators; all else as mere busy time. What
/// is known of them is among `items`.
fn views(
    booker: &Booker,
    clashes: &[&Clash],
    mut items: HashMap<Key, Item>,
) -> Result<Vec<ClashView>, StoreError> {
    let tag = TenantTag::of(&booker.tenant);
    let mut meetings: HashMap<MeetingId, Meeting> = HashMap::new();
    for key in meeting_keys(booker, clashes) {
        if let Some(item) = items.remove(&key) {
            let meeting: Meeting = from_item(item)?;
            meetings.insert(meeting.id.clone(), meeting);
        }
    }
    let mut in_zoom: HashMap<Key, MadeInZoom> = HashMap::new();
    for key in clashes.iter().filter_map(|clash| zoom_key(clash)) {
        if let Some(item) = items.remove(&key) {
            in_zoom.insert(key, from_item(item)?);
        }
    }
    Ok(clashes
        .iter()
        .map(|clash| {
            let id = clash.busy.meeting_of(tag);
            let meeting = id.as_ref().and_then(|id| meetings.get(id));
            let made = zoom_key(clash);
            let source = if made.is_some() { "zoom" } else { "lectern" };
            let made = made.and_then(|key| in_zoom.get(&key)).map(|made| made.topic.clone());
            let may_read = |meeting: &&Meeting| booker.admin || meeting.organizer_id == booker.user;
            ClashView {
                occurrence_start: moment(clash.occurrence_start),
                host_id: clash.host.host_id.to_string(),
                meeting_id: id.as_ref().map(ToString::to_string),
                topic: meeting.filter(may_read).map(|meeting| meeting.topic.clone()).or(made),
                starts_at: moment(clash.busy.interval.starts_at),
                ends_at: moment(clash.busy.interval.ends_at),
                source,
            }
        })
        .collect())
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
