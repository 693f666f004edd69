//! A stack of one's own, and clients to it.

use std::path::Path;
use std::sync::Arc;

use futures::FutureExt;
use local::functions::{Build, Functions};
use local::{Options, Stack};
use serde_json::Value;

pub(crate) fn options_over(data: &Path) -> Options {
    Options { data: Some(data.to_owned()), ..Options::memory() }
}

/// A running stack and how it is reached.
pub(crate) struct Local {
    pub(crate) stack: Stack,
    pub(crate) http: reqwest::Client,
}

impl Local {
    pub(crate) async fn start() -> Self {
        Self::open(Options::memory()).await
    }

    pub(crate) async fn open(options: Options) -> Self {
        Self::of(Stack::start(options).await.unwrap())
    }

    pub(crate) async fn with(functions: Functions) -> Self {
        Self::with_options(Options::memory(), functions).await
    }

    pub(crate) async fn with_options(options: Options, functions: Functions) -> Self {
        let build: Build = Box::new(|_| async { Ok(functions) }.boxed());
        Self::of(Stack::start_with(options, build).await.unwrap())
    }

    fn of(stack: Stack) -> Self {
        Self { stack, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(self.stack.aws())
    }

    pub(crate) fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(self.stack.aws())
    }

    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(self.stack.aws())
    }

    pub(crate) fn ses(&self) -> aws_sdk_sesv2::Client {
        aws_sdk_sesv2::Client::new(self.stack.aws())
    }

    /// The URL of the queue of notices.
    pub(crate) async fn queue(&self) -> String {
        self.queue_named("lectern-notices").await
    }

    pub(crate) async fn queue_named(&self, name: &str) -> String {
        self.sqs().get_queue_url().queue_name(name).send().await.unwrap().queue_url.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.stack.url());
        self.http.get(url).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// The status and the body, whatever they are.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.stack.url());
        let response = self.http.post(url).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// Functions of which only the one fed by the queue does anything.
pub(crate) fn functions_with_queue(
    handle: impl Fn(
        aws_lambda_events::event::sqs::SqsEvent,
    ) -> Result<aws_lambda_events::event::sqs::SqsBatchResponse, String>
    + Send
    + Sync
    + 'static,
) -> Functions {
    Functions {
        notifications: Arc::new(move |event| {
            futures::future::ready(handle(event).map(|response| (response, ()))).boxed()
        }),
        ..Functions::idle()
    }
}
