//! The only place where key strings exist.
//!
//! | item | `pk` | `sk` |
//! |---|---|---|
//! | meeting | `M#tenant#meeting` | `META` |
//! | a share of its attendees | `M#tenant#meeting` | `ATT#bucket` |
//! | a share of those who were removed with its news of that number | `M#tenant#meeting` | `LEFT#number#bucket` |
//! | a reminder's delivery | `M#tenant#meeting` | `DLV#start#offset#attendee` |
//! | a delivery of news | `M#tenant#meeting` | `DLV#!number#attendee` |
//! | that one who was added with it was told of being removed | `M#tenant#meeting` | `DLV#!number#attendee#left` |
//! | a meeting's place in a list | `L#tenant#scope` | the meeting's id |
//! | the words that a meeting is indexed under | `M#tenant#meeting` | `WORDS` |
//! | that a meeting's words are to be indexed | `N#tenant` | the meeting's id |
//! | a meeting that holds a word | `X#tenant#first character` | `word#meeting` |
//! | a meeting of that number at Zoom | `XN#tenant#number` | the meeting's id |
//! | connection | `C#tenant` | the connection's id |
//! | host | `CH#tenant` | `connection#host` |
//! | the grant of a connection's app | `CG#tenant` | the connection's id |
//! | what is next to be done about a connection | `CC#tenant` | the connection's id |
//! | that its owner was told that it fails | `CN#tenant#connection` | since when |
//! | that a platform took an event | `E#tenant` | the event's id |
//! | a connection's uniqueness | `CU#tenant` | `account#client#owner` |
//! | that an attendee wants no more mails | `U#tenant` | the attendee's id |
//! | how many mails a tenant sent on a UTC day | `MQ#tenant` | the day |
//! | tenant settings | `S#tenant` | `SETTINGS` |
//! | a host's busy times, a block of 101 days | `H#account#host` | `P#block` |
//! | a host's writes of a UTC day | `H#account#host` | `Q#day` |
//! | whose a meeting at Zoom is, or on which host it was made there | `Z#account#number` | `Z` |
//! | what is known of a meeting that was made in Zoom | `H#account#host` | `Z#number` |
//! | that an owner was told of an overlap | `ON#tenant#meeting` | the start of the date |
//! | whose webhooks come in under a connection's id | `CW#connection` | `CW` |
//! | a session of a meeting | `M#tenant#meeting` | `VIS#session` |
//! | somebody's stay in it | `M#tenant#meeting` | `VIS#session#stay` |
//! | the recordings of a session of a meeting | `M#tenant#meeting` | `REC#session` |
//! | an idempotency key | `I#tenant#user#method path#key` | `I` |
//!
//! Indexes, all sparse: `upcoming` (`u_pk`, `u_sk`) holds a list's meetings by their next date and its drafts,
//! `ended` (`e_pk`, `e_sk`) by the end of their last date, `wake` (`w_pk`, `w_sk`) the meetings by the moment
//! at which something is next to be done about them, `todo` (`t_pk`, `t_sk`) what was begun and is not
//! finished, by when it was begun: meetings of which Zoom's answer is not known, and marks of words to index; and
//! the chores of connections, by when they are due.

mod of_meeting;

use std::fmt::Write as _;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

pub use self::of_meeting::*;
use super::Item;
use crate::domain::connection::Owner;
use crate::domain::host::LedgerHost;
use crate::domain::ids::{
    AccountId, AttendeeId, ConnectionId, CourseId, HostId, MeetingId, TenantId, UserId,
};
use crate::platform::EventId;

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in it.
    pub sk: String,
}

/// An index of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Lists by next date.
    Upcoming,
    /// Lists by the end of the last date.
    Ended,
    /// Meetings by what is next to be done.
    Wake,
    /// What was begun and is not finished.
    Todo,
}

impl Index {
    /// All indexes.
    pub const ALL: [Self; 4] = [Self::Upcoming, Self::Ended, Self::Wake, Self::Todo];

    /// The index's name and its two key attributes.
    pub fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Upcoming => ("upcoming", "u_pk", "u_sk"),
            Self::Ended => ("ended", "e_pk", "e_sk"),
            Self::Wake => ("wake", "w_pk", "w_sk"),
            Self::Todo => ("todo", "t_pk", "t_sk"),
        }
    }
}

/// A list that a meeting stands in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All of the tenant.
    Tenant,
    /// Those of one organizer.
    Organizer(UserId),
    /// Those of one connection.
    Connection(ConnectionId),
    /// Those of one host.
    Host(HostId),
    /// Those placed in one course.
    Course(CourseId),
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Meetings with a date to come, by that date.
    Upcoming,
    /// Drafts.
    Drafts,
    /// Meetings by the end of their last date.
    Ended,
}

/// The buckets that a meeting's attendees are spread over: few enough to be written in one transaction with
/// everything else, enough to keep 5,000 attendees under an item's 400 KB.
pub const ATTENDEE_BUCKETS: u8 = 8;

