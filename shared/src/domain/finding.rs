//! What a check of a Zoom app can find.

use serde::{Deserialize, Serialize};

use super::email::Email;
use super::host::License;
use super::ids::{AccountId, HostId};
use crate::zoom::scopes::Need;

/// Something that a check found, with what it found it of. It is kept with the connection and is put into words
/// when somebody asks for it, in the language of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A check before this one failed.
    NotReached,

    /// Zoom gives the app a token.
    Accepted {
        /// For which account, where it is known.
        account_id: Option<AccountId>,
    },
    /// Zoom gives the app a token, for an authorization code that is used up by that.
    CodeUsed {
        /// For which account, where it is known.
        account_id: Option<AccountId>,
    },
    /// Zoom does not know the client id and secret together.
    WrongClient,
    /// Zoom has no such account, or it does not have the app.
    WrongAccount {
        /// The account that was named.
        account_id: AccountId,
    },
    /// The app is not activated, or its account does not allow its type.
    NotActivated,
    /// The app was taken out of use.
    Disabled,
    /// The account has removed the app, and what was known of it is deleted.
    Deauthorized,
    /// The app is to get its tokens as a Server-to-Server app does, and is none.
    NotServerToServer,
    /// The app is to get its tokens by an authorization code, and is no General App.
    NotGeneral,
    /// The General App reaches only the user who allowed it.
    UserManaged,
    /// The authorization code is wrong, used up or too old.
    CodeRefused,
    /// The redirect URI is not the one of the app.
    RedirectUriDiffers {
        /// The one that was sent.
        redirect_uri: String,
    },
    /// The app is of another account than the connection.
    AccountMismatch {
        /// The connection's account.
        expected: AccountId,
        /// The app's account.
        found: AccountId,
    },
    /// A new token was given and never kept.
    RefreshInterrupted,
    /// Zoom no longer takes the token by which new ones are got.
    RefreshRefused,
    /// Zoom gives no token, for another reason.
    TokenRefused {
        /// Zoom's words, where it has any.
        reason: Option<String>,
    },

    /// Zoom does not take the token that it gave.
    TokenDead,
    /// Zoom refused what it was asked.
    Refused {
        /// Zoom's words.
        words: String,
    },
    /// The account makes too many calls.
    RateLimited {
        /// For how long Zoom asks for a pause.
        seconds: u64,
    },
    /// Zoom cannot be asked.
    OutOfReach,

    /// The app has every scope.
    ScopesComplete,
    /// The app lacks scopes that it cannot be connected without.
    ScopesMissing {
        /// Their names, in the vocabulary that the app uses.
        scopes: Vec<String>,
    },
    /// The app lacks scopes that it can be connected without.
    ScopesPartial {
        /// What they are needed for.
        lost: Vec<Need>,
        /// Their names, in the vocabulary that the app uses.
        scopes: Vec<String>,
    },
    /// Zoom does not name the app's scopes.
    ScopesUnknown,

    /// The account has users who can host.
    Hosts {
        /// How many of each.
        users: UserCounts,
    },
    /// None of the account's users has a licence.
    NoLicensedHost {
        /// How many of each.
        users: UserCounts,
    },
    /// The account has no active user.
    NoHost {
        /// How many of each.
        users: UserCounts,
    },

    /// The host that is wanted is there.
    HostFound {
        /// The host's address.
        email: Email,
        /// What the host has paid for.
        license: License,
    },
    /// No host is wanted; one is offered.
    HostOffered {
        /// The host's address.
        email: Email,
    },
    /// No host is wanted, and none can be offered.
    NobodyToOffer,
    /// No active user has the address.
    UnknownEmail {
        /// The address.
        email: Email,
        /// Those most like it.
        nearest: Vec<Email>,
    },
    /// No active user has the id.
    UnknownId {
        /// The id.
        id: HostId,
        /// The addresses most like it.
        nearest: Vec<Email>,
    },
    /// The address and the id name two users.
    HostContradiction {
        /// The user that the address names.
        id: HostId,
    },
    /// The connection's default host is no longer an active user.
    HostGone {
        /// The host's address.
        email: Email,
    },

    /// The default host can hold webinars.
    Webinars {
        /// Of up to so many participants.
        participants: u32,
    },
    /// The default host's plan has no webinars.
    NoWebinarPlan {
        /// The host's address.
        email: Email,
    },
    /// The plan has webinars, and the app lacks the scopes for them.
    WebinarScopesMissing {
        /// Their names, in the vocabulary that the app uses.
        scopes: Vec<String>,
    },
    /// Whether the default host can hold webinars could not be read.
    WebinarsUnknown {
        /// Why.
        why: Unread,
    },
    /// So many people fit in a meeting of the default host.
    Capacity {
        /// How many.
        participants: u32,
    },
    /// How many people fit in could not be read.
    CapacityUnknown {
        /// Why.
        why: Unread,
    },
}

