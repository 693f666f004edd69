//! A stack of a test's own, and shorthands for what tests ask of it.

#![allow(dead_code, reason = "not every file of tests uses every shorthand")]

pub(crate) mod booked;
pub(crate) mod bulk;
pub(crate) mod calendar;
pub(crate) mod canaries;
pub(crate) mod queue;
pub(crate) mod recorder;

use chrono::{DateTime, Utc};
use local::token::{Role, Subject};
use local::{Options, Stack};
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::deps::Deps;

use self::canaries::Net;
pub(crate) use self::canaries::secret;

/// The moment at which every test begins: a Monday.
pub(crate) const NOW: &str = "2027-03-01T08:00:00Z";

/// A stack and a client.
pub(crate) struct App {
    pub(crate) stack: Stack,
    http: reqwest::Client,
    pub(crate) net: Net,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
    /// The body as JSON; `null` where it is none.
    pub(crate) body: Value,
}

/// A caller.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) tenant: &'static str,
    pub(crate) user: &'static str,
    pub(crate) roles: Vec<Role>,
    pub(crate) email: Option<&'static str>,
    pub(crate) courses: Vec<&'static str>,
    pub(crate) locale: Option<&'static str>,
}

/// The administrator of the tenant `school`.
pub(crate) fn admin() -> Caller {
    caller("school", "u-admin", Role::Admin)
}

/// An instructor of the tenant `school`.
pub(crate) fn instructor(user: &'static str) -> Caller {
    caller("school", user, Role::Instructor)
}

/// A learner of the tenant `school`.
pub(crate) fn learner(user: &'static str) -> Caller {
    caller("school", user, Role::Learner)
}

pub(crate) fn caller(tenant: &'static str, user: &'static str, role: Role) -> Caller {
    Caller { tenant, user, roles: vec![role], email: None, courses: Vec::new(), locale: None }
}

impl App {
    /// A stack at [`NOW`] with a limit of writes that no test reaches by accident.
    pub(crate) async fn start() -> Self {
        Self::with(Options { daily_writes: 10_000, ..Options::memory() }).await
    }

    /// A stack at [`NOW`], with the DynamoDB that the environment names where it names one.
    pub(crate) async fn with(mut options: Options) -> Self {
        if let Ok(dynamodb) = std::env::var("LECTERN_TEST_DYNAMODB") {
            options.dynamodb = Some(dynamodb.parse().unwrap());
        }
        let app = Self::around(Stack::start(options).await.unwrap());
        app.stack.clock().set(NOW.parse().unwrap());
        app
    }

    /// A client of a stack that runs already.
    pub(crate) fn around(stack: Stack) -> Self {
        let net = Net::under(&stack);
        Self { stack, http: reqwest::Client::builder().no_proxy().build().unwrap(), net }
    }

    /// A stack with the sandbox's account connected by the administrator; returns the connection.
    pub(crate) async fn connected() -> (Self, Value) {
        let app = Self::start().await;
        let connection = app.connect(&admin(), &sandbox_account("Room 1")).await;
        (app, connection)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.stack.clock().now()
    }

    /// What functions of the stack are made of.
    pub(crate) fn deps(&self) -> Deps {
        Deps::new(self.stack.config().clone(), self.stack.aws(), self.stack.clock().clone())
    }

    pub(crate) fn token(&self, caller: &Caller) -> String {
        let subject = Subject {
            user: caller.user.to_owned(),
            tenant: caller.tenant.to_owned(),
            roles: caller.roles.clone(),
            email: caller.email.map(str::to_owned),
            name: None,
            locale: caller.locale.map(str::to_owned),
            zoneinfo: None,
            courses: Some(caller.courses.iter().map(|&course| course.to_owned()).collect()),
        };
        local::token::make(&subject, self.now(), 86_400 * 3650).unwrap()
    }

