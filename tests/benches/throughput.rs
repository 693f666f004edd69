//! Single bookings on one host and on a hundred, beside the ceiling of the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use futures::future::join_all;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::ceiling::Ceiling;
use crate::rooms::Rooms;
use crate::shares::{recorded, shares};

/// How many bookings are under way at once where not one after another.
const AT_ONCE: usize = 8;
/// How many bookings the shares of a booking's time are taken from.
const LOOKED_AT: u32 = 200;

/// Time and rounds, as far as they were measured.
#[derive(Debug, Default)]
struct Tally {
    time: Duration,
    rounds: u64,
}

impl Tally {
    fn rate(&self) -> f64 {
        u32::try_from(self.rounds).map_or(f64::NAN, f64::from) / self.time.as_secs_f64()
    }
}

/// Measures, and prints the ratios.
pub(crate) fn run(runtime: &Runtime, criterion: &mut Criterion) {
    let mut lines = Vec::new();
    // As many others stand in the block as do on average while bookings are measured.
    for (hosts, others) in [(1, 50), (100, 10)] {
        let ceiling = runtime.block_on(Ceiling::record(others));
        lines.push(format!("{hosts} host(s): a booking writes {}", ceiling.size()));
        let rooms = Arc::new(runtime.block_on(Rooms::open(hosts)));
        runtime.block_on(assert_calls(&rooms));
        let booked = Arc::new(AtomicUsize::new(2));
        let mut group = criterion.benchmark_group(format!("book on {hosts} host(s)"));
        group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(1));
        for at_once in [1, AT_ONCE] {
            let bookings = measure_bookings(&mut group, runtime, &rooms, &booked, at_once);
            let transactions = measure_ceiling(&mut group, runtime, &ceiling, at_once);
            lines.push(format!(
                "{hosts} host(s), {at_once} at a time: {:.0} bookings/s, ceiling {:.0}/s, ratio {:.2}",
                bookings.rate(),
                transactions.rate(),
                bookings.rate() / transactions.rate(),
            ));
        }
        group.finish();
    }
    lines.extend(runtime.block_on(async {
        let (rooms, recorder) = recorded(Rooms::open(1).await).await;
        let book = async |n| {
            rooms.book(usize::try_from(n).unwrap()).await;
        };
        shares("a booking", &recorder, LOOKED_AT, book).await
    }));
    println!("\n{}\n", lines.join("\n"));
}

/// A booking costs what the budget says, on the first host that there is as on the last.
async fn assert_calls(rooms: &Rooms) {
    rooms.book(0).await;
    rooms.app.calls().await;
    rooms.book(rooms.hosts.len()).await;
    let expected = json!({
        "dynamodb": {"BatchGetItem": 1, "TransactWriteItems": 2},
        "zoom": {"POST /users/{userId}/meetings": 1},
    });
    assert_eq!(rooms.app.calls().await, expected);
}

fn measure_bookings(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    rooms: &Arc<Rooms>,
    booked: &Arc<AtomicUsize>,
    at_once: usize,
) -> Tally {
    let mut tally = Tally::default();
    group.bench_function(format!("booking/{at_once} at a time"), |bencher| {
        bencher.iter_custom(|rounds| {
            let began = Instant::now();
            runtime.block_on(join_all(shared_out(rounds, at_once).into_iter().map(|many| {
                let (rooms, booked) = (Arc::clone(rooms), Arc::clone(booked));
                let work = async move {
                    for _ in 0..many {
                        // Past the days that were booked to count the calls.
                        let n = booked.fetch_add(1, Ordering::Relaxed) + 2 * rooms.hosts.len();
                        rooms.book(n).await;
                    }
                };
                async { tokio::spawn(work).await.unwrap() }
            })));
            tally.time += began.elapsed();
            tally.rounds += rounds;
            began.elapsed()
        });
    });
    tally
}

fn measure_ceiling(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    recorded: &Ceiling,
    at_once: usize,
) -> Tally {
    let rooms = runtime.block_on(Rooms::open(1));
    let ceiling = recorded.on(&rooms);
    runtime.block_on(join_all((0..at_once).map(|worker| ceiling.prepare(worker))));
    let (mut tally, mut next) = (Tally::default(), 0);
    let mut passed = vec![0; at_once];
    group.bench_function(format!("ceiling/{at_once} at a time"), |bencher| {
        bencher.iter_custom(|rounds| {
            let mut work = Vec::new();
            for (worker, many) in shared_out(rounds, at_once).into_iter().enumerate() {
                let ready: Vec<_> = (0..many)
                    .map(|round| ceiling.ready(worker, passed[worker] + round, next + round))
                    .collect();
                passed[worker] += many;
                next += many;
                let ceiling = ceiling.clone();
                work.push(async move {
                    for writes in ready {
                        ceiling.send(writes).await;
                    }
                });
            }
            let began = Instant::now();
            runtime
                .block_on(join_all(work.into_iter().map(|work| async { tokio::spawn(work).await.unwrap() })));
            tally.time += began.elapsed();
            tally.rounds += rounds;
            began.elapsed()
        });
    });
    tally
}

/// Rounds by worker.
fn shared_out(rounds: u64, workers: usize) -> Vec<u64> {
    let workers = u64::try_from(workers).unwrap();
    (0..workers).map(|worker| rounds / workers + u64::from(worker < rounds % workers)).collect()
}
