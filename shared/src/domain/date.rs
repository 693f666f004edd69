//! One date of a meeting.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::interval::Interval;

/// One date of a meeting: the only one of a single meeting, one of many of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date {
    /// Zoom's occurrence id; none for a single meeting and before Zoom has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence_id: Option<String>,
    /// When.
    #[serde(flatten)]
    pub interval: Interval,
    /// Whether this date alone was called off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// The start that the series' rule gives it, where this date alone was moved to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<DateTime<Utc>>,
    /// What this date alone is about, where it has an agenda of its own (at most 2,000 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agenda: Option<String>,
}

impl Date {
    /// A date that Zoom has not given an id yet.
    pub fn planned(interval: Interval) -> Self {
        Self { occurrence_id: None, interval, cancelled: false, moved_from: None, agenda: None }
    }

    /// The start that the series' rule gives it.
    pub fn rule_start(&self) -> DateTime<Utc> {
        self.moved_from.unwrap_or(self.interval.starts_at)
    }

    /// Whether it is another than a rule with dates of `duration_minutes` makes it.
    pub fn is_exception(&self, duration_minutes: u16) -> bool {
        self.cancelled
            || self.agenda.is_some()
            || self.interval != Interval::of_minutes(self.rule_start(), duration_minutes)
    }
}
