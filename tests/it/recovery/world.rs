//! A stack of an operation's own, and one run of the operation in it.

use axum::body::Body;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::store::chores::Stage;
use std::time::Duration;
use tower::ServiceExt;

use super::operation::{Operation, Request};
use crate::support::canaries::look_at_reply;
use crate::support::{App, admin, meeting_on, sandbox_account};

pub(super) const HOST: &str = "host1@sandbox.example";
pub(super) const OTHER_HOST: &str = "host2@sandbox.example";

/// What Zoom does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    TimeoutBefore,
    TimeoutAfterCommit,
    Disconnect,
    Status500,
    Status429Date,
    Status429Seconds,
    DailyLimit,
    Malformed,
    Slow,
    DeadToken,
    /// Somebody has deleted the meeting in Zoom.
    Gone,
}

impl Fault {
    pub(super) const ALL: [Self; 11] = [
        Self::TimeoutBefore,
        Self::TimeoutAfterCommit,
        Self::Disconnect,
        Self::Status500,
        Self::Status429Date,
        Self::Status429Seconds,
        Self::DailyLimit,
        Self::Malformed,
        Self::Slow,
        Self::DeadToken,
        Self::Gone,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfterCommit => "timeout_after_commit",
            Self::Disconnect => "disconnect",
            Self::Status500 => "status_500",
            Self::Status429Date => "status_429",
            Self::Status429Seconds => "status_429_seconds",
            Self::DailyLimit => "daily_limit",
            Self::Malformed => "malformed",
            Self::Slow => "slow",
            Self::DeadToken => "dead_token",
            Self::Gone => "gone",
        }
    }
}

/// A stack in which one operation is run again and again, each time in a week of its own.
pub(super) struct World {
    pub(super) app: App,
    pub(super) operation: Operation,
    pub(super) connection: String,
    /// Zoom's id of [`OTHER_HOST`].
    pub(super) other_host: String,
    /// The Monday of the week of this run.
    pub(super) week: DateTime<Utc>,
    runs: u32,
}

impl World {
    pub(super) async fn new(operation: Operation) -> Self {
        let options = local::Options { daily_writes: 10_000, ..local::Options::memory() };
        let app = App::with(options).await;
        let connection = app.connect(&admin(), &sandbox_account("Room")).await;
        let connection = connection["id"].as_str().unwrap().to_owned();
        let hosts = app.get(&admin(), &format!("/v1/connections/{connection}/hosts")).await.body;
        let other = |host: &&Value| host["email"] == OTHER_HOST;
        let other = hosts["items"].as_array().unwrap().iter().find(other).unwrap()["id"].clone();
        let other_host = other.as_str().unwrap().to_owned();
        let week = "2028-01-03T00:00:00Z".parse().unwrap();
        let world = Self { app, operation, connection, other_host, week, runs: 0 };
        world.compare_nothing().await;
        world
    }

    /// Puts off what is done about the connection by itself: its comparison with Zoom's lists would call off what a
    /// fault deletes there, before its change is asked for again.
    async fn compare_nothing(&self) {
        let deps = self.deps(None);
        let (tenant, connection) = ("school".parse().unwrap(), self.connection.parse().unwrap());
        let chore = deps.store.chore(&tenant, &connection).await.unwrap().unwrap();
        let far = self.week + TimeDelta::days(3650);
        deps.store.replace_chore(&chore, Stage::Check, far, deps.config.reminder_shards).await.unwrap();
    }

