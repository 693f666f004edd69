//! Half-open spans of time, and whether a host is free in them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A span of time that holds its start and not its end: one may start the moment another ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// The first moment inside.
    pub starts_at: DateTime<Utc>,
    /// The first moment after.
    pub ends_at: DateTime<Utc>,
}

impl Interval {
    /// The span of `minutes` from `starts_at`.
    pub fn of_minutes(starts_at: DateTime<Utc>, minutes: u16) -> Self {
        Self { starts_at, ends_at: starts_at + TimeDelta::minutes(i64::from(minutes)) }
    }

    /// Whether the two share a moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// The span with `minutes` more on both sides, against which others keep that distance.
    #[must_use]
    pub fn widened(&self, minutes: u16) -> Self {
        let buffer = TimeDelta::minutes(i64::from(minutes));
        Self { starts_at: self.starts_at - buffer, ends_at: self.ends_at + buffer }
    }

    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.ends_at - self.starts_at
    }
}

/// The most intervals of `busy` that are under way at one moment inside `window`.
pub fn peak(busy: &[Interval], window: &Interval) -> usize {
    let inside: Vec<&Interval> = busy.iter().filter(|interval| interval.overlaps(window)).collect();
    // The number under way only rises where one starts, so those moments are enough to look at.
    inside
        .iter()
        .map(|interval| interval.starts_at.max(window.starts_at))
        .map(|moment| inside.iter().filter(|i| i.starts_at <= moment && moment < i.ends_at).count())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(from: i64, to: i64) -> Interval {
        let at = |m: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(m);
        Interval { starts_at: at(from), ends_at: at(to) }
    }

    #[test]
    fn touching_is_not_overlapping() {
        assert!(!minutes(0, 60).overlaps(&minutes(60, 90)));
        assert!(minutes(0, 61).overlaps(&minutes(60, 90)));
        assert!(minutes(0, 60).widened(1).overlaps(&minutes(60, 90)));
    }

    #[test]
    fn the_peak_counts_what_runs_together_not_what_merely_touches_the_window() {
        let busy = [minutes(0, 30), minutes(30, 60), minutes(100, 120)];
        assert_eq!(peak(&busy, &minutes(0, 60)), 1);
        assert_eq!(peak(&[minutes(0, 40), minutes(30, 60)], &minutes(0, 60)), 2);
        assert_eq!(peak(&[minutes(0, 40), minutes(30, 60)], &minutes(40, 60)), 1);
        assert_eq!(peak(&busy, &minutes(60, 100)), 0);
    }
}
