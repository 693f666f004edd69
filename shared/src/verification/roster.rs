//! A connection's hosts, as a check found them.

use std::collections::HashMap;

use crate::deps::Deps;
use crate::domain::connection::{Connection, DefaultHost};
use crate::domain::host::Host;
use crate::domain::ids::HostId;
use crate::store::{Store, StoreError};
use crate::zoom::users::Capacity;
use crate::zoom::{App, ZoomError};
use futures::{StreamExt, TryStreamExt};

use super::{Candidate, Findings, NotChecked};

/// How many hosts are written at one time.
const AT_A_TIME: usize = 8;

impl From<Candidate> for DefaultHost {
    fn from(host: Candidate) -> Self {
        Self { id: host.id, email: host.email, display_name: host.display_name }
    }
}

/// The hosts that a check found for `connection`.
pub fn hosts(connection: &Connection, findings: &Findings) -> Vec<Host> {
    let capacity_of = |id: &HostId| {
        let default = findings.default_host.as_ref().is_some_and(|host| host.id == *id);
        findings.capacity.filter(|_| default)
    };
    findings
        .hosts
        .iter()
        .flatten()
        .map(|found| {
            let capacity = capacity_of(&found.id);
            Host {
                connection_id: connection.id.clone(),
                account_id: connection.account_id.clone(),
                id: found.id.clone(),
                email: found.email.clone(),
                display_name: found.display_name.clone(),
                license: found.license,
                active: true,
                pooled: None,
                concurrent_meetings: 1,
                participants: capacity.map(|capacity| capacity.participants),
                webinar_participants: capacity.map(webinar_participants),
            }
        })
        .collect()
}

/// Brings the stored hosts up to what a check found: new ones are added, those who left are inactive, and
/// what the tenant has set stays.
pub async fn refresh(store: &Store, connection: &Connection, findings: &Findings) -> Result<(), StoreError> {
    // Where Zoom did not list its users, nothing new is known of them.
    if findings.hosts.is_none() {
        return Ok(());
    }
    let tenant = &connection.tenant;
    let stored = store.hosts(tenant, Some(&connection.id)).await?;
    let Update { new, changed } = update(stored, hosts(connection, findings));
    store.put_hosts(tenant, &new).await?;
    futures::stream::iter(changed)
        .map(|host| async move { store.refresh_host(tenant, &host).await })
        .buffer_unordered(AT_A_TIME)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(())
}

/// How far the capacities of a connection's hosts were read.
#[derive(Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// How many were.
    pub read: usize,
    /// What is left.
    pub rest: Rest,
}

/// What is left of a connection's hosts to be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing, or nothing that the app may read.
    Nothing,
    /// Those after this one; all of them after none.
    After(Option<HostId>),
    /// Zoom gives the app no token any more.
    Refused,
}

/// How many hosts' capacities are read in one run. One call after another makes about five a second, where Zoom
/// allows 20 on its smallest paid plan and 2 on the free one, which has few users.
const CAPACITIES_IN_ONE_RUN: usize = 100;

/// For how many hosts Zoom may not answer before no more are asked for.
const MOST_UNANSWERED: u32 = 5;

