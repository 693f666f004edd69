//! The grid of the ledger: blocks of 101 days, and the weeks of each.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::interval::Interval;

/// The days of one block.
pub(super) const BLOCK_DAYS: i64 = 101;
const DAY_SECONDS: i64 = 86_400;
pub(super) const BLOCK_SECONDS: i64 = BLOCK_DAYS * DAY_SECONDS;
const WEEK_SECONDS: i64 = 7 * DAY_SECONDS;
/// The weeks of one block, the last of which has three days.
const BLOCK_WEEKS: i64 = 15;

/// A week of a block, by its number since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week(i64);

impl Week {
    /// The weeks that `intervals`, each with `margin_minutes` around it, touch.
    pub fn touched(intervals: &[Interval], margin_minutes: u16) -> BTreeSet<Self> {
        intervals.iter().flat_map(|interval| Self::of(&interval.widened(margin_minutes))).collect()
    }

    /// The week of a moment.
    pub(super) fn now(now: DateTime<Utc>) -> Self {
        Self::at(now.timestamp())
    }

    /// All weeks of a block.
    pub(super) fn of_block(block: i64) -> impl Iterator<Item = Self> {
        (block * BLOCK_WEEKS..(block + 1) * BLOCK_WEEKS).map(Self)
    }

    /// The number of the block that it is of.
    pub fn block(self) -> i64 {
        self.0.div_euclid(BLOCK_WEEKS)
    }

    /// The attribute of the block's item that holds its busy times.
    pub fn attribute(self) -> String {
        format!("w{}", self.place())
    }

    /// Its first moment, in seconds since the epoch.
    pub(super) fn begins(self) -> i64 {
        self.block() * BLOCK_SECONDS + self.place() * WEEK_SECONDS
    }

    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub(super) fn of(interval: &Interval) -> impl Iterator<Item = Self> + use<> {
        let first = Self::at(interval.starts_at.timestamp());
        // The end is not part of the span.
        let last = Self::at(interval.ends_at.timestamp() - 1);
        (first.0..=last.0.max(first.0)).map(Self)
    }

    fn at(second: i64) -> Self {
        let place = second.rem_euclid(BLOCK_SECONDS) / WEEK_SECONDS;
        Self(second.div_euclid(BLOCK_SECONDS) * BLOCK_WEEKS + place)
    }

    fn place(self) -> i64 {
        self.0.rem_euclid(BLOCK_WEEKS)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_week_begins_where_the_one_before_it_ends() {
        for first in [-2 * BLOCK_SECONDS, 0, 206 * BLOCK_SECONDS] {
            for day in 0..2 * BLOCK_DAYS {
                let midnight = DateTime::from_timestamp(first + day * DAY_SECONDS, 0).unwrap();
                let noon = Interval::of_minutes(midnight + TimeDelta::hours(12), 60);
                let weeks: Vec<Week> = Week::of(&noon).collect();
                assert_eq!(weeks.len(), 1, "day {day}");
                assert!(weeks[0].begins() <= midnight.timestamp(), "day {day}");
                assert!(weeks[0].next().begins() > midnight.timestamp(), "day {day}");
                assert_eq!(weeks[0].block(), midnight.timestamp().div_euclid(BLOCK_SECONDS), "day {day}");
            }
        }
    }

    #[test]
    fn a_span_touches_the_weeks_that_it_shares_a_moment_with() {
        let midnight = DateTime::from_timestamp(206 * BLOCK_SECONDS, 0).unwrap();
        let touched = |from: i64, to: i64, margin| {
            let at = |minutes| midnight + TimeDelta::minutes(minutes);
            Week::touched(&[Interval { starts_at: at(from), ends_at: at(to) }], margin).len()
        };
        assert_eq!(touched(-60, 0, 0), 1);
        assert_eq!(touched(-60, 1, 0), 2);
        assert_eq!(touched(-60, 0, 1), 2);
        assert_eq!(touched(0, 0, 0), 1);
    }

    #[test]
    fn sixty_dates_ten_months_apart_touch_at_most_62_blocks() {
        // Each date crosses midnight UTC; whichever the first day, the blocks fit one transaction.
        for shift in 0..BLOCK_DAYS {
            let first: DateTime<Utc> = "2027-01-01T23:30:00Z".parse().unwrap();
            let intervals: Vec<Interval> = (0..60)
                .map(|n| {
                    let months = chrono::Months::new(n * 10);
                    Interval::of_minutes(first + TimeDelta::days(shift) + months, 60)
                })
                .collect();
            let blocks: BTreeSet<i64> = Week::touched(&intervals, 0).into_iter().map(Week::block).collect();
            assert!(blocks.len() <= 62, "{} blocks from day {shift}", blocks.len());
        }
    }
}
