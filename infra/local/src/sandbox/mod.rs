//! A stateful Zoom to develop and test against: the token endpoint, the operations that an integration uses,
//! and a page to steer it by. Functions reach it by URL and know nothing of it.

mod account;
mod admin;
mod api;
mod draft;
mod errors;
mod events;
mod faults;
mod fields;
mod links;
mod listing;
mod live;
mod meeting;
mod meetings;
mod operations;
mod paging;
mod past;
mod recurrence;
mod registrants;
mod scopes;
mod seed;
mod settings;
mod state;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod token;
mod users;
mod webhooks;

use std::fmt::{Debug, Formatter};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{any, post};
use chrono::{DateTime, Utc};
use shared::clock::SharedClock;

pub use admin::{AccountSummary, AppSummary, UserSummary};
pub use operations::operation_template;
pub use store::StoreError as SandboxError;

use state::State;
use store::Store;
use webhooks::Postman;

/// How a sandbox is made.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The clock by which tokens expire, days end and meetings are past.
    pub clock: SharedClock,
    /// An `SQLite` file that keeps everything between runs; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// The creates and updates that a host has per UTC day.
    pub daily_writes: u32,
    /// Whether a fresh sandbox starts with the account that the documentation names.
    pub seed: bool,
}

/// The sandbox; clones share one state.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    clock: SharedClock,
    daily_writes: u32,
    state: Mutex<State>,
    postman: OnceLock<Postman>,
}

impl Debug for Sandbox {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Opens the sandbox with what its file holds.
    pub fn open(options: SandboxOptions) -> Result<Self, SandboxError> {
        let SandboxOptions { clock, data, daily_writes, seed } = options;
        let mut state = State::load(Store::open(data.as_deref())?)?;
        if seed && state.accounts().next().is_none() {
            seed::plant(&mut state, clock.now())?;
        }
        Ok(Self(Arc::new(Inner { clock, daily_writes, state: Mutex::new(state), postman: OnceLock::new() })))
    }

    /// `/oauth/token`, `/v2/…` and `/_admin/…`, to be nested where the caller wants them.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/oauth/token", post(token::issue))
            .route("/v2/{*path}", any(api::handle))
            .layer(axum::middleware::from_fn_with_state(self.clone(), faults::inject))
            .nest("/_admin", admin::router().merge(live::router()).merge(webhooks::router()))
            .layer(axum::middleware::from_fn_with_state(self.clone(), send_events))
            .with_state(self.clone())
    }

    /// The accounts, without anything secret.
    pub fn accounts(&self) -> Vec<AccountSummary> {
        admin::summaries(&self.state(), self.now())
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    fn postman(&self) -> &Postman {
        self.0.postman.get_or_init(Postman::start)
    }

    fn daily_writes(&self) -> u32 {
        self.0.daily_writes
    }

    /// The one lock. A request that panicked left whole values behind, for each is replaced at once.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells listeners what a request did, once it is done.
async fn send_events(Extract(sandbox): Extract<Sandbox>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    sandbox.send_events();
    response
}