    /// A time of this run's week, as requests write it.
    pub(super) fn at(&self, day: i64, hour: u32) -> String {
        let at = self.week + TimeDelta::days(day) + TimeDelta::hours(i64::from(hour));
        at.format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// A booking of an hour on the week's first morning.
    pub(super) fn booking(&self, topic: &str) -> Value {
        meeting_on(topic, &self.at(0, 9), HOST)
    }

    /// A series of which one date was moved and one called off.
    pub(super) async fn series_with_exceptions(&self, body: &Value) -> Value {
        let booked = self.app.book(&admin(), body).await;
        let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
        let date =
            |n: usize| format!("{path}/occurrences/{}", booked["occurrences"][n]["id"].as_str().unwrap());
        let moved = self.app.patch(&admin(), &date(1), &json!({"start": self.at(1, 11)})).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
        assert_eq!(self.app.delete(&admin(), &date(2)).await.status, 204);
        booked
    }

    /// A meeting that is over.
    pub(super) async fn expired(&self) -> Value {
        let start = self.app.now() + TimeDelta::minutes(1);
        let body = meeting_on("expired", &start.format("%Y-%m-%dT%H:%M:%S").to_string(), HOST);
        let booked = self.app.book(&admin(), &body).await;
        assert!(self.app.stack.clock().advance(7200));
        booked
    }

    /// A meeting that runs; by then the one of the run before is over.
    pub(super) async fn running(&self) -> Value {
        assert!(self.app.stack.clock().advance(3600));
        let start = self.app.now() + TimeDelta::minutes(1);
        let body = meeting_on("running", &start.format("%Y-%m-%dT%H:%M:%S").to_string(), HOST);
        let booked = self.app.book(&admin(), &body).await;
        assert!(self.app.stack.clock().advance(120));
        let start = format!("/meetings/{}/start", booked["zoom_meeting_id"].as_str().unwrap());
        assert_eq!(self.app.sandbox("POST", &start, &json!({})).await.status, 200);
        booked
    }

    /// Runs the operation under a fault, lets `calls` of its outside calls pass, and checks that everything is
    /// well again after one run of the reconciler and after the client's retry. Returns the call at which it was
    /// stopped.
    pub(super) async fn run(&mut self, fault: Option<Fault>, calls: Option<u64>) -> Option<String> {
        self.runs += 1;
        self.week += TimeDelta::weeks(1);
        let prepared = self.operation.prepare(self).await;
        if let Some(fault) = fault {
            self.plan(fault, &prepared).await;
        }
        let what = format!("{:?}, {fault:?}, stopped after {calls:?} calls", self.operation);
        let request = self.operation.request(self, &prepared);
        let stopped_at = self.ask_and_die(&request, fault, calls).await;
        self.app.sandbox("DELETE", "/faults", &json!({})).await;

        // By now the leases of the request are over; after a daily limit the client waits for the next day.
        let pause = if fault == Some(Fault::DailyLimit) { 86_400 } else { 61 };
        assert!(self.app.stack.clock().advance(pause));
        let report = reconciler::run(&self.deps(fault)).await.unwrap();
        assert_eq!(report.put_off, 0, "{what}");
        self.check_agreement(&format!("{what}, reconciled"), &prepared).await;

        let retried = self.ask(&request, fault).await;
        assert!(
            self.operation.answers().contains(&retried.0),
            "{what}, retried: {} {}",
            retried.0,
            retried.1
        );
        self.check_agreement(&format!("{what}, retried"), &prepared).await;
        self.check_result(&what, &prepared).await;
        self.clear().await;
        stopped_at
    }

    async fn plan(&self, fault: Fault, prepared: &Value) {
        if fault == Fault::Gone {
            let path = format!("/meetings/{}", prepared["zoom_meeting_id"].as_str().unwrap());
            assert_eq!(self.app.sandbox("DELETE", &path, &json!({})).await.status, 204);
        } else {
            self.app.fault(self.operation.at_zoom(), fault.name(), 1).await;
        }
    }

    /// What a new execution environment is given: nothing is remembered from one request to the next.
    fn deps(&self, fault: Option<Fault>) -> Deps {
        let mut config = self.app.stack.config().clone();
        // Where an answer comes, it is waited for, however busy the machine is.
        let is_unanswered = matches!(fault, Some(Fault::TimeoutBefore | Fault::TimeoutAfterCommit));
        let patience = if is_unanswered { 300 } else { 10_000 };
        config.zoom.timeout = Duration::from_millis(patience);
        Deps::new(config, self.app.stack.aws(), self.app.stack.clock().clone())
    }

    fn http(&self, request: &Request) -> http::Request<Body> {
        http::Request::builder()
            .method(request.method)
            .uri(&request.path)
            .header("authorization", format!("Bearer {}", self.app.token(&admin())))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("run-{}", self.runs))
            .body(Body::from(request.body.to_string()))
            .unwrap()
    }

    /// Sends the request to a function that dies at one of its outside calls.
    async fn ask_and_die(
        &self,
        request: &Request,
        fault: Option<Fault>,
        calls: Option<u64>,
    ) -> Option<String> {
        let function = meetings::app(self.deps(fault));
        let interruption = self.app.stack.interruption();
        if let Some(calls) = calls {
            interruption.after(calls);
        }
        let mut running = tokio::spawn(function.oneshot(self.http(request)));
        tokio::select! {
            _ = &mut running => {}
            () = interruption.reached() => {
                running.abort();
                assert!(running.await.unwrap_err().is_cancelled());
            }
        }
        interruption.lift()
    }

    async fn ask(&self, request: &Request, fault: Option<Fault>) -> (u16, String) {
        let answer = meetings::app(self.deps(fault)).oneshot(self.http(request)).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        look_at_reply(request.method, &request.path, &parts.headers, &body);
        (parts.status.as_u16(), body)
    }

    /// Calls off what is left, which leaves no time taken.
    async fn clear(&self) {
        for meeting in self.live().await {
            let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
            assert_eq!(self.app.delete(&admin(), &path).await.status, 204);
        }
        assert_eq!(self.busy().await, Vec::new());
    }
}
