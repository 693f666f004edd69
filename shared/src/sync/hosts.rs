//! Who gives a meeting, as Zoom shows it.

use crate::deps::Deps;
use crate::domain::host::Host;
use crate::domain::ids::HostId;
use crate::domain::meeting::{AlternativeHost, BookedHost, Meeting};
use crate::store::StoreError;
use crate::zoom::meetings::MeetingReply;

/// Gives `shown` the host and the alternative hosts that Zoom shows of `stored`, as far as they are known here: the
/// next check of the connection lists its users anew.
pub(super) async fn follow(
    deps: &Deps,
    stored: &Meeting,
    shown: &mut Meeting,
    reply: &MeetingReply,
) -> Result<(), StoreError> {
    let Some(booked) = &stored.host else { return Ok(()) };
    if let Some(host) = other_host(deps, stored, booked, reply).await? {
        shown.host = Some(host);
    }
    if let Some(alternatives) = other_alternatives(deps, stored, booked, reply).await? {
        shown.alternative_hosts = alternatives;
    }
    let host = shown.host.as_ref().map(|host| host.host_id.clone());
    shown.alternative_hosts.retain(|alternative| Some(&alternative.host_id) != host.as_ref());
    if shown.alternative_hosts != stored.alternative_hosts {
        shown.alternative_wishes = shown.alternative_hosts.iter().map(|host| host.host_id.clone()).collect();
    }
    Ok(())
}

/// The host that Zoom shows, where that is another one.
async fn other_host(
    deps: &Deps,
    stored: &Meeting,
    booked: &BookedHost,
    reply: &MeetingReply,
) -> Result<Option<BookedHost>, StoreError> {
    let Ok(id) = HostId::try_from(reply.host_id.clone()) else { return Ok(None) };
    if id == booked.host_id {
        return Ok(None);
    }
    let Some(host) = deps.store.host(&stored.tenant, &booked.connection_id, &id).await? else {
        tracing::warn!(tenant = %stored.tenant, meeting = %stored.id, connection = %booked.connection_id,
            "a meeting was given to a user who is not known yet");
        return Ok(None);
    };
    Ok(Some(BookedHost {
        host_id: host.id,
        email: host.email,
        display_name: host.display_name,
        ..booked.clone()
    }))
}

/// The alternative hosts that Zoom shows, where these are others. As long as one of them is not known here, nobody
/// is taken for removed.
async fn other_alternatives(
    deps: &Deps,
    stored: &Meeting,
    booked: &BookedHost,
    reply: &MeetingReply,
) -> Result<Option<Vec<AlternativeHost>>, StoreError> {
    let Some(names) = reply.alternative_hosts() else { return Ok(None) };
    let ours = &stored.alternative_hosts;
    let is_called =
        |host: &AlternativeHost, name: &str| host.host_id.as_str() == name || host.email.same_as(name);
    let is_known = |name: &&str| ours.iter().any(|host| is_called(host, name));
    let is_named = |host: &AlternativeHost| names.iter().any(|name| is_called(host, name));
    if names.iter().all(is_known) && ours.iter().all(is_named) {
        return Ok(None);
    }
    let hosts = deps.store.hosts(&stored.tenant, Some(&booked.connection_id)).await?;
    let find = |name: &&str| -> Option<&Host> {
        hosts.iter().find(|host| host.id.as_str() == *name || host.email.same_as(name))
    };
    let mut found: Vec<AlternativeHost> = Vec::new();
    let add = |found: &mut Vec<AlternativeHost>, host: AlternativeHost| {
        if !found.iter().any(|known| known.host_id == host.host_id) {
            found.push(host);
        }
    };
    let is_all_known = names.iter().all(|name| is_known(name) || find(name).is_some());
    if !is_all_known {
        tracing::warn!(tenant = %stored.tenant, meeting = %stored.id, connection = %booked.connection_id,
            "a meeting has an alternative host who is not known yet");
    }
    for host in ours.iter().filter(|host| !is_all_known || is_named(host)) {
        add(&mut found, host.clone());
    }
    for host in names.iter().filter_map(find) {
        add(&mut found, AlternativeHost { host_id: host.id.clone(), email: host.email.clone() });
    }
    Ok(Some(found))
}
