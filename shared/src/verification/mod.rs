//! Checking an app against Zoom, and saying what to change where.

pub mod again;
mod capacity;
mod checks;
mod credentials;
mod hosts;
pub mod roster;
mod scopes;
mod wording;

pub use hosts::Candidate;

use crate::domain::connection::{
    CheckId, CheckStatus, DefaultHost, Finding, Verification, VerificationStatus,
};
use crate::domain::email::Email;
use crate::domain::ids::{AccountId, HostId};
use crate::secrets::SecretError;
use crate::store::StoreError;
use crate::zoom::users::Capacity;
use crate::zoom::{App, Authorization, Zoom, ZoomError};
use chrono::{DateTime, SubsecRound, Utc};

use self::checks::Checks;

/// The host that the one who connects has in mind.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// One of the account's users, by address, by id, by both, or any.
    Named {
        /// The user's address.
        email: Option<Email>,
        /// The user's id.
        id: Option<HostId>,
    },
    /// The one that the connection offers first until now, where it has one.
    Kept(Option<DefaultHost>),
}

/// What a check found.
#[derive(Debug)]
pub struct Findings {
    /// For people.
    pub verification: Verification,
    /// The account's users who can host; none where they could not be listed.
    pub hosts: Option<Vec<Candidate>>,
    /// The one to offer first.
    pub default_host: Option<Candidate>,
    /// The Zoom account that the app is of.
    pub account: Option<AccountId>,
    /// How many people fit in with that one.
    pub capacity: Option<Capacity>,
    /// Zoom could not be asked; in how many seconds it may be worth asking again.
    pub outage: Option<u64>,
}

/// A fault of ours, for which nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum NotChecked {
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks `app`, each thing as far as those before it allow.
///
/// # Errors
/// Only for faults of ours; what is wrong with the app, or with Zoom, is among the findings.
pub async fn verify(
    zoom: &Zoom,
    app: &App,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Findings, NotChecked> {
    let mut checks = Checks::default();
    let mut found = Found::default();
    examine(zoom, app, wanted, &mut checks, &mut found).await?;
    let checks = checks.into_vec();
    let failed = checks.iter().any(|check| check.finding.status() == CheckStatus::Fail);
    let status = if failed { VerificationStatus::Failed } else { VerificationStatus::Verified };
    let verification = Verification { status, checked_at: now.trunc_subsecs(0), checks };
    let Found { hosts, default_host, account, capacity, outage } = found;
    Ok(Findings { verification, hosts, default_host, account, capacity, outage })
}

/// What is found of an app that its account has removed.
pub(crate) fn deauthorized(now: DateTime<Utc>) -> Verification {
    let mut checks = Checks::default();
    checks.set(CheckId::Credentials, Finding::Deauthorized);
    let status = VerificationStatus::Failed;
    Verification { status, checked_at: now.trunc_subsecs(0), checks: checks.into_vec() }
}

#[derive(Default)]
struct Found {
    hosts: Option<Vec<Candidate>>,
    default_host: Option<Candidate>,
    account: Option<AccountId>,
    capacity: Option<Capacity>,
    outage: Option<u64>,
}

async fn examine(
    zoom: &Zoom,
    app: &App,
    wanted: &Wanted,
    checks: &mut Checks,
    found: &mut Found,
) -> Result<(), NotChecked> {
    let granted = match zoom.granted_scopes(app).await {
        Ok(granted) => granted,
        Err(error) => {
            found.outage = outage(&error);
            checks.set(CheckId::Credentials, credentials::refused(&internal(error)?, app));
            return Ok(());
        }
    };
    if credentials::is_user_managed(app, &granted) {
        checks.set(CheckId::Credentials, Finding::UserManaged);
        return Ok(());
    }
    checks.set(CheckId::Credentials, credentials::accepted(app, None));

    let granted = crate::zoom::scopes::Scopes::new(&credentials::reaching(app, granted));
    let mut scopes = scopes::judge(&granted, credentials::is_general(app));
    if granted.is_empty() {
        match zoom.missing_write_scopes(app).await {
            Ok(missing) => scopes.lacks(&missing),
            Err(error) => {
                found.outage = outage(&error);
                checks.set(CheckId::Scopes, credentials::refused(&internal(error)?, app));
                return Ok(());
            }
        }
    }
    if scopes.forbids_listing() {
        checks.set(CheckId::Scopes, scopes.finding());
        return Ok(());
    }

    match account_of(zoom, app).await {
        Ok(account) => found.account = account,
        Err(error) => {
            found.outage = outage(&error);
            return stop(checks, &mut scopes, (CheckId::Credentials, error), app);
        }
    }
    checks.set(CheckId::Credentials, credentials::accepted(app, found.account.as_ref()));

    let users = match zoom.users(app).await {
        Ok(users) => users,
        Err(error) => {
            found.outage = outage(&error);
            return stop(checks, &mut scopes, (CheckId::Hosts, error), app);
        }
    };
    let listed = hosts::listed(users);
    checks.set(CheckId::Hosts, hosts::check(&listed));
    let (finding, default_host) = hosts::choose(&listed.candidates, wanted);
    checks.set(CheckId::HostEmail, finding);

    if let Some(host) = &default_host {
        match zoom.capacity(app, &host.id).await {
            Ok(capacity) => {
                checks.set(CheckId::Webinars, capacity::webinars(&capacity, host, &scopes));
                checks.set(CheckId::Capacity, capacity::participants(&capacity));
                found.capacity = Some(capacity);
            }
            Err(error) => {
                let error = internal(error)?;
                if let ZoomError::MissingScopes(names) = &error {
                    scopes.lacks_optional(names);
                }
                let why = capacity::unread(&error);
                checks.set(CheckId::Webinars, Finding::WebinarsUnknown { why: why.clone() });
                checks.set(CheckId::Capacity, Finding::CapacityUnknown { why });
            }
        }
    }
    checks.set(CheckId::Scopes, scopes.finding());
    found.hosts = Some(listed.candidates);
    found.default_host = default_host;
    Ok(())
}

/// The account behind an app: what is given of a Server-to-Server app, only Zoom knows of one that was just
/// allowed.
async fn account_of(zoom: &Zoom, app: &App) -> Result<Option<AccountId>, ZoomError> {
    match &app.authorization {
        Authorization::Account(account) => Ok(Some(account.clone())),
        Authorization::Code { .. } => zoom.own_account(app).await.map(Some),
        Authorization::Kept(_) => Ok(None),
    }
}

/// Ends an examination with a call that must work and did not, and says so at its check, or at that of the scopes.
fn stop(
    checks: &mut Checks,
    scopes: &mut scopes::Judgement,
    (id, error): (CheckId, ZoomError),
    app: &App,
) -> Result<(), NotChecked> {
    match error {
        ZoomError::MissingScopes(names) => scopes.lacks(&names),
        error => checks.set(id, credentials::refused(&internal(error)?, app)),
    }
    checks.set(CheckId::Scopes, scopes.finding());
    Ok(())
}

/// A fault of ours by itself, all else as it was.
fn internal(error: ZoomError) -> Result<ZoomError, NotChecked> {
    match error {
        ZoomError::Secret(error) => Err(error.into()),
        ZoomError::Store(error) => Err(error.into()),
        error => Ok(error),
    }
}

/// Whether Zoom could not be asked, and in how many seconds it may be worth asking again.
fn outage(error: &ZoomError) -> Option<u64> {
    match error {
        ZoomError::Unreachable(_) | ZoomError::Unclear(_) => Some(5),
        ZoomError::RateLimited { retry_after } => Some((*retry_after).max(1)),
        _ => None,
    }
}
