//! The function `conflicts` on Lambda.

use std::sync::Arc;

use shared::clock::SystemClock;
use shared::config::Config;
use shared::deps::Deps;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    shared::telemetry::start();
    let config = Config::from_env()?;
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps::new(config, &aws, Arc::new(SystemClock));
    lambda_http::run(conflicts::app(deps)).await
}
