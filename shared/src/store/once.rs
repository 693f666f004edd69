//! What is done once, whoever comes to do it.

use chrono::{DateTime, Utc};

use super::keys::Key;
use super::{Store, StoreError, call, key_item, number};

impl Store {
    /// Claims what `key` stands for, until `expires` at least: whoever gets `true`, and no one else, does it.
    pub async fn claim_once(&self, key: &Key, expires: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut item = key_item(key);
        item.insert("expires_at".to_owned(), number(expires.timestamp()));
        let put = self
            .client()
            .put_item()
            .table_name(self.table())
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        self.put_if(put).await
    }

    /// Whether what `key` stands for is claimed.
    pub async fn is_claimed(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(self.get(key).await?.is_some())
    }

    /// Gives a claim back: what it was for was not done, and can be.
    pub async fn give_back(&self, key: &Key) -> Result<(), StoreError> {
        let delete = self.client().delete_item().table_name(self.table()).set_key(Some(key_item(key)));
        delete.send().await.map_err(|error| call("DeleteItem", &error))?;
        Ok(())
    }
}
