//! A connection's hosts, as a check found them.

use std::collections::HashMap;

use crate::domain::connection::{Connection, DefaultHost};
use crate::domain::host::Host;
use crate::domain::ids::HostId;
use crate::store::{Store, StoreError};
use crate::zoom::users::Capacity;
use futures::{StreamExt, TryStreamExt};

use super::{Candidate, Findings};

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
