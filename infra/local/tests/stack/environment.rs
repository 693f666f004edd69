//! What functions are handed, put to use as they do.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, header};
use local::functions::{self, Build, Environment};
use local::token::{self, Role, Subject};
use local::{Options, Stack};
use shared::clock::Clock;
use shared::deps::Deps;

/// A stack, and what its functions were handed.
async fn start() -> (Stack, Environment) {
    let handed = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&handed);
    let build: Build = Box::new(move |environment| {
        *keep.lock().unwrap() = Some(environment.clone());
        functions::build(environment)
    });
    let stack = Stack::start_with(Options::memory(), build).await.unwrap();
    let environment = handed.lock().unwrap().take().unwrap();
    (stack, environment)
}

fn bearer(ttl_seconds: u32, clock: &dyn Clock) -> HeaderMap {
    let subject = Subject {
        user: "u-1".to_owned(),
        tenant: "school".to_owned(),
        roles: vec![Role::Instructor],
        email: None,
        name: None,
        locale: None,
        zoneinfo: None,
        courses: None,
    };
    let token = token::make(&subject, clock.now(), ttl_seconds).unwrap();
    let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    HeaderMap::from_iter([(header::AUTHORIZATION, value)])
}

#[tokio::test]
async fn local_tokens_are_taken_until_the_moved_clock_ends_them() {
    let (stack, environment) = start().await;
    let deps = Deps::new(environment.config, &environment.aws, environment.clock);
    let headers = bearer(60, stack.clock().as_ref());
    deps.authenticator.authenticate(&headers).await.unwrap();
    assert!(stack.clock().advance(61));
    assert!(deps.authenticator.authenticate(&headers).await.is_err());
    stack.stop().await;
}

#[tokio::test]
async fn settings_name_what_the_stack_made() {
    let (stack, environment) = start().await;
    let config = &environment.config;
    assert_eq!(config.public_url.as_str().trim_end_matches('/'), stack.url());
    let sqs = aws_sdk_sqs::Client::new(&environment.aws);
    sqs.send_message().queue_url(&config.notices_queue_url).message_body("x").send().await.unwrap();
    let secrets = aws_sdk_secretsmanager::Client::new(&environment.aws);
    secrets.get_secret_value().secret_id(&config.signing_secret_id).send().await.unwrap();
    let dynamodb = aws_sdk_dynamodb::Client::new(&environment.aws);
    dynamodb.describe_table().table_name(&config.table).send().await.unwrap();
    stack.stop().await;
}
