//! Booking against a model: random operations of two tenants on the hosts of one Zoom account, some of them
//! at the same moment.
//!
//! What is done alone ends exactly as the model foretells. What is done at once ends as some order of it
//! would, but for one thing: a meeting that moves holds its old time and its new one until it has moved, and
//! what comes in between is refused on account of either. After every step the time that is taken is the
//! model's; at the end, so are the lists of both tenants and what Zoom has.

mod drive;
mod operations;
mod world;

use proptest::test_runner::{Config, RngSeed, TestRunner};

use self::drive::Drive;

/// How many stacks are driven.
const CASES: u32 = 32;
/// Where the random choices begin, so that a failure is there at the next run too.
const SEED: u64 = 3;

#[test]
fn whatever_is_done_in_whatever_order_the_model_foretells_it() {
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        // Each try takes some tenths of a second.
        max_shrink_iters: 300,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let outcome = TestRunner::new(config).run(&operations::steps(), |steps| {
        runtime.block_on(async {
            let mut drive = Drive::start().await;
            for step in &steps {
                drive.take(step).await?;
            }
            drive.check().await
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
