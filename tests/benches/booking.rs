//! How fast Lectern books and checks, through the real SDK, the embedded engine and the sandbox over HTTP.
//!
//! Times are printed, and only the number of calls is asserted.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and fails by panicking")]

mod ceiling;
mod checks;
mod rooms;
mod seed;
mod shares;
mod spread;
#[path = "../it/support/mod.rs"]
mod support;
mod throughput;

use std::time::Duration;

use criterion::Criterion;
use tokio::runtime::Builder;

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    throughput::run(&runtime, &mut criterion);
    checks::run(&runtime);
    criterion.final_summary();
}
