//! What can go wrong with Zoom, told apart by what the caller can do about it.

use crate::secrets::SecretError;
use crate::store::StoreError;
use crate::store::grants::Lost;

/// A call to Zoom that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ZoomError {
    /// Zoom gives the app no token.
    #[error("Zoom gives the app no token: {0}")]
    Token(TokenFault),
    /// The app lacks scopes.
    #[error("the Zoom app lacks the scopes {}", .0.join(", "))]
    MissingScopes(Vec<String>),
    /// What was asked for does not exist at Zoom.
    #[error("Zoom does not have it: {message} (code {code})")]
    NotFound {
        /// Zoom's code: 1001 for users, 3001 for meetings.
        code: i64,
        /// Zoom's words.
        message: String,
    },
    /// Zoom refused; nothing was done.
    #[error("Zoom refused: {message} (code {code})")]
    Rejected {
        /// Zoom's code.
        code: i64,
        /// Zoom's words, with those on single fields.
        message: String,
    },
    /// Too many calls in a second; nothing was done.
    #[error("Zoom asks for a pause of {retry_after} seconds")]
    RateLimited {
        /// How long to wait, in seconds.
        retry_after: u64,
    },
    /// The host's creates and updates of the day are used up; nothing was done.
    #[error("Zoom's daily limit of creates and updates is reached")]
    DailyLimit,
    /// Zoom cannot be reached; nothing was done.
    #[error("Zoom cannot be reached: {0}")]
    Unreachable(String),
    /// Zoom was asked and gave no answer that can be understood: it may have been done.
    #[error("Zoom gave no clear answer: {0}")]
    Unclear(String),
    /// The app's secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// What is known of the app's grant cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Zoom's code for a meeting or webinar that does not exist.
const NO_SUCH_MEETING: i64 = 3001;

impl ZoomError {
    /// Whether Zoom says that a meeting does not exist.
    pub fn is_no_such_meeting(&self) -> bool {
        matches!(self, Self::NotFound { code: NO_SUCH_MEETING, .. })
    }

    /// Whether asking the same again would be answered the same.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Token(_)
            | Self::MissingScopes(_)
            | Self::NotFound { .. }
            | Self::Rejected { .. }
            | Self::DailyLimit => true,
            Self::RateLimited { .. }
            | Self::Unreachable(_)
            | Self::Unclear(_)
            | Self::Secret(_)
            | Self::Store(_) => false,
        }
    }

    /// Whether Zoom may have done what it was asked.
    pub fn is_unclear(&self) -> bool {
        matches!(self, Self::Unclear(_))
    }
}

/// Why Zoom gives an app no token (`POST /oauth/token`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// The client id or the client secret is wrong.
    #[error("the client id or the client secret is wrong")]
    WrongClient,
    /// There is no such account, or the app is not of it.
    #[error("there is no such account")]
    WrongAccount,
    /// The app is not activated, or its account does not allow apps of its kind.
    #[error("the app is not activated, or the account does not allow apps of its kind")]
    NotActivated,
    /// The app is of the other kind.
    #[error("the app is of another kind")]
    WrongKind,
    /// The authorization code is wrong, too old or used up; of a refresh token: it is spent or was withdrawn.
    #[error("the authorization code, or the refresh token, is wrong or used up")]
    BadGrant,
    /// The redirect URI is not the one that the app names.
    #[error("the redirect URI is not the one that the app names")]
    RedirectUri,
    /// There is no going on with the tokens that are kept.
    #[error("the app must be connected again")]
    Lost(Lost),
    /// The developer has disabled the app.
    #[error("the app has been disabled")]
    Disabled,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

impl TokenFault {
    /// Reads Zoom's reason and error, whose words differ with the case.
    pub fn read(error: &str, reason: &str) -> Self {
        let reason_lower = reason.to_lowercase();
        if reason_lower.contains("disabled by") || reason_lower.contains("has been disabled") {
            Self::Disabled
        } else if reason_lower.contains("does not enabled")
            || reason_lower.contains("not enabled")
            || reason_lower.contains("not activated")
        {
            Self::NotActivated
        } else if reason_lower.contains("4709")
            || reason_lower.contains("4,709")
            || reason_lower.contains("redirect")
        {
            Self::RedirectUri
        } else if error == "invalid_client" {
            Self::WrongClient
        } else if error == "invalid_grant" || reason_lower.contains("authorization code") {
            // Zoom repeats the code in its reason, which is why that goes nowhere.
            Self::BadGrant
        } else if reason_lower.contains("account does not exist") || reason_lower.contains("account_id") {
            Self::WrongAccount
        } else if matches!(error, "unsupported_grant_type" | "unauthorized_client") {
            Self::WrongKind
        } else {
            Self::Other(if reason.is_empty() { error.to_owned() } else { reason.to_owned() })
        }
    }
}
