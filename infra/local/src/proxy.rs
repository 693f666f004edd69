//! Hands requests on to another address, bodies streamed both ways.

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode, header};
use url::{Host, Url};

/// Headers that speak of one connection, not of the request.
const HOP_BY_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// A client that hands requests on.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    client: reqwest::Client,
}

impl Proxy {
    /// For addresses on this machine: whatever proxy the environment names is passed by.
    pub(crate) fn direct() -> Result<Self, reqwest::Error> {
        Self::build(reqwest::Client::builder().no_proxy())
    }

    /// For `url`, wherever it is.
    pub(crate) fn towards(url: &Url) -> Result<Self, reqwest::Error> {
        if is_loopback(url) { Self::direct() } else { Self::build(reqwest::Client::builder()) }
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, reqwest::Error> {
        let client = builder.redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client })
    }

    /// Sends `request` to `target`, a whole URL but for the query, and returns its answer.
    pub(crate) async fn forward(&self, mut target: Url, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        target.set_query(parts.uri.query());
        let mut headers = parts.headers;
        strip(&mut headers);
        headers.remove(header::HOST);
        let mut outgoing = self.client.request(parts.method, target.clone()).headers(headers);
        // A stream of nothing would be sent as a body in chunks, which not every server takes with a GET.
        if !body.is_end_stream() {
            outgoing = outgoing.body(reqwest::Body::wrap_stream(body.into_data_stream()));
        }
        match outgoing.send().await {
            Ok(answer) => relay(answer),
            Err(error) => {
                let host = target.host_str().unwrap_or_default();
                tracing::error!(host, error = &error as &dyn std::error::Error, "request not handed on");
                (StatusCode::BAD_GATEWAY, format!("{host} does not answer")).into_response()
            }
        }
    }
}

fn relay(answer: reqwest::Response) -> Response {
    let status = answer.status();
    let mut headers = answer.headers().clone();
    strip(&mut headers);
    let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn strip(headers: &mut HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `base` with `path` added to its own.
pub(crate) fn join(base: &Url, path: &str) -> Url {
    let mut joined = base.clone();
    joined.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_path_of_the_base() {
        let base: Url = "http://127.0.0.1:8000/zoom/".parse().unwrap();
        assert_eq!(join(&base, "/v2/users").as_str(), "http://127.0.0.1:8000/zoom/v2/users");
        let root: Url = "http://127.0.0.1:8000".parse().unwrap();
        assert_eq!(join(&root, "/").as_str(), "http://127.0.0.1:8000/");
    }
}
