//! Which meetings a caller may see and change.

use shared::auth::Principal;
use shared::booking::Booker;
use shared::deps::Deps;
use shared::domain::ids::{MeetingId, UserId};
use shared::domain::meeting::Meeting;
use shared::http::{Code, Problem};

/// A meeting of the caller's tenant that the caller may manage.
pub(crate) async fn managed(deps: &Deps, principal: &Principal, id: &str) -> Result<Meeting, Problem> {
    principal.must_teach()?;
    let meeting = found(deps, principal, id).await?;
    if principal.is_admin() || meeting.organizer_id == principal.user {
        return Ok(meeting);
    }
    Err(Problem::new(
        Code::Forbidden,
        "The meeting belongs to another instructor. Ask them, or an administrator.",
    ))
}

/// A meeting of the caller's tenant.
pub(crate) async fn found(deps: &Deps, principal: &Principal, id: &str) -> Result<Meeting, Problem> {
    let missing = || Problem::not_found("meeting");
    let id: MeetingId = id.parse().map_err(|_| missing())?;
    deps.store.meeting(&principal.tenant, &id).await?.ok_or_else(missing)
}

/// Who books, for `organizer`.
pub(crate) fn booker(principal: &Principal, organizer: &UserId) -> Booker {
    Booker {
        tenant: principal.tenant.clone(),
        user: principal.user.clone(),
        admin: principal.is_admin(),
        organizer: organizer.clone(),
    }
}