fn join<const N: usize>(parts: [&str; N]) -> String {
    let mut key = String::new();
    for (n, part) in parts.into_iter().enumerate() {
        if n > 0 {
            key.push('#');
        }
        // What separates must not stand inside a part: two lists of parts would give one key.
        for character in part.chars() {
            match character {
                '#' => key.push_str("%23"),
                '%' => key.push_str("%25"),
                other => key.push(other),
            }
        }
    }
    key
}

/// A moment as it sorts.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A meeting's place in a list.
pub fn listing(tenant: &TenantId, scope: &Scope, id: &MeetingId) -> Key {
    Key { pk: list(tenant, scope), sk: id.as_str().to_owned() }
}

/// A list: the partition that holds all of its meetings, by id and so by age.
pub fn list(tenant: &TenantId, scope: &Scope) -> String {
    let tenant = tenant.as_str();
    match scope {
        Scope::Tenant => join(["L", tenant, "T"]),
        Scope::Organizer(user) => join(["L", tenant, "O", user.as_str()]),
        Scope::Connection(connection) => join(["L", tenant, "C", connection.as_str()]),
        Scope::Host(host) => join(["L", tenant, "H", host.as_str()]),
        Scope::Course(course) => join(["L", tenant, "K", course.as_str()]),
    }
}

/// A part of a list: the partition of an index.
pub fn shelf(tenant: &TenantId, scope: &Scope, shelf: Shelf) -> String {
    let mut key = list(tenant, scope);
    key.push_str(match shelf {
        Shelf::Upcoming => "#U",
        Shelf::Drafts => "#D",
        Shelf::Ended => "#E",
    });
    key
}

/// The words that a meeting is indexed under.
pub fn indexed(tenant: &TenantId, id: &MeetingId) -> Key {
    Key { pk: meeting(tenant, id).pk, sk: "WORDS".to_owned() }
}

/// The mark that a meeting's words are to be indexed.
pub fn unindexed(tenant: &TenantId, id: &MeetingId) -> Key {
    Key { pk: unindexed_of(tenant), sk: id.as_str().to_owned() }
}

/// The partition of a tenant's meetings whose words are to be indexed.
pub fn unindexed_of(tenant: &TenantId) -> String {
    join(["N", tenant.as_str()])
}

/// That a meeting holds a word.
pub fn posting(tenant: &TenantId, word: &str, id: &MeetingId) -> Key {
    Key { pk: postings(tenant, word), sk: join([word, id.as_str()]) }
}

/// The partition of the words that begin as `word` does.
pub fn postings(tenant: &TenantId, word: &str) -> String {
    let initial: String = word.chars().take(1).collect();
    join(["X", tenant.as_str(), &initial])
}

/// That a meeting has that number at Zoom.
pub fn numbered(tenant: &TenantId, number: u64, id: &MeetingId) -> Key {
    Key { pk: numbered_as(tenant, number), sk: id.as_str().to_owned() }
}

/// The partition of the meetings that have that number at Zoom.
pub fn numbered_as(tenant: &TenantId, number: u64) -> String {
    join(["XN", tenant.as_str(), &number.to_string()])
}

/// Puts an item into an index.
pub(super) fn place(item: &mut Item, index: Index, partition: String, at: String) {
    let (_, pk, sk) = index.names();
    item.insert(pk.to_owned(), AttributeValue::S(partition));
    item.insert(sk.to_owned(), AttributeValue::S(at));
}

/// The place of what has that id on a shelf that is ordered by time.
pub fn by_time(at: DateTime<Utc>, id: &str) -> String {
    join([&moment(at), id])
}

/// Which of `shards` partitions of an index by time a meeting or a connection belongs to.
pub fn shard(id: &str, shards: u16) -> u16 {
    // The id ends in random hexadecimal digits.
    let tail = id.as_bytes().iter().rev().take(4);
    let number = tail.fold(0_u32, |sum, byte| sum * 31 + u32::from(*byte));
    u16::try_from(number % u32::from(shards.max(1))).unwrap_or_default()
}

/// A partition of the index of due work.
pub fn wake(shard: u16) -> String {
    format!("W#{shard}")
}

/// A partition of the index of what is not finished.
pub fn todo(shard: u16) -> String {
    format!("T#{shard}")
}

/// A connection.
pub fn connection(tenant: &TenantId, id: &ConnectionId) -> Key {
    Key { pk: connections(tenant), sk: id.as_str().to_owned() }
}

/// What is known of the grant of a connection's app.
pub fn grant(tenant: &TenantId, id: &ConnectionId) -> Key {
    Key { pk: join(["CG", tenant.as_str()]), sk: id.as_str().to_owned() }
}

/// What is next to be done about a connection by itself.
pub fn chore(tenant: &TenantId, id: &ConnectionId) -> Key {
    Key { pk: join(["CC", tenant.as_str()]), sk: id.as_str().to_owned() }
}

