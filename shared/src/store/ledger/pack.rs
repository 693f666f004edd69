//! The busy times of a week as bytes: short, since an item holds 400 KB and a check reads many, and quick to
//! read.
//!
//! The first byte is the format, [`GROUPED`]. Groups of entries follow, numbers with the highest byte first:
//!
//! | bytes | |
//! |---|---|
//! | 1 | what takes the time, and with it what the rest of the group means: [`MEETINGS`] or [`IN_ZOOM`] |
//! | 8 | the tenant's tag; not where the meetings were made in Zoom |
//! | 2 | how many entries follow |
//!
//! and of each entry, in order of their start:
//!
//! | bytes | |
//! |---|---|
//! | 3 | the start, in seconds after the week's first moment; negative where it is in an earlier week |
//! | 3 | the length, in seconds |
//! | 16 or 8 | the meeting's UUID; its number where it was made in Zoom |
//!
//! Weeks that have not changed for long may be of the format before, [`SINGLE`]: entries without groups, each
//! of 4 bytes for the start, 4 for the length, 1 for what takes the time, 8 for the tag and 16 for the UUID.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Busy, BusyBy, TenantTag, Week};
use crate::domain::interval::Interval;
use crate::store::StoreError;

/// The format that is written.
const GROUPED: u8 = 2;
/// The format that was written before.
const SINGLE: u8 = 1;
/// Meetings that one tenant booked here; in [`SINGLE`] one such meeting.
const MEETINGS: u8 = 1;
/// Meetings that were made in Zoom itself.
const IN_ZOOM: u8 = 2;
/// The bytes of an entry among [`MEETINGS`].
const MEETING_BYTES: usize = 22;
/// The bytes of an entry among [`IN_ZOOM`].
const ZOOM_BYTES: usize = 14;
/// The bytes of an entry of [`SINGLE`].
const SINGLE_BYTES: usize = 33;

/// The bytes that stand for `busy`, which is in order, in `week`.
pub fn pack(week: Week, busy: &[Busy]) -> Result<Vec<u8>, StoreError> {
    let mut by_tenant: BTreeMap<TenantTag, Vec<(Interval, Uuid)>> = BTreeMap::new();
    let mut in_zoom: Vec<(Interval, u64)> = Vec::new();
    for Busy { interval, by } in busy {
        match by {
            BusyBy::Meeting(id, tag) => by_tenant.entry(*tag).or_default().push((*interval, *id)),
            BusyBy::Zoom(number) => in_zoom.push((*interval, *number)),
        }
    }
    let mut bytes = vec![GROUPED];
    for (TenantTag(tag), meetings) in by_tenant {
        bytes.push(MEETINGS);
        bytes.extend(tag);
        bytes.extend(pack_count(week, meetings.len())?);
        for (interval, id) in meetings {
            bytes.extend(pack_span(week, interval)?.as_flattened());
            bytes.extend(id.as_bytes());
        }
    }
    if !in_zoom.is_empty() {
        bytes.push(IN_ZOOM);
        bytes.extend(pack_count(week, in_zoom.len())?);
        for (interval, number) in in_zoom {
            bytes.extend(pack_span(week, interval)?.as_flattened());
            bytes.extend(number.to_be_bytes());
        }
    }
    Ok(bytes)
}

fn pack_count(week: Week, count: usize) -> Result<[u8; 2], StoreError> {
    let count = u16::try_from(count).map_err(|_| unpackable(&format!("{count} meetings in {week:?}")))?;
    Ok(count.to_be_bytes())
}

/// Start and length.
///
/// # Errors
/// Where they are months.
fn pack_span(week: Week, interval: Interval) -> Result<[[u8; 3]; 2], StoreError> {
    let start = i32::try_from(interval.starts_at.timestamp() - week.begins()).ok().and_then(shorten);
    let length = i32::try_from(interval.length().num_seconds()).ok().filter(|length| *length >= 0);
    match (start, length.and_then(shorten)) {
        (Some(start), Some(length)) => Ok([start, length]),
        _ => Err(unpackable(&format!("{interval:?} in {week:?}"))),
    }
}

/// The number without its highest byte, where that says nothing more.
fn shorten(number: i32) -> Option<[u8; 3]> {
    let [_, short @ ..] = number.to_be_bytes();
    (lengthen(short) == number).then_some(short)
}

fn lengthen([high, middle, low]: [u8; 3]) -> i32 {
    i32::from_be_bytes([high, middle, low, 0]) >> 8
}

