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
use shared::config::Config;

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

/// What functions are built from, as their programs would find it in the cloud.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The settings, as a deployment would make them.
    pub config: Config,
    /// The configuration of AWS clients, shared so that they share their connections.
    pub aws: SdkConfig,
    /// The clock to read.
    pub clock: SharedClock,
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
