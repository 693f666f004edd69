//! The clock that the local stack can move.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use shared::clock::{Clock, SystemClock};

/// Real time plus an offset: once moved, it runs on from there.
#[derive(Debug, Default)]
pub struct LocalClock {
    offset_micros: AtomicI64,
    moved: AtomicBool,
}

impl LocalClock {
    /// A clock that shows real time until it is moved.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock to `now`.
    pub fn set(&self, now: DateTime<Utc>) {
        let offset = now.timestamp_micros() - SystemClock.now().timestamp_micros();
        self.offset_micros.store(offset, Ordering::SeqCst);
        self.moved.store(true, Ordering::SeqCst);
    }

    /// Moves the clock on by `seconds`; false, and unmoved, where no such time can be written.
    #[must_use]
    pub fn advance(&self, seconds: i64) -> bool {
        let target = TimeDelta::try_seconds(seconds)
            .and_then(|delta| self.now().checked_add_signed(delta))
            // RFC 3339 has four digits for the year.
            .filter(|target| target.year() <= 9999);
        match target {
            Some(now) => {
                self.set(now);
                true
            }
            None => false,
        }
    }

    /// Whether the clock has ever been moved; from then on nothing runs by itself.
    pub fn is_moved(&self) -> bool {
        self.moved.load(Ordering::SeqCst)
    }
}

impl Clock for LocalClock {
    fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::microseconds(self.offset_micros.load(Ordering::SeqCst));
        let real = SystemClock.now();
        real.checked_add_signed(offset).unwrap_or(real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_on_from_where_it_was_set() {
        let clock = LocalClock::new();
        assert!(!clock.is_moved());
        let target = "2030-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
        clock.set(target);
        assert!(clock.is_moved());
        assert!(clock.advance(60));
        let passed = clock.now() - target;
        assert!(passed >= TimeDelta::seconds(60) && passed < TimeDelta::seconds(65), "{passed}");
    }

    #[test]
    fn refuses_a_time_that_does_not_exist() {
        let clock = LocalClock::new();
        assert!(!clock.advance(i64::MAX));
        assert!(!clock.advance(8000 * 366 * 24 * 3600));
        assert!(!clock.is_moved());
    }
}
