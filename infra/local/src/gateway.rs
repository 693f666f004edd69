//! The one address at which functions find everything that is outside of them.
//!
//! It tells AWS services apart as their SDKs address them, serves Zoom under `/_zoom`, and counts each call.
//! What comes in under [`OWN_PREFIX`] is the stack's own, and is answered the same but not counted.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tower::ServiceExt;
use url::Url;

use crate::aws::{Aws, Call};
use crate::calls::{Calls, Service};
use crate::hold::Hold;
use crate::interruption::Interruption;
use crate::own_host;
use crate::proxy::{self, Proxy};
use crate::sandbox::operation_template;

/// Where the stack's own clients reach AWS.
pub(crate) const OWN_PREFIX: &str = "/_stack";

/// Where functions reach Zoom.
pub(crate) const ZOOM_PREFIX: &str = "/_zoom";

/// The Zoom behind the gateway.
#[derive(Debug, Clone)]
pub(crate) enum Zoom {
    /// The sandbox's endpoints.
    Sandbox(Router),
    /// A Zoom elsewhere, with the base of its tokens' address and of its API's.
    Elsewhere { oauth: Url, api: Url, proxy: Proxy },
}

impl Zoom {
    async fn answer(&self, path: &str, mut request: Request) -> Response {
        match self {
            Self::Sandbox(router) => {
                let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
                let Ok(uri) = format!("{path}{query}").parse() else {
                    return StatusCode::BAD_REQUEST.into_response();
                };
                *request.uri_mut() = uri;
                match router.clone().oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            }
            Self::Elsewhere { oauth, api, proxy } => {
                let base = if path.starts_with("/oauth/") { oauth } else { api };
                proxy.forward(proxy::join(base, path), request).await
            }
        }
    }
}

/// What the gateway hands calls to.
#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub(crate) aws: Arc<Aws>,
    pub(crate) zoom: Zoom,
    pub(crate) calls: Arc<Calls>,
    pub(crate) interruption: Arc<Interruption>,
    pub(crate) hold: Arc<Hold>,
}

impl Gateway {
    /// Counts a call, and lets it wait where it is held up; one that is to be cut off never gets any further.
    async fn pass(&self, service: Service, operation: &str) {
        if !self.interruption.passes(operation) {
            std::future::pending::<()>().await;
        }
        self.calls.count(service, operation);
        self.hold.pass(operation).await;
    }

    /// The gateway's endpoints.
    pub(crate) fn router(self) -> Router {
        let own = Router::new().fallback(own).with_state(Arc::clone(&self.aws));
        Router::new()
            .nest_service(OWN_PREFIX, own)
            .fallback(counted)
            .with_state(self)
            .layer(middleware::from_fn(own_host::require))
    }
}

async fn own(State(aws): State<Arc<Aws>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match Call::of(&parts) {
        Some(call) => aws.answer(&call, Request::from_parts(parts, body)).await,
        None => unknown(),
    }
}

async fn counted(State(gateway): State<Gateway>, request: Request) -> Response {
    let zoom_path = request.uri().path().strip_prefix(ZOOM_PREFIX).map(str::to_owned);
    if let Some(path) = zoom_path.filter(|path| path.starts_with('/')) {
        let operation = operation_template(request.method(), &path);
        let operation = operation.unwrap_or_else(|| format!("{} {path}", request.method()));
        gateway.pass(Service::Zoom, &operation).await;
        return gateway.zoom.answer(&path, request).await;
    }
    let (parts, body) = request.into_parts();
    match Call::of(&parts) {
        Some(call) => {
            gateway.pass(call.service, &call.operation).await;
            gateway.aws.answer(&call, Request::from_parts(parts, body)).await
        }
        None => unknown(),
    }
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "no service answers to this request").into_response()
}
