//! Connections.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};

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

    /// Stores a new connection, unless the same one is there already.
    pub async fn create_connection(&self, connection: &Connection) -> Result<Stored, StoreError> {
        let unique = Put::builder()
            .table_name(self.table())
            .set_item(Some(key_item(&unique(connection))))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|error| build(&error))?;
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(connection_item(connection)?))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|error| build(&error))?;
        let writes = vec![
            TransactWriteItem::builder().put(unique).build(),
            TransactWriteItem::builder().put(put).build(),
        ];
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
        match self.transact(vec![TransactWriteItem::builder().put(put).build()]).await {
            Ok(()) => Ok(true),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => Ok(false),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// Removes a connection; `false` where it has changed since it was read.
    pub async fn delete_connection(&self, connection: &Connection) -> Result<bool, StoreError> {
        let delete = |key: &Key| Delete::builder().table_name(self.table()).set_key(Some(key_item(key)));
        let item = delete(&keys::connection(&connection.tenant, &connection.id))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(connection.version))
            .build()
            .map_err(|error| build(&error))?;
        let unique = delete(&unique(connection)).build().map_err(|error| build(&error))?;
        let writes = vec![
            TransactWriteItem::builder().delete(item).build(),
            TransactWriteItem::builder().delete(unique).build(),
        ];
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
