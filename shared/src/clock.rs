//! The clock that everything reads.

use std::fmt::Debug;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Tells the time. Nothing in Lectern reads the ambient clock, so that a test or the local stack can
/// move time for functions, token checks and queues alike.
pub trait Clock: Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// A clock that many owners share.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the ambient clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
