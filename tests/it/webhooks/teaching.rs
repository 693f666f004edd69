//! Lessons that are changed, held and deleted in the sandbox.

use std::ops::Range;

use serde_json::{Value, json};

use super::world::World;
use crate::support::secret;

/// The Zoom account, with a host for each meeting.
pub(super) const ACCOUNT: &str = "shuffled";
/// These are held and over.
pub(super) const OVER: Range<usize> = 0..5;
/// These are held, and run on.
pub(super) const RUNNING: Range<usize> = 5..9;
/// This one is deleted before.
pub(super) const DELETED: usize = 9;

/// What is done in Zoom, one after another.
pub(super) struct Teaching<'a> {
    pub(super) world: &'a World,
    pub(super) numbers: Vec<String>,
    /// Who is in each, by what Zoom calls them.
    pub(super) present: Vec<Vec<String>>,
}

impl Teaching<'_> {
    fn at(&self, time: &str) {
        self.world.at(&format!("2027-03-01T{time}:00Z"));
    }

    async fn act(&self, n: usize, action: &str, body: Value) -> Value {
        let path = format!("/meetings/{}/{action}", self.numbers[n]);
        let answer = self.world.app.sandbox("POST", &path, &body).await;
        assert!(answer.status < 300, "{action}: {}", answer.text);
        answer.body
    }

    async fn join(&mut self, n: usize, email: &str) {
        let joined = self.act(n, "join", json!({"name": "Same Name", "email": email})).await;
        self.present[n].push(joined["user_id"].as_str().unwrap().to_owned());
    }

    async fn leave(&mut self, n: usize, who: usize) {
        let user = self.present[n][who].clone();
        self.act(n, "leave", json!({"user_id": user})).await;
    }

    /// Each is changed, or deleted, before it is held.
    pub(super) async fn change(&self) {
        let form = [("grant_type", "account_credentials"), ("account_id", ACCOUNT)];
        let request = self.world.app.bare("POST", "/_zoom/oauth/token");
        let request = request.basic_auth(ACCOUNT, Some(secret(ACCOUNT))).form(&form);
        let token = self.world.app.send(request).await.body["access_token"].as_str().unwrap().to_owned();
        for number in &self.numbers[..DELETED] {
            let request = self.world.app.bare("PATCH", &format!("/_zoom/v2/meetings/{number}"));
            let request = request.bearer_auth(&token).json(&json!({"topic": "Changed"}));
            assert_eq!(self.world.app.send(request).await.status, 204);
        }
        let path = format!("/meetings/{}", self.numbers[DELETED]);
        assert_eq!(self.world.app.sandbox("DELETE", &path, &json!({})).await.status, 204);
    }

    /// Two sessions each, since the hosts lose the first, of which the second does not end everywhere.
    pub(super) async fn hold(&mut self) {
        let held = OVER.start..RUNNING.end;
        self.at("09:00");
        for n in held.clone() {
            self.act(n, "start", json!({})).await;
            for who in 0..4 {
                self.join(n, &format!("u-{who}@x.example")).await;
            }
        }
        self.at("09:10");
        for n in held.clone() {
            self.leave(n, 0).await;
        }
        self.at("09:15");
        for n in held.clone() {
            self.act(n, "end", json!({})).await;
            for action in ["completed", "trashed", "recovered"] {
                self.act(n, "recording", json!({"action": action})).await;
            }
        }
        self.at("09:20");
        for n in held.clone() {
            self.act(n, "start", json!({})).await;
            self.join(n, "u-0@x.example").await;
            self.join(n, "guest@y.example").await;
        }
        self.at("09:40");
        for n in held {
            self.leave(n, 4).await;
        }
        for n in RUNNING {
            self.join(n, "u-1@x.example").await;
            self.join(n, "u-2@x.example").await;
            self.leave(n, 7).await;
        }
        self.at("09:45");
        for n in OVER {
            self.act(n, "end", json!({})).await;
            self.act(n, "recording", json!({"action": "completed"})).await;
        }
    }
}
