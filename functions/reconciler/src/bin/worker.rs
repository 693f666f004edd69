//! The function `reconciler-worker` on Lambda.

use std::convert::Infallible;
use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{LambdaEvent, service_fn};
use shared::clock::SystemClock;
use shared::config::Config;
use shared::deps::Deps;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::telemetry::start();
    let config = Config::from_env()?;
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps::new(config, &aws, Arc::new(SystemClock));
    lambda_runtime::run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        Ok::<_, Infallible>(reconciler::handle(&deps, event.payload).await.0)
    }))
    .await
}
