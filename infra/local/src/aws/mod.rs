//! AWS as the functions see it: one endpoint that tells services apart as their SDKs address them.

mod call;
mod client;
mod embedded;
mod mail;
mod mount;
mod queue_limits;
mod queues;
mod secrets;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use shared::clock::SharedClock;
use url::Url;

pub(crate) use self::call::Call;
pub(crate) use self::client::config;
pub(crate) use self::embedded::Embedded;
use crate::mailbox::Mailbox;
use crate::proxy::{self, Proxy};

/// The region that the stack's clients name.
pub(crate) const REGION: &str = "us-east-1";

/// More than any AWS service named here takes in one request.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Who answers.
#[derive(Debug)]
pub(crate) enum Upstream {
    /// The services inside this process.
    Embedded(Box<Embedded>),
    /// Another endpoint, for all services.
    Other {
        /// Where it is.
        url: Url,
        /// What hands requests on.
        proxy: Proxy,
    },
}

/// The services, and the mailbox that every mail passes through on its way out.
#[derive(Debug)]
pub(crate) struct Aws {
    upstream: Upstream,
    mailbox: Arc<Mailbox>,
    clock: SharedClock,
}

impl Aws {
    /// AWS, answered by `upstream`.
    pub(crate) fn new(upstream: Upstream, mailbox: Arc<Mailbox>, clock: SharedClock) -> Self {
        Self { upstream, mailbox, clock }
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, call: &Call, request: Request) -> Response {
        if call.sends_mail() { self.send_mail(call, request).await } else { self.pass(call, request).await }
    }

    async fn pass(&self, call: &Call, request: Request) -> Response {
        match &self.upstream {
            Upstream::Embedded(services) => services.answer(call, request).await,
            Upstream::Other { url, proxy } => {
                let target = proxy::join(url, request.uri().path());
                proxy.forward(target, request).await
            }
        }
    }

    /// Keeps a copy of each mail that the service accepts, which itself would forget it.
    async fn send_mail(&self, call: &Call, request: Request) -> Response {
        let (parts, body) = match read(request).await {
            Ok(read) => read,
            Err(refusal) => return refusal,
        };
        let mail = match mail::parse(&body, self.clock.now()) {
            Ok(mail) => mail,
            Err(error) => {
                let code = "BadRequestException";
                return mount::rest_refusal(StatusCode::BAD_REQUEST, code, &error.to_string());
            }
        };
        let response = self.pass(call, Request::from_parts(parts, Body::from(body))).await;
        if response.status().is_success()
            && let Err(error) = self.mailbox.keep(&mail)
        {
            tracing::error!(error = &error as &dyn std::error::Error, "mail not kept");
            let code = "InternalServiceError";
            return mount::rest_refusal(StatusCode::INTERNAL_SERVER_ERROR, code, "the mailbox failed");
        }
        response
    }
}

/// Reads a request whole, or returns the answer to one that cannot be.
pub(crate) async fn read(request: Request) -> Result<(Parts, Bytes), Response> {
    let (parts, body) = request.into_parts();
    match axum::body::to_bytes(body, BODY_LIMIT).await {
        Ok(body) => Ok((parts, body)),
        Err(error) => {
            Err((StatusCode::BAD_REQUEST, format!("the body cannot be read: {error}")).into_response())
        }
    }
}
