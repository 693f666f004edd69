//! A connection that Zoom's events come in by, and how Zoom signs them.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::support::{Answer, App, admin, meeting_on, sandbox_account, secret};

pub(super) const HOST: &str = "host1@sandbox.example";
pub(super) const ACCOUNT: &str = "sandbox-account";

/// A stack with the sandbox's account connected, under a Secret Token.
pub(super) struct World {
    pub(super) app: App,
    pub(super) connection: String,
    pub(super) token: String,
}

/// HMAC-SHA256 in hexadecimal digits.
pub(super) fn hmac_hex(key: &str, text: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text);
    hex::encode(tag)
}

impl World {
    pub(super) async fn start() -> Self {
        let app = App::start().await;
        let token = secret("hook");
        let mut body = sandbox_account("Room 1");
        body["webhook_secret_token"] = json!(token);
        let connection = app.connect(&admin(), &body).await;
        let connection = connection["id"].as_str().unwrap().to_owned();
        Self { app, connection, token }
    }

    /// Sends a body to a connection, signed with `token`.
    pub(super) async fn send_raw(&self, connection: &str, token: &str, body: Vec<u8>) -> Answer {
        let timestamp = self.app.now().timestamp().to_string();
        let signed = [format!("v0:{timestamp}:").as_bytes(), &body].concat();
        let request = self
            .app
            .bare("POST", &format!("/v1/webhooks/zoom/{connection}"))
            .header("x-zm-request-timestamp", timestamp)
            .header("x-zm-signature", format!("v0={}", hmac_hex(token, &signed)))
            .header("Content-Type", "application/json")
            .body(body);
        self.app.send(request).await
    }

    /// Has Zoom tell something, which must be taken.
    pub(super) async fn tell(&self, event: &Value) {
        let answer = self.send_raw(&self.connection, &self.token, event.to_string().into_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Has Zoom tell some things, and waits for what follows.
    pub(super) async fn told(&self, events: &[Value]) {
        for event in events {
            self.tell(event).await;
        }
        let tick = self.app.tick().await;
        assert_eq!(tick["webhooks"]["failed"], 0, "{tick}");
    }

    pub(super) fn at(&self, time: &str) {
        self.app.stack.clock().set(time.parse().unwrap());
    }

    pub(super) async fn book(&self, start: &str) -> Value {
        self.app.book(&admin(), &meeting_on("Lesson", start, HOST)).await
    }

    pub(super) async fn meeting(&self, meeting: &Value) -> Value {
        self.app.get(&admin(), &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await.body
    }

    /// The meeting's status, and the state that the lesson page shows.
    pub(super) async fn state(&self, meeting: &Value) -> (String, String) {
        let path = format!("/v1/meetings/{}/join", meeting["id"].as_str().unwrap());
        let join = self.app.get(&admin(), &path).await;
        assert_eq!(join.status, 200, "{}", join.text);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&self.meeting(meeting).await["status"]), text(&join.body["state"]))
    }
}

/// A moment as Zoom's events have it.
pub(super) fn millis(time: &str) -> i64 {
    time.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis()
}

/// An event about a session of a meeting: `meeting.started`, or `meeting.ended`.
pub(super) fn session(name: &str, meeting: &Value, uuid: &str, at: &str) -> Value {
    let mut object = json!({"id": meeting["zoom_meeting_id"], "uuid": uuid, "topic": "Lesson"});
    if name.split('.').next_back() == Some("ended") {
        object["end_time"] = json!(at);
    }
    event(name, at, &object)
}

/// An event of the sandbox's account.
pub(super) fn event(name: &str, at: &str, object: &Value) -> Value {
    json!({"event": name, "event_ts": millis(at), "payload": {"account_id": ACCOUNT, "object": object}})
}
