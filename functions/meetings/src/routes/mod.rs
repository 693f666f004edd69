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
mod turn;
pub(crate) mod unsubscribe;

shared::endpoints! {
    [create::create, list::list]
    [read::read, change::change, delete::delete]
    [duplicate::duplicate]
    [occurrence_change::change, occurrence_delete::delete]
    [end::end]
    [join::join]
    [calendar::calendar]
    [attendees_list::list, attendees_replace::replace, attendees_add::add]
    [attendees_remove::remove]
    [deliveries::list]
    [attendance::read]
    [recordings::list]
    [unsubscribe::page, unsubscribe::unsubscribe]
    [health::health]
    [openapi::openapi]
    [problems::problem]
}
