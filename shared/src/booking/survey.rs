//! What a booking must know: the hosts in question, their time, their quotas, the tenant's settings.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::TimeDelta;

use super::candidates::{self, Candidate};
use super::clash::{Calendar, LOOK_AHEAD};
use super::reach::{Reach, attributes, time_keys, weeks};
use super::{Booker, BookingError, Plan, pool};
use crate::deps::Deps;
use crate::domain::connection::{Connection, Owner};
use crate::domain::host::{Host, LedgerHost};
use crate::domain::ids::{ConnectionId, HostId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::meeting::{HostName, HostWish};
use crate::store::keys::{self, Key};
use crate::store::ledger::{BusyBy, Ledger, TenantTag, Week, used_writes};
use crate::store::settings::TenantSettings;
use crate::store::{BATCHES_AT_A_TIME, Item, MOST_BATCH_GETS, StoreError, from_item};

/// The fewest hosts that make a share: among fewer there is little to choose.
const SMALLEST_SHARE: usize = 8;
/// The most hosts that make a share: of more, some would be read in vain.
pub(super) const LARGEST_SHARE: usize = 40;

/// What a booking knows.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) settings: TenantSettings,
    /// The hosts that may be booked, best first.
    pub(super) candidates: Vec<Candidate>,
    pub(super) ledger: Ledger,
    tenant: TenantTag,
    quotas: HashMap<LedgerHost, u32>,
    known: BTreeSet<LedgerHost>,
    weeks: BTreeSet<Week>,
    /// Whether the host was named.
    pub(super) named: bool,
}

/// Reads what is needed to book `plan`; `also` are weeks of the ledger that are read too.
pub(super) async fn survey(
    deps: &Deps,
    booker: &Booker,
    plan: &Plan,
    reach: Reach,
    also: &BTreeSet<Week>,
) -> Result<Survey, BookingError> {
    let mut weeks = weeks(plan, reach);
    weeks.extend(also);
    match &plan.wish {
        HostWish::Auto => pool::survey(deps, booker, plan, weeks).await,
        HostWish::Anywhere(name) => {
            if let Some(guess) = deps.hints.connection(booker, name) {
                match named(deps, booker, plan, &guess, name, weeks.clone()).await {
                    // The connection was deleted, or takes no bookings any more: another may reach the host.
                    Err(
                        BookingError::NoSuchConnection(_)
                        | BookingError::Inactive(_)
                        | BookingError::NotYours
                        | BookingError::Field { .. },
                    ) => deps.hints.forget_connection(booker, name),
                    settled => return settled,
                }
            }
            let connection_id = locate(deps, booker, name).await?;
            named(deps, booker, plan, &connection_id, name, weeks).await
        }
        HostWish::Named { connection_id, host } => {
            named(deps, booker, plan, connection_id, host, weeks).await
        }
    }
}

async fn named(
    deps: &Deps,
    booker: &Booker,
    plan: &Plan,
    connection_id: &ConnectionId,
    name: &HostName,
    weeks: BTreeSet<Week>,
) -> Result<Survey, BookingError> {
    let tenant = &booker.tenant;
    let guess = deps.hints.host(tenant, connection_id, name);
    let account = deps.hints.account(tenant, connection_id);
    let wanted: BTreeSet<HostId> = plan.alternatives.iter().cloned().chain(guess.clone()).collect();
    let mut keys = vec![keys::settings(tenant), keys::connection(tenant, connection_id)];
    keys.extend(wanted.iter().map(|id| keys::host(tenant, connection_id, id)));
    let guessed: BTreeSet<LedgerHost> = account
        .iter()
        .flat_map(|account| {
            wanted.iter().map(|id| LedgerHost { account_id: account.clone(), host_id: id.clone() })
        })
        .collect();
    keys.extend(time_keys(deps, &guessed, &weeks));
    let mut items = deps.store.batch_get_only(keys, &attributes(&weeks)).await?;

    let settings = TenantSettings::read(items.remove(&keys::settings(tenant)))?;
    let connection: Connection = items
        .remove(&keys::connection(tenant, connection_id))
        .map(from_item)
        .transpose()?
        .ok_or_else(|| BookingError::NoSuchConnection(connection_id.clone()))?;
    // Of one that is being removed the hosts are gone already, which is not the reason.
    if connection.leaving {
        connection.usable().map_err(BookingError::Inactive)?;
    }
    let mut hosts: Vec<Host> = Vec::new();
    for id in &wanted {
        if let Some(item) = items.remove(&keys::host(tenant, connection_id, id)) {
            hosts.push(from_item(item)?);
        }
    }
    let host = match pick(&connection, name, guess.as_ref(), &hosts) {
        Some(host) => host,
        None => find(deps, &connection, name).await?,
    };
    if !candidates::may_use(booker, &connection, &host) {
        return Err(BookingError::NotYours);
    }
    connection.usable().map_err(BookingError::Inactive)?;
    if !host.active {
        let detail = format!("{} is not an active user of the Zoom account", host.email);
        return Err(BookingError::Field { pointer: "/host", detail });
    }
    if !candidates::can_hold(plan, &host) {
        return Err(BookingError::NoWebinars);
    }
    let alternatives =
        candidates::alternatives(&hosts, &host, &plan.alternatives).ok_or(BookingError::Field {
            pointer: "/alternative_hosts",
            detail: "an alternative host must be another active user of the same Zoom account".to_owned(),
        })?;
    if plan.alternatives.contains(&host.id) {
        let detail = "the host cannot be an alternative host as well".to_owned();
        return Err(BookingError::Field { pointer: "/alternative_hosts", detail });
    }
    deps.hints.learn_account(tenant, connection_id, &connection.account_id);
    deps.hints.learn_host(tenant, connection_id, name, &host.id);

    let mut candidate = Candidate::new(booker, plan, Arc::new(connection), host);
    candidate.alternatives = alternatives;
    let mut survey = Survey {
        settings,
        candidates: vec![candidate],
        ledger: Ledger::default(),
        tenant: TenantTag::of(tenant),
        quotas: HashMap::new(),
        known: BTreeSet::new(),
        weeks,
        named: true,
    };
    if survey.hosts_of(0).is_subset(&guessed) {
        survey.take(deps, guessed, &items)?;
    } else {
        survey.refresh(deps, survey.hosts_of(0)).await?;
    }
    Ok(survey)
}

