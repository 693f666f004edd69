//! What a token says, before and after it is believed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::ids::{CourseId, TenantId, UserId};
use crate::http::{Code, Problem};

/// A caller.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The tenant; nothing outside it is seen.
    pub tenant: TenantId,
    /// The LMS's user id.
    pub user: UserId,
    /// What the caller may do; never empty.
    pub roles: BTreeSet<Role>,
    /// The caller's address, where it is known.
    pub email: Option<String>,
    /// The courses that the caller is enrolled in or teaches.
    pub courses: BTreeSet<CourseId>,
    /// The caller's language (BCP 47), where it is known.
    pub locale: Option<String>,
}

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything in the tenant.
    Admin,
    /// Own connections and meetings, and the tenant's pool.
    Instructor,
    /// To join.
    Learner,
}

impl Principal {
    /// Whether the caller may do everything in the tenant.
    pub fn is_admin(&self) -> bool {
        self.roles.contains(&Role::Admin)
    }

    /// Refuses callers who may not make connections and meetings.
    pub fn must_teach(&self) -> Result<(), Problem> {
        if self.teaches() {
            return Ok(());
        }
        let detail = "Only instructors and administrators may do this. Ask for a token with that role.";
        Err(Problem::new(Code::Forbidden, detail))
    }

    /// Whether the caller may make connections and meetings.
    pub fn teaches(&self) -> bool {
        self.is_admin() || self.roles.contains(&Role::Instructor)
    }
}

/// Claims whose signature holds and whose content nobody has looked at.
#[derive(Deserialize)]
pub(super) struct UnverifiedClaims {
    exp: Option<Value>,
    nbf: Option<Value>,
    sub: Option<Value>,
    tenant: Option<Value>,
    roles: Option<Value>,
    email: Option<Value>,
    courses: Option<Value>,
    locale: Option<Value>,
}

impl UnverifiedClaims {
    /// The caller, where every claim that is needed is there and well-formed at `now`.
    pub(super) fn verify(self, now: DateTime<Utc>) -> Result<Principal, String> {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double exactly")]
        let now = now.timestamp_millis() as f64 / 1000.0;
        let expires = self.exp.as_ref().and_then(Value::as_f64).ok_or("The token has no valid `exp`.")?;
        if expires <= now {
            return Err("The token has expired. Get a new one from the learning platform.".to_owned());
        }
        if let Some(from) = &self.nbf
            && from.as_f64().is_none_or(|from| from > now)
        {
            return Err("The token is not valid yet (`nbf`).".to_owned());
        }
        let user = text(self.sub).and_then(|sub| sub.parse().ok()).ok_or("The token has no valid `sub`.")?;
        let tenant = text(self.tenant)
            .and_then(|tenant| tenant.parse().ok())
            .ok_or("The token has no valid `tenant`.")?;
        let roles: BTreeSet<Role> = self
            .roles
            .and_then(|roles| serde_json::from_value(roles).ok())
            .filter(|roles: &BTreeSet<Role>| !roles.is_empty())
            .ok_or("The token's `roles` must be a list of admin, instructor and learner.")?;
        let courses = match self.courses {
            None | Some(Value::Null) => BTreeSet::new(),
            Some(courses) => {
                serde_json::from_value(courses).map_err(|_| "The token's `courses` are not a list of ids.")?
            }
        };
        Ok(Principal { tenant, user, roles, email: text(self.email), courses, locale: text(self.locale) })
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
