//! The function `connections`: Zoom apps that tenants and instructors connect, their hosts, and what a tenant
//! has set.

mod access;
mod cancel;
mod page;
mod request;
mod roster;
mod routes;
mod settings;
mod shapes;
mod today;
mod verification;

use axum::Router;
use shared::deps::Deps;
use utoipa_axum::router::OpenApiRouter;

/// The function's routes and their description.
pub fn api() -> OpenApiRouter<Deps> {
    routes::api()
}

/// The function as a service: Lambda, the local stack and tests run this same thing.
pub fn app(deps: Deps) -> Router {
    shared::http::app::shell(api().into(), deps)
}
