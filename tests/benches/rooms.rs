//! A tenant with a Zoom account of many hosts, and its functions.

use axum::Router;
use axum::body::Body;
use chrono::{DateTime, TimeDelta, Utc};
use http::Request;
use local::Options;
use serde_json::{Value, json};
use shared::config::Config;
use shared::deps::Deps;
use tower::ServiceExt;

use crate::support::{App, NOW, account_of, admin};

/// The tenant's hosts, and the functions as Lambda would run them.
pub(crate) struct Rooms {
    pub(crate) app: App,
    pub(crate) deps: Deps,
    pub(crate) connection: String,
    pub(crate) hosts: Vec<String>,
    meetings: Router,
    conflicts: Router,
    token: String,
}

impl Rooms {
    pub(crate) async fn open(hosts: usize) -> Self {
        let app = App::with(Options { daily_writes: u32::MAX, ..Options::memory() }).await;
        let users: Vec<String> = (0..hosts).map(|n| format!("room{n}@rooms.example")).collect();
        app.zoom_account("rooms", &users).await;
        let connection = app.connect(&admin(), &account_of("Rooms", "rooms")).await;
        let connection = connection["id"].as_str().unwrap().to_owned();
        let listed = app.get(&admin(), &format!("/v1/connections/{connection}/hosts?limit=100")).await.body;
        let id = |host: &Value| host["id"].as_str().unwrap().to_owned();
        let hosts = listed["items"].as_array().unwrap().iter().map(id).collect();
        let deps = Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone());
        let token = app.token(&admin());
        let (meetings, conflicts) = (meetings::app(deps.clone()), conflicts::app(deps.clone()));
        Self { app, deps, connection, hosts, meetings, conflicts, token }
    }

    /// The same rooms, with everything that functions call going through `url`.
    pub(crate) fn through(mut self, url: &url::Url) -> Self {
        let mut config: Config = self.app.stack.config().clone();
        for address in [&mut config.zoom.token_url, &mut config.zoom.api_url] {
            address.set_port(url.port()).unwrap();
        }
        let aws = self.app.stack.aws().to_builder().endpoint_url(url.as_str()).build();
        self.deps = Deps::new(config, &aws, self.app.stack.clock().clone());
        self.meetings = meetings::app(self.deps.clone());
        self.conflicts = conflicts::app(self.deps.clone());
        self
    }

    /// Books the n-th meeting: an hour on each host in turn, day after day.
    pub(crate) async fn book(&self, n: usize) -> Value {
        let day = i64::try_from(n / self.hosts.len()).unwrap();
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let start = (now + TimeDelta::days(day + 1)).format("%Y-%m-%dT%H:%M:%S").to_string();
        let body = json!({
            "topic": "Fire safety, part 1", "agenda": "Bring the plan of your floor.", "start": start,
            "time_zone": "UTC", "duration_minutes": 60, "courses": [{"course_id": "c-7", "lesson_id": "l-3"}],
            "host": {"connection_id": self.connection, "host_id": self.hosts[n % self.hosts.len()]},
        });
        let (status, reply) = self.ask(&self.meetings, "/v1/meetings", &body).await;
        assert_eq!(status, 201, "{reply}");
        reply
    }

    /// Checks a time on all hosts.
    pub(crate) async fn check(&self, body: &Value) -> Value {
        let (status, reply) = self.ask(&self.conflicts, "/v1/conflicts/check", body).await;
        assert_eq!(status, 200, "{reply}");
        reply
    }

    async fn ask(&self, function: &Router, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = function.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }
}
