//! The function's endpoints, one a file.

pub(crate) mod attendance;
pub(crate) mod attendees_add;
pub(crate) mod attendees_list;
pub(crate) mod attendees_remove;
pub(crate) mod attendees_replace;
pub(crate) mod calendar;
pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod duplicate;
pub(crate) mod end;
pub(crate) mod health;
pub(crate) mod join;
pub(crate) mod list;
pub(crate) mod occurrence_change;
pub(crate) mod occurrence_delete;
pub(crate) mod openapi;
pub(crate) mod problems;
pub(crate) mod read;
pub(crate) mod recordings;
pub(crate) mod unsubscribe;