/// The connection that reaches a host who was named without one: the organizer's own before the tenant's.
async fn locate(deps: &Deps, booker: &Booker, name: &HostName) -> Result<ConnectionId, BookingError> {
    let hosts = deps.store.hosts(&booker.tenant, None).await?;
    let named = |host: &&Host| match name {
        HostName::Id(id) => host.id == *id,
        HostName::Email(email) => email.same_as(host.email.as_str()),
        HostName::Default => false,
    };
    let named: Vec<&Host> = hosts.iter().filter(named).collect();
    let connections = pool::connections(deps, &booker.tenant, named.iter().copied()).await?;
    let mut best: Option<([u8; 2], &Host)> = None;
    for host in named {
        let Some(connection) = connections.get(&host.connection_id) else { continue };
        if candidates::may_use(booker, connection, host) {
            // One that takes no bookings is taken where there is no other: it can say why.
            let not_own = connection.owner != Owner::User(booker.organizer.clone());
            let rank = [u8::from(connection.usable().is_err()), u8::from(not_own)];
            if best.as_ref().is_none_or(|(least, _)| rank < *least) {
                best = Some((rank, host));
            }
        }
    }
    let (_, host) = best.ok_or_else(|| BookingError::Field {
        pointer: "/host",
        detail: "no connection that you may use has such a host; see GET /v1/connections".to_owned(),
    })?;
    deps.hints.learn_connection(booker, name, &host.connection_id);
    deps.hints.learn_account(&booker.tenant, &host.connection_id, &host.account_id);
    deps.hints.learn_host(&booker.tenant, &host.connection_id, name, &host.id);
    Ok(host.connection_id.clone())
}

/// The named host among those that were read by a guess, where the guess was right.
fn pick(connection: &Connection, name: &HostName, guess: Option<&HostId>, hosts: &[Host]) -> Option<Host> {
    let host = hosts.iter().find(|host| Some(&host.id) == guess)?;
    let right = match name {
        HostName::Id(_) => true,
        HostName::Email(email) => email.same_as(host.email.as_str()),
        HostName::Default => connection.default_host.as_ref().is_some_and(|default| default.id == host.id),
    };
    right.then(|| host.clone())
}

async fn find(deps: &Deps, connection: &Connection, name: &HostName) -> Result<Host, BookingError> {
    let missing = |pointer, what: &str| BookingError::Field {
        pointer,
        detail: format!(
            "{what} is not among the hosts of {}; see GET /v1/connections/{}/hosts",
            connection.name, connection.id
        ),
    };
    match name {
        HostName::Id(id) => Err(missing("/host/host_id", id.as_str())),
        HostName::Default => match &connection.default_host {
            Some(default) => deps
                .store
                .host(&connection.tenant, &connection.id, &default.id)
                .await?
                .ok_or_else(|| missing("/host", "the default host")),
            None => Err(missing("/host", "a default host")),
        },
        HostName::Email(email) => deps
            .store
            .hosts(&connection.tenant, Some(&connection.id))
            .await?
            .into_iter()
            .find(|host| email.same_as(host.email.as_str()))
            .ok_or_else(|| missing("/host/email", email.as_str())),
    }
}

impl Survey {
    /// Of a pool, nothing of whose time is known yet.
    pub(super) fn of_pool(tenant: &TenantId, candidates: Vec<Candidate>, weeks: BTreeSet<Week>) -> Self {
        Self {
            settings: TenantSettings::default(),
            candidates,
            ledger: Ledger::default(),
            tenant: TenantTag::of(tenant),
            quotas: HashMap::new(),
            known: BTreeSet::new(),
            weeks,
            named: false,
        }
    }

    /// Reads the time and the quotas of `hosts` anew.
    pub(super) async fn refresh(
        &mut self,
        deps: &Deps,
        hosts: BTreeSet<LedgerHost>,
    ) -> Result<(), StoreError> {
        let keys = time_keys(deps, &hosts, &self.weeks);
        let items = deps.store.batch_get_only(keys, &attributes(&self.weeks)).await?;
        self.take(deps, hosts, &items)
    }

