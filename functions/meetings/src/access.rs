//! Which meetings a caller may see and change.

use shared::auth::Principal;
use shared::booking::Booker;
use shared::deps::Deps;
use shared::domain::email::Email;
use shared::domain::ids::{AttendeeId, MeetingId, UserId};
use shared::domain::meeting::{Meeting, State};
use shared::domain::recording::RecordingAccess;
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

/// How a caller takes part in a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Gives it, or is an administrator.
    Hosts,
    /// Attends it.
    Attends,
}

/// A booked meeting, whatever has become of it since, that the caller takes part in, and how.
pub(crate) async fn taken_part(
    deps: &Deps,
    principal: &Principal,
    id: &str,
) -> Result<(Meeting, Part), Problem> {
    let meeting = found(deps, principal, id).await?;
    let part = if principal.is_admin() || hosts(principal, &meeting) {
        Part::Hosts
    } else if attends(deps, principal, &meeting).await? {
        Part::Attends
    } else {
        return Err(Problem::new(
            Code::NotEnrolled,
            "You neither attend this meeting nor are in one of its courses. Ask your instructor to add you.",
        ));
    };
    match meeting.state {
        State::Draft | State::Pending | State::Failed => Err(Problem::not_found("meeting to join")),
        State::Scheduled | State::Started | State::Ended | State::Cancelled => Ok((meeting, part)),
    }
}

/// A booked meeting whose recordings the caller may see.
pub(crate) async fn sees_recordings(
    deps: &Deps,
    principal: &Principal,
    id: &str,
) -> Result<Meeting, Problem> {
    let (meeting, part) = taken_part(deps, principal, id).await?;
    let why = match (part, meeting.recording_access) {
        (Part::Hosts, _) | (Part::Attends, RecordingAccess::Course) => return Ok(meeting),
        (Part::Attends, RecordingAccess::Nobody) => "The recordings of this meeting are shown to nobody.",
        (Part::Attends, RecordingAccess::Attendees) if is_listed(deps, principal, &meeting).await? => {
            return Ok(meeting);
        }
        (Part::Attends, RecordingAccess::Attendees) => {
            "The recordings of this meeting are for those who are listed as its attendees."
        }
    };
    Err(Problem::new(Code::Forbidden, format!("{why} Ask your instructor.")))
}

/// Whether the caller gives the meeting: its organizer, or by address its host or an alternative host.
fn hosts(principal: &Principal, meeting: &Meeting) -> bool {
    let is_caller = |email: &Email| principal.email.as_deref().is_some_and(|own| email.same_as(own));
    (principal.teaches() && principal.user == meeting.organizer_id)
        || meeting.host.as_ref().is_some_and(|host| is_caller(&host.email))
        || meeting.alternative_hosts.iter().any(|host| is_caller(&host.email))
}

async fn attends(deps: &Deps, principal: &Principal, meeting: &Meeting) -> Result<bool, Problem> {
    if meeting.courses.iter().any(|course| principal.courses.contains(&course.course_id)) {
        return Ok(true);
    }
    is_listed(deps, principal, meeting).await
}

/// Whether the caller is listed among those who attend.
async fn is_listed(deps: &Deps, principal: &Principal, meeting: &Meeting) -> Result<bool, Problem> {
    let Ok(id) = principal.user.as_str().parse::<AttendeeId>() else { return Ok(false) };
    if meeting.attendee_count == 0 {
        return Ok(false);
    }
    Ok(deps.store.attendee(&principal.tenant, &meeting.id, &id).await?.is_some())
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
