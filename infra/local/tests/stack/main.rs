//! The local stack, spoken to as functions and people do: each test starts its own in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod dynamodb;
mod environment;
mod local_endpoints;
mod mail;
mod persistence;
mod program;
mod queues;
mod secrets;
mod support;
mod zoom;
