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
use crate::mailbox::{Mail, Mailbox};
use crate::onlooker::{Onlooker, Seen};
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
    onlooker: Arc<Onlooker>,
}

impl Aws {
    /// AWS, answered by `upstream`.
    pub(crate) fn new(upstream: Upstream, mailbox: Arc<Mailbox>, clock: SharedClock) -> Self {
        Self { upstream, mailbox, clock, onlooker: Arc::default() }
    }

    /// Who is shown each request.
    pub(crate) fn onlooker(&self) -> &Arc<Onlooker> {
        &self.onlooker
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, call: &Call, mut request: Request) -> Response {
        if self.onlooker.is_present() {
            let (parts, body) = match read(request).await {
                Ok(read) => read,
                Err(refusal) => return refusal,
            };
            self.show(call, &body);
            request = Request::from_parts(parts, Body::from(body));
        }
        if call.sends_mail() { self.send_mail(call, request).await } else { self.pass(call, request).await }
    }

    fn show(&self, call: &Call, body: &[u8]) {
        self.onlooker.show(&Seen { service: call.service.name(), operation: &call.operation, body });
    }

    /// Shows what a mail says, which its request holds in an encoding of its own.
    fn show_mail(&self, call: &Call, mail: &Mail) {
        let parts = [Some(&mail.subject), mail.text.as_ref(), mail.html.as_ref(), mail.ics.as_ref()];
        for part in parts.into_iter().flatten() {
            self.show(call, part.as_bytes());
        }
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
        self.show_mail(call, &mail);
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
