//! The functions, as the stack runs them: the one place that knows them by name.

use std::error::Error;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use axum::Router;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use shared::clock::SharedClock;
use shared::config::Config;
use shared::deps::Deps;
use tower::ServiceExt;

use crate::events_described;

/// Where functions find what is outside of them.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The endpoint of all AWS services.
    pub aws_url: String,
    /// Zoom's address for tokens, path included.
    pub zoom_oauth_url: String,
    /// The base of Zoom's API, version included.
    pub zoom_api_url: String,
    /// The base of Lectern's own address, as its users see it.
    pub public_url: String,
}

/// What functions are built from, as their programs would find it in the cloud.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The settings, as a deployment would make them.
    pub config: Config,
    /// The configuration of AWS clients, shared so that they share their connections.
    pub aws: SdkConfig,
    /// The clock to read.
    pub clock: SharedClock,
}

/// A function that a schedule wakes; returns what it did.
pub type Scheduled<R> = Arc<dyn Fn() -> BoxFuture<'static, Result<R, String>> + Send + Sync>;

/// A function that a queue feeds; returns which messages it did not handle, and what it did.
pub type Queued<R> =
    Arc<dyn Fn(SqsEvent) -> BoxFuture<'static, Result<(SqsBatchResponse, R), String>> + Send + Sync>;

/// Builds the functions once the services listen that they call.
pub type Build = Box<
    dyn FnOnce(Environment) -> BoxFuture<'static, Result<Functions, Box<dyn Error + Send + Sync>>> + Send,
>;

/// All functions, ready to run.
#[derive(Clone)]
pub struct Functions {
    /// Everything that answers HTTP.
    pub http: Router,
    /// Sends the reminders that are due.
    pub reminders: Scheduled<Value>,
    /// Works off what Zoom told.
    pub webhooks: Queued<()>,
    /// Repairs what Zoom and the table disagree on.
    pub reconciler: Scheduled<reconciler::Report>,
    /// Compares the shares of hosts that it queues.
    pub comparisons: Queued<reconciler::Report>,
    /// Sends the notices that the queue holds.
    pub notifications: Queued<()>,
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Functions").finish_non_exhaustive()
    }
}

impl Functions {
    /// Functions that do nothing, and take every message as handled.
    pub fn idle() -> Self {
        let taken: Queued<()> = Arc::new(|_| async { Ok(Default::default()) }.boxed());
        Self {
            http: Router::new(),
            reminders: Arc::new(|| async { Ok(json!({})) }.boxed()),
            webhooks: Arc::clone(&taken),
            reconciler: Arc::new(|| async { Ok(reconciler::Report::default()) }.boxed()),
            comparisons: Arc::new(|_| async { Ok(Default::default()) }.boxed()),
            notifications: taken,
        }
    }
}

/// Which function answers a request: the rest goes to `meetings`, as API Gateway's `$default` route does.
fn owner_of(path: &str) -> Owner {
    let under =
        |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|r| r.starts_with('/'));
    if under("/v1/connections") || under("/v1/settings") {
        Owner::Connections
    } else if under("/v1/conflicts") || under("/v1/availability") {
        Owner::Conflicts
    } else if under("/v1/webhooks") {
        Owner::Webhooks
    } else {
        Owner::Meetings
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Connections,
    Meetings,
    Conflicts,
    Webhooks,
}

/// Builds the functions of Lectern.
pub fn build(
    environment: Environment,
) -> BoxFuture<'static, Result<Functions, Box<dyn Error + Send + Sync>>> {
    async move {
        let mailer = notifications::Mailer::new(&environment.aws, environment.config.mails_per_second);
        let deps = Deps::new(environment.config, &environment.aws, environment.clock);
        Ok(Functions {
            http: http(&deps),
            reminders: scheduled(&deps, |deps| async move {
                let report = reminders::run(&deps).await.map_err(|error| error.to_string())?;
                serde_json::to_value(report).map_err(|error| error.to_string())
            }),
            reconciler: scheduled(&deps, |deps| async move {
                reconciler::run(&deps).await.map_err(|error| error.to_string())
            }),
            webhooks: queued(&deps, |deps, event| async move { (webhooks::handle(&deps, event).await, ()) }),
            comparisons: queued(&deps, |deps, event| async move { reconciler::handle(&deps, event).await }),
            notifications: Arc::new(move |event| {
                let (deps, mailer) = (deps.clone(), mailer.clone());
                async move { Ok((notifications::handle(&deps, &mailer, event).await, ())) }.boxed()
            }),
        })
    }
    .boxed()
}

/// Every function that answers HTTP, behind one address.
fn http(deps: &Deps) -> Router {
    let connections = connections::app(deps.clone());
    let meetings = meetings::app(deps.clone());
    let conflicts = conflicts::app(deps.clone());
    let webhooks = webhooks::app(deps.clone());
    Router::new().fallback_service(tower::service_fn(move |request: axum::extract::Request| {
        let function = match owner_of(request.uri().path()) {
            Owner::Connections => connections.clone(),
            Owner::Meetings => meetings.clone(),
            Owner::Conflicts => conflicts.clone(),
            Owner::Webhooks => webhooks.clone(),
        };
        function.oneshot(request)
    }))
}

fn scheduled<R, F>(deps: &Deps, run: fn(Deps) -> F) -> Scheduled<R>
where
    F: Future<Output = Result<R, String>> + Send + 'static,
    R: 'static,
{
    let deps = deps.clone();
    Arc::new(move || run(deps.clone()).boxed())
}

fn queued<R, F>(deps: &Deps, handle: fn(Deps, SqsEvent) -> F) -> Queued<R>
where
    F: Future<Output = (SqsBatchResponse, R)> + Send + 'static,
    R: 'static,
{
    let deps = deps.clone();
    Arc::new(move |event| handle(deps.clone(), event).map(Ok).boxed())
}

/// The API's description, of all functions together.
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
    use utoipa::openapi::{Components, InfoBuilder, OpenApiBuilder, SecurityRequirement};

    let info = InfoBuilder::new()
        .title("Lectern")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "A learning platform's Zoom back end: connections, bookings without clashes, reminders.",
        ))
        .license(Some(utoipa::openapi::License::new("MIT OR Apache-2.0")))
        .build();
    let mut document = OpenApiBuilder::new().info(info).components(Some(Components::new())).build();
    for api in [connections::api(), meetings::api(), conflicts::api(), webhooks::api()] {
        document.merge(api.into_openapi());
    }
    events_described::describe(&mut document);
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    document.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_function_whose_prefix_it_is_under() {
        assert_eq!(owner_of("/v1/connections/con_1/hosts"), Owner::Connections);
        assert_eq!(owner_of("/v1/settings"), Owner::Connections);
        assert_eq!(owner_of("/v1/conflicts/check"), Owner::Conflicts);
        assert_eq!(owner_of("/v1/webhooks/zoom/con_1"), Owner::Webhooks);
        assert_eq!(owner_of("/v1/connectionsx"), Owner::Meetings);
        assert_eq!(owner_of("/v1/nothing"), Owner::Meetings);
    }
}
