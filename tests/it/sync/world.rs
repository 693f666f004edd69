//! A connected account, and a client of Zoom's own API that changes it.

use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, admin, sandbox_account, secret};

pub(super) const HOST: &str = "host1@sandbox.example";
pub(super) const OTHER_HOST: &str = "host2@sandbox.example";
/// Longer than a cycle of comparisons of a small account.
const CYCLE: i64 = 46 * 60;

pub(super) struct World {
    pub(super) app: App,
    pub(super) connection: String,
}

/// The administrator, whose address the LMS tells.
pub(super) fn owner() -> Caller {
    Caller { email: Some("head@school.example"), ..admin() }
}

impl World {
    /// A stack whose first comparison is over.
    pub(super) async fn start() -> Self {
        let app = App::start().await;
        Self::connect(app, sandbox_account("Room 1")).await
    }

    /// The same, with Zoom telling what is done to it.
    pub(super) async fn listening() -> Self {
        let app = App::start().await;
        let token = secret("hook");
        let mut body = sandbox_account("Room 1");
        body["webhook_secret_token"] = json!(token);
        let world = Self::connect(app, body).await;
        let url = format!("{}/v1/webhooks/zoom/{}", world.app.stack.url(), world.connection);
        let body = json!({"account_id": "sandbox-account", "url": url, "secret_token": token});
        let subscribed = world.app.sandbox("POST", "/webhooks", &body).await;
        assert_eq!(subscribed.status, 201, "{}", subscribed.text);
        world
    }

    async fn connect(app: App, body: Value) -> Self {
        let connection = app.connect(&owner(), &body).await;
        let connection = connection["id"].as_str().unwrap().to_owned();
        let world = Self { app, connection };
        assert_eq!(world.app.tick().await["reconciler"]["hosts_compared"], 3);
        world
    }

    /// Calls Zoom's own API, which must do it.
    pub(super) async fn zoom(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask_zoom(method, path, body).await;
        assert!(answer.status < 300, "{method} {path}: {}", answer.text);
        answer.body
    }

    async fn ask_zoom(&self, method: &str, path: &str, body: &Value) -> Answer {
        let form = [("grant_type", "account_credentials"), ("account_id", "sandbox-account")];
        let request = self.app.bare("POST", "/_zoom/oauth/token");
        let request = request.basic_auth("sandbox-client", Some("sandbox-secret")).form(&form);
        let token = self.app.send(request).await.body["access_token"].as_str().unwrap().to_owned();
        let request = self.app.bare(method, &format!("/_zoom/v2{path}")).bearer_auth(token);
        self.app.send(if body.is_null() { request } else { request.json(body) }).await
    }

    /// Makes a meeting of an hour in Zoom itself; returns its number.
    pub(super) async fn make(&self, topic: &str, start: &str) -> u64 {
        let body = json!({"topic": topic, "type": 2, "start_time": start, "duration": 60, "timezone": "UTC"});
        self.make_as(&body).await
    }

    pub(super) async fn make_as(&self, body: &Value) -> u64 {
        self.zoom("POST", &format!("/users/{HOST}/meetings"), body).await["id"].as_u64().unwrap()
    }

    /// Lets a cycle of comparisons go by; returns what the reconciler reports.
    pub(super) async fn cycle(&self) -> Value {
        assert!(self.app.stack.clock().advance(CYCLE));
        let report = self.app.tick().await["reconciler"].clone();
        assert_eq!(report["comparisons_put_off"], 0, "{report}");
        report
    }

    /// What was repaired in a cycle: followed, cancelled, taken, freed.
    pub(super) async fn repairs(&self) -> [u64; 4] {
        let report = self.cycle().await;
        ["meetings_followed", "meetings_cancelled", "zoom_times_taken", "zoom_times_freed"]
            .map(|name| report[name].as_u64().unwrap())
    }

    /// When a host is busy in March, as `caller` sees it.
    pub(super) async fn busy_as(&self, caller: &Caller, host: &str) -> Vec<Value> {
        let path = "/v1/availability?from=2027-03-01T00:00:00Z&to=2027-04-01T00:00:00Z";
        let answer = self.app.get(caller, path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let hosts = answer.body["items"].as_array().unwrap();
        let host = hosts.iter().find(|item| item["email"] == host).unwrap();
        host["busy"].as_array().unwrap().clone()
    }

    /// From where, and from when, a host is busy in March.
    pub(super) async fn busy(&self, host: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let busy = self.busy_as(&admin(), host).await;
        busy.iter().map(|busy| (text(&busy["source"]), text(&busy["starts_at"]))).collect()
    }

    pub(super) async fn meeting(&self, meeting: &Value) -> Value {
        self.app.get(&admin(), &path(meeting)).await.body
    }
}

/// Where a meeting is.
pub(super) fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

/// Where a meeting is at Zoom.
pub(super) fn at_zoom(meeting: &Value) -> String {
    format!("/meetings/{}", meeting["zoom_meeting_id"].as_str().unwrap())
}

/// A time taken by what was made in Zoom, or by Lectern.
pub(super) fn busy(source: &str, start: &str) -> (String, String) {
    (source.to_owned(), start.to_owned())
}
