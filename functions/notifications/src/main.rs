//! The function `notifications` on Lambda.

use std::convert::Infallible;
use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{LambdaEvent, service_fn};
use notifications::Mailer;
use shared::clock::SystemClock;
use shared::config::Config;
use shared::deps::Deps;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::telemetry::start();
    let config = Config::from_env()?;
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let mailer = Mailer::new(&aws, config.mails_per_second);
    let deps = Deps::new(config, &aws, Arc::new(SystemClock));
    lambda_runtime::run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        Ok::<_, Infallible>(notifications::handle(&deps, &mailer, event.payload).await)
    }))
    .await
}
