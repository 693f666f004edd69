//! Structured logs: one JSON line an event, on standard output, which Lambda hands to CloudWatch.

use tracing_subscriber::EnvFilter;

/// Starts logging at the level that `RUST_LOG` names; `info` where it is not set.
///
/// Never logged: tokens, secrets, start links, passcodes, request bodies, addresses of attendees.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(true);
    if lines.with_env_filter(filter).with_target(false).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
}
