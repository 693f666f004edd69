//! What a check of new credentials leads to.

use serde_json::json;
use shared::auth::Principal;
use shared::domain::connection::{Contact, Owner, VerificationStatus};
use shared::http::{Code, Problem};
use shared::verification::Findings;

/// Refuses credentials with which something does not work that must.
pub(crate) fn check_passed(findings: &Findings) -> Result<(), Problem> {
    if findings.verification.status == VerificationStatus::Verified {
        return Ok(());
    }
    let detail = match findings.outage {
        Some(_) => {
            "Zoom cannot be asked at this moment, so the app was not checked and nothing was stored. Send \
             the request again in a few seconds."
        }
        None => {
            "Zoom does not accept the app as it is; nothing was stored. Each check that failed says in \
             `fix` what to change, and where; then send the request again."
        }
    };
    let problem = Problem::new(Code::ConnectionCheckFailed, detail);
    let problem = problem.with("verification", json!(findings.verification));
    Err(match findings.outage {
        Some(seconds) => problem.retry_after(seconds),
        None => problem,
    })
}

/// The same app is connected already.
pub(crate) fn exists(owner: &Owner) -> Problem {
    let whose = match owner {
        Owner::Tenant => "for the tenant",
        Owner::User(_) => "by you",
    };
    Problem::new(
        Code::ConnectionExists,
        format!(
            "This app of this Zoom account is connected {whose} already. Change that connection, or delete \
             it first."
        ),
    )
}

/// Whoever connects the app, where the LMS tells how to write to them.
pub(crate) fn contact(principal: &Principal) -> Option<Contact> {
    let email = principal.email.as_deref()?.parse().ok()?;
    Some(Contact { email, locale: principal.locale.clone() })
}
