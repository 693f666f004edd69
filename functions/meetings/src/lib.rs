//! The function `meetings`: booking, lists, the lesson page, attendees, attendance and recordings; also the API's description and the
//! pages about its problems.

mod access;
mod attendance_csv;
mod body;
mod routes;
mod view;

use axum::Router;
use shared::deps::Deps;
use utoipa_axum::router::OpenApiRouter;

/// The function's routes and their description.
pub fn api() -> OpenApiRouter<Deps> {
    routes::api()
}

/// The function as a service: Lambda, the local stack and tests run this same thing.
pub fn app(deps: Deps) -> Router {
    shared::http::app::shell(routes::router(), deps)
}
