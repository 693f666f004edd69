//! What HTTP means here: problems, bodies, lists, idempotency, tokens.

pub mod app;
pub mod cursor;
mod endpoints;
pub mod etag;
pub mod fields;
pub mod idempotency;
pub mod page;
pub mod parse;
pub mod problem;
mod problem_body;
pub mod request;
pub mod schedule;

pub use problem::{Code, Problem};
