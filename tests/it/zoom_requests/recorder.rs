//! What functions send to Zoom, as it comes by on its way to a sandbox.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, header};
use shared::zoom::operation::Operation;
use url::{Url, form_urlencoded};

/// A request to Zoom.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    pub(super) method: Method,
    /// As it was sent, with what is encoded in it.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Stands between functions and a sandbox.
#[derive(Debug, Clone)]
pub(super) struct Recorder {
    sandbox: String,
    client: reqwest::Client,
    seen: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    /// A recorder before the Zoom at `sandbox`, and the address that it listens at.
    pub(super) async fn before(sandbox: String) -> (Self, Url) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let recorder = Self { sandbox, client, seen: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().fallback(pass).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (recorder, address)
    }

    /// Everything that came by.
    pub(super) fn seen(&self) -> Vec<Recorded> {
        self.seen.lock().unwrap().clone()
    }
}

async fn pass(State(recorder): State<Recorder>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let query = parts.uri.query().unwrap_or_default();
    recorder.seen.lock().unwrap().push(Recorded {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: parts.headers.clone(),
        body: body.clone(),
    });
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let url = format!("{}{}", recorder.sandbox, parts.uri);
    let answer = recorder.client.request(parts.method, url).headers(headers).body(body).send().await;
    let mut response = Response::new(Body::empty());
    if let Ok(answer) = answer {
        (*response.status_mut(), *response.headers_mut()) = (answer.status(), answer.headers().clone());
        response.headers_mut().remove(header::TRANSFER_ENCODING);
        *response.body_mut() = Body::from_stream(answer.bytes_stream());
    } else {
        *response.status_mut() = StatusCode::BAD_GATEWAY;
    }
    response
}

impl Recorded {
    /// Whether it is a request for a token.
    pub(super) fn is_for_a_token(&self) -> bool {
        self.path == "/oauth/token"
    }

    /// The operation of Zoom's API that it is, and the id in its path.
    pub(super) fn operation(&self) -> Option<(Operation, Option<&str>)> {
        let path = self.path.strip_prefix("/v2")?;
        Operation::ALL.iter().filter(|operation| operation.method() == self.method).find_map(|operation| {
            let (actual, named) = (path.split('/'), operation.path().split('/'));
            if actual.clone().count() != named.clone().count() {
                return None;
            }
            let mut id = None;
            for (actual, named) in actual.zip(named) {
                if named.starts_with('{') {
                    id = Some(actual);
                } else if actual != named {
                    return None;
                }
            }
            Some((*operation, id))
        })
    }

    /// A header's text.
    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
