//! The sandbox over HTTP, in process.

mod admin;
mod conformance;
mod faults;
mod lists;
mod meetings;
mod persistence;
mod series;
mod support;
mod tokens;
mod users;
mod validation;
mod webinars;
