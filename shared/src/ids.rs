//! Where new ids come from.

use std::fmt::Debug;
use std::sync::Arc;

use uuid::{ContextV7, Timestamp, Uuid};

use crate::clock::SharedClock;

/// Makes ids. Injected beside the clock, so that ids carry the clock's time and sort by it.
pub trait Ids: Debug + Send + Sync {
    /// A new version 7 UUID (RFC 9562), never given before, sorting after the ones made earlier.
    fn next(&self) -> Uuid;
}

/// An id source that many owners share.
pub type SharedIds = Arc<dyn Ids>;

/// Ids by the injected clock, with random tails from the operating system.
#[derive(Debug)]
pub struct ClockIds {
    clock: SharedClock,
    context: std::sync::Mutex<ContextV7>,
}

impl ClockIds {
    /// An id source that reads `clock`.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, context: std::sync::Mutex::new(ContextV7::new()) }
    }
}

impl Ids for ClockIds {
    fn next(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let context = self.context.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }
}
