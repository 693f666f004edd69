//! The least that a function on Lambda is: the clients that Lectern's functions have, and one word.

use axum::Router;
use axum::routing::any;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let clients = (
        aws_sdk_dynamodb::Client::new(&aws),
        aws_sdk_secretsmanager::Client::new(&aws),
        aws_sdk_sqs::Client::new(&aws),
    );
    lambda_http::run(
        Router::new().fallback(any(async || "hello")).with_state(()).layer(axum::Extension(clients)),
    )
    .await
}
