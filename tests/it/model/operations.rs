//! What may be done to the meetings of the model, as plain data that proptest can shrink.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

/// How many tenants reach the one Zoom account.
pub(super) const TENANTS: usize = 2;
/// How many hosts that account has.
pub(super) const HOSTS: usize = 3;

/// What is done at one moment.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// One thing, whose outcome the model foretells.
    One(Operation),
    /// Several things at once.
    AtOnce(Vec<Operation>),
}

/// One request.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    /// Books a meeting, or a series where there is more than one date, or keeps a draft of it.
    Create { tenant: usize, place: Place, start: i64, minutes: i64, dates: u32, draft: bool },
    /// Gives a meeting another start.
    Move { meeting: usize, start: i64 },
    /// Gives a meeting another length.
    Resize { meeting: usize, minutes: i64 },
    /// Gives a meeting other hosts.
    Rehost { meeting: usize, place: Place },
    /// Books a draft.
    Plan { meeting: usize },
    /// Books another meeting like one that there is.
    Duplicate { meeting: usize, start: i64 },
    /// Moves one date of a series.
    MoveDate { meeting: usize, date: u32, start: i64 },
    /// Calls one date of a series off.
    CallOffDate { meeting: usize, date: u32 },
    /// Calls a meeting off.
    Delete { meeting: usize },
    /// Says how many meetings a host may run at once.
    Capacity { tenant: usize, host: usize, most: usize },
    /// Says how far apart meetings keep.
    Buffer { tenant: usize, minutes: i64 },
}

/// Where a meeting is to take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// On which host; on any where absent.
    pub(super) host: Option<usize>,
    /// Who may start it too.
    pub(super) alternative: Option<usize>,
}

impl Operation {
    /// The meeting that is meant, by its place among those that there are.
    pub(super) fn meeting(&self) -> Option<usize> {
        match self {
            Self::Move { meeting, .. }
            | Self::Resize { meeting, .. }
            | Self::Rehost { meeting, .. }
            | Self::Plan { meeting }
            | Self::Duplicate { meeting, .. }
            | Self::MoveDate { meeting, .. }
            | Self::CallOffDate { meeting, .. }
            | Self::Delete { meeting } => Some(*meeting),
            Self::Create { .. } | Self::Capacity { .. } | Self::Buffer { .. } => None,
        }
    }

    /// The same of the meeting at `place`.
    pub(super) fn of_meeting(mut self, place: usize) -> Self {
        match &mut self {
            Self::Move { meeting, .. }
            | Self::Resize { meeting, .. }
            | Self::Rehost { meeting, .. }
            | Self::Plan { meeting }
            | Self::Duplicate { meeting, .. }
            | Self::MoveDate { meeting, .. }
            | Self::CallOffDate { meeting, .. }
            | Self::Delete { meeting } => *meeting = place,
            Self::Create { .. } | Self::Capacity { .. } | Self::Buffer { .. } => {}
        }
        self
    }
}

/// Steps that get in each other's way often.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 10..=26)
}

fn step() -> impl Strategy<Value = Step> {
    // What is done at once is aimed at one hour.
    let at_once = quarter(0..30).prop_flat_map(|from| vec(booking(quarter_from(from, 4).boxed()), 2..=4));
    // Settings that change between two others could be seen by the one and not by the other, which no order
    // explains and nobody promises.
    let across =
        (setting(), booking(quarter(0..32).boxed())).prop_map(|(setting, other)| vec![setting, other]);
    prop_oneof![
        10 => booking(quarter(0..32).boxed()).prop_map(Step::One),
        2 => setting().prop_map(Step::One),
        5 => at_once.prop_map(Step::AtOnce),
        1 => across.prop_map(Step::AtOnce),
    ]
}

fn booking(start: BoxedStrategy<i64>) -> Union<BoxedStrategy<Operation>> {
    let meeting = 0_usize..40;
    let moved = start.clone();
    let create = (0..TENANTS, place(), start.clone(), minutes(), dates(), prop::bool::weighted(0.15))
        .prop_map(|(tenant, place, start, minutes, dates, draft)| Operation::Create {
            tenant,
            place,
            start,
            minutes,
            dates,
            draft,
        });
    Union::new_weighted(vec![
        (8, create.boxed()),
        (
            4,
            (meeting.clone(), start.clone())
                .prop_map(|(meeting, start)| Operation::Move { meeting, start })
                .boxed(),
        ),
        (
            2,
            (meeting.clone(), minutes())
                .prop_map(|(meeting, minutes)| Operation::Resize { meeting, minutes })
                .boxed(),
        ),
        (
            3,
            (meeting.clone(), place())
                .prop_map(|(meeting, place)| Operation::Rehost { meeting, place })
                .boxed(),
        ),
        (2, meeting.clone().prop_map(|meeting| Operation::Plan { meeting }).boxed()),
        (
            2,
            (meeting.clone(), start)
                .prop_map(|(meeting, start)| Operation::Duplicate { meeting, start })
                .boxed(),
        ),
        (
            3,
            (meeting.clone(), 0_u32..3, moved)
                .prop_map(|(meeting, date, start)| Operation::MoveDate { meeting, date, start })
                .boxed(),
        ),
        (
            2,
            (meeting.clone(), 0_u32..3)
                .prop_map(|(meeting, date)| Operation::CallOffDate { meeting, date })
                .boxed(),
        ),
        (2, meeting.prop_map(|meeting| Operation::Delete { meeting }).boxed()),
    ])
}

fn setting() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (0..TENANTS, 0..HOSTS, 1_usize..=2).prop_map(|(tenant, host, most)| Operation::Capacity {
            tenant,
            host,
            most
        }),
        (0..TENANTS, prop::sample::select(vec![0, 5, 15, 30]))
            .prop_map(|(tenant, minutes)| Operation::Buffer { tenant, minutes }),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    (prop::option::of(0..HOSTS), prop::option::weighted(0.2, 0..HOSTS)).prop_map(|(host, alternative)| {
        // A host is not its own alternative.
        Place { host, alternative: alternative.filter(|alternative| host != Some(*alternative)) }
    })
}

/// Quarters of an hour, in minutes.
fn quarter(range: std::ops::Range<i64>) -> impl Strategy<Value = i64> {
    range.prop_map(|quarter| quarter * 15)
}

fn quarter_from(from: i64, many: i64) -> impl Strategy<Value = i64> {
    quarter(0..many).prop_map(move |start| from + start)
}

fn minutes() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![15, 30, 45, 60, 90, 120])
}

fn dates() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(1), 1 => 2_u32..=4]
}
