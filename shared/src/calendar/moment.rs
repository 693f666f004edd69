//! Moments as iCalendar writes them (RFC 5545, 3.3.5).

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarEntry, ICalendarParameter, ICalendarProperty};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::wall_time;

/// Whether a zone needs no definition, its times being written with `Z`.
pub(super) fn is_utc(zone: Tz) -> bool {
    matches!(zone, Tz::UTC | Tz::Etc__UTC)
}

/// A moment in UTC.
pub(super) fn utc(moment: DateTime<Utc>) -> PartialDateTime {
    PartialDateTime::from_utc_timestamp(moment.timestamp())
}

/// A property that holds a moment, on the wall clock of `zone`.
pub(super) fn local(name: ICalendarProperty, moment: DateTime<Utc>, zone: Tz) -> ICalendarEntry {
    let wall = moment.with_timezone(&zone).naive_local();
    // A wall time that occurs twice means the earlier; the later can be told in UTC alone.
    if is_utc(zone) || wall_time::resolve(wall, zone) != Ok(moment) {
        return ICalendarEntry::new(name).with_value(utc(moment));
    }
    ICalendarEntry::new(name)
        .with_param(ICalendarParameter::tzid(zone.name().to_owned()))
        .with_value(PartialDateTime::from_naive_timestamp(wall.and_utc().timestamp()))
}
