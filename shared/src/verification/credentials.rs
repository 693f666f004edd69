//! Whether Zoom gives the app a token.

use crate::domain::connection::Finding;
use crate::domain::ids::AccountId;
use crate::store::grants::Lost;
use crate::zoom::{App, Authorization, TokenFault, ZoomError};

/// How much of Zoom's words is repeated.
const MOST_WORDS: usize = 200;

/// Zoom gave a token, for an account that may not be known yet.
pub(super) fn accepted(app: &App, account: Option<&AccountId>) -> Finding {
    let account_id = account.cloned();
    match &app.authorization {
        Authorization::Code { .. } => Finding::CodeUsed { account_id },
        Authorization::Account(_) | Authorization::Kept(_) => Finding::Accepted { account_id },
    }
}

/// Whether a General App reaches only the user who allowed it: none of its scopes is an administrator's.
pub(super) fn is_user_managed(app: &App, scopes: &[String]) -> bool {
    is_general(app) && !scopes.is_empty() && !scopes.iter().any(|scope| is_for_admins(scope))
}

/// The scopes that reach other users: those of a Server-to-Server app all do, of a General App an
/// administrator's.
pub(super) fn reaching(app: &App, mut scopes: Vec<String>) -> Vec<String> {
    if is_general(app) {
        scopes.retain(|scope| is_for_admins(scope));
    }
    scopes
}

/// Whether it is a General App, of which only the user who allowed it tells the account.
pub(super) fn is_general(app: &App) -> bool {
    !matches!(app.authorization, Authorization::Account(_))
}

fn is_for_admins(scope: &str) -> bool {
    scope.ends_with(":admin") || scope.ends_with(":master")
}

/// What Zoom's failure says of the app, whatever it was asked.
pub(super) fn refused(error: &ZoomError, app: &App) -> Finding {
    match error {
        ZoomError::Token(fault) => no_token(fault, &app.authorization),
        ZoomError::MissingScopes(scopes) => Finding::ScopesMissing { scopes: scopes.clone() },
        ZoomError::Rejected { code: 124, .. } => Finding::TokenDead,
        ZoomError::Rejected { message, .. } | ZoomError::NotFound { message, .. } => {
            Finding::Refused { words: shortened(message) }
        }
        ZoomError::RateLimited { retry_after } => Finding::RateLimited { seconds: *retry_after },
        ZoomError::DailyLimit
        | ZoomError::Unreachable(_)
        | ZoomError::Unclear(_)
        | ZoomError::Secret(_)
        | ZoomError::Store(_) => {
            tracing::warn!(%error, "Zoom could not be asked about an app");
            Finding::OutOfReach
        }
    }
}

fn no_token(fault: &TokenFault, authorization: &Authorization) -> Finding {
    match (fault, authorization) {
        (TokenFault::WrongClient, _) => Finding::WrongClient,
        (TokenFault::WrongAccount, Authorization::Account(account_id)) => {
            Finding::WrongAccount { account_id: account_id.clone() }
        }
        (TokenFault::NotActivated, _) => Finding::NotActivated,
        (TokenFault::Disabled, _) => Finding::Disabled,
        (TokenFault::WrongKind, Authorization::Account(_)) => Finding::NotServerToServer,
        (TokenFault::WrongKind, Authorization::Code { .. } | Authorization::Kept(_)) => Finding::NotGeneral,
        (TokenFault::BadGrant, Authorization::Code { .. }) => Finding::CodeRefused,
        (TokenFault::RedirectUri, Authorization::Code { redirect_uri, .. }) => {
            Finding::RedirectUriDiffers { redirect_uri: redirect_uri.clone() }
        }
        (TokenFault::Lost(Lost::Interrupted), _) => Finding::RefreshInterrupted,
        (TokenFault::Lost(Lost::Refused) | TokenFault::BadGrant, _) => Finding::RefreshRefused,
        (TokenFault::Other(reason), _) => {
            Finding::TokenRefused { reason: Some(shortened(reason)).filter(|reason| !reason.is_empty()) }
        }
        // Of what the app does not send Zoom cannot complain.
        (TokenFault::WrongAccount | TokenFault::RedirectUri, _) => Finding::TokenRefused { reason: None },
    }
}

/// Zoom's words, as far as they are repeated.
pub(super) fn shortened(words: &str) -> String {
    words.trim().chars().take(MOST_WORDS).collect()
}
