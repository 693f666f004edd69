//! Hosts: the Zoom users that a connection reaches.

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, DeleteRequest, PutRequest, ReturnValue, TransactWriteItem, WriteRequest,
};

use super::keys::{self};
use super::{Query, Range, Store, StoreError, build, call, from_item, key_item, number, to_item};
use crate::domain::host::Host;
use crate::domain::ids::{ConnectionId, HostId, TenantId};

/// What a tenant may set about a host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HostChange {
    /// Whether it may be picked for `auto`; `Some(None)`: as its connection says.
    pub pooled: Option<Option<bool>>,
    /// How many meetings it may run at one time.
    pub concurrent_meetings: Option<u8>,
}

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

    /// The condition that `host` is still there: a connection that is being removed has none any more, so that
    /// what is booked is booked before its meetings are looked for, or not at all.
    pub fn check_host(&self, tenant: &TenantId, host: &Host) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::host(tenant, &host.connection_id, &host.id))))
            .condition_expression("attribute_exists(pk)")
            .build()
            .map_err(|error| build(&error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
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

    /// Changes what the tenant sets about a host, and nothing else of it; `None` where there is no such host.
    pub async fn change_host(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
        host: &HostId,
        change: HostChange,
    ) -> Result<Option<Host>, StoreError> {
        let mut sets = Vec::new();
        let mut request = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::host(tenant, connection, host))))
            .expression_attribute_names("#data", super::DATA)
            .condition_expression("attribute_exists(pk)")
            .return_values(ReturnValue::AllNew);
        if let Some(pooled) = change.pooled {
            sets.push("#data.pooled = :pooled");
            let pooled = pooled.map_or(AttributeValue::Null(true), AttributeValue::Bool);
            request = request.expression_attribute_values(":pooled", pooled);
        }
        if let Some(most) = change.concurrent_meetings {
            sets.push("#data.concurrent_meetings = :most");
            request = request.expression_attribute_values(":most", number(most));
        }
        if sets.is_empty() {
            return self.host(tenant, connection, host).await;
        }
        self.update_host(request.update_expression(format!("SET {}", sets.join(", ")))).await
    }

    /// Changes what Zoom says of a host, and nothing that the tenant has set; nothing happens where there is
    /// no such host.
    pub async fn refresh_host(&self, tenant: &TenantId, host: &Host) -> Result<(), StoreError> {
        let request = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::host(tenant, &host.connection_id, &host.id))))
            .update_expression(
                "SET #data.email = :email, #data.display_name = :name, #data.license = :license, \
                 #data.active = :active, #data.participants = :participants, \
                 #data.webinar_participants = :webinar_participants",
            )
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#data", super::DATA)
            .expression_attribute_values(":email", serde_dynamo::to_attribute_value(&host.email)?)
            .expression_attribute_values(":name", AttributeValue::S(host.display_name.clone()))
            .expression_attribute_values(":license", serde_dynamo::to_attribute_value(host.license)?)
            .expression_attribute_values(":active", AttributeValue::Bool(host.active))
            .expression_attribute_values(
                ":participants",
                serde_dynamo::to_attribute_value(host.participants)?,
            )
            .expression_attribute_values(
                ":webinar_participants",
                serde_dynamo::to_attribute_value(host.webinar_participants)?,
            )
            .return_values(ReturnValue::AllNew);
        self.update_host(request).await.map(drop)
    }

    async fn update_host(
        &self,
        request: aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
    ) -> Result<Option<Host>, StoreError> {
        match request.send().await {
            Ok(output) => output.attributes.map(from_item).transpose(),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(call("UpdateItem", &error)),
        }
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
