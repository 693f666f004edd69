//! What is left of a connection whose app its account has removed.

use chrono::{DateTime, SubsecRound, Utc};

use super::connection::{Connection, Failure, VerificationStatus};
use super::email::{Email, InvalidEmail};
use super::finding::Finding;
use super::meeting::{HostName, HostWish, Meeting};

/// What stands where a host's address stood. Nothing is ever delivered to the domain `invalid` (RFC 2606).
const FORGOTTEN: &str = "forgotten@host.invalid";

impl Connection {
    /// Whether its account has removed the app, and nobody has connected it again.
    pub fn is_deauthorized(&self) -> bool {
        self.verification.diagnosis() == Some(&Finding::Deauthorized)
    }

    /// Whether Zoom has accepted the app after `at`: that it was removed before is of the past.
    pub fn was_accepted_after(&self, at: DateTime<Utc>) -> bool {
        self.verification.status == VerificationStatus::Verified && self.verification.checked_at > at
    }

    /// The connection without its app, which was removed at `at`.
    #[must_use]
    pub fn deauthorized(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            active: false,
            default_host: None,
            webhook: None,
            verification: crate::verification::deauthorized(now),
            // Nobody is told by schedule of what was switched off.
            failure: Some(Failure { since: at.trunc_subsecs(0), told: true }),
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        }
    }
}

impl Meeting {
    /// The meeting without what Zoom has told of its hosts, but for their ids, by which their time is held.
    pub fn without_hosts(&self, now: DateTime<Utc>) -> Result<Self, InvalidEmail> {
        let nobody = Email::try_from(FORGOTTEN.to_owned())?;
        let mut after = self.clone();
        if let Some(host) = &mut after.host {
            host.email = nobody.clone();
            host.display_name = String::new();
            let by_id = HostName::Id(host.host_id.clone());
            match &mut after.wish {
                HostWish::Anywhere(name @ HostName::Email(_))
                | HostWish::Named { host: name @ HostName::Email(_), .. } => *name = by_id,
                _ => {}
            }
        }
        for host in &mut after.alternative_hosts {
            host.email = nobody.clone();
        }
        if after != *self {
            after.version += 1;
            after.revision += 1;
            after.updated_at = now;
        }
        Ok(after)
    }
}
