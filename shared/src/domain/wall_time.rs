//! Wall time in a zone, and the moment that it means.

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// A wall time that a daylight-saving change skips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{wall} does not exist in {zone}: the clocks skip it that day; the next time that exists is {next}")]
pub struct SkippedTime {
    wall: NaiveDateTime,
    zone: Tz,
    next: NaiveDateTime,
}

/// The moment of a wall time; of one that occurs twice, the earlier.
pub fn resolve(wall: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, SkippedTime> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Ok(moment.with_timezone(&Utc)),
        LocalResult::None => {
            let next = shifted_forward(wall, zone).with_timezone(&zone).naive_local();
            Err(SkippedTime { wall, zone, next })
        }
    }
}

/// The moment of a wall time; a skipped one is read with the offset from before the gap and so lands after
/// it, by as much (RFC 5545, 3.3.5).
pub fn resolve_shifting(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    resolve(wall, zone).unwrap_or_else(|_| shifted_forward(wall, zone))
}

fn shifted_forward(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    // No zone has ever skipped more than a day (Samoa, 2011), so the offset of two days before is the one
    // from before the gap.
    let before = zone.offset_from_utc_datetime(&(wall - Duration::days(2))).fix();
    DateTime::from_naive_utc_and_offset(wall - before, Utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_skipped_time_is_an_error_that_names_the_next() {
        let error = resolve(wall("2027-03-28T02:30:00"), Tz::Europe__Berlin).unwrap_err();
        assert!(error.to_string().contains("2027-03-28 03:30:00"), "{error}");
        assert_eq!(
            resolve_shifting(wall("2027-03-28T02:30:00"), Tz::Europe__Berlin).to_rfc3339(),
            "2027-03-28T01:30:00+00:00"
        );
    }

    #[test]
    fn a_time_that_occurs_twice_means_the_earlier() {
        let moment = resolve(wall("2027-10-31T02:30:00"), Tz::Europe__Berlin).unwrap();
        assert_eq!(moment.to_rfc3339(), "2027-10-31T00:30:00+00:00");
    }
}
