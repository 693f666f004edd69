//! Browsers may call from the origins that the deployment names, and from no other.

use local::{Options, Stack};
use reqwest::{Response, StatusCode};

use crate::support::App;

const LMS: &str = "https://lms.school.example";
const OTHER: &str = "https://evil.example";

struct Deployment {
    app: App,
    http: reqwest::Client,
}

impl Deployment {
    async fn naming(origins: &[&str]) -> Self {
        let origins: Vec<String> = origins.iter().map(|&origin| origin.to_owned()).collect();
        let build: local::functions::Build = Box::new(move |mut environment| {
            environment.config.cors_origins = origins;
            local::functions::build(environment)
        });
        let app = App::around(Stack::start_with(Options::memory(), build).await.unwrap());
        Self { app, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.app.stack.url());
        let request = self.http.request(method.parse().unwrap(), url);
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    }

    async fn preflight(&self, origin: &str, path: &str) -> Response {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "authorization,content-type,if-match,idempotency-key"),
        ];
        self.ask("OPTIONS", path, &headers).await
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_named_origin_may_read_replies_and_problems() {
    let deployment = Deployment::naming(&[LMS, "http://localhost:3000"]).await;
    let paths = ["/v1/health", "/v1/meetings", "/v1/nothing", "/v1/connections", "/v1/conflicts/check"];
    for origin in [LMS, "http://localhost:3000"] {
        for path in paths {
            let reply = deployment.ask("GET", path, &[("Origin", origin)]).await;
            assert_eq!(header(&reply, "Access-Control-Allow-Origin"), Some(origin), "{path}");
            let vary = reply.headers().get_all("Vary").iter().map(|value| value.to_str().unwrap());
            let vary = vary.collect::<Vec<_>>().join(",").to_lowercase();
            assert!(vary.contains("origin"), "{path}: {vary}");
            let exposed = header(&reply, "Access-Control-Expose-Headers").unwrap().to_lowercase();
            for name in ["etag", "location", "retry-after", "idempotency-replayed", "x-request-id"] {
                assert!(exposed.contains(name), "{name}: {exposed}");
            }
            assert_eq!(header(&reply, "Access-Control-Allow-Credentials"), None);
        }
    }
}

#[tokio::test]
async fn any_other_origin_is_told_nothing() {
    let deployment = Deployment::naming(&[LMS]).await;
    let near = [
        "https://lms.school.example.evil.example",
        "http://lms.school.example",
        "https://lms.school.example:8443",
        "null",
        OTHER,
    ];
    for origin in near {
        for path in ["/v1/health", "/v1/meetings", "/v1/nothing"] {
            let reply = deployment.ask("GET", path, &[("Origin", origin)]).await;
            assert_eq!(header(&reply, "Access-Control-Allow-Origin"), None, "{origin} {path}");
        }
        let preflight = deployment.preflight(origin, "/v1/meetings/mtg_1").await;
        assert_eq!(header(&preflight, "Access-Control-Allow-Origin"), None, "{origin}");
    }
    let nobody = Deployment::naming(&[]).await;
    for origin in [LMS, OTHER] {
        let reply = nobody.ask("GET", "/v1/health", &[("Origin", origin)]).await;
        assert_eq!((reply.status(), header(&reply, "Access-Control-Allow-Origin")), (StatusCode::OK, None));
        let preflight = nobody.preflight(origin, "/v1/meetings").await;
        assert_eq!(header(&preflight, "Access-Control-Allow-Origin"), None);
    }
}

#[tokio::test]
async fn a_preflight_names_methods_and_headers_and_needs_no_token() {
    let deployment = Deployment::naming(&[LMS]).await;
    for path in
        ["/v1/meetings", "/v1/meetings/mtg_1", "/v1/connections/con_1", "/v1/conflicts/check", "/v1/settings"]
    {
        let reply = deployment.preflight(LMS, path).await;
        assert!(reply.status().is_success(), "{path}");
        assert_eq!(header(&reply, "Access-Control-Allow-Origin"), Some(LMS), "{path}");
        let methods = header(&reply, "Access-Control-Allow-Methods").unwrap();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(methods.contains(method), "{methods}");
        }
        let headers = header(&reply, "Access-Control-Allow-Headers").unwrap().to_lowercase();
        for name in ["authorization", "content-type", "if-match", "idempotency-key", "x-request-id"] {
            assert!(headers.contains(name), "{headers}");
        }
        assert!(header(&reply, "X-Request-Id").is_some(), "{path}");
    }
}
