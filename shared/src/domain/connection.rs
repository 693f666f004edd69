//! Connected Zoom apps.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::email::Email;
pub use super::finding::{CheckStatus, Finding};
use super::ids::{AccountId, ConnectionId, HostId, TenantId, UserId};
use super::settings::MeetingSettings;
use crate::secrets::SecretVersion;
use crate::zoom::scopes::Need;

/// A Zoom app that a tenant, or one of its instructors, has connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The tenant that it belongs to.
    pub tenant: TenantId,
    /// What its people call it.
    pub name: String,
    /// Whose it is.
    pub owner: Owner,
    /// How its app gets its tokens.
    #[serde(default)]
    pub auth_method: AuthMethod,
    /// Where an administrator who allows a General App is sent back to, with the code.
    #[serde(default)]
    pub redirect_uri: Option<String>,
    /// The Zoom account behind it; never changes.
    pub account_id: AccountId,
    /// The app's client id.
    pub client_id: String,
    /// The last four characters of the client secret.
    pub client_secret_hint: String,
    /// The version of the secret in use.
    pub secret_version: SecretVersion,
    /// The Secret Token by which its webhooks are known.
    #[serde(default)]
    pub webhook: Option<WebhookToken>,
    /// Who hears of it when it stops working.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// Whether new bookings are taken.
    pub active: bool,
    /// Whether its hosts may be picked for `auto`, unless one says otherwise.
    pub pooled: bool,
    /// The host that is offered first.
    pub default_host: Option<DefaultHost>,
    /// What meetings start from.
    pub defaults: MeetingSettings,
    /// The last check against Zoom.
    pub verification: Verification,
    /// Since when it has not been working.
    #[serde(default)]
    pub failure: Option<Failure>,
    /// Whether it is being removed: to callers it is gone.
    #[serde(default)]
    pub leaving: bool,
    /// Counts the changes.
    pub version: u64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// How an app gets its tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// A Server-to-Server OAuth app, by the account's id.
    #[default]
    ServerToServer,
    /// A General App, by an authorization code and then by refresh tokens.
    AuthorizationCode,
}

/// Whose a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The whole tenant's.
    Tenant,
    /// One instructor's.
    User(UserId),
}

/// Where the Secret Token of a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookToken {
    /// The version that is in use.
    pub version: SecretVersion,
    /// The one before, and until when it is accepted as well.
    pub previous: Option<(SecretVersion, DateTime<Utc>)>,
}

/// A connection that stopped working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When that was found.
    pub since: DateTime<Utc>,
    /// Whether its owner was told.
    pub told: bool,
}

/// Whoever connected an app, as the LMS named them then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their address.
    pub email: Email,
    /// Their language (BCP 47), where it was known.
    pub locale: Option<String>,
}

/// The host that a connection offers first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultHost {
    /// Zoom's user id.
    pub id: HostId,
    /// The user's address in Zoom.
    pub email: Email,
    /// The name that others see.
    pub display_name: String,
}

/// What a check of an app against Zoom found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// `verified` where nothing required failed.
    pub status: VerificationStatus,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Each check, in the order in which they build on each other.
    pub checks: Vec<Check>,
}

/// How a check of an app ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerificationStatus {
    /// Everything that is required works.
    Verified,
    /// Something that is required does not.
    Failed,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub id: CheckId,
    /// What was found; how the check stands follows from it.
    pub finding: Finding,
}

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckId {
    /// Whether Zoom gives the app a token.
    Credentials,
    /// Whether the app may do what Lectern asks of it.
    Scopes,
    /// Whether the account has users who can host.
    Hosts,
    /// Whether the address that was given is one of them.
    HostEmail,
    /// Whether webinars can be made.
    Webinars,
    /// How many people fit in.
    Capacity,
}

/// Why a connection takes no bookings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Its people took it out of use.
    #[error("the connection {id} is inactive")]
    Inactive {
        /// The connection.
        id: ConnectionId,
        /// What its people call it.
        name: String,
    },
    /// Zoom no longer accepts its app.
    #[error("the connection {id} stopped working: {finding:?}")]
    Failed {
        /// The connection.
        id: ConnectionId,
        /// What its people call it.
        name: String,
        /// The first thing that its last check failed for.
        finding: Finding,
    },
}

impl Verification {
    /// What is kept once the app is connected: that its authorization code is used up is no matter then.
    #[must_use]
    pub fn of_connected(mut self) -> Self {
        for check in &mut self.checks {
            if let Finding::CodeUsed { account_id } = &check.finding {
                check.finding = Finding::Accepted { account_id: account_id.clone() };
            }
        }
        self
    }

    /// The first thing that a check failed for.
    pub fn diagnosis(&self) -> Option<&Finding> {
        let mut findings = self.checks.iter().map(|check| &check.finding);
        findings.find(|finding| finding.status() == CheckStatus::Fail)
    }
}

impl Connection {
    /// Whether the last check found that the app may not do that.
    pub fn lacks(&self, need: Need) -> bool {
        self.verification.checks.iter().any(|check| match &check.finding {
            Finding::ScopesPartial { lost, .. } => lost.contains(&need),
            _ => false,
        })
    }

    /// Whether it takes bookings, and if not, why.
    pub fn usable(&self) -> Result<(), Unusable> {
        let (id, name) = (self.id.clone(), self.name.clone());
        if !self.active {
            return Err(Unusable::Inactive { id, name });
        }
        match self.verification.diagnosis() {
            Some(finding) => Err(Unusable::Failed { id, name, finding: finding.clone() }),
            None => Ok(()),
        }
    }
}
