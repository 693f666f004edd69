//! How long before a date a reminder goes out.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::wall_time;

/// A time before the start: `P1D` (calendar days: the same wall time, days before) or `PT1H30M` (exact).
/// From 5 minutes to 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ReminderOffset {
    /// Whole days, by the wall clock of the meeting's zone.
    Days(u8),
    /// Minutes, exactly.
    Minutes(u16),
}

/// A text that is no offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOffset {
    /// Not of the form.
    #[error("a reminder offset is days (`P1D`) or hours and minutes (`PT1H30M`)")]
    Form,
    /// Too short or too long.
    #[error("a reminder goes out at least 5 minutes (`PT5M`) and at most 30 days (`P30D`) before")]
    Range,
}

impl ReminderOffset {
    /// The moment that lies so long before `start`, in the meeting's zone.
    pub fn before(self, start: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Days(days) => {
                let wall = start.with_timezone(&zone).naive_local() - Duration::days(i64::from(days));
                wall_time::resolve_shifting(wall, zone)
            }
            Self::Minutes(minutes) => start - TimeDelta::minutes(i64::from(minutes)),
        }
    }
}

impl FromStr for ReminderOffset {
    type Err = InvalidOffset;

    fn from_str(text: &str) -> Result<Self, InvalidOffset> {
        let number = |digits: &str| -> Result<u32, InvalidOffset> {
            if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(InvalidOffset::Form);
            }
            digits.parse().map_err(|_| InvalidOffset::Form)
        };
        let rest = text.strip_prefix('P').ok_or(InvalidOffset::Form)?;
        if let Some(time) = rest.strip_prefix('T') {
            let (hours, minutes) = match time.split_once('H') {
                Some((hours, "")) => (number(hours)?, 0),
                Some((hours, minutes)) => {
                    (number(hours)?, number(minutes.strip_suffix('M').ok_or(InvalidOffset::Form)?)?)
                }
                None => (0, number(time.strip_suffix('M').ok_or(InvalidOffset::Form)?)?),
            };
            let total = hours.saturating_mul(60).saturating_add(minutes);
            return match u16::try_from(total) {
                Ok(total) if (5..=30 * 24 * 60).contains(&total) => Ok(Self::Minutes(total)),
                _ => Err(InvalidOffset::Range),
            };
        }
        let days = number(rest.strip_suffix('D').ok_or(InvalidOffset::Form)?)?;
        match u8::try_from(days) {
            Ok(days) if (1..=30).contains(&days) => Ok(Self::Days(days)),
            _ => Err(InvalidOffset::Range),
        }
    }
}

impl fmt::Display for ReminderOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Days(days) => write!(f, "P{days}D"),
            Self::Minutes(total) => match (total / 60, total % 60) {
                (0, minutes) => write!(f, "PT{minutes}M"),
                (hours, 0) => write!(f, "PT{hours}H"),
                (hours, minutes) => write!(f, "PT{hours}H{minutes}M"),
            },
        }
    }
}

impl TryFrom<String> for ReminderOffset {
    type Error = InvalidOffset;

    fn try_from(text: String) -> Result<Self, InvalidOffset> {
        text.parse()
    }
}

impl From<ReminderOffset> for String {
    fn from(offset: ReminderOffset) -> String {
        offset.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_normalises() {
        for (text, normal) in
            [("P1D", "P1D"), ("PT90M", "PT1H30M"), ("PT24H", "PT24H"), ("PT1H0M", "PT1H"), ("PT5M", "PT5M")]
        {
            assert_eq!(text.parse::<ReminderOffset>().map(|o| o.to_string()).as_deref(), Ok(normal));
        }
        for wrong in ["", "P", "PT", "1D", "P1", "PT1", "P1W", "P1DT1H", "PT1H30", "PT-5M", "P+1D"] {
            assert_eq!(wrong.parse::<ReminderOffset>(), Err(InvalidOffset::Form), "{wrong}");
        }
        for wrong in ["PT4M", "P31D", "P0D", "PT721H"] {
            assert_eq!(wrong.parse::<ReminderOffset>(), Err(InvalidOffset::Range), "{wrong}");
        }
    }

    #[test]
    fn a_day_before_is_the_same_wall_time_and_24_hours_are_24_hours() {
        let start = "2027-03-28T10:00:00Z".parse().unwrap();
        let day: ReminderOffset = "P1D".parse().unwrap();
        let hours: ReminderOffset = "PT24H".parse().unwrap();
        assert_eq!(day.before(start, Tz::Europe__Berlin).to_rfc3339(), "2027-03-27T11:00:00+00:00");
        assert_eq!(hours.before(start, Tz::Europe__Berlin).to_rfc3339(), "2027-03-27T10:00:00+00:00");
    }
}
