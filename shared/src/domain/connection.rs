//! Connected Zoom apps.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::email::Email;
use super::ids::{AccountId, ConnectionId, HostId, TenantId, UserId};
use super::settings::MeetingSettings;
use crate::secrets::SecretVersion;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// What was looked at.
    pub id: CheckId,
    /// How it stands.
    pub status: CheckStatus,
    /// What was found.
    pub detail: String,
    /// Scopes that the app lacks, in the vocabulary that it uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How many people fit in a meeting of the default host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<u32>,
    /// What to change, and where in Zoom; given with every `fail` and `warn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
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

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Good.
    Pass,
    /// Good enough to connect; something will not work.
    Warn,
    /// Not good enough to connect.
    Fail,
    /// Not reached.
    Skip,
}

impl Connection {
    /// Whether it takes bookings, and if not, why.
    pub fn usable(&self) -> Result<(), String> {
        if !self.active {
            return Err(format!(
                "The connection {} ({}) is inactive. Activate it, or choose another.",
                self.name, self.id
            ));
        }
        if self.verification.status == VerificationStatus::Failed {
            let diagnosis =
                self.verification.checks.iter().find(|check| check.status == CheckStatus::Fail).map_or_else(
                    String::new,
                    |check| match &check.fix {
                        Some(fix) => format!(" {} {fix}", check.detail),
                        None => format!(" {}", check.detail),
                    },
                );
            return Err(format!("The connection {} ({}) stopped working.{diagnosis}", self.name, self.id));
        }
        Ok(())
    }
}
