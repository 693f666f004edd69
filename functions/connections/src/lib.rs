//! The function `connections`: Zoom apps that tenants and instructors connect, their hosts, and what a tenant
//! has set.

mod access;
mod checked;
mod new_secrets;
mod request;
mod routes;
mod secrets;
mod settings;
mod shapes;
mod today;
mod verification_shapes;
mod webhook;

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_call_is_described() {
        let description = serde_json::to_value(api().into_openapi()).unwrap();
        let paths = description["paths"].as_object().unwrap();
        let calls: BTreeSet<String> = paths
            .iter()
            .flat_map(|(path, calls)| {
                calls.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
            })
            .collect();
        let expected = [
            "get /v1/connections",
            "post /v1/connections",
            "post /v1/connections/verify",
            "get /v1/connections/{id}",
            "patch /v1/connections/{id}",
            "delete /v1/connections/{id}",
            "post /v1/connections/{id}/verify",
            "get /v1/connections/{id}/hosts",
            "patch /v1/connections/{id}/hosts/{host_id}",
            "get /v1/settings",
            "put /v1/settings",
        ];
        assert_eq!(calls, expected.map(str::to_owned).into());
    }
}
