//! What Lectern speaks of: pure types and rules, with no AWS and no HTTP.

pub mod attendance;
pub mod attendee;
pub mod connection;
pub mod date;
pub mod deauthorized;
pub mod email;
pub mod finding;
pub mod host;
pub mod ids;
pub mod interval;
pub mod meeting;
pub mod news;
pub mod offset;
pub mod recording;
pub mod recurrence;
mod reminders;
pub mod session;
pub mod settings;
pub mod trace;
pub mod wall_time;
pub mod words;
