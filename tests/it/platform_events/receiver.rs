//! A learning platform that takes what it is sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::net::TcpListener;

use crate::support::canaries::look_at;

/// An event that came in.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) headers: HeaderMap,
    pub(super) text: String,
    pub(super) body: Value,
}

#[derive(Debug, Default)]
struct Books {
    received: Vec<Received>,
    answers: VecDeque<Response>,
}

/// A receiver on a port of its own, which answers 204 unless told otherwise.
pub(super) struct Receiver {
    url: String,
    books: Arc<Mutex<Books>>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/lectern", listener.local_addr().unwrap());
        let books: Arc<Mutex<Books>> = Arc::default();
        let app = Router::new().fallback(take).with_state(Arc::clone(&books));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, books }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Answers the next events with these statuses.
    pub(super) fn answer(&self, statuses: &[u16]) {
        let statuses = statuses.iter().map(|status| StatusCode::from_u16(*status).unwrap().into_response());
        self.books.lock().unwrap().answers.extend(statuses);
    }

    /// Answers the next event by pointing elsewhere.
    pub(super) fn redirect(&self, to: &str) {
        let answer = (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to.to_owned())]).into_response();
        self.books.lock().unwrap().answers.push_back(answer);
    }

    /// What came in since the last time this was asked.
    pub(super) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.books.lock().unwrap().received)
    }

    /// The types of what came in since the last time this was asked, sorted.
    pub(super) fn types(&self) -> Vec<String> {
        let mut types: Vec<String> = self.received().iter().map(|one| one.kind().to_owned()).collect();
        types.sort();
        types
    }
}

async fn take(State(books): State<Arc<Mutex<Books>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    look_at("an event", &text);
    look_at("the headers of an event", &format!("{:?}", parts.headers));
    let mut books = books.lock().unwrap();
    books.received.push(Received {
        headers: parts.headers,
        body: serde_json::from_str(&text).unwrap(),
        text,
    });
    books.answers.pop_front().unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(super) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(super) fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap()
    }

    /// Whether one of the signatures is that of `secret`, by somebody else's reading of Standard Webhooks.
    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let timestamp = self.header("webhook-timestamp").parse().unwrap();
        let expected =
            Webhook::new(secret).unwrap().sign(self.id(), timestamp, self.text.as_bytes()).unwrap();
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}
