//! Connections.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};

use super::chores::{Chore, chore_item};
use super::grants::{GrantRecord, grant_item};
use super::keys::{self, Key};
use super::{
    Item, Query, Range, Store, StoreError, TransactError, build, from_item, key_item, number, text, to_item,
};
use crate::domain::connection::{Connection, Owner};
use crate::domain::ids::{AccountId, ConnectionId, TenantId};

/// Whether a connection was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was.
    Yes,
    /// The same app of the same account with the same owner is connected already.
    Exists,
}

/// Whether other credentials were put in the place of those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swapped {
    /// They were.
    Yes,
    /// The connection, or its grant, has changed since it was read.
    Changed,
    /// The same app of the same account with the same owner is connected already.
    Exists,
}

impl Store {
    /// Reads a connection.
    pub async fn connection(
        &self,
        tenant: &TenantId,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError> {
        self.get(&keys::connection(tenant, id)).await?.map(from_item).transpose()
    }

    /// Whether that app of that account is connected with that owner.
    pub async fn is_connected(
        &self,
        tenant: &TenantId,
        account: &AccountId,
        client: &str,
        owner: &Owner,
    ) -> Result<bool, StoreError> {
        let key = keys::connection_unique(tenant, account.as_str(), client, owner);
        Ok(self.get(&key).await?.is_some())
    }

    /// Stores a new connection, with the grant of its app and its first chore, unless the same one is there
    /// already.
    pub async fn create_connection(
        &self,
        connection: &Connection,
        grant: Option<&GrantRecord>,
        chore: &Chore,
        shards: u16,
    ) -> Result<Stored, StoreError> {
        let put = |item| {
            let put = Put::builder().table_name(self.table()).set_item(Some(item));
            put.condition_expression("attribute_not_exists(pk)").build().map_err(|error| build(&error))
        };
        let mut puts = vec![put(key_item(&unique(connection)))?, put(connection_item(connection)?)?];
        if let Some(grant) = grant {
            puts.push(put(grant_item(&keys::grant(&connection.tenant, &connection.id), grant)?)?);
        }
        // It takes the place of the one that would have cleared up.
        let chore = Put::builder().table_name(self.table()).set_item(Some(chore_item(chore, shards)?));
        puts.push(chore.build().map_err(|error| build(&error))?);
        let mut writes: Vec<_> =
            puts.into_iter().map(|put| TransactWriteItem::builder().put(put).build()).collect();
        writes.extend(self.webhook_route_write(None, Some(connection))?);
        match self.transact(writes).await {
            Ok(()) => Ok(Stored::Yes),
            // Losing against another create of the same connection is the same answer.
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(Stored::Exists),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// Writes `connection` in the place of `before`; `false` where `before` is no longer what is stored.
    pub async fn replace_connection(
        &self,
        connection: &Connection,
        before: &Connection,
    ) -> Result<bool, StoreError> {
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(connection_item(connection)?))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(before.version))
            .build()
            .map_err(|error| build(&error))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        writes.extend(self.webhook_route_write(Some(before), Some(connection))?);
        match self.transact(writes).await {
            Ok(()) => Ok(true),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(false),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// Writes `connection`, which has other credentials, in the place of `before`; and `grant`, the one before and
    /// the one that is to be, in one transaction with it.
    pub async fn swap_credentials(
        &self,
        connection: &Connection,
        before: &Connection,
        grant: (Option<&GrantRecord>, Option<&GrantRecord>),
    ) -> Result<Swapped, StoreError> {
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(connection_item(connection)?))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(before.version))
            .build()
            .map_err(|error| build(&error))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        if let Some(write) = self.grant_write(connection, grant)? {
            writes.push(write);
        }
        let place_of_unique = writes.len();
        let (old, new) = (unique(before), unique(connection));
        if old != new {
            let put = Put::builder()
                .table_name(self.table())
                .set_item(Some(key_item(&new)))
                .condition_expression("attribute_not_exists(pk)")
                .build()
                .map_err(|error| build(&error))?;
            let delete = Delete::builder().table_name(self.table()).set_key(Some(key_item(&old)));
            let delete = delete.build().map_err(|error| build(&error))?;
            writes.push(TransactWriteItem::builder().put(put).build());
            writes.push(TransactWriteItem::builder().delete(delete).build());
        }
        writes.extend(self.webhook_route_write(Some(before), Some(connection))?);
        match self.transact(writes).await {
            Ok(()) => Ok(Swapped::Yes),
            Err(TransactError::Conditions(failed)) if failed == [place_of_unique] => Ok(Swapped::Exists),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(Swapped::Changed),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    fn grant_write(
        &self,
        connection: &Connection,
        (before, after): (Option<&GrantRecord>, Option<&GrantRecord>),
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let key = keys::grant(&connection.tenant, &connection.id);
        let Some(after) = after else {
            let Some(_) = before else { return Ok(None) };
            let delete = Delete::builder().table_name(self.table()).set_key(Some(key_item(&key)));
            let delete = delete.build().map_err(|error| build(&error))?;
            return Ok(Some(TransactWriteItem::builder().delete(delete).build()));
        };
        let revision = before.map_or(0, |before| before.revision);
        let after = GrantRecord { revision: revision + 1, ..after.clone() };
        let put = Put::builder().table_name(self.table()).set_item(Some(grant_item(&key, &after)?));
        let put = match before {
            Some(_) => put
                .condition_expression("revision = :revision")
                .expression_attribute_values(":revision", number(revision)),
            None => put.condition_expression("attribute_not_exists(pk)"),
        };
        let put = put.build().map_err(|error| build(&error))?;
        Ok(Some(TransactWriteItem::builder().put(put).build()))
    }

    /// Removes a connection and its grant; `false` where it has changed since it was read.
    pub async fn delete_connection(&self, connection: &Connection) -> Result<bool, StoreError> {
        let delete = |key: &Key| Delete::builder().table_name(self.table()).set_key(Some(key_item(key)));
        let item = delete(&keys::connection(&connection.tenant, &connection.id))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(connection.version))
            .build()
            .map_err(|error| build(&error))?;
        let (tenant, id) = (&connection.tenant, &connection.id);
        let mut writes = vec![TransactWriteItem::builder().delete(item).build()];
        for key in [unique(connection), keys::grant(tenant, id)] {
            let delete = delete(&key).build().map_err(|error| build(&error))?;
            writes.push(TransactWriteItem::builder().delete(delete).build());
        }
        writes.extend(self.webhook_route_write(Some(connection), None)?);
        match self.transact(writes).await {
            Ok(()) => Ok(true),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(false),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// A page of a tenant's connections, oldest first: at most `limit`, after the id `after`.
    pub async fn connections(
        &self,
        tenant: &TenantId,
        limit: Option<usize>,
        after: Option<&ConnectionId>,
    ) -> Result<(Vec<Connection>, Option<ConnectionId>), StoreError> {
        let query = Query {
            index: None,
            partition: keys::connections(tenant),
            range: Range::All,
            ascending: true,
            limit,
            after: after.map(|id| key_item(&keys::connection(tenant, id))),
            filter: None,
        };
        let page = self.query(query).await?;
        let next = page.next.as_ref().map(|key| text(key, "sk")).transpose()?;
        let next = next.and_then(|id| id.parse().ok());
        Ok((page.items.into_iter().map(from_item).collect::<Result<_, _>>()?, next))
    }

    /// All connections of a tenant, over all pages, oldest first.
    pub async fn all_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, StoreError> {
        let (mut all, mut after) = self.connections(tenant, None, None).await?;
        while let Some(last) = after {
            let (page, next) = self.connections(tenant, None, Some(&last)).await?;
            all.extend(page);
            after = next;
        }
        Ok(all)
    }
}

fn connection_item(connection: &Connection) -> Result<Item, StoreError> {
    let mut item = to_item(&keys::connection(&connection.tenant, &connection.id), connection)?;
    item.insert("version".to_owned(), number(connection.version));
    Ok(item)
}

fn unique(connection: &Connection) -> Key {
    keys::connection_unique(
        &connection.tenant,
        connection.account_id.as_str(),
        &connection.client_id,
        &connection.owner,
    )
}
