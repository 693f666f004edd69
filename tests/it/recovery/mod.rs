//! Zoom fails, or the process dies between any two of its awaits: after one run of the reconciler both sides
//! have the meeting or neither does, and the client's retry ends in the same one meeting.
//!
//! Each operation is stopped at its first outside call, at its second, and so on until it completes; and the
//! same again under each fault of Zoom, from the call on which the fault strikes.

mod agreement;
mod operation;
mod world;

use std::collections::BTreeMap;

use futures::StreamExt;

use self::operation::Operation;
use self::world::{Fault, World};

/// What was run of one operation.
#[derive(Debug, Default)]
struct Count {
    crash_points: usize,
    runs: BTreeMap<&'static str, usize>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_wherever_it_stops_both_sides_agree_after_one_run() {
    let counts: Vec<(Operation, Count)> = futures::stream::iter(Operation::ALL)
        .map(|operation| async move {
            let task = tokio::spawn(every_way_to_fail(operation));
            (operation, task.await.unwrap())
        })
        .buffer_unordered(Operation::ALL.len())
        .collect()
        .await;
    let mut crash_points = 0;
    let mut runs = 0;
    for (operation, count) in &counts {
        let all: usize = count.runs.values().sum();
        eprintln!("{operation:?}: {} crash points, {all} runs: {:?}", count.crash_points, count.runs);
        crash_points += count.crash_points;
        runs += all;
        assert!(count.crash_points >= 4, "{operation:?} makes too few calls to be right");
    }
    eprintln!(
        "{} operations, {crash_points} crash points, {} faults: {runs} runs, all recovered",
        counts.len(),
        Fault::ALL.len()
    );
}

async fn every_way_to_fail(operation: Operation) -> Count {
    let mut world = World::new(operation).await;
    let mut count = Count::default();
    // The calls that the operation makes, in order.
    let mut calls = Vec::new();
    loop {
        let stopped_at = world.run(None, Some(calls.len() as u64)).await;
        *count.runs.entry("none").or_default() += 1;
        let Some(call) = stopped_at else { break };
        calls.push(call);
    }
    count.crash_points = calls.len();
    let struck = calls.iter().position(|call| call == operation.at_zoom());
    let struck = struck.unwrap_or_else(|| panic!("{operation:?} never calls {}", operation.at_zoom()));
    for fault in Fault::ALL.into_iter().filter(|fault| operation.can_meet(*fault)) {
        let runs = count.runs.entry(fault.name()).or_default();
        let mut calls = struck as u64 + 1;
        while world.run(Some(fault), Some(calls)).await.is_some() {
            calls += 1;
            *runs += 1;
        }
        *runs += 1;
    }
    count
}
