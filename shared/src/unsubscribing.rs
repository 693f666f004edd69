//! Links by which those who attend have no more mails of a tenant (RFC 8058).
//!
//! A link names the attendee and the tenant and carries a keyed hash of both, so that nobody makes one for somebody
//! else. It has no end: a mail may be read years later. It gives no more than that: no mails, or mails again.

use crate::deps::Deps;
use crate::domain::ids::{AttendeeId, TenantId};
use crate::secrets::SecretError;
use crate::signing::Purpose;

/// Who has no more mails, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The tenant that mails.
    pub tenant: TenantId,
    /// The attendee that it mails to.
    pub attendee: AttendeeId,
}

impl Subscription {
    /// What stands at the end of its link.
    pub async fn token(&self, deps: &Deps) -> Result<String, SecretError> {
        let named = format!("{}/{}", self.tenant, self.attendee);
        deps.signer.seal(Purpose::Unsubscribe, &[], named.into_bytes()).await
    }

    /// The one whose link ends in `token`; none where it was not made here.
    pub async fn of_token(deps: &Deps, token: &str) -> Result<Option<Self>, SecretError> {
        let named = deps.signer.open(Purpose::Unsubscribe, &[], token).await?;
        let named = named.and_then(|bytes| String::from_utf8(bytes).ok());
        // A tenant's name holds no slash.
        let parts = named.as_deref().and_then(|named| named.split_once('/'));
        let parsed =
            parts.and_then(|(tenant, attendee)| Some((tenant.parse().ok()?, attendee.parse().ok()?)));
        Ok(parsed.map(|(tenant, attendee)| Self { tenant, attendee }))
    }
}
