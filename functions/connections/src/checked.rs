//! What a check of new credentials leads to.

use serde_json::json;
use shared::auth::Principal;
use shared::domain::connection::{AuthMethod, Contact, Owner, VerificationStatus};
use shared::http::{Code, Problem};
use shared::language::{Language, Message};
use shared::verification::Findings;

use crate::verification_shapes::VerificationShape;

/// Refuses credentials with which something does not work that must.
pub(crate) fn check_passed(
    findings: &Findings,
    method: AuthMethod,
    language: Language,
) -> Result<(), Problem> {
    if findings.verification.status == VerificationStatus::Verified {
        return Ok(());
    }
    let detail = Message::new(match (findings.outage, method) {
        (None, _) => "check-failed",
        (Some(_), AuthMethod::ServerToServer) => "check-interrupted",
        // The code may be used up.
        (Some(_), AuthMethod::AuthorizationCode) => "check-interrupted-with-code",
    });
    let verification = VerificationShape::new(&findings.verification, language);
    let problem = Problem::new(Code::ConnectionCheckFailed, detail).with("verification", json!(verification));
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