/// The notice that a connection has not been working since then.
pub fn failure_notice(tenant: &TenantId, id: &ConnectionId, since: DateTime<Utc>) -> Key {
    Key { pk: join(["CN", tenant.as_str(), id.as_str()]), sk: moment(since) }
}

/// That the tenant's platform took the event.
pub fn platform_event(tenant: &TenantId, id: &EventId) -> Key {
    Key { pk: join(["E", tenant.as_str()]), sk: id.as_str().to_owned() }
}

/// The notice that a date of a meeting overlaps with what was made in Zoom.
pub fn overlap_notice(tenant: &TenantId, id: &MeetingId, start: DateTime<Utc>) -> Key {
    Key { pk: join(["ON", tenant.as_str(), id.as_str()]), sk: moment(start) }
}

/// The partition of a tenant's connections.
pub fn connections(tenant: &TenantId) -> String {
    join(["C", tenant.as_str()])
}

/// A host of a connection.
pub fn host(tenant: &TenantId, connection: &ConnectionId, host: &HostId) -> Key {
    Key { pk: hosts(tenant), sk: join([connection.as_str(), host.as_str()]) }
}

/// The partition of a tenant's hosts.
pub fn hosts(tenant: &TenantId) -> String {
    join(["CH", tenant.as_str()])
}

/// What the hosts of one connection begin with.
pub fn hosts_of(connection: &ConnectionId) -> String {
    format!("{}#", join([connection.as_str()]))
}

/// What makes a connection unique in its tenant.
pub fn connection_unique(tenant: &TenantId, account: &str, client: &str, owner: &Owner) -> Key {
    let owner = match owner {
        Owner::Tenant => String::from("T"),
        Owner::User(user) => join(["U", user.as_str()]),
    };
    Key { pk: join(["CU", tenant.as_str()]), sk: join([account, client, &owner]) }
}

/// That an attendee wants no more mails of the tenant.
pub fn unsubscribed(tenant: &TenantId, attendee: &AttendeeId) -> Key {
    Key { pk: join(["U", tenant.as_str()]), sk: attendee.as_str().to_owned() }
}

/// How many mails a tenant sent on a UTC day.
pub fn mails_sent(tenant: &TenantId, day: NaiveDate) -> Key {
    Key { pk: join(["MQ", tenant.as_str()]), sk: day.to_string() }
}

/// A tenant's settings.
pub fn settings(tenant: &TenantId) -> Key {
    Key { pk: join(["S", tenant.as_str()]), sk: "SETTINGS".to_owned() }
}

/// A host's busy times in one block of days.
pub fn ledger(host: &LedgerHost, block: i64) -> Key {
    Key { pk: ledger_host(host), sk: format!("P#{block}") }
}

/// The first place of a host's blocks from that one on, and the last sort key of all.
pub fn ledger_from(host: &LedgerHost, block: i64) -> (Key, String) {
    // Until the year 2246 the numbers of blocks have as many digits.
    (ledger(host, block), "P#~".to_owned())
}

/// The number of a block of busy times.
pub fn ledger_block(key: &Key) -> Option<i64> {
    key.sk.strip_prefix("P#")?.parse().ok()
}

/// What is known of a meeting that was made in Zoom.
pub fn made_in_zoom(host: &LedgerHost, number: u64) -> Key {
    Key { pk: ledger_host(host), sk: format!("{MADE_IN_ZOOM}{number}") }
}

/// What the places of a host's meetings that were made in Zoom begin with.
pub const MADE_IN_ZOOM: &str = "Z#";

/// A host's writes of one UTC day.
pub fn quota(host: &LedgerHost, day: NaiveDate) -> Key {
    Key { pk: ledger_host(host), sk: format!("Q#{day}") }
}

fn ledger_host(host: &LedgerHost) -> String {
    join(["H", host.account_id.as_str(), host.host_id.as_str()])
}

/// Whose a meeting at Zoom is.
pub fn zoom_meeting(account: &AccountId, number: u64) -> Key {
    Key { pk: join(["Z", account.as_str(), &number.to_string()]), sk: "Z".to_owned() }
}

/// Whose webhooks come in under a connection's id. It stands by itself, since whoever calls names no tenant.
pub fn webhook_route(connection: &ConnectionId) -> Key {
    Key { pk: join(["CW", connection.as_str()]), sk: "CW".to_owned() }
}

/// What a caller's idempotency key stands for.
pub fn idempotency(tenant: &TenantId, user: &UserId, method: &str, path: &str, key: &str) -> Key {
    let mut operation = String::new();
    write!(operation, "{method} {path}").expect("writing to a String cannot fail");
    Key { pk: join(["I", tenant.as_str(), user.as_str(), &operation, key]), sk: "I".to_owned() }
}

#[cfg(test)]
mod tests;
