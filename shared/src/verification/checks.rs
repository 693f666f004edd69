//! The list of checks, in their order.

use crate::domain::connection::{Check, CheckId, Finding};

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
        Self(ORDER.map(|id| Check { id, finding: Finding::NotReached }))
    }
}

impl Checks {
    /// Notes what a check found.
    pub(super) fn set(&mut self, id: CheckId, finding: Finding) {
        for check in &mut self.0 {
            if check.id == id {
                check.finding = finding;
                return;
            }
        }
    }

    /// The checks, in order.
    pub(super) fn into_vec(self) -> Vec<Check> {
        self.0.into()
    }
}
