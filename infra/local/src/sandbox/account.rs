//! What a Zoom account holds: apps and users.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// One Zoom account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) apps: Vec<App>,
    /// The first is the owner, whom `me` means.
    pub(super) users: Vec<User>,
}

/// An app of the account's marketplace. Its secret and code are kept as digests: to compare is all it takes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct App {
    pub(super) client_id: String,
    pub(super) secret: SecretDigest,
    pub(super) scopes: Vec<String>,
    pub(super) enabled: bool,
    /// Whether the account allows apps of its type.
    #[serde(default = "allowed")]
    pub(super) type_allowed: bool,
    pub(super) redirect_uri: Option<String>,
    pub(super) code: Option<AuthorizationCode>,
}

/// What an account does unless its owner says otherwise.
fn allowed() -> bool {
    true
}

/// A code that an administrator got by allowing the app, until it is spent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AuthorizationCode {
    pub(super) digest: SecretDigest,
    pub(super) issued_at: DateTime<Utc>,
}

/// SHA-256 of something secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct SecretDigest(String);

impl SecretDigest {
    pub(super) fn of(secret: &SecretString) -> Self {
        Self(hex::encode(Sha256::digest(secret.expose_secret().as_bytes())))
    }

    pub(super) fn matches(&self, secret: &SecretString) -> bool {
        self.0.as_bytes().ct_eq(Self::of(secret).0.as_bytes()).into()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_key(key: String) -> Self {
        Self(key)
    }
}

/// A user of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) display_name: String,
    pub(super) license: License,
    pub(super) status: UserStatus,
    /// The seats of the webinar plan, if there is one.
    pub(super) webinar_capacity: Option<u32>,
    /// The seats of the large-meeting plan, if there is one.
    pub(super) large_meeting_capacity: Option<u32>,
    pub(super) timezone: chrono_tz::Tz,
    pub(super) pmi: u64,
    pub(super) created_at: DateTime<Utc>,
}

impl User {
    /// Whether a path segment or a list entry means this user.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.id == name || self.email.eq_ignore_ascii_case(name)
    }

    pub(super) fn can_host(&self) -> bool {
        matches!(self.license, License::Basic | License::Licensed) && self.status == UserStatus::Active
    }

    pub(super) fn meeting_capacity(&self) -> u32 {
        match (self.large_meeting_capacity, self.license) {
            (Some(seats), _) => seats,
            (None, License::Licensed) => 300,
            (None, _) => 100,
        }
    }
}

/// Zoom's user types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub(super) enum License {
    /// 1: free.
    Basic,
    /// 2: paid.
    Licensed,
    /// 4: a paid account's user without a licence.
    Unassigned,
    /// 99: no meetings at all.
    None,
}

impl TryFrom<u8> for License {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Self::Basic),
            2 => Ok(Self::Licensed),
            4 => Ok(Self::Unassigned),
            99 => Ok(Self::None),
            other => Err(format!("user type {other} is none of 1, 2, 4, 99")),
        }
    }
}

impl From<License> for u8 {
    fn from(license: License) -> Self {
        match license {
            License::Basic => 1,
            License::Licensed => 2,
            License::Unassigned => 4,
            License::None => 99,
        }
    }
}

/// Where a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum UserStatus {
    #[default]
    Active,
    Inactive,
    Pending,
}

impl Account {
    /// The user a path names: an id, an e-mail, or `me`.
    pub(super) fn user(&self, name: &str) -> Option<&User> {
        if name == "me" {
            return self.users.first();
        }
        self.users.iter().find(|user| user.is_called(name))
    }

    pub(super) fn app(&self, client_id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }
}
