//! How many people fit in, and whether webinars can be held.

use crate::domain::connection::Finding;
use crate::domain::finding::Unread;
use crate::zoom::ZoomError;
use crate::zoom::users::Capacity;

use super::credentials::shortened;
use super::hosts::Candidate;
use super::scopes::{Judgement, account_wide};

/// What an app must be granted to read a host's settings.
const SETTINGS_SCOPE: &str = "user:read:settings:admin";

/// Whether the default host can hold webinars.
pub(super) fn webinars(capacity: &Capacity, host: &Candidate, scopes: &Judgement) -> Finding {
    let Some(participants) = capacity.webinar_participants else {
        return Finding::NoWebinarPlan { email: host.email.clone() };
    };
    match scopes.missing_for_webinars() {
        Some(missing) => Finding::WebinarScopesMissing { scopes: missing.iter().cloned().collect() },
        None => Finding::Webinars { participants },
    }
}

/// How many people fit in a meeting of the default host.
pub(super) fn participants(capacity: &Capacity) -> Finding {
    Finding::Capacity { participants: capacity.participants }
}

/// Why the default host's plan could not be read.
pub(super) fn unread(error: &ZoomError) -> Unread {
    match error {
        ZoomError::MissingScopes(names) => {
            let mut scopes = account_wide(names);
            if scopes.is_empty() {
                scopes.push(SETTINGS_SCOPE.to_owned());
            }
            Unread::ScopesMissing { scopes }
        }
        ZoomError::Rejected { message, .. } | ZoomError::NotFound { message, .. } => {
            Unread::Refused { words: shortened(message) }
        }
        other => {
            tracing::warn!(error = %other, "a host's settings could not be read");
            Unread::NoAnswer
        }
    }
}
