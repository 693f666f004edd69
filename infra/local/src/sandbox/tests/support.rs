use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use shared::clock::Clock;
use tower::ServiceExt;

use crate::sandbox::{Sandbox, SandboxOptions};

pub(super) const HOST: &str = "host1@sandbox.example";
pub(super) const FREE: &str = "free@sandbox.example";

#[derive(Debug)]
pub(super) struct TestClock(Mutex<DateTime<Utc>>);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub(super) struct World {
    pub(super) clock: Arc<TestClock>,
    pub(super) sandbox: Sandbox,
    pub(super) router: Router,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()
    }

    /// Asserts a refusal and gives its message.
    #[track_caller]
    pub(super) fn refused(self, status: u16, code: u64) -> String {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        body["message"].as_str().unwrap().to_owned()
    }

    /// Asserts a failed validation and gives the fields it names.
    #[track_caller]
    pub(super) fn bad_fields(self) -> Vec<String> {
        let body = self.expect(400);
        assert_eq!(
            (body["code"].clone(), body["message"].clone()),
            (json!(300), json!("Validation Failed."))
        );
        let errors = body["errors"].as_array().unwrap();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(None, 100)
    }

    pub(super) fn with(data: Option<PathBuf>, daily_writes: u32) -> Self {
        let start = "2026-11-21T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock(Mutex::new(start)));
        let sandbox =
            Sandbox::open(SandboxOptions { clock: clock.clone(), data, daily_writes, seed: true }).unwrap();
        // Nested as the local stack does it, so that a stripped prefix is part of every test.
        let router = Router::new().nest("/_zoom", sandbox.router());
        Self { clock, sandbox, router }
    }

    pub(super) fn advance(&self, by: Duration) {
        *self.clock.0.lock().unwrap() += by;
    }

    pub(super) fn set_clock(&self, to: &str) {
        *self.clock.0.lock().unwrap() = to.parse().unwrap();
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the whole body");
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, text }
    }

    pub(super) async fn api(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        self.send(api_request(token, method, path, body)).await
    }

    pub(super) async fn admin(&self, method: &str, path: &str, body: &Value) -> Reply {
        let request = Request::builder().method(method).uri(format!("/_zoom/_admin{path}"));
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(super) async fn token_request(&self, client: &str, secret: &str, form: &str) -> Reply {
        self.send(token_request(client, secret, form)).await
    }

    /// A token of the seeded account.
    pub(super) async fn token(&self) -> String {
        let form = "grant_type=account_credentials&account_id=sandbox-account";
        let body = self.token_request("sandbox-client", "sandbox-secret", form).await.expect(200);
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A token of an account made for it, with these scopes.
    pub(super) async fn token_with(&self, scopes: &[&str]) -> String {
        let account = json!({
            "account_id": "acc", "client_id": "cli", "client_secret": "sec", "scopes": scopes,
            "users": [{"email": "a@acc.example", "type": 2}, {"email": "b@acc.example", "type": 1}],
        });
        self.admin("POST", "/accounts", &account).await.expect(201);
        let form = "grant_type=account_credentials&account_id=acc";
        let body = self.token_request("cli", "sec", form).await.expect(200);
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn create(&self, token: &str, body: &Value) -> Value {
        self.api(token, "POST", &format!("/users/{HOST}/meetings"), body).await.expect(201)
    }

    pub(super) async fn fault(&self, operation: &str, fault: &str, times: u32) {
        let body = json!({"operation": operation, "fault": fault, "times": times});
        self.admin("POST", "/faults", &body).await.expect(201);
    }
}

pub(super) fn api_request(token: &str, method: &str, path: &str, body: &Value) -> Request<Body> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Request::builder()
        .method(method)
        .uri(format!("/_zoom/v2{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap()
}

pub(super) fn token_request(client: &str, secret: &str, form: &str) -> Request<Body> {
    Request::builder()
        .method("POST")
        .uri("/_zoom/oauth/token")
        .header("authorization", format!("Basic {}", STANDARD.encode(format!("{client}:{secret}"))))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

pub(super) fn path(meeting: &Value) -> String {
    format!("/meetings/{}", meeting["id"])
}