/// The busy times that [`pack`] made `bytes` of, in order.
pub(super) fn unpack(week: Week, bytes: &[u8]) -> Result<Vec<Busy>, StoreError> {
    let first = DateTime::from_timestamp(week.begins(), 0)
        .ok_or_else(|| unreadable("a ledger week is out of time"))?;
    let busy = match bytes.split_first() {
        Some((&GROUPED, groups)) => unpack_groups(first, groups),
        Some((&SINGLE, entries)) => unpack_single(first, entries),
        _ => return Err(unreadable("a ledger week is of an unknown format")),
    };
    let mut busy = busy.ok_or_else(|| unreadable("a ledger week cannot be read"))?;
    busy.sort_unstable();
    Ok(busy)
}

fn unpack_groups(first: DateTime<Utc>, mut bytes: &[u8]) -> Option<Vec<Busy>> {
    let mut busy = Vec::with_capacity(bytes.len() / MEETING_BYTES);
    while let Some((what, rest)) = bytes.split_first() {
        bytes = match *what {
            MEETINGS => {
                let (tag, rest) = rest.split_first_chunk()?;
                unpack_group::<MEETING_BYTES, 16>(first, rest, &mut busy, |id| {
                    BusyBy::Meeting(Uuid::from_bytes(id), TenantTag(*tag))
                })?
            }
            IN_ZOOM => unpack_group::<ZOOM_BYTES, 8>(first, rest, &mut busy, |number| {
                BusyBy::Zoom(u64::from_be_bytes(number))
            })?,
            _ => return None,
        };
    }
    Some(busy)
}

/// Reads the entries of a group, which end in an id; returns what follows it.
fn unpack_group<'a, const ENTRY: usize, const ID: usize>(
    first: DateTime<Utc>,
    bytes: &'a [u8],
    busy: &mut Vec<Busy>,
    by: impl Fn([u8; ID]) -> BusyBy,
) -> Option<&'a [u8]> {
    let (count, rest) = bytes.split_first_chunk()?;
    let (entries, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*count)) * ENTRY)?;
    for entry in entries.as_chunks::<ENTRY>().0 {
        let (start, entry) = entry.split_first_chunk()?;
        let (length, id) = entry.split_first_chunk()?;
        let interval = span(first, lengthen(*start).into(), lengthen(*length).into())?;
        busy.push(Busy { interval, by: by(id.try_into().ok()?) });
    }
    Some(rest)
}

fn unpack_single(first: DateTime<Utc>, bytes: &[u8]) -> Option<Vec<Busy>> {
    let (entries, rest) = bytes.as_chunks::<SINGLE_BYTES>();
    let entry = |entry: &[u8; SINGLE_BYTES]| {
        let (start, entry) = entry.split_first_chunk()?;
        let (length, entry) = entry.split_first_chunk()?;
        let (&[MEETINGS], entry) = entry.split_first_chunk()? else { return None };
        let (tag, id) = entry.split_first_chunk()?;
        let by = BusyBy::Meeting(Uuid::from_bytes(id.try_into().ok()?), TenantTag(*tag));
        let (start, length) = (i32::from_be_bytes(*start), u32::from_be_bytes(*length));
        Some(Busy { interval: span(first, start.into(), length.into())?, by })
    };
    if rest.is_empty() { entries.iter().map(entry).collect() } else { None }
}

fn span(first: DateTime<Utc>, start: i64, length: i64) -> Option<Interval> {
    let starts_at = first.checked_add_signed(TimeDelta::seconds(start))?;
    let ends_at = starts_at.checked_add_signed(TimeDelta::seconds(length))?;
    Some(Interval { starts_at, ends_at })
}

fn unpackable(what: &str) -> StoreError {
    StoreError::Call { action: "packing a ledger week", why: format!("{what} does not fit") }
}

