//! How many people fit in, and whether webinars can be held.

use std::collections::BTreeSet;

use crate::domain::connection::{Check, CheckId};
use crate::zoom::ZoomError;
use crate::zoom::users::Capacity;

use super::checks::{pass, warn};
use super::hosts::Candidate;
use super::paths::{APP, DELAY, PLANS, USERS};
use super::scopes::{Judgement, add};

/// Whether the default host can hold webinars.
pub(super) fn webinars(capacity: &Capacity, host: &Candidate, scopes: &Judgement) -> Check {
    let Some(most) = capacity.webinar_participants else {
        let detail =
            format!("The plan of {} has no webinars: they cannot be held with this host.", host.email);
        let fix = format!(
            "{PLANS}: add Zoom Webinars; then {USERS} > Edit ({}) and give the user the Webinars licence.",
            host.email
        );
        return warn(CheckId::Webinars, detail, fix);
    };
    match scopes.missing_for_webinars() {
        Some(missing) => {
            let detail = "The plan has webinars, but the app lacks the scopes for them.";
            let check = warn(CheckId::Webinars, detail, add(missing, &BTreeSet::new()));
            Check { missing: missing.iter().map(|scope| scope.name.clone()).collect(), ..check }
        }
        None => pass(CheckId::Webinars, format!("Webinars of up to {most} participants")),
    }
}

/// How many people fit in a meeting of the default host.
pub(super) fn participants(capacity: &Capacity) -> Check {
    let most = capacity.participants;
    Check { participants: Some(most), ..pass(CheckId::Capacity, format!("{most} participants")) }
}

/// The default host's plan could not be read.
pub(super) fn unknown(id: CheckId, error: &ZoomError) -> Check {
    let what = match id {
        CheckId::Webinars => "whether webinars can be held",
        _ => "how many people a meeting holds",
    };
    match error {
        ZoomError::MissingScopes(names) => {
            let names = names.iter().filter(|name| name.ends_with(":admin")).cloned().collect::<Vec<_>>();
            let names =
                if names.is_empty() { "user:read:settings:admin".to_owned() } else { names.join(", ") };
            warn(
                id,
                format!("It is not known {what}: the app may not read users' settings."),
                format!(
                    "{APP} > Scopes > Add Scopes > User: View a user's settings ({names}); then Done, and \
                     Activation > Activate your app. {DELAY}"
                ),
            )
        }
        other => warn(
            id,
            format!("It is not known {what}: {other}."),
            "Nothing in the app needs to be changed for this; check again in a few minutes.",
        ),
    }
}