/// How many users an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCounts {
    /// Active ones.
    pub active: u32,
    /// Active ones with a licence.
    pub licensed: u32,
    /// Those left out for an address that no mail can be sent to.
    pub left_out: u32,
}

/// Why a host's settings could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unread {
    /// The app lacks the scopes.
    ScopesMissing {
        /// Their names.
        scopes: Vec<String>,
    },
    /// Zoom refused.
    Refused {
        /// Zoom's words.
        words: String,
    },
    /// Zoom could not be asked.
    NoAnswer,
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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

impl Finding {
    /// How a check stands that found this.
    pub fn status(&self) -> CheckStatus {
        match self {
            Self::NotReached => CheckStatus::Skip,
            Self::Accepted { .. }
            | Self::CodeUsed { .. }
            | Self::ScopesComplete
            | Self::Hosts { .. }
            | Self::HostFound { .. }
            | Self::HostOffered { .. }
            | Self::Webinars { .. }
            | Self::Capacity { .. } => CheckStatus::Pass,
            // Users without a licence can host for 40 minutes, and one who left can be replaced.
            Self::ScopesPartial { .. }
            | Self::ScopesUnknown
            | Self::NoLicensedHost { .. }
            | Self::HostGone { .. }
            | Self::NoWebinarPlan { .. }
            | Self::WebinarScopesMissing { .. }
            | Self::WebinarsUnknown { .. }
            | Self::CapacityUnknown { .. } => CheckStatus::Warn,
            Self::WrongClient
            | Self::WrongAccount { .. }
            | Self::NotActivated
            | Self::Disabled
            | Self::Deauthorized
            | Self::NotServerToServer
            | Self::NotGeneral
            | Self::UserManaged
            | Self::CodeRefused
            | Self::RedirectUriDiffers { .. }
            | Self::AccountMismatch { .. }
            | Self::RefreshInterrupted
            | Self::RefreshRefused
            | Self::TokenRefused { .. }
            | Self::TokenDead
            | Self::Refused { .. }
            | Self::RateLimited { .. }
            | Self::OutOfReach
            | Self::ScopesMissing { .. }
            | Self::NoHost { .. }
            | Self::NobodyToOffer
            | Self::UnknownEmail { .. }
            | Self::UnknownId { .. }
            | Self::HostContradiction { .. } => CheckStatus::Fail,
        }
    }

    /// The scopes that the app lacks, by name.
    pub fn missing_scopes(&self) -> &[String] {
        match self {
            Self::ScopesMissing { scopes }
            | Self::ScopesPartial { scopes, .. }
            | Self::WebinarScopesMissing { scopes } => scopes,
            _ => &[],
        }
    }

    /// How many people fit in a meeting of the default host.
    pub fn participants(&self) -> Option<u32> {
        match self {
            Self::Capacity { participants } => Some(*participants),
            _ => None,
        }
    }
}
