//! What functions tell of themselves: structured logs, one JSON line an event, on standard output, which Lambda
//! hands to CloudWatch; and metrics, in lines of the same log.

pub mod metrics;
pub mod trace;

use std::io;
use std::sync::Arc;

use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use self::metrics::EmbeddedMetrics;
use crate::clock::SystemClock;

/// Starts logging at the level that `RUST_LOG` names, or the function's log level in Lambda; else at `info`. Either
/// may name levels of single crates too, as `info,aws_sdk_dynamodb=debug`; one that cannot be read is said to be so.
///
/// Metrics are written where Lambda gives the function its name.
///
/// Never logged: tokens, secrets, start links, passcodes, request bodies, addresses of attendees.
pub fn start() {
    let named = ["RUST_LOG", "AWS_LAMBDA_LOG_LEVEL"].iter().find_map(|name| std::env::var(name).ok());
    let read = named.as_deref().map(str::parse::<Targets>);
    let (level, unreadable) = match read {
        Some(Ok(level)) => (level, None),
        Some(Err(error)) => (Targets::new().with_default(LevelFilter::INFO), Some(error)),
        None => (Targets::new().with_default(LevelFilter::INFO), None),
    };
    let lines = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_filter(filter_fn(|metadata| metadata.target() != metrics::TARGET))
        .with_filter(level);
    let metrics = std::env::var("AWS_LAMBDA_FUNCTION_NAME").ok().map(|function| {
        EmbeddedMetrics::new(function, Arc::new(SystemClock), io::stdout)
            .with_filter(filter_fn(|metadata| metadata.target() == metrics::TARGET))
    });
    if tracing_subscriber::registry().with(lines).with(metrics).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    if let Some(error) = unreadable {
        tracing::warn!(%error, "the log level cannot be read; it is info");
    }
}