fn unreadable(why: &str) -> StoreError {
    StoreError::Unreadable(serde::de::Error::custom(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> Week {
        let weeks = Week::touched(&[Interval::of_minutes(DateTime::UNIX_EPOCH + TimeDelta::days(9), 60)], 0);
        weeks.into_iter().next().unwrap()
    }

    fn busy(after: TimeDelta, minutes: u16, id: u128) -> Busy {
        of("school", after, minutes, id)
    }

    fn of(tenant: &str, after: TimeDelta, minutes: u16, id: u128) -> Busy {
        let first = DateTime::from_timestamp(week().begins(), 0).unwrap();
        Busy {
            interval: Interval::of_minutes(first + after, minutes),
            by: BusyBy::Meeting(Uuid::from_u128(id), TenantTag::of(&tenant.parse().unwrap())),
        }
    }

    fn some() -> Vec<Busy> {
        vec![
            busy(TimeDelta::minutes(-30), 60, 7),
            busy(TimeDelta::seconds(1), 1, u128::MAX),
            of("academy", TimeDelta::minutes(30), 60, 7),
            busy(TimeDelta::days(6), u16::MAX, 0),
            busy(TimeDelta::days(6), u16::MAX, 1),
            of("academy", TimeDelta::seconds(604_799), 0, 8),
            in_zoom(TimeDelta::seconds(604_799), 1, 82_547_724_140),
        ]
    }

    fn in_zoom(after: TimeDelta, minutes: u16, number: u64) -> Busy {
        Busy { by: BusyBy::Zoom(number), ..busy(after, minutes, 0) }
    }

    #[test]
    fn what_was_packed_reads_back_whoever_booked_it() {
        assert_eq!(unpack(week(), &pack(week(), &some()).unwrap()).unwrap(), some());
        assert_eq!(unpack(week(), &pack(week(), &[]).unwrap()).unwrap(), []);
    }

    #[test]
    fn a_meeting_more_takes_22_bytes() {
        let meetings: Vec<Busy> = (0..300).map(|n| busy(TimeDelta::minutes(30 * n), 30, 7)).collect();
        assert_eq!(pack(week(), &meetings).unwrap().len(), 12 + 300 * 22);
        assert_eq!(unpack(week(), &pack(week(), &meetings).unwrap()).unwrap(), meetings);
    }

    #[test]
    fn the_bytes_are_as_described() {
        let two = [busy(TimeDelta::seconds(-2), 1, 9), busy(TimeDelta::seconds(258), 60, 7)];
        // The beginning of the SHA-256 hash of `school`.
        let tag = "d64debd942d7dc26";
        let entries = format!("fffffe{:06x}{:032x}{:06x}{:06x}{:032x}", 60, 9, 258, 3600, 7);
        assert_eq!(hex::encode(pack(week(), &two).unwrap()), format!("0201{tag}0002{entries}"));
    }

    #[test]
    fn what_was_made_in_zoom_is_known_by_its_number() {
        let one = [in_zoom(TimeDelta::seconds(258), 60, 7)];
        let bytes = pack(week(), &one).unwrap();
        assert_eq!(hex::encode(&bytes), format!("02020001{:06x}{:06x}{:016x}", 258, 3600, 7));
        assert_eq!(unpack(week(), &bytes).unwrap(), one);
    }

    #[test]
    fn what_was_written_in_the_format_before_is_still_read() {
        let tag = "d64debd942d7dc26";
        let entry = |start: i32, id: u128| format!("{start:08x}{:08x}01{tag}{id:032x}", 3600);
        let bytes = |text: String| hex::decode(text).unwrap();
        let two = [busy(TimeDelta::seconds(-2), 60, 9), busy(TimeDelta::seconds(258), 60, 7)];
        let whole = bytes(format!("01{}{}", entry(-2, 9), entry(258, 7)));
        assert_eq!(unpack(week(), &whole).unwrap(), two);
        assert!(unpack(week(), &whole[..whole.len() - 1]).is_err());
        let other = entry(258, 7).replace(&format!("01{tag}"), &format!("02{tag}"));
        assert!(unpack(week(), &bytes(format!("01{other}"))).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_never_left_out() {
        let whole = pack(week(), &some()).unwrap();
        let changed = |place: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[place] = byte;
            bytes
        };
        let wrong = [
            ("no bytes", Vec::new()),
            ("another format", changed(0, 3)),
            ("another thing that takes time", changed(1, 9)),
            ("more entries than there are", changed(1 + 1 + 8, 1)),
            ("fewer entries than there are", changed(1 + 1 + 8 + 1, 1)),
            ("an entry cut off", whole[..whole.len() - 1].to_vec()),
            ("a group cut off", whole[..1 + 1 + 8].to_vec()),
        ];
        for (what, bytes) in wrong {
            assert!(unpack(week(), &bytes).is_err(), "{what}");
        }
    }

    #[test]
    fn what_is_months_away_from_its_week_or_months_long_is_refused() {
        assert!(pack(week(), &[busy(TimeDelta::days(98), 60, 7)]).is_err());
        assert!(pack(week(), &[busy(TimeDelta::days(-98), 60, 7)]).is_err());
        let mut long = busy(TimeDelta::zero(), 60, 7);
        long.interval.ends_at += TimeDelta::days(98);
        assert!(pack(week(), &[long]).is_err());
    }
}
