//! A meeting's own item, and what stands beside it in the same partition.

use chrono::{DateTime, Utc};

use super::{Key, join, moment};
use crate::domain::ids::{AttendeeId, MeetingId, TenantId};
use crate::domain::offset::ReminderOffset;

/// The sort key of a meeting.
pub(in crate::store) const MEETING: &str = "META";

/// A meeting.
pub fn meeting(tenant: &TenantId, id: &MeetingId) -> Key {
    Key { pk: join(["M", tenant.as_str(), id.as_str()]), sk: MEETING.to_owned() }
}

/// One of a meeting's buckets of attendees.
pub fn attendees(tenant: &TenantId, id: &MeetingId, bucket: u8) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: format!("ATT#{bucket}") }
}

/// One of the buckets of those who were removed with the news of that number.
pub fn departed(tenant: &TenantId, id: &MeetingId, number: u32, bucket: u8) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: format!("{}{bucket}", departed_with(number)) }
}

/// What the places of those begin with who were removed with the news of that number.
pub fn departed_with(number: u32) -> String {
    format!("LEFT#{number:010}#")
}

/// A delivery to one attendee for one date and offset.
pub fn delivery(
    tenant: &TenantId,
    id: &MeetingId,
    start: DateTime<Utc>,
    offset: ReminderOffset,
    attendee: &AttendeeId,
) -> Key {
    let sk = join(["DLV", &moment(start), &offset.to_string(), attendee.as_str()]);
    Key { pk: meeting(tenant, id).pk, sk }
}

/// A delivery of a meeting's news to one attendee.
pub fn news_delivery(tenant: &TenantId, id: &MeetingId, number: u32, attendee: &AttendeeId) -> Key {
    // Before all dates, which begin with a year.
    let sk = join(["DLV", &format!("!{number:010}"), attendee.as_str()]);
    Key { pk: meeting(tenant, id).pk, sk }
}

/// What the places of the deliveries of the news of that number begin with.
pub fn news_of(number: u32) -> String {
    format!("{DELIVERIES}!{number:010}#")
}

/// The number of the news whose delivery has that place.
pub fn number_of_news(place: &str) -> Option<u32> {
    place.strip_prefix(DELIVERIES)?.strip_prefix('!')?.split('#').next()?.parse().ok()
}

/// A delivery to one who was added with the news of the number `since` and was removed: whoever has another address
/// now is told at both.
pub fn departed_delivery(tenant: &TenantId, id: &MeetingId, since: u32, attendee: &AttendeeId) -> Key {
    let news = news_delivery(tenant, id, since, attendee);
    Key { sk: format!("{}#left", news.sk), ..news }
}

/// What the places of a meeting's deliveries begin with.
pub const DELIVERIES: &str = "DLV#";

/// A session of a meeting.
pub fn session(tenant: &TenantId, id: &MeetingId, session: &str) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: join(["VIS", session]) }
}

/// Somebody's stay in a session of a meeting.
pub fn stay(tenant: &TenantId, id: &MeetingId, session: &str, stay: &str) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: join(["VIS", session, stay]) }
}

/// What the places of a meeting's sessions and stays begin with.
pub const VISITS: &str = "VIS#";

/// The recordings of a session of a meeting.
pub fn recording(tenant: &TenantId, id: &MeetingId, session: &str) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: join(["REC", session]) }
}

/// What the places of a meeting's recordings begin with.
pub const RECORDINGS: &str = "REC#";

/// The meeting under whose items `partition` stands.
pub fn meeting_of(partition: &str) -> Option<(TenantId, MeetingId)> {
    // Neither id can hold what separates them.
    let (tenant, meeting) = partition.strip_prefix("M#")?.split_once('#')?;
    Some((tenant.parse().ok()?, meeting.parse().ok()?))
}
