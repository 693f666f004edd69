//! Lectern through its front door: every test starts a stack of its own, in memory, on a free port, with a
//! clock of its own, and speaks HTTP to it.

mod support;

mod booking;
mod budgets;
mod conventions;
mod events;
mod join;
mod lists;
mod openapi;
