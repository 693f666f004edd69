//! The conflict check, with no meeting stored, with one for each host, and with a hundred thousand.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, SamplingMode};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::rooms::Rooms;
use crate::seed;
use crate::shares::{recorded, shares};
use crate::support::NOW;

/// How many checks the shares of a check's time are taken from.
const LOOKED_AT: u32 = 30;

/// Measures, and prints what is read and how long it takes side by side.
pub(crate) fn run(runtime: &Runtime, criterion: &mut Criterion) {
    let mut lines = Vec::new();
    for (hosts, dates) in [(20, 1), (100, 60)] {
        let rooms = runtime.block_on(Rooms::open(hosts));
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let day = (now + TimeDelta::days(30)).date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
        let check = |start: DateTime<Utc>| {
            let mut check = json!({"start": start, "duration_minutes": 60, "host": "auto"});
            if dates > 1 {
                check["recurrence"] = json!({"frequency": "weekly", "count": dates});
            }
            check
        };
        // Within a block of the ledger: at its edge twice as many items would be read.
        let checked = day + TimeDelta::days(230);
        // In the night, where nothing is stored.
        let free = check(checked + TimeDelta::hours(3));
        let taken = check(checked + TimeDelta::hours(9));
        let mut group = criterion.benchmark_group(format!("check {dates} date(s) on {hosts} hosts"));
        group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(3));
        let (mut measured, mut pattern) = (Vec::new(), None);
        // One on each host costs what it costs that there is something to read at all.
        for stored in [0, hosts, seed::MEETINGS] {
            if stored > 0 {
                let pattern = pattern.get_or_insert_with(|| runtime.block_on(seed::pattern(&rooms)));
                let first = if stored == hosts { checked } else { day };
                runtime.block_on(seed::fill(&rooms, pattern, stored, first));
            }
            // What is stored is in the way where it should be.
            assert_eq!(runtime.block_on(rooms.check(&taken))["free"], json!(stored == 0));
            let calls = runtime.block_on(calls(&rooms, &free));
            let (mut time, mut rounds) = (Duration::ZERO, 0_u64);
            group.bench_function(format!("{stored} stored"), |bencher| {
                bencher.iter_custom(|many| {
                    let began = Instant::now();
                    runtime.block_on(async {
                        for _ in 0..many {
                            assert_eq!(rooms.check(&free).await["free"], true);
                        }
                    });
                    time += began.elapsed();
                    rounds += many;
                    began.elapsed()
                });
            });
            let mean = time / u32::try_from(rounds).unwrap().max(1);
            lines.push(format!(
                "check of {dates} date(s) on {hosts} hosts, {stored} stored: {mean:.2?}, {calls}"
            ));
            measured.push(calls);
        }
        let same = measured.iter().all(|calls| *calls == measured[0]);
        assert!(same, "the number of calls grows with what is stored: {measured:?}");
        group.finish();
        lines.extend(runtime.block_on(async {
            let (rooms, recorder) = recorded(rooms).await;
            let check = async |_| {
                rooms.check(&free).await;
            };
            shares("the last of these", &recorder, LOOKED_AT, check).await
        }));
    }
    println!("\n{}\n", lines.join("\n"));
}

async fn calls(rooms: &Rooms, check: &Value) -> Value {
    rooms.check(check).await;
    rooms.app.calls().await;
    rooms.check(check).await;
    rooms.app.calls().await
}
