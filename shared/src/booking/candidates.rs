//! Which hosts may be booked, and in what order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Booker, BookingError, Plan};
use crate::domain::connection::{Connection, Owner};
use crate::domain::host::{Host, License};
use crate::domain::ids::{ConnectionId, HostId};
use crate::domain::interval::Interval;
use crate::domain::meeting::Kind;

/// The longest meeting of a host on Zoom's free plan, in minutes.
pub(super) const BASIC_MINUTES: i64 = 40;

/// A host that may be booked.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) connection: Arc<Connection>,
    pub(super) host: Host,
    pub(super) alternatives: Vec<Host>,
    /// The less, the better it suits.
    pub(super) rank: Rank,
}

/// How well a host suits, from what weighs most to what weighs least: whether it is not the organizer's own,
/// whether Zoom ends the meeting after 40 minutes, whether it is too small, whether it is not known to have
/// webinars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank([bool; 4]);

impl Candidate {
    /// Whether Zoom ends the meeting before it is over.
    pub(super) fn ends_early(&self, dates: &[Interval]) -> bool {
        self.host.license == License::Basic
            && dates.iter().any(|date| date.length().num_minutes() > BASIC_MINUTES)
    }

    /// Whether more attend than fit in, as far as it is known.
    pub(super) fn too_small(&self, kind: Kind, attendees: u32) -> bool {
        let capacity = match kind {
            Kind::Meeting => self.host.participants,
            Kind::Webinar => self.host.webinar_participants,
        };
        // Zoom's free plan holds 100 people, whether or not the host's settings were read.
        let capacity = capacity.or((self.host.license == License::Basic).then_some(100));
        capacity.is_some_and(|capacity| attendees > capacity)
    }

    pub(super) fn new(booker: &Booker, plan: &Plan, connection: Arc<Connection>, host: Host) -> Self {
        let not_own = connection.owner != Owner::User(booker.organizer.clone());
        let webinars_unknown = plan.kind == Kind::Webinar && host.webinar_participants.is_none();
        let mut candidate = Self { connection, host, alternatives: Vec::new(), rank: Rank([not_own; 4]) };
        let early = candidate.ends_early(&plan.dates);
        let small = candidate.too_small(plan.kind, plan.attendees);
        candidate.rank = Rank([not_own, early, small, webinars_unknown]);
        candidate
    }
}

/// Whether a host can hold what is planned; what is not known is tried.
pub(super) fn can_hold(plan: &Plan, host: &Host) -> bool {
    plan.kind == Kind::Meeting || host.webinar_participants != Some(0)
}

/// Whether the caller may book a host of a connection by name.
pub(super) fn may_use(booker: &Booker, connection: &Connection, host: &Host) -> bool {
    match &connection.owner {
        _ if booker.admin => true,
        Owner::User(owner) => *owner == booker.user,
        Owner::Tenant => host.is_pooled(connection.pooled),
    }
}

/// The hosts that `auto` may pick, best first, each with the alternative hosts that were asked for.
pub(super) fn pool(
    booker: &Booker,
    plan: &Plan,
    hosts: &[Host],
    connections: &HashMap<ConnectionId, Arc<Connection>>,
) -> Result<Vec<Candidate>, BookingError> {
    let wanted = |host: &&Host| plan.alternatives.contains(&host.id);
    let others: Vec<Host> = hosts.iter().filter(wanted).cloned().collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut without_webinars = false;
    for host in hosts {
        let Some(connection) = connections.get(&host.connection_id) else { continue };
        let in_pool = match &connection.owner {
            Owner::User(owner) => *owner == booker.organizer && host.active,
            Owner::Tenant => host.is_pooled(connection.pooled),
        };
        if !in_pool || connection.usable().is_err() || plan.alternatives.contains(&host.id) {
            continue;
        }
        if !can_hold(plan, host) {
            without_webinars = true;
            continue;
        }
        let Some(alternatives) = alternatives(&others, host, &plan.alternatives) else { continue };
        let candidate = Candidate::new(booker, plan, Arc::clone(connection), host.clone());
        candidates.push(Candidate { alternatives, ..candidate });
    }
    if candidates.is_empty() && without_webinars {
        return Err(BookingError::NoWebinars);
    }
    candidates.sort_by_key(|candidate| candidate.rank);
    // Through two connections to one account a host is reached twice, and is one host: at its best.
    let mut seen = HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.host.ledger()));
    Ok(candidates)
}

/// The alternative hosts that were asked for, where all are active users of the host's own account.
pub(super) fn alternatives(hosts: &[Host], host: &Host, wanted: &[HostId]) -> Option<Vec<Host>> {
    wanted
        .iter()
        .map(|id| {
            hosts
                .iter()
                .find(|other| other.id == *id && other.account_id == host.account_id && other.active)
                .cloned()
        })
        .collect()
}
