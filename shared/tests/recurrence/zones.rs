//! The zones whose clocks change, read by jiff from the database that it brings along.

use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeDelta, TimeZone as _, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use proptest::test_runner::{RngAlgorithm, TestRng};
use shared::domain::recurrence::RecurrenceError;

/// The years that are looked at.
const FROM: &str = "2026-01-01T00:00:00Z";
const TO: &str = "2029-01-01T00:00:00Z";

/// How to judge a zone whose rules have changed since the release that chrono-tz holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Instead {
    /// By the rule that the older release has, as POSIX writes it.
    Rule(&'static str),
    /// By the newer release, up to the moment from which it differs.
    Until(&'static str),
}

/// chrono-tz 0.10.4 holds release 2025b of the IANA database, jiff a later one, of 2026. Between the two,
/// parts of Canada gave up changing their clocks: they stay on their summer time from November 2026 on.
const PACIFIC: Instead = Instead::Rule("PST8PDT,M3.2.0,M11.1.0");
const MOUNTAIN: Instead = Instead::Rule("MST7MDT,M3.2.0,M11.1.0");
const CENTRAL: Instead = Instead::Rule("CST6CDT,M3.2.0,M11.1.0");
/// Moldova was found to change its clocks an hour later, together with the European Union.
const MOLDOVA: Instead = Instead::Rule("EET-2EEST,M3.5.0,M10.5.0/3");
/// Morocco goes back to Greenwich time for good.
const MOROCCO: Instead = Instead::Until("2026-09-20T00:00:00Z");

/// The zones of which the two databases say different things of those years.
pub(crate) const DISAGREEING: [(&str, Instead); 13] = [
    ("Africa/Casablanca", MOROCCO),
    ("Africa/El_Aaiun", MOROCCO),
    ("America/Edmonton", MOUNTAIN),
    ("America/Inuvik", MOUNTAIN),
    ("America/Rainy_River", CENTRAL),
    ("America/Vancouver", PACIFIC),
    ("America/Winnipeg", CENTRAL),
    ("America/Yellowknife", MOUNTAIN),
    ("Canada/Central", CENTRAL),
    ("Canada/Mountain", MOUNTAIN),
    ("Canada/Pacific", PACIFIC),
    ("Europe/Chisinau", MOLDOVA),
    ("Europe/Tiraspol", MOLDOVA),
];

/// A zone whose clocks change.
#[derive(Debug)]
pub(crate) struct Zone {
    /// As Lectern knows it.
    pub(crate) ours: Tz,
    theirs: TimeZone,
    until: Option<DateTime<Utc>>,
    /// When its clocks change in those years.
    pub(crate) changes: Vec<Change>,
}

/// A change of the clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    at: DateTime<Utc>,
    before: TimeDelta,
    after: TimeDelta,
}

impl Change {
    /// Whether wall times are skipped, rather than repeated.
    pub(crate) fn skips(&self) -> bool {
        self.after > self.before
    }

    /// How much is skipped or repeated.
    pub(crate) fn length(&self) -> TimeDelta {
        (self.after - self.before).abs()
    }

    /// The first wall time that is skipped or repeated.
    pub(crate) fn first_wall(&self) -> NaiveDateTime {
        self.at.naive_utc() + self.before.min(self.after)
    }
}

impl Zone {
    fn read(ours: Tz) -> Self {
        let instead = DISAGREEING.into_iter().find(|(name, _)| *name == ours.name());
        let theirs = match instead {
            Some((_, Instead::Rule(rule))) => TimeZone::posix(rule).unwrap(),
            Some((_, Instead::Until(_))) | None => database(ours),
        };
        let until = match instead {
            Some((_, Instead::Until(until))) => Some(until.parse::<DateTime<Utc>>().unwrap()),
            _ => None,
        };
        let mut changes = changes(&theirs);
        changes.retain(|change| until.is_none_or(|until| change.at < until));
        Self { ours, theirs, until, changes }
    }

