//! Checking a connection that is there already.

use chrono::{DateTime, Utc};

use super::{Findings, NotChecked, Wanted, roster, verify};
use crate::deps::Deps;
use crate::domain::connection::{Connection, Failure, VerificationStatus};
use crate::zoom::{App, ZoomError};

/// Asks Zoom what there is to know of a connection's app by now, and brings its hosts up to that.
pub async fn examine(deps: &Deps, connection: &Connection) -> Result<Findings, NotChecked> {
    if connection.is_deauthorized() {
        // There is nothing left to ask with.
        let verification = super::deauthorized(deps.clock.now());
        return Ok(Findings {
            verification,
            hosts: None,
            default_host: None,
            account: None,
            capacity: None,
            outage: None,
        });
    }
    let app = App::of(connection, &deps.secrets);
    match deps.zoom.renew_token(&app).await {
        Ok(()) => {}
        Err(ZoomError::Store(error)) => return Err(error.into()),
        // The check itself meets whatever else there is.
        Err(error) => tracing::debug!(connection = %connection.id, %error, "a token could not be let go"),
    }
    let wanted = Wanted::Kept(connection.default_host.clone());
    let findings = verify(&deps.zoom, &app, &wanted, deps.clock.now()).await?;
    roster::refresh(&deps.store, connection, &findings).await?;
    Ok(findings)
}

/// Whether what was found of `examined` is true of `connection` as well.
pub fn is_same_app(connection: &Connection, examined: &Connection) -> bool {
    // Whatever is changed of its credentials is kept under another version.
    connection.secret_version == examined.secret_version
}

/// The connection with what was found.
pub fn found(before: &Connection, findings: &Findings, now: DateTime<Utc>) -> Connection {
    let mut after = before.clone();
    after.verification = findings.verification.clone();
    // The default host's address and name may have changed in Zoom.
    if let (Some(kept), Some(found)) = (&before.default_host, &findings.default_host)
        && kept.id == found.id
    {
        after.default_host = Some(found.clone().into());
    }
    after.failure = match (after.verification.status, before.failure) {
        (VerificationStatus::Verified, _) => None,
        (VerificationStatus::Failed, Some(known)) => Some(known),
        (VerificationStatus::Failed, None) => Some(Failure { since: now, told: false }),
    };
    after.version += 1;
    after.updated_at = now;
    after
}
