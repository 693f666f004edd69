//! Stands between functions and what they call, and notes what passes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use url::Url;

/// A call that passed.
#[derive(Debug, Clone)]
pub(crate) struct Passed {
    /// Its operation, as AWS names it; of others method and path.
    pub(crate) operation: String,
    /// Its body.
    pub(crate) body: Value,
    /// How many bytes the answer has.
    pub(crate) answered: usize,
    /// How long the answer took.
    pub(crate) took: Duration,
}

/// What passes on its way to a stack.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    to: String,
    client: reqwest::Client,
    passed: Arc<Mutex<Vec<Passed>>>,
}

impl Recorder {
    /// Begins to listen in front of `to`; returns where.
    pub(crate) async fn start(to: &str) -> (Self, Url) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let recorder = Self { to: to.to_owned(), client, passed: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().fallback(pass).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (recorder, url)
    }

    /// What has passed since this was asked last.
    pub(crate) fn take(&self) -> Vec<Passed> {
        std::mem::take(&mut self.passed.lock().unwrap())
    }
}

async fn pass(State(recorder): State<Recorder>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let target = parts.headers.get("x-amz-target").map(|target| target.to_str().unwrap().to_owned());
    let operation = target.unwrap_or_else(|| format!("{} {}", parts.method, parts.uri.path()));
    let mut headers = parts.headers;
    for name in ["host", "content-length"] {
        headers.remove(name);
    }
    let began = Instant::now();
    let url = format!("{}{}", recorder.to, parts.uri);
    let sent = recorder.client.request(parts.method, url).headers(headers).body(body.clone());
    let answer = sent.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text: Bytes = answer.bytes().await.unwrap();
    recorder.passed.lock().unwrap().push(Passed {
        operation: operation.rsplit('.').next().unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        answered: text.len(),
        took: began.elapsed(),
    });
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().remove("transfer-encoding");
    response
}