    /// Reads the time of those of `hosts` that is not known yet.
    pub(super) async fn refresh_others(
        &mut self,
        deps: &Deps,
        hosts: &BTreeSet<LedgerHost>,
    ) -> Result<(), StoreError> {
        let others: BTreeSet<LedgerHost> = hosts.difference(&self.known).cloned().collect();
        if others.is_empty() { Ok(()) } else { self.refresh(deps, others).await }
    }

    /// Reads the 14 days after each date of `plan` of all hosts whose time is known, in which a free time is
    /// looked for, and with them the things of `keys`.
    pub(super) async fn look_ahead(
        &mut self,
        deps: &Deps,
        plan: &Plan,
        keys: Vec<Key>,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        self.weeks.extend(weeks(plan, Reach::LookAhead));
        let mut all = Ledger::keys(&self.known, &self.weeks);
        all.extend(keys);
        let items = deps.store.batch_get_only(all, &attributes(&self.weeks)).await?;
        self.ledger.extend(Ledger::load(&self.known, &self.weeks, &items)?);
        Ok(items)
    }

    /// Makes [`Survey::know`] read the hosts' time again.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// Takes over the time and the quotas of `hosts` from what was read of them.
    pub(super) fn take(
        &mut self,
        deps: &Deps,
        hosts: BTreeSet<LedgerHost>,
        items: &HashMap<Key, Item>,
    ) -> Result<(), StoreError> {
        let today = deps.clock.now().date_naive();
        self.ledger.extend(Ledger::load(&hosts, &self.weeks, items)?);
        for host in hosts {
            let used = used_writes(items.get(&keys::quota(&host, today)));
            self.quotas.insert(host.clone(), used);
            self.known.insert(host);
        }
        Ok(())
    }

    /// Reads the time of the hosts of those candidates, where it is not known.
    pub(super) async fn know(&mut self, deps: &Deps, places: Range<usize>) -> Result<(), StoreError> {
        let hosts: BTreeSet<LedgerHost> = places.flat_map(|place| self.hosts_of(place)).collect();
        self.refresh_others(deps, &hosts).await
    }

    /// Where the share of the candidates ends that begins at `first`: the time of its hosts is read in one call.
    /// Once none of the first share is free, the pool is full or nearly so, and several are read at a time.
    pub(super) fn share(&self, first: usize) -> usize {
        let blocks: BTreeSet<i64> = self.weeks.iter().map(|week| week.block()).collect();
        // Of each host its blocks and its quota, and once the tenant's settings.
        let share = ((MOST_BATCH_GETS - 1) / (blocks.len() + 1)).clamp(SMALLEST_SHARE, LARGEST_SHARE);
        let shares = if first == 0 { 1 } else { BATCHES_AT_A_TIME };
        self.candidates.len().min(first + share * shares)
    }

    /// The host and alternative hosts of a candidate.
    pub(super) fn hosts_of(&self, place: usize) -> BTreeSet<LedgerHost> {
        let candidate = &self.candidates[place];
        std::iter::once(&candidate.host).chain(&candidate.alternatives).map(Host::ledger).collect()
    }

    /// The time of a candidate's host and alternative hosts.
    pub(super) fn calendars<'a>(&'a self, place: usize, plan: &Plan) -> Vec<Calendar<'a>> {
        let candidate = &self.candidates[place];
        let tenant = self.tenant;
        // Another tenant's meeting on the same Zoom user is in the way, whoever knows its id.
        let ignore = plan.ignore.as_ref().and_then(|id| BusyBy::meeting(id, tenant));
        std::iter::once(&candidate.host)
            .chain(&candidate.alternatives)
            .map(|host| Calendar::new(&self.ledger, host, tenant, ignore, self.settings.buffer_minutes))
            .collect()
    }

    /// Whether a candidate has so many writes of the day left.
    pub(super) fn has_quota(&self, place: usize, writes: u32, limit: u32) -> bool {
        self.quotas.get(&self.candidates[place].host.ledger()).copied().unwrap_or(0) + writes <= limit
    }

    /// The next moment from which a candidate is free for `plan`, with all who are to host.
    pub(super) fn next_free(
        &self,
        place: usize,
        plan: &Plan,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Option<TimeDelta> {
        let calendars = self.calendars(place, plan);
        let mut shift = calendars.first()?.next_free(&plan.dates, now)?;
        // Each of the others may ask for a later moment, which the first must then bear as well.
        for _ in 0..64 {
            let shifted: Vec<Interval> = plan
                .dates
                .iter()
                .map(|d| Interval { starts_at: d.starts_at + shift, ends_at: d.ends_at + shift })
                .collect();
            if calendars.iter().all(|calendar| calendar.is_free(&shifted)) {
                return Some(shift);
            }
            let more = calendars.iter().filter_map(|calendar| calendar.next_free(&shifted, now)).max()?;
            shift += more;
            if shift > LOOK_AHEAD {
                return None;
            }
        }
        None
    }
}
