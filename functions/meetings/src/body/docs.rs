//! The bodies as the API's description shows them; `super` reads them field by field.

use serde::Serialize;
use shared::domain::meeting::Kind;
use shared::domain::recording::RecordingAccess;
use shared::domain::settings::PartialSettings;
use utoipa::ToSchema;

use crate::view::{CourseView, RecurrenceView};

/// What a booking takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeetingRequest)]
pub(crate) struct BookingBody {
    /// The title (1 to 200 characters).
    #[schema(min_length = 1, max_length = 200)]
    topic: String,
    /// What it is about.
    #[schema(max_length = 2000)]
    agenda: Option<String>,
    /// Meeting (default) or webinar.
    kind: Option<Kind>,
    /// Wall time in `time_zone`, or with an offset.
    #[schema(example = "2027-12-01T20:30:00")]
    start: String,
    /// An IANA name; required where `start` has no offset.
    #[schema(example = "Asia/Jakarta")]
    time_zone: Option<String>,
    /// How long each date is.
    #[schema(minimum = 1, maximum = 1440)]
    duration_minutes: u16,
    /// The rule of a series.
    recurrence: Option<RecurrenceView>,
    /// `"auto"` (default), or a host by `host_id` or `email`.
    host: Option<HostBody>,
    /// Zoom user ids of the same account who may start it too.
    #[schema(max_items = 4)]
    alternative_hosts: Option<Vec<String>>,
    /// What a person must enter; chosen by Zoom where it is left out.
    #[schema(max_length = 10)]
    passcode: Option<String>,
    /// Where in the LMS it is placed.
    #[schema(max_items = 20)]
    courses: Option<Vec<CourseView>>,
    /// Settings left out come from the connection's defaults.
    settings: Option<PartialSettings>,
    /// Who sees its recordings; `attendees` where left out.
    recording_access: Option<RecordingAccess>,
    /// Those who attend.
    attendees: Option<Vec<AttendeeBody>>,
    /// When reminders go out (`PT5M` to `P30D`); the tenant's default where left out.
    #[schema(max_items = 10, example = json!(["PT1H", "P1D"]))]
    reminders: Option<Vec<String>>,
    /// `planned` (default), or `draft`: kept here alone, with no booking.
    status: Option<String>,
    /// Whose meeting it is; the caller's where left out.
    organizer_id: Option<String>,
}

/// How a booking names a host.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = HostRequest)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(crate) enum HostBody {
    /// `"auto"`: whoever is free.
    Auto(String),
    /// One of a connection's hosts; its default host where neither id nor address is given.
    Named {
        /// The connection.
        connection_id: Option<String>,
        /// The Zoom user.
        host_id: Option<String>,
        /// The user's address in Zoom.
        email: Option<String>,
    },
}

/// One who attends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttendeeRequest)]
pub(crate) struct AttendeeBody {
    /// The LMS's user id.
    id: String,
    /// Where reminders go.
    email: String,
    /// The name to greet by.
    name: Option<String>,
    /// The language to write in (BCP 47).
    locale: Option<String>,
    /// The zone to tell times in (IANA).
    time_zone: Option<String>,
}

/// A list of attendees.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttendeesRequest)]
pub(crate) struct AttendeesBody {
    /// Those who attend.
    #[schema(max_items = 5000)]
    attendees: Vec<AttendeeBody>,
}
