//! The deployed stack, through its front door. `tests/deploy.sh` deploys it and starts these tests.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod job;
mod operations;
mod policies;
mod support;
#[path = "../template.rs"]
mod template;
mod update;
