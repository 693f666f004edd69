//! A function's endpoints, listed once: as routes, and as routes with their description.

/// Lists the endpoints of a module's submodules, `[module::handler, …]` for each address, and makes of them
/// `router()`, which a function serves, and `api()`, which describes them. A description takes milliseconds to put
/// together, and nobody who is served needs it.
#[macro_export]
macro_rules! endpoints {
    ($([$($module:ident::$handler:ident),+ $(,)?])+) => {
        /// The endpoints with their description.
        pub(crate) fn api() -> ::utoipa_axum::router::OpenApiRouter<$crate::deps::Deps> {
            ::utoipa_axum::router::OpenApiRouter::new()
                $(.routes(::utoipa_axum::routes!($($module::$handler),+)))+
        }

        /// The endpoints.
        pub(crate) fn router() -> ::axum::Router<$crate::deps::Deps> {
            use ::utoipa_axum::PathItemExt as _;
            let router = ::axum::Router::new();
            $(
                let routes = ::axum::routing::MethodRouter::new();
                $(
                    let (path, methods) = $crate::endpoints!(@described $module $handler);
                    let routes = methods.iter().fold(routes, |routes, method| {
                        routes.on(method.to_method_filter(), $module::$handler)
                    });
                )+
                let router = router.route(&path, routes);
            )+
            router
        }
    };
    (@described $module:ident $handler:ident) => {
        ::utoipa_axum::paste! {
            (
                <$module::[<__path_ $handler>] as ::utoipa::Path>::path(),
                <$module::[<__path_ $handler>] as ::utoipa::Path>::methods(),
            )
        }
    };
}
