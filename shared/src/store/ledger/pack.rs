//! The busy times of a week as bytes: short, since an item holds 400 KB and a check reads many, and quick to
//! read.
//!
//! The first byte is the format, [`FORMAT`]. Entries of [`ENTRY_BYTES`] bytes follow in order of their start,
//! numbers with the highest byte first:
//!
//! | bytes | |
//! |---|---|
//! | 4 | the start, in seconds after the week's first moment; negative where it is in an earlier week |
//! | 4 | the length, in seconds |
//! | 1 | what takes the time, and with it what the rest means: [`MEETING`] |
//! | 8 | the tenant's tag |
//! | 16 | the meeting's UUID |

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Busy, BusyBy, TenantTag, Week};
use crate::domain::interval::Interval;
use crate::store::StoreError;

/// The format that is written, and the only one that is read.
const FORMAT: u8 = 1;
/// A meeting that was booked here.
const MEETING: u8 = 1;
/// The bytes of one entry.
const ENTRY_BYTES: usize = 33;

/// The bytes that stand for `busy`, which is in order, in `week`.
pub fn pack(week: Week, busy: &[Busy]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(1 + busy.len() * ENTRY_BYTES);
    bytes.push(FORMAT);
    for Busy { interval, by } in busy {
        let start = i32::try_from(interval.starts_at.timestamp() - week.begins());
        let length = u32::try_from(interval.length().num_seconds());
        let (Ok(start), Ok(length)) = (start, length) else {
            let why = format!("{interval:?} does not fit into {week:?}");
            return Err(StoreError::Call { action: "packing a ledger week", why });
        };
        bytes.extend(start.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        match by {
            BusyBy::Meeting(id, TenantTag(tag)) => {
                bytes.push(MEETING);
                bytes.extend(tag);
                bytes.extend(id.as_bytes());
            }
        }
    }
    Ok(bytes)
}

/// The busy times that [`pack`] made `bytes` of, in order.
pub(super) fn unpack(week: Week, bytes: &[u8]) -> Result<Vec<Busy>, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable(serde::de::Error::custom(why));
    let Some((&FORMAT, bytes)) = bytes.split_first() else {
        return Err(unreadable("a ledger week is of an unknown format"));
    };
    let (entries, rest) = bytes.as_chunks::<ENTRY_BYTES>();
    if !rest.is_empty() {
        return Err(unreadable("a ledger week ends within an entry"));
    }
    let first = DateTime::from_timestamp(week.begins(), 0)
        .ok_or_else(|| unreadable("a ledger week is out of time"))?;
    let busy: Option<Vec<Busy>> = entries.iter().map(|entry| unpack_entry(first, entry)).collect();
    let mut busy = busy.ok_or_else(|| unreadable("a ledger entry cannot be read"))?;
    // They are in order but for fractions of a second, which are not kept.
    busy.sort_unstable();
    Ok(busy)
}

fn unpack_entry(first: DateTime<Utc>, entry: &[u8; ENTRY_BYTES]) -> Option<Busy> {
    let (start, entry) = entry.split_first_chunk()?;
    let (length, entry) = entry.split_first_chunk()?;
    let (&[what], entry) = entry.split_first_chunk()?;
    let (tag, entry) = entry.split_first_chunk()?;
    let by = match what {
        MEETING => BusyBy::Meeting(Uuid::from_bytes(entry.try_into().ok()?), TenantTag(*tag)),
        _ => return None,
    };
    let starts_at = first.checked_add_signed(TimeDelta::seconds(i32::from_be_bytes(*start).into()))?;
    let ends_at = starts_at.checked_add_signed(TimeDelta::seconds(u32::from_be_bytes(*length).into()))?;
    Some(Busy { interval: Interval { starts_at, ends_at }, by })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> Week {
        let weeks = Week::touched(&[Interval::of_minutes(DateTime::UNIX_EPOCH + TimeDelta::days(9), 60)], 0);
        weeks.into_iter().next().unwrap()
    }

    fn busy(after: TimeDelta, minutes: u16, id: u128) -> Busy {
        let first = DateTime::from_timestamp(week().begins(), 0).unwrap();
        let tag = TenantTag::of(&"school".parse().unwrap());
        Busy {
            interval: Interval::of_minutes(first + after, minutes),
            by: BusyBy::Meeting(Uuid::from_u128(id), tag),
        }
    }

    fn some() -> Vec<Busy> {
        vec![
            busy(TimeDelta::minutes(-30), 60, 7),
            busy(TimeDelta::seconds(1), 1, u128::MAX),
            busy(TimeDelta::days(6), u16::MAX, 0),
            busy(TimeDelta::days(6), u16::MAX, 1),
        ]
    }

    #[test]
    fn what_was_packed_reads_back_in_at_most_40_bytes_an_entry() {
        let bytes = pack(week(), &some()).unwrap();
        assert_eq!(unpack(week(), &bytes).unwrap(), some());
        assert!(bytes.len() <= 40 * some().len(), "{} bytes", bytes.len());
        assert_eq!(unpack(week(), &pack(week(), &[]).unwrap()).unwrap(), []);
    }

    #[test]
    fn the_bytes_are_as_described() {
        let bytes = pack(week(), &[busy(TimeDelta::seconds(258), 60, 7)]).unwrap();
        // The beginning of the SHA-256 hash of `school`.
        let tag = "d64debd942d7dc26";
        assert_eq!(hex::encode(bytes), format!("01{:08x}{:08x}01{tag}{:032x}", 258, 3600, 7));
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
            ("another format", changed(0, 2)),
            ("another thing that takes time", changed(1 + 8, 9)),
            ("an entry cut off", whole[..whole.len() - 1].to_vec()),
        ];
        for (what, bytes) in wrong {
            assert!(unpack(week(), &bytes).is_err(), "{what}");
        }
    }

    #[test]
    fn what_is_decades_away_from_its_week_is_refused() {
        assert!(pack(week(), &[busy(TimeDelta::days(36_500), 60, 7)]).is_err());
    }
}
