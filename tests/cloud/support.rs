//! The stack under test, and shorthands for what is asked of it.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use shared::clock::{Clock, SystemClock};

/// How long a schedule and a queue may take to do their part: the schedule wakes its functions every minute.
pub(crate) const PATIENCE: Duration = Duration::from_secs(200);
pub(crate) const POLL: Duration = Duration::from_secs(1);

/// The deployed stack.
pub(crate) struct Cloud {
    api: String,
    aws: String,
    http: reqwest::Client,
    secrets: aws_sdk_secretsmanager::Client,
    key: EncodingKey,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

/// A variable that `tests/deploy.sh` sets.
pub(crate) fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start these tests by tests/deploy.sh"))
}

impl Cloud {
    /// The stack that `tests/deploy.sh` has deployed, and the secret with which it checks tokens.
    pub(crate) async fn reach() -> Self {
        let aws = told("AWS_ENDPOINT_URL");
        let region = Region::new(told("AWS_REGION"));
        let config = aws_config::defaults(BehaviorVersion::latest()).region(region).load().await;
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        let id = format!("{}/jwt", told("LECTERN_CLOUD_STACK"));
        let secret = secrets.get_secret_value().secret_id(id).send().await.unwrap().secret_string.unwrap();
        Self {
            api: told("LECTERN_CLOUD_API"),
            aws,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            secrets,
            key: EncodingKey::from_secret(secret.as_bytes()),
        }
    }

    fn token(&self, user: &str, role: &str, tenant: &str) -> String {
        let claims = json!({
            "iss": "https://lms.example", "aud": "lectern", "exp": (now() + TimeDelta::hours(1)).timestamp(),
            "sub": user, "tenant": tenant, "roles": [role], "courses": [],
        });
        jsonwebtoken::encode(&Header::default(), &claims, &self.key).unwrap()
    }

    /// A request of the tenant's administrator.
    pub(crate) fn admin(&self, tenant: &str, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.request(method, path).bearer_auth(self.token("u-admin", "admin", tenant))
    }

    /// A request of a learner.
    pub(crate) fn learner(&self, tenant: &str, user: &str, path: &str) -> reqwest::RequestBuilder {
        self.request("GET", path).bearer_auth(self.token(user, "learner", tenant))
    }

    /// A request of nobody.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.api))
    }

    /// Connects the sandbox's account for the tenant.
    pub(crate) async fn connect(&self, tenant: &str) -> Answer {
        let connection = json!({
            "name": "Room 1", "provider": "zoom", "owner": "tenant", "host_email": "host1@sandbox.example",
            "auth": {"method": "server_to_server", "account_id": "sandbox-account",
                     "client_id": "sandbox-client", "client_secret": "sandbox-secret"},
        });
        send(self.admin(tenant, "POST", "/v1/connections").json(&connection)).await
    }

    /// A request of Zoom's own API, as the app that is connected sends it.
    pub(crate) async fn zoom(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let zoom = told("LECTERN_CLOUD_ZOOM");
        let form = [("grant_type", "account_credentials"), ("account_id", "sandbox-account")];
        let token = self.http.post(format!("{zoom}/oauth/token")).form(&form);
        let token = send(token.basic_auth("sandbox-client", Some("sandbox-secret"))).await;
        let request = self.http.request(method.parse().unwrap(), format!("{zoom}{path}"));
        request.bearer_auth(token.body["access_token"].as_str().unwrap())
    }

    /// Waits until what the tenant's administrator reads at `path` has `value` in a field.
    pub(crate) async fn until(&self, tenant: &str, path: &str, field: &str, value: impl Into<Value>) {
        let value = value.into();
        self.until_answered(|| self.admin(tenant, "GET", path), |body| body[field] == value).await;
    }

    /// Asks until the answer is as wanted, and returns it.
    pub(crate) async fn until_answered(
        &self,
        ask: impl Fn() -> reqwest::RequestBuilder,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let since = std::time::Instant::now();
        loop {
            let answer = send(ask()).await;
            if is_wanted(&answer.body) {
                return answer.body;
            }
            assert!(since.elapsed() < PATIENCE, "not in time: {answer:?}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until no secret has a name that begins so.
    pub(crate) async fn until_is_gone(&self, prefix: &str) {
        let since = std::time::Instant::now();
        loop {
            let listed = self.secrets.list_secrets().send().await.unwrap();
            let names = listed.secret_list().iter().filter_map(|secret| secret.name());
            let left: Vec<&str> = names.filter(|name| name.starts_with(prefix)).collect();
            if left.is_empty() {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "still there: {left:?}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// The mails sent to `address` so far, once there are at least `count`.
    pub(crate) async fn mails_to(&self, address: &str, count: usize) -> Vec<String> {
        let since = std::time::Instant::now();
        loop {
            let mails = self.mails(address).await;
            if mails.len() >= count {
                return mails;
            }
            assert!(since.elapsed() < PATIENCE, "{} of {count} mails to {address}", mails.len());
            tokio::time::sleep(POLL).await;
        }
    }

    async fn mails(&self, address: &str) -> Vec<String> {
        let listed = self.http.get(format!("{}/_ministack/ses/messages", self.aws)).send().await.unwrap();
        let listed: Value = listed.json().await.unwrap();
        let accounts = listed["messages"].as_object().unwrap().values();
        let mails = accounts.flat_map(|account| account.as_array().unwrap());
        mails.map(Value::to_string).filter(|mail| mail.contains(address)).collect()
    }
}

/// Sends a request.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// The present moment: the deployed functions read the machine's clock.
pub(crate) fn now() -> DateTime<Utc> {
    SystemClock.now()
}
