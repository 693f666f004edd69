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
use utoipa_axum::routes;

/// The function's routes and their description.
pub fn api() -> OpenApiRouter<Deps> {
    OpenApiRouter::new()
        .routes(routes!(routes::create::create, routes::list::list))
        .routes(routes!(routes::read::read, routes::change::change, routes::delete::delete))
        .routes(routes!(routes::duplicate::duplicate))
        .routes(routes!(routes::occurrence_change::change, routes::occurrence_delete::delete))
        .routes(routes!(routes::end::end))
        .routes(routes!(routes::join::join))
        .routes(routes!(routes::calendar::calendar))
        .routes(routes!(
            routes::attendees_list::list,
            routes::attendees_replace::replace,
            routes::attendees_add::add
        ))
        .routes(routes!(routes::attendees_remove::remove))
        .routes(routes!(routes::deliveries::list))
        .routes(routes!(routes::attendance::read))
        .routes(routes!(routes::recordings::list))
        .routes(routes!(routes::unsubscribe::page, routes::unsubscribe::unsubscribe))
        .routes(routes!(routes::health::health))
        .routes(routes!(routes::openapi::openapi))
        .routes(routes!(routes::problems::problem))
}

/// The function as a service: Lambda, the local stack and tests run this same thing.
pub fn app(deps: Deps) -> Router {
    shared::http::app::shell(api().into(), deps)
}
