//! Wall time, reckoned apart from Lectern.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The moment of a wall time: of one that is there twice the earlier, of one that is skipped an hour later, as
/// long as the clocks of the zones that are used here skip.
pub(super) fn moment(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let there = zone.from_local_datetime(&wall).earliest();
    let later = || zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest();
    there.or_else(later).unwrap().to_utc()
}
