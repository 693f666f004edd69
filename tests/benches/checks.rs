//! The conflict check, with no meeting stored, with one for each host, and with a hundred thousand.
//!
//! The cases take turns, check by check, since a machine is not as fast in one minute as in the next. Nothing
//! stored is measured twice: how far the two are apart is what the others may be apart by chance.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::rooms::Rooms;
use crate::seed;
use crate::shares::{recorded, shares};
use crate::spread::Spread;
use crate::support::NOW;

/// How many checks the shares of a check's time are taken from.
const LOOKED_AT: u32 = 30;

/// Rooms with so many meetings.
struct Case {
    stored: usize,
    rooms: Rooms,
    took: Vec<Duration>,
}

/// Measures, and prints what is read and how long it takes side by side.
pub(crate) fn run(runtime: &Runtime) {
    for (hosts, dates, rounds) in [(20, 1, 1000), (100, 60, 100)] {
        println!("{}\n", runtime.block_on(measure(hosts, dates, rounds)).join("\n"));
    }
}

async fn measure(hosts: usize, dates: usize, rounds: usize) -> Vec<String> {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let day = (now + TimeDelta::days(30)).date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
    // Within a block of the ledger: at its edge twice as many items would be read.
    let checked = day + TimeDelta::days(230);
    let check = |start: DateTime<Utc>| {
        let mut check = json!({"start": start, "duration_minutes": 60, "host": "auto"});
        if dates > 1 {
            check["recurrence"] = json!({"frequency": "weekly", "count": dates});
        }
        check
    };
    // In the night, where nothing is stored.
    let free = check(checked + TimeDelta::hours(3));
    let taken = check(checked + TimeDelta::hours(9));
    let mut cases = Vec::new();
    // One on each host costs what it costs that there is something to read at all.
    for stored in [0, 0, hosts, seed::MEETINGS] {
        let rooms = Rooms::open(hosts).await;
        if stored > 0 {
            let first = if stored == hosts { checked } else { day };
            seed::fill(&rooms, &seed::pattern(&rooms).await, stored, first).await;
        }
        // What is stored is in the way where it should be.
        assert_eq!(rooms.check(&taken).await["free"], json!(stored == 0));
        cases.push(Case { stored, rooms, took: Vec::with_capacity(rounds) });
    }
    let mut read = Vec::new();
    for case in &cases {
        read.push(calls(&case.rooms, &free).await);
    }
    assert!(
        read.iter().all(|calls| *calls == read[0]),
        "the number of calls grows with what is stored: {read:?}"
    );
    take_turns(&mut cases, &free, rounds).await;
    let mut lines = vec![format!("check of {dates} date(s) on {hosts} hosts, {}, {rounds} rounds", read[0])];
    for (place, case) in cases.iter().enumerate() {
        let time = Spread::of(case.took.iter().copied().map(millis));
        lines.push(format!("  {:>6} stored: {time:.2} ms", case.stored));
        if place > 0 {
            let pairs = case.took.iter().zip(&cases[0].took);
            let apart = Spread::of(pairs.map(|(one, first)| millis(*one) - millis(*first)));
            lines.push(format!("          than the first, in the same round: {apart:+.2} ms"));
        }
    }
    let rooms = cases.pop().unwrap().rooms;
    let (rooms, recorder) = recorded(rooms).await;
    let check = async |_| {
        rooms.check(&free).await;
    };
    lines.extend(shares("the last of these", &recorder, LOOKED_AT, check).await);
    lines
}

/// Checks each case once a round, from another one on in each.
async fn take_turns(cases: &mut [Case], check: &Value, rounds: usize) {
    // The first tenth is to warm up.
    for round in 0..rounds + rounds / 10 {
        for turn in 0..cases.len() {
            let place = (round + turn) % cases.len();
            let case = &mut cases[place];
            let began = Instant::now();
            let reply = case.rooms.check(check).await;
            let took = began.elapsed();
            assert_eq!(reply["free"], true);
            if round >= rounds / 10 {
                case.took.push(took);
            }
        }
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

async fn calls(rooms: &Rooms, check: &Value) -> Value {
    rooms.check(check).await;
    rooms.app.calls().await;
    rooms.check(check).await;
    rooms.app.calls().await
}
