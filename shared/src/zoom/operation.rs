//! The operations of Zoom's API that the client knows: it can make no call that is not one of them.

use http::Method;
use strum::VariantArray;

use crate::domain::meeting::Kind;

/// An operation of Zoom's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum Operation {
    /// The account's users.
    ListUsers,
    /// One of them.
    ReadUser,
    /// What a user's plan holds.
    ReadUserSettings,
    /// Makes a meeting on a host.
    CreateMeeting,
    /// A host's meetings.
    ListMeetings,
    /// One of them, or one of its dates.
    ReadMeeting,
    /// Changes a meeting, or one of its dates.
    UpdateMeeting,
    /// Deletes a meeting, or one of its dates.
    DeleteMeeting,
    /// Ends a meeting that runs.
    EndMeeting,
    /// Makes a webinar on a host.
    CreateWebinar,
    /// A host's webinars.
    ListWebinars,
    /// One of them, or one of its dates.
    ReadWebinar,
    /// Changes a webinar, or one of its dates.
    UpdateWebinar,
    /// Deletes a webinar, or one of its dates.
    DeleteWebinar,
    /// Ends a webinar that runs.
    EndWebinar,
    /// A session of a meeting that is over.
    ReadPastMeeting,
    /// The sessions of a meeting that are over.
    ListPastInstances,
    /// Who was in a session of a meeting.
    ListPastParticipants,
    /// Who was in a session of a webinar.
    ListPastWebinarParticipants,
    /// The recordings of a session, of a meeting or a webinar.
    ListRecordings,
}

impl Operation {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The method.
    pub fn method(self) -> Method {
        match self {
            Self::ListUsers
            | Self::ReadUser
            | Self::ReadUserSettings
            | Self::ListMeetings
            | Self::ReadMeeting
            | Self::ListWebinars
            | Self::ReadWebinar
            | Self::ReadPastMeeting
            | Self::ListPastInstances
            | Self::ListPastParticipants
            | Self::ListPastWebinarParticipants
            | Self::ListRecordings => Method::GET,
            Self::CreateMeeting | Self::CreateWebinar => Method::POST,
            Self::UpdateMeeting | Self::UpdateWebinar => Method::PATCH,
            Self::DeleteMeeting | Self::DeleteWebinar => Method::DELETE,
            Self::EndMeeting | Self::EndWebinar => Method::PUT,
        }
    }

    /// The path as Zoom's description of its API has it, below the API's base.
    pub fn path(self) -> &'static str {
        match self {
            Self::ListUsers => "/users",
            Self::ReadUser => "/users/{userId}",
            Self::ReadUserSettings => "/users/{userId}/settings",
            Self::CreateMeeting | Self::ListMeetings => "/users/{userId}/meetings",
            Self::ReadMeeting | Self::UpdateMeeting | Self::DeleteMeeting => "/meetings/{meetingId}",
            Self::EndMeeting => "/meetings/{meetingId}/status",
            Self::CreateWebinar | Self::ListWebinars => "/users/{userId}/webinars",
            Self::ReadWebinar | Self::UpdateWebinar | Self::DeleteWebinar => "/webinars/{webinarId}",
            Self::EndWebinar => "/webinars/{webinarId}/status",
            Self::ReadPastMeeting => "/past_meetings/{meetingId}",
            Self::ListPastInstances => "/past_meetings/{meetingId}/instances",
            Self::ListPastParticipants => "/past_meetings/{meetingId}/participants",
            Self::ListPastWebinarParticipants => "/past_webinars/{webinarId}/participants",
            Self::ListRecordings => "/meetings/{meetingId}/recordings",
        }
    }

    /// The segments of the path, with `id` where the path has a parameter.
    pub(super) fn segments(self, id: &str) -> impl Iterator<Item = &str> {
        let segments = self.path().split('/').skip(1);
        segments.map(move |segment| if segment.starts_with('{') { id } else { segment })
    }

    pub(super) fn create(kind: Kind) -> Self {
        of(kind, Self::CreateMeeting, Self::CreateWebinar)
    }

    pub(super) fn list(kind: Kind) -> Self {
        of(kind, Self::ListMeetings, Self::ListWebinars)
    }

    pub(super) fn read(kind: Kind) -> Self {
        of(kind, Self::ReadMeeting, Self::ReadWebinar)
    }

    pub(super) fn update(kind: Kind) -> Self {
        of(kind, Self::UpdateMeeting, Self::UpdateWebinar)
    }

    pub(super) fn delete(kind: Kind) -> Self {
        of(kind, Self::DeleteMeeting, Self::DeleteWebinar)
    }

    pub(super) fn end(kind: Kind) -> Self {
        of(kind, Self::EndMeeting, Self::EndWebinar)
    }

    pub(super) fn past_participants(kind: Kind) -> Self {
        of(kind, Self::ListPastParticipants, Self::ListPastWebinarParticipants)
    }
}

fn of(kind: Kind, meeting: Operation, webinar: Operation) -> Operation {
    match kind {
        Kind::Meeting => meeting,
        Kind::Webinar => webinar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_takes_the_place_of_the_parameter() {
        let path = |operation: Operation| operation.segments("7").collect::<Vec<_>>().join("/");
        assert_eq!(path(Operation::ListUsers), "users");
        assert_eq!(path(Operation::CreateMeeting), "users/7/meetings");
        assert_eq!(path(Operation::EndWebinar), "webinars/7/status");
    }
}