    /// Random choices that are the same at every run.
    pub(crate) fn random(&self) -> TestRng {
        let mut seed = [0; 32];
        for (place, byte) in seed.iter_mut().zip(self.ours.name().bytes()) {
            *place = byte;
        }
        TestRng::from_seed(RngAlgorithm::ChaCha, &seed)
    }

    /// How many moments have this wall time.
    pub(crate) fn readings(&self, wall: NaiveDateTime) -> u32 {
        match self.theirs.to_ambiguous_timestamp(civil(wall)).offset() {
            AmbiguousOffset::Unambiguous { .. } => 1,
            AmbiguousOffset::Gap { .. } => 0,
            AmbiguousOffset::Fold { .. } => 2,
        }
    }

    /// The moment of a wall time: of two the earlier, and a skipped one by the offset before the gap.
    pub(crate) fn moment(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        let offset = match self.theirs.to_ambiguous_timestamp(civil(wall)).offset() {
            AmbiguousOffset::Unambiguous { offset }
            | AmbiguousOffset::Gap { before: offset, .. }
            | AmbiguousOffset::Fold { before: offset, .. } => offset,
        };
        (wall - TimeDelta::seconds(offset.seconds().into())).and_utc()
    }

    /// The dates that both databases can speak of.
    pub(crate) fn known(
        &self,
        dates: Result<Vec<DateTime<Utc>>, RecurrenceError>,
    ) -> Result<Vec<DateTime<Utc>>, RecurrenceError> {
        let known = |date: &DateTime<Utc>| self.until.is_none_or(|until| *date < until);
        dates.map(|dates| dates.into_iter().filter(known).collect())
    }
}

/// Every zone, links included, whose clocks change in those years.
pub(crate) fn with_changes() -> Vec<Zone> {
    TZ_VARIANTS.into_iter().map(Zone::read).filter(|zone| !zone.changes.is_empty()).collect()
}

/// The zones of which the two databases say different things: each day, and around each change of the clocks.
pub(crate) fn disagreeing() -> Vec<&'static str> {
    let (from, to) = years();
    let days: Vec<DateTime<Utc>> =
        (0..(to - from).num_days()).map(|day| from + TimeDelta::days(day)).collect();
    let disagrees = |ours: &Tz| {
        let theirs = database(*ours);
        let changes = changes(&theirs).into_iter().flat_map(|c| [c.at - TimeDelta::seconds(1), c.at]);
        days.iter().copied().chain(changes).any(|moment| {
            let ours = ours.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc();
            let moment = Timestamp::from_second(moment.timestamp()).unwrap();
            ours != theirs.to_offset(moment).seconds()
        })
    };
    TZ_VARIANTS.into_iter().filter(disagrees).map(|zone| zone.name()).collect()
}

fn database(zone: Tz) -> TimeZone {
    TimeZoneDatabase::bundled().get(zone.name()).unwrap()
}

fn changes(zone: &TimeZone) -> Vec<Change> {
    let (from, to) = years();
    let seconds = |offset: jiff::tz::Offset| TimeDelta::seconds(offset.seconds().into());
    let mut before = seconds(zone.to_offset(Timestamp::from_second(from.timestamp()).unwrap()));
    let mut changes = Vec::new();
    for transition in zone.following(Timestamp::from_second(from.timestamp()).unwrap()) {
        let at = DateTime::from_timestamp(transition.timestamp().as_second(), 0).unwrap();
        if at >= to {
            break;
        }
        let after = seconds(transition.offset());
        // Some entries of the database change a name alone.
        if after != before {
            changes.push(Change { at, before, after });
        }
        before = after;
    }
    changes
}

fn years() -> (DateTime<Utc>, DateTime<Utc>) {
    (FROM.parse().unwrap(), TO.parse().unwrap())
}

fn civil(wall: NaiveDateTime) -> jiff::civil::DateTime {
    let small = |number: u32| i8::try_from(number).unwrap();
    jiff::civil::date(i16::try_from(wall.year()).unwrap(), small(wall.month()), small(wall.day())).at(
        small(wall.hour()),
        small(wall.minute()),
        small(wall.second()),
        0,
    )
}
