//! The Zoom sandbox.

use std::path::PathBuf;

use shared::clock::SharedClock;

/// How a sandbox is opened.
#[derive(Debug)]
pub struct SandboxOptions {
    /// The clock it reads.
    pub clock: SharedClock,
    /// Where it keeps its state; nowhere where absent.
    pub data: Option<PathBuf>,
    /// Writes per host and day before Zoom's daily limit strikes.
    pub daily_writes: u32,
    /// Whether a fresh sandbox holds the account that everyone knows.
    pub seed: bool,
}

/// Why a sandbox does not open.
#[derive(Debug, thiserror::Error)]
#[error("the Zoom sandbox did not open")]
pub struct SandboxError;

/// A stateful Zoom.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Opens the sandbox.
    pub fn open(_options: SandboxOptions) -> Result<Self, SandboxError> {
        Ok(Self)
    }

    /// Its endpoints: `/oauth/token`, `/v2/…`, `/_admin/…`.
    pub fn router(&self) -> axum::Router {
        axum::Router::new().route("/oauth/token", axum::routing::post(async || "{}"))
    }
}

/// The operation that a call is, with its path's variables named: `GET /users/{userId}`.
pub fn operation_template(method: &http::Method, path: &str) -> Option<String> {
    (path == "/oauth/token").then(|| format!("{method} {path}"))
}
