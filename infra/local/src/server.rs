//! What listens where users look.

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::calls::Calls;
use crate::clock::LocalClock;
use crate::gateway::ZOOM_PREFIX;
use crate::mailbox::Mailbox;
use crate::sandbox::Sandbox;
use crate::timer::Runner;
use crate::{local_api, own_host, welcome};

/// What the stack's own pages and endpoints show and do.
#[derive(Debug, Clone)]
pub(crate) struct Public {
    pub(crate) clock: Arc<LocalClock>,
    pub(crate) runner: Arc<Runner>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) calls: Arc<Calls>,
    pub(crate) url: String,
}

/// What is behind the stack's own pages and endpoints.
pub(crate) enum Serving {
    /// The functions, and the sandbox that they call.
    Functions { http: Router, sandbox: Option<Sandbox> },
    /// The services alone: functions run elsewhere.
    Services(Router),
}

/// The stack's own endpoints before those that it serves.
pub(crate) fn router(public: Public, serving: Serving) -> Router {
    let router = match serving {
        Serving::Functions { http, sandbox } => functions(public, sandbox, http),
        Serving::Services(services) => {
            Router::new().nest("/_local", local_api::router(public)).fallback_service(services)
        }
    };
    router.layer(middleware::from_fn(own_host::require))
}

fn functions(public: Public, sandbox: Option<Sandbox>, http: Router) -> Router {
    let home =
        welcome::Home { clock: Arc::clone(&public.clock), url: public.url.clone(), sandbox: sandbox.clone() };
    let mut router = Router::new()
        .route("/", get(welcome::home).with_state(Arc::new(home)))
        .method_not_allowed_fallback(local_api::wrong_method)
        .nest("/_local", local_api::with_tick(public));
    if let Some(sandbox) = sandbox {
        router = router.nest(ZOOM_PREFIX, sandbox.router());
    }
    router.fallback_service(http)
}
