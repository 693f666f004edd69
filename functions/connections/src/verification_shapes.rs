//! What replies say of a check, in the caller's language.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::connection::{Check, CheckId, CheckStatus, Verification, VerificationStatus};
use shared::language::Language;
use utoipa::ToSchema;

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VerificationReply)]
pub(crate) struct VerificationReply {
    /// What was found.
    pub(crate) verification: VerificationShape,
}

/// What a check of an app against Zoom found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Verification)]
pub(crate) struct VerificationShape {
    /// `verified` where nothing required failed.
    status: VerificationStatus,
    /// When.
    checked_at: DateTime<Utc>,
    /// Each check, in the order in which they build on each other.
    checks: Vec<CheckShape>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckShape {
    /// What was looked at.
    id: CheckId,
    /// How it stands.
    status: CheckStatus,
    /// What was found, in the language that `Accept-Language` or else the token's `locale` asks for.
    detail: String,
    /// Scopes that the app lacks, in the vocabulary that it uses.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    missing: Vec<String>,
    /// How many people fit in a meeting of the default host.
    #[serde(skip_serializing_if = "Option::is_none")]
    participants: Option<u32>,
    /// What to change, and where in Zoom; given with every `fail` and `warn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl VerificationReply {
    /// What a check found, said in `language`.
    pub(crate) fn new(verification: &Verification, language: Language) -> Self {
        Self { verification: VerificationShape::new(verification, language) }
    }
}

impl VerificationShape {
    /// What a check found, said in `language`.
    pub(crate) fn new(verification: &Verification, language: Language) -> Self {
        Self {
            status: verification.status,
            checked_at: verification.checked_at,
            checks: verification.checks.iter().map(|check| CheckShape::new(check, language)).collect(),
        }
    }
}

impl CheckShape {
    fn new(Check { id, finding }: &Check, language: Language) -> Self {
        Self {
            id: *id,
            status: finding.status(),
            detail: language.say(&finding.detail()),
            missing: finding.missing_scopes().to_vec(),
            participants: finding.participants(),
            fix: finding.fix().map(|fix| language.say(&fix)),
        }
    }
}
