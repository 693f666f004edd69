//! Lectern on one machine.
//!
//! One process holds what the cloud would: `DynamoDB`, Secrets Manager, SES and SQS behind their own wire
//! protocols, a Zoom sandbox, the functions themselves, and the timer that wakes the scheduled ones.
//! Functions reach all of it by URL, as they would in the cloud; nothing here is ever deployed.

pub mod cli;
pub mod clock;
pub mod functions;
pub mod hold;
pub mod interruption;
pub mod onlooker;
pub mod sandbox;
pub mod token;
pub mod welcome;

mod aws;
mod calls;
mod data_directory;
mod environment;
mod error;
mod events_described;
mod gateway;
mod local_api;
mod mailbox;
mod own_host;
mod proxy;
mod serve;
mod server;
mod stack;
mod tables;
mod timer;

pub use error::StackError;
pub use stack::{Options, Stack, ZoomChoice};
