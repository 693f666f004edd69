//! The list of checks, in their order.

use crate::domain::connection::{Check, CheckId, CheckStatus};

/// The order in which the checks build on each other.
const ORDER: [CheckId; 6] = [
    CheckId::Credentials,
    CheckId::Scopes,
    CheckId::Hosts,
    CheckId::HostEmail,
    CheckId::Webinars,
    CheckId::Capacity,
];

/// Every check once; what was not reached is skipped.
#[derive(Debug)]
pub(super) struct Checks([Check; 6]);

impl Default for Checks {
    fn default() -> Self {
        let skipped = "Not reached: see the checks before it.";
        Self(ORDER.map(|id| check(id, CheckStatus::Skip, skipped)))
    }
}

impl Checks {
    /// Puts a check in its place.
    pub(super) fn set(&mut self, check: Check) {
        for place in &mut self.0 {
            if place.id == check.id {
                *place = check;
                return;
            }
        }
    }

    /// The checks, in order.
    pub(super) fn into_vec(self) -> Vec<Check> {
        self.0.into()
    }
}

/// What is good.
pub(super) fn pass(id: CheckId, detail: impl Into<String>) -> Check {
    check(id, CheckStatus::Pass, detail)
}

/// What is good enough to connect, though something will not work.
pub(super) fn warn(id: CheckId, detail: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { fix: Some(fix.into()), ..check(id, CheckStatus::Warn, detail) }
}

/// What is not good enough to connect.
pub(super) fn fail(id: CheckId, detail: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { fix: Some(fix.into()), ..check(id, CheckStatus::Fail, detail) }
}

fn check(id: CheckId, status: CheckStatus, detail: impl Into<String>) -> Check {
    Check { id, status, detail: detail.into(), missing: Vec::new(), participants: None, fix: None }
}
