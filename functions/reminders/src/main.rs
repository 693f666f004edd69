//! The function `reminders` on Lambda.

use std::sync::Arc;

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use shared::clock::SystemClock;
use shared::config::Config;
use shared::deps::Deps;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::telemetry::start();
    let config = Config::from_env()?;
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps::new(config, &aws, Arc::new(SystemClock));
    // The schedule's event says nothing but that it is time.
    lambda_runtime::run(service_fn(async |_: LambdaEvent<Value>| {
        Ok::<_, lambda_runtime::Error>(reminders::run(&deps).await?)
    }))
    .await
}