    /// A request as `caller`, to be changed before it is sent with [`App::send`].
    pub(crate) fn request(&self, caller: &Caller, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.stack.url());
        self.http.request(method.parse().unwrap(), url).bearer_auth(self.token(caller))
    }

    /// A request without a token.
    pub(crate) fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.stack.url()))
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        canaries::look_at_reply(method.as_str(), &path, &headers, &text);
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, body }
    }

    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.send(self.request(caller, "GET", path)).await
    }

    pub(crate) async fn post(&self, caller: &Caller, path: &str, body: &Value) -> Answer {
        self.send(self.request(caller, "POST", path).json(body)).await
    }

    pub(crate) async fn post_with_key(&self, caller: &Caller, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(caller, "POST", path).header("Idempotency-Key", key).json(body)).await
    }

    pub(crate) async fn put(&self, caller: &Caller, path: &str, body: &Value) -> Answer {
        self.send(self.request(caller, "PUT", path).json(body)).await
    }

    pub(crate) async fn patch(&self, caller: &Caller, path: &str, body: &Value) -> Answer {
        self.send(self.request(caller, "PATCH", path).json(body)).await
    }

    pub(crate) async fn delete(&self, caller: &Caller, path: &str) -> Answer {
        self.send(self.request(caller, "DELETE", path)).await
    }

    /// Connects an account, which must succeed.
    pub(crate) async fn connect(&self, caller: &Caller, body: &Value) -> Value {
        let answer = self.post(caller, "/v1/connections", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body
    }

    /// Books a meeting, which must succeed.
    pub(crate) async fn book(&self, caller: &Caller, body: &Value) -> Value {
        let answer = self.post(caller, "/v1/meetings", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body
    }

    /// The calls that functions have made since the last time this was asked, without the services that were
    /// not called.
    pub(crate) async fn calls(&self) -> Value {
        let mut calls = self.send(self.bare("GET", "/_local/calls")).await.body;
        self.send(self.bare("DELETE", "/_local/calls")).await;
        calls.as_object_mut().unwrap().retain(|_, operations| operations != &json!({}));
        calls
    }

    /// Runs every scheduled function once and drains the queues.
    pub(crate) async fn tick(&self) -> Value {
        let answer = self.send(self.bare("POST", "/_local/tick").json(&json!({}))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// Sends a request whose first call of `operation` is held up until `others` are done; returns its answer, and
    /// what they did.
    pub(crate) async fn overtaken<T>(
        &self,
        operation: &str,
        request: reqwest::RequestBuilder,
        others: impl Future<Output = T>,
    ) -> (Answer, T) {
        let mut held = self.stack.hold().next(operation);
        let others = async {
            held.reached().await;
            let done = others.await;
            drop(held);
            done
        };
        futures::future::join(self.send(request), others).await
    }

    /// Everything that was mailed.
    pub(crate) async fn mails(&self) -> Vec<Value> {
        let answer = self.send(self.bare("GET", "/_local/mail")).await;
        answer.body["items"].as_array().unwrap().clone()
    }

    /// The reminders that were mailed: what tells of a meeting's news carries an entry for the calendar.
    pub(crate) async fn reminders(&self) -> Vec<Value> {
        self.mails().await.into_iter().filter(|mail| mail["ics"].is_null()).collect()
    }

    /// Calls the sandbox's administration.
    pub(crate) async fn sandbox(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(self.bare(method, &format!("/_zoom/_admin{path}")).json(body)).await
    }

    /// Plans a fault of the sandbox.
    pub(crate) async fn fault(&self, operation: &str, fault: &str, times: u32) {
        let body = json!({"operation": operation, "fault": fault, "times": times});
        let answer = self.sandbox("POST", "/faults", &body).await;
        assert!(answer.status < 300, "{}", answer.text);
    }

    /// Makes a Zoom account with licensed users that have webinars, all scopes, and the given id for account
    /// and client; its secret is [`secret`] of that id.
    pub(crate) async fn zoom_account(&self, id: &str, users: &[String]) {
        let users: Vec<Value> =
            users.iter().map(|email| json!({"email": email, "type": 2, "webinar": true})).collect();
        let body = json!({"account_id": id, "client_id": id, "client_secret": secret(id), "scopes": "all", "users": users});
        let answer = self.sandbox("POST", "/accounts", &body).await;
        assert!(answer.status < 300, "{}", answer.text);
    }

    /// A meeting of the sandbox's own account, as a client of Zoom's own API sees it.
    pub(crate) async fn zoom_meeting(&self, id: &str) -> Value {
        self.zoom_get(&format!("/meetings/{id}")).await
    }

    /// What Zoom's own API answers to a client of the sandbox's own account.
    pub(crate) async fn zoom_get(&self, path: &str) -> Value {
        let form = [("grant_type", "account_credentials"), ("account_id", "sandbox-account")];
        let request =
            self.bare("POST", "/_zoom/oauth/token").basic_auth("sandbox-client", Some("sandbox-secret"));
        let token = self.send(request.form(&form)).await.body["access_token"].as_str().unwrap().to_owned();
        self.send(self.bare("GET", &format!("/_zoom/v2{path}")).bearer_auth(token)).await.body
    }

    /// The meetings that the sandbox holds for a host, as a client of Zoom's own API sees them.
    pub(crate) async fn zoom_meetings(
        &self,
        account: &str,
        client: &str,
        secret: &str,
        host: &str,
    ) -> Vec<Value> {
        let token = self
            .send(
                self.bare("POST", "/_zoom/oauth/token")
                    .basic_auth(client, Some(secret))
                    .form(&[("grant_type", "account_credentials"), ("account_id", account)]),
            )
            .await;
        let token = token.body["access_token"].as_str().unwrap().to_owned();
        let path = format!("/_zoom/v2/users/{host}/meetings?type=scheduled&page_size=300");
        let list = self.send(self.bare("GET", &path).bearer_auth(token)).await;
        list.body["meetings"].as_array().unwrap().clone()
    }
}

impl Answer {
    /// The code of a problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The pointer and the code of each field that a problem names, in order.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    }
}

/// The body that connects the sandbox's account for the tenant.
pub(crate) fn sandbox_account(name: &str) -> Value {
    account(name, "sandbox-account", "sandbox-client", "sandbox-secret")
}

/// The body that connects the account that [`App::zoom_account`] made under that id.
pub(crate) fn account_of(name: &str, id: &str) -> Value {
    account(name, id, id, &secret(id))
}

/// The body that connects an account for the tenant.
pub(crate) fn account(name: &str, account_id: &str, client_id: &str, client_secret: &str) -> Value {
    json!({
        "name": name, "provider": "zoom", "owner": "tenant",
        "auth": {"method": "server_to_server", "account_id": account_id, "client_id": client_id,
                 "client_secret": client_secret},
    })
}

/// The body of a meeting of an hour at `start` (UTC), on any host.
pub(crate) fn meeting(topic: &str, start: &str) -> Value {
    json!({"topic": topic, "start": start, "time_zone": "UTC", "duration_minutes": 60})
}

/// The same, on the host of that address.
pub(crate) fn meeting_on(topic: &str, start: &str, host: &str) -> Value {
    let mut body = meeting(topic, start);
    body["host"] = json!({"email": host});
    body
}

/// Everything that the table holds, each item as text.
pub(crate) async fn all_items(app: &App) -> Vec<String> {
    let client = aws_sdk_dynamodb::Client::new(app.stack.aws());
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let scan = client.scan().table_name("lectern").set_exclusive_start_key(start);
        let page = scan.send().await.unwrap();
        items.extend(page.items.unwrap_or_default().into_iter().map(|item| format!("{item:?}")));
        start = page.last_evaluated_key;
        if start.is_none() {
            return items;
        }
    }
}
