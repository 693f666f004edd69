//! Where the time of a request goes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::rooms::Rooms;
use crate::support::recorder::Recorder;

/// Lets what the functions of `rooms` call pass through a recorder.
pub(crate) async fn recorded(rooms: Rooms) -> (Rooms, Recorder) {
    let (recorder, url) = Recorder::start(&rooms.app.stack.endpoints().aws_url).await;
    (rooms.through(&url), recorder)
}

/// Does `work` so many times, after once to warm up, and tells which call took how much of it.
pub(crate) async fn shares(
    what: &str,
    recorder: &Recorder,
    rounds: u32,
    work: impl AsyncFn(u32),
) -> Vec<String> {
    work(0).await;
    recorder.take();
    let began = Instant::now();
    for round in 0..rounds {
        work(round + 1).await;
    }
    let whole = began.elapsed() / rounds;
    let mut by_operation: BTreeMap<String, Duration> = BTreeMap::new();
    for passed in recorder.take() {
        *by_operation.entry(passed.operation).or_default() += passed.took / rounds;
    }
    let calls: Duration = by_operation.values().sum();
    let mut lines = vec![format!("{what}, with a recorder in between: {whole:.2?}, of which")];
    lines.extend(by_operation.into_iter().map(|(operation, took)| format!("  {took:.2?} in {operation}")));
    lines.push(format!("  {:.2?} in the function, the SDK and the recorder", whole.saturating_sub(calls)));
    lines
}
