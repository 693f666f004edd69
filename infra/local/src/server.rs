//! What listens where users look.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header;

use crate::calls::Calls;
use crate::clock::LocalClock;
use crate::gateway::ZOOM_PREFIX;
use crate::mailbox::Mailbox;
use crate::problem::Problem;
use crate::sandbox::Sandbox;
use crate::timer::Runner;
use crate::{local_api, welcome};

/// What the stack's own pages and endpoints show and do.
#[derive(Debug, Clone)]
pub(crate) struct Public {
    pub(crate) clock: Arc<LocalClock>,
    pub(crate) runner: Arc<Runner>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) calls: Arc<Calls>,
    pub(crate) url: String,
}

/// The stack's own endpoints before those of the functions.
pub(crate) fn router(public: Public, sandbox: Option<Sandbox>, functions: Router) -> Router {
    let home =
        welcome::Home { clock: Arc::clone(&public.clock), url: public.url.clone(), sandbox: sandbox.clone() };
    let mut router = Router::new()
        .route("/", get(welcome::home).with_state(Arc::new(home)))
        .method_not_allowed_fallback(local_api::wrong_method)
        .nest("/_local", local_api::router(public));
    if let Some(sandbox) = sandbox {
        router = router.nest(ZOOM_PREFIX, sandbox.router());
    }
    router.fallback_service(functions).layer(middleware::from_fn(refuse_foreign_hosts))
}

/// A page elsewhere may point a name of its own at this machine, and would then pass for this origin.
async fn refuse_foreign_hosts(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = request.uri().host().or(host);
    if named.is_some_and(is_this_machine) {
        return next.run(request).await;
    }
    Problem::foreign_host(request.uri().path()).into_response()
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_names() {
        for own in ["127.0.0.1", "127.0.0.1:9000", "localhost:9000", "LOCALHOST"] {
            assert!(is_this_machine(own), "{own}");
        }
        for foreign in ["evil.example", "localhost.evil.example:9000", "127.0.0.1.evil.example", ""] {
            assert!(!is_this_machine(foreign), "{foreign}");
        }
    }
}
