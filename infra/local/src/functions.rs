//! The functions, as the stack runs them: the one place that knows them by name.

use std::error::Error;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use axum::Router;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use shared::clock::SharedClock;

/// Where functions find what is outside of them.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The endpoint of all AWS services.
    pub aws_url: String,
    /// Zoom's address for tokens, path included.
    pub zoom_oauth_url: String,
    /// The base of Zoom's API, version included.
    pub zoom_api_url: String,
    /// The base of Lectern's own address, as its users see it.
    pub public_url: String,
}

/// The names of what the stack made for the functions.
#[derive(Debug, Clone)]
pub struct Resources {
    /// The region to name to AWS.
    pub region: &'static str,
    /// The table.
    pub table: &'static str,
    /// The queue of notices.
    pub queue_url: String,
    /// The secret that signs cursors and hashes.
    pub signing_key_secret: &'static str,
    /// The secret that tokens are checked with.
    pub jwt_secret: &'static str,
    /// The issuer that tokens name.
    pub jwt_issuer: &'static str,
    /// The audience that tokens name.
    pub jwt_audience: &'static str,
}

/// What functions are built from.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where to find what is outside.
    pub endpoints: Endpoints,
    /// The names of tables, queues and secrets.
    pub resources: Resources,
    /// The configuration of AWS clients, shared so that they share their connections.
    pub aws: SdkConfig,
    /// A client for everything else, which passes by whatever proxy the machine's environment names.
    pub http: reqwest::Client,
    /// The clock to read.
    pub clock: SharedClock,
    /// The limit of writes to Zoom per host and day.
    pub daily_writes: u32,
}

/// A function that a schedule wakes; returns what it did.
pub type Scheduled = Arc<dyn Fn() -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// A function that a queue feeds; returns which messages it did not handle.
pub type Queued = Arc<dyn Fn(SqsEvent) -> BoxFuture<'static, Result<SqsBatchResponse, String>> + Send + Sync>;

/// Builds the functions once the services listen that they call.
pub type Build = Box<
    dyn FnOnce(Environment) -> BoxFuture<'static, Result<Functions, Box<dyn Error + Send + Sync>>> + Send,
>;

/// All functions, ready to run.
#[derive(Clone)]
pub struct Functions {
    /// Everything that answers HTTP.
    pub http: Router,
    /// Sends the reminders that are due.
    pub reminders: Scheduled,
    /// Works off what Zoom reported.
    pub webhooks: Scheduled,
    /// Repairs what Zoom and the table disagree on.
    pub reconciler: Scheduled,
    /// Sends the notices that the queue holds.
    pub notifications: Queued,
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Functions").finish_non_exhaustive()
    }
}

impl Default for Functions {
    /// Functions that do nothing, and take every notice as handled.
    fn default() -> Self {
        let idle: Scheduled = Arc::new(|| async { Ok(json!({"due": 0})) }.boxed());
        Self {
            http: Router::new(),
            reminders: Arc::clone(&idle),
            webhooks: Arc::clone(&idle),
            reconciler: idle,
            notifications: Arc::new(|_| async { Ok(SqsBatchResponse::default()) }.boxed()),
        }
    }
}

/// Builds the functions of Lectern.
pub fn build(
    _environment: Environment,
) -> BoxFuture<'static, Result<Functions, Box<dyn Error + Send + Sync>>> {
    async { Ok(Functions::default()) }.boxed()
}
