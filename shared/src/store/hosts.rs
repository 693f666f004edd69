//! Hosts: the Zoom users that a connection reaches.

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};

use super::keys::{self};
use super::{Query, Range, Store, StoreError, build, from_item, key_item, to_item};
use crate::domain::host::Host;
use crate::domain::ids::{ConnectionId, HostId, TenantId};

impl Store {
    /// Reads a host of a connection.
    pub async fn host(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        host: &HostId,
    ) -> Result<Option<Host>, StoreError> {
        self.get(&keys::host(tenant, connection, host)).await?.map(from_item).transpose()
    }

    /// All hosts of a tenant, or of one of its connections, by connection and id.
    pub async fn hosts(
        &self,
        tenant: &TenantId,
        connection: Option<&ConnectionId>,
    ) -> Result<Vec<Host>, StoreError> {
        let mut hosts = Vec::new();
        let mut after = None;
        loop {
            let page = self.query(hosts_query(tenant, connection, None, after)).await?;
            for item in page.items {
                hosts.push(from_item(item)?);
            }
            after = page.next;
            if after.is_none() {
                return Ok(hosts);
            }
        }
    }

    /// A page of a connection's hosts: at most `limit`, after the host `after`.
    pub async fn hosts_page(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        limit: usize,
        after: Option<&HostId>,
    ) -> Result<(Vec<Host>, Option<HostId>), StoreError> {
        let start = after.map(|host| key_item(&keys::host(tenant, connection, host)));
        let page = self.query(hosts_query(tenant, Some(connection), Some(limit), start)).await?;
        let hosts = page.items.into_iter().map(from_item).collect::<Result<Vec<Host>, _>>()?;
        let next = page.next.and_then(|_| hosts.last().map(|host| host.id.clone()));
        Ok((hosts, next))
    }

    /// Writes hosts, each by itself.
    pub async fn put_hosts(&self, tenant: &TenantId, hosts: &[Host]) -> Result<(), StoreError> {
        let mut writes = Vec::with_capacity(hosts.len());
        for host in hosts {
            let item = to_item(&keys::host(tenant, &host.connection_id, &host.id), host)?;
            let put = PutRequest::builder().set_item(Some(item)).build().map_err(|error| build(&error))?;
            writes.push(WriteRequest::builder().put_request(put).build());
        }
        self.batch_write(writes).await
    }

    /// Removes all hosts of a connection.
    pub async fn delete_hosts(&self, tenant: &TenantId, connection: &ConnectionId) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for host in self.hosts(tenant, Some(connection)).await? {
            let key = key_item(&keys::host(tenant, connection, &host.id));
            let delete =
                DeleteRequest::builder().set_key(Some(key)).build().map_err(|error| build(&error))?;
            writes.push(WriteRequest::builder().delete_request(delete).build());
        }
        self.batch_write(writes).await
    }
}

fn hosts_query(
    tenant: &TenantId,
    connection: Option<&ConnectionId>,
    limit: Option<usize>,
    after: Option<super::Item>,
) -> Query {
    Query {
        index: None,
        partition: keys::hosts(tenant),
        range: connection.map_or(Range::All, |connection| Range::Prefix(keys::hosts_of(connection))),
        ascending: true,
        limit,
        after,
        filter: None,
    }
}