/// Reads how many people the meetings of a connection's active hosts hold, of a share of those after the given
/// one. It ends early where Zoom asks for a pause, and for good where the app may not ask, or where Zoom does not
/// answer for several hosts: the next check begins anew.
pub async fn refresh_capacities(
    deps: &Deps,
    connection: &Connection,
    after: Option<&HostId>,
) -> Result<Refreshed, NotChecked> {
    let tenant = &connection.tenant;
    let (hosts, _) = deps.store.hosts_page(tenant, &connection.id, CAPACITIES_IN_ONE_RUN, after).await?;
    let full = hosts.len() == CAPACITIES_IN_ONE_RUN;
    let app = App::of(connection, &deps.secrets);
    let mut last = after.cloned();
    let (mut read, mut unanswered) = (0, 0);
    for host in hosts {
        if host.active {
            match deps.zoom.capacity(&app, &host.id).await {
                Ok(capacity) => {
                    let known = Host {
                        participants: Some(capacity.participants),
                        webinar_participants: Some(webinar_participants(capacity)),
                        ..host.clone()
                    };
                    read += 1;
                    if known != host {
                        deps.store.refresh_host(tenant, &known).await?;
                    }
                }
                // Of one user who cannot be asked the others are none the worse.
                Err(ZoomError::NotFound { .. } | ZoomError::Rejected { .. }) => {}
                Err(ZoomError::Token(_)) => return Ok(Refreshed { read, rest: Rest::Refused }),
                Err(error @ ZoomError::MissingScopes(_)) => {
                    tracing::info!(connection = %connection.id, %error, "capacities cannot be read");
                    return Ok(Refreshed { read, rest: Rest::Nothing });
                }
                Err(ZoomError::Secret(error)) => return Err(error.into()),
                Err(ZoomError::Store(error)) => return Err(error.into()),
                Err(error @ ZoomError::RateLimited { .. }) => {
                    tracing::info!(connection = %connection.id, %error, "capacities are read on later");
                    return Ok(Refreshed { read, rest: Rest::After(last) });
                }
                Err(error) => {
                    tracing::info!(connection = %connection.id, host = %host.id, %error, "a capacity is not read");
                    unanswered += 1;
                    if unanswered == MOST_UNANSWERED {
                        return Ok(Refreshed { read, rest: Rest::Nothing });
                    }
                }
            }
        }
        last = Some(host.id);
    }
    Ok(Refreshed { read, rest: if full { Rest::After(last) } else { Rest::Nothing } })
}

struct Update {
    new: Vec<Host>,
    changed: Vec<Host>,
}

fn update(stored: Vec<Host>, found: Vec<Host>) -> Update {
    let mut found: HashMap<HostId, Host> = found.into_iter().map(|host| (host.id.clone(), host)).collect();
    let mut changed = Vec::new();
    for before in stored {
        let now = match found.remove(&before.id) {
            Some(now) => Host {
                pooled: before.pooled,
                concurrent_meetings: before.concurrent_meetings,
                participants: now.participants.or(before.participants),
                webinar_participants: now.webinar_participants.or(before.webinar_participants),
                ..now
            },
            None => Host { active: false, ..before.clone() },
        };
        if now != before {
            changed.push(now);
        }
    }
    Update { new: found.into_values().collect(), changed }
}

/// As a host has it: 0 where the plan has no webinars.
fn webinar_participants(capacity: Capacity) -> u32 {
    capacity.webinar_participants.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::domain::host::License;

    use super::*;

    fn host(id: &str) -> Host {
        Host {
            connection_id: "con_1".parse().unwrap(),
            account_id: "acc".parse().unwrap(),
            id: id.parse().unwrap(),
            email: format!("{id}@school.example").parse().unwrap(),
            display_name: id.to_owned(),
            license: License::Licensed,
            active: true,
            pooled: None,
            concurrent_meetings: 1,
            participants: None,
            webinar_participants: None,
        }
    }

    #[test]
    fn what_the_tenant_set_outlives_a_refresh() {
        let kept = Host { pooled: Some(false), concurrent_meetings: 2, participants: Some(300), ..host("a") };
        let renamed = Host { display_name: "Anna".to_owned(), ..host("a") };
        let Update { new, changed } = update(vec![kept.clone()], vec![renamed, host("b")]);
        assert_eq!(new, [host("b")]);
        assert_eq!(changed, [Host { display_name: "Anna".to_owned(), ..kept }]);
    }

    #[test]
    fn those_who_left_become_inactive_and_the_rest_is_left_alone() {
        let Update { new, changed } = update(vec![host("a"), host("b")], vec![host("b")]);
        assert!(new.is_empty());
        assert_eq!(changed, [Host { active: false, ..host("a") }]);
    }
}
