//! The recordings of a meeting, an item for each session.

use super::keys;
use super::{Range, Store, StoreError, from_item, number, to_item};
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::recording::Recording;

impl Store {
    /// What is known of the recordings of a session.
    pub async fn recording(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        session: &str,
    ) -> Result<Option<Recording>, StoreError> {
        self.get(&keys::recording(tenant, meeting, session)).await?.map(from_item).transpose()
    }

    /// Writes what is known in the place of `before`; `false` where that is no longer what is stored.
    pub async fn replace_recording(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        recording: &Recording,
        before: Option<&Recording>,
    ) -> Result<bool, StoreError> {
        let mut item = to_item(&keys::recording(tenant, meeting, &recording.session), recording)?;
        item.insert("revision".to_owned(), number(recording.revision));
        let put = self.client().put_item().table_name(self.table()).set_item(Some(item));
        self.put_if(match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("revision = :revision")
                .expression_attribute_values(":revision", number(before.revision)),
        })
        .await
    }

    /// The recordings of a meeting, over all pages.
    pub async fn recordings(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
    ) -> Result<Vec<Recording>, StoreError> {
        let range = Range::Prefix(keys::RECORDINGS.to_owned());
        let items = self.query_all(keys::meeting(tenant, meeting).pk, range).await?;
        items.into_iter().map(from_item).collect()
    }
}
