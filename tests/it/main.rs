//! Lectern through its front door: every test starts a stack of its own, in memory, on a free port, with a
//! clock of its own, and speaks HTTP to it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod support;

mod booking;
mod budgets;
mod calendar;
mod calendar_dates;
mod connections;
mod conventions;
mod deployment;
mod events;
mod join;
mod lists;
mod local_stack;
mod many_meetings;
mod model;
mod openapi;
mod platform_events;
mod recovery;
mod reminders;
mod search;
mod secrecy;
mod sync;
mod term;
mod webhooks;
mod zoom_requests;
