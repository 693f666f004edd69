//! Whether both sides agree.

use std::collections::BTreeSet;

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::operation::Operation;
use super::world::{HOST, OTHER_HOST, World};
use crate::support::admin;

impl World {
    /// The meetings that are not called off, drafts too.
    pub(super) async fn live(&self) -> Vec<Value> {
        let mut live = Vec::new();
        for tab in ["upcoming", "drafts"] {
            let page = self.app.get(&admin(), &format!("/v1/meetings?tab={tab}&limit=100")).await;
            assert_eq!((page.status, &page.body["next_cursor"]), (200, &Value::Null), "{}", page.text);
            live.extend(page.body["items"].as_array().unwrap().iter().cloned());
        }
        live
    }

    /// Whose time is taken from when to when, in this run's week.
    pub(super) async fn busy(&self) -> Vec<(String, String, String)> {
        let moment = |days| (self.week + TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Secs, true);
        let query = format!("/v1/availability?from={}&to={}", moment(0), moment(7));
        let answer = self.app.get(&admin(), &query).await;
        let mut busy = Vec::new();
        for host in answer.body["items"].as_array().unwrap() {
            for span in host["busy"].as_array().unwrap() {
                busy.push((text(&host["host_id"]), text(&span["starts_at"]), text(&span["ends_at"])));
            }
        }
        busy.sort();
        busy
    }

    /// Both sides have the same meetings, the hosts' time is taken accordingly, nothing is left half done, and
    /// both have counted the same creates and updates.
    pub(super) async fn check_agreement(&self, what: &str, prepared: &Value) {
        if self.operation == Operation::End {
            return self.check_running(what, prepared).await;
        }
        let live = self.live().await;
        let mut taken = Vec::new();
        let mut numbers = BTreeSet::new();
        for meeting in live.iter().filter(|meeting| meeting["status"] != "draft") {
            assert_eq!(meeting["status"], "scheduled", "{what}: {meeting:#}");
            let number = text(&meeting["zoom_meeting_id"]);
            let dates = dates(meeting);
            let host = text(&meeting["host"]["host_id"]);
            let alternatives = meeting["alternative_hosts"].as_array().unwrap().iter();
            for id in alternatives.map(|host| text(&host["host_id"])).chain([host.clone()]) {
                taken.extend(dates.iter().map(|(start, end)| (id.clone(), start.clone(), end.clone())));
            }
            let zoom = self.zoom(&format!("/{}s/{number}", text(&meeting["kind"]))).await;
            assert_eq!(
                (&zoom["topic"], &zoom["host_id"]),
                (&meeting["topic"], &json!(host)),
                "{what}: {zoom:#}"
            );
            assert_eq!(zoom_starts(&zoom), starts(&dates), "{what}: {meeting:#} {zoom:#}");
            assert!(numbers.insert(number), "{what}: two meetings share one at Zoom");
        }
        taken.sort();
        assert_eq!(self.busy().await, taken, "{what}: the hosts' time");
        assert_eq!(self.zoom_numbers().await, numbers, "{what}: the meetings at Zoom");
        self.check_counts(what).await;
    }

    /// It runs at Zoom, or it has ended here and there.
    async fn check_running(&self, what: &str, prepared: &Value) {
        let path = format!("/v1/meetings/{}", text(&prepared["id"]));
        let meeting = self.app.get(&admin(), &path).await.body;
        let zoom = self.zoom(&format!("/meetings/{}", text(&prepared["zoom_meeting_id"]))).await;
        let runs = zoom["status"] == "started";
        // A comparison with Zoom, where one is due, finds out that it runs.
        let expected: &[&str] = if runs { &["scheduled", "started"] } else { &["ended"] };
        let status = meeting["status"].as_str().unwrap_or_default();
        assert!(expected.contains(&status), "{what}: {status}, {zoom:#}");
        self.check_counts(what).await;
    }

    /// The client got what was asked for.
    pub(super) async fn check_result(&self, what: &str, prepared: &Value) {
        let mut found: Vec<(String, String)> = Vec::new();
        for meeting in self.live().await {
            found.extend(starts(&dates(&meeting)).into_iter().map(|start| (start, text(&meeting["topic"]))));
        }
        found.sort();
        let wanted: Vec<(String, String)> =
            self.operation.result(self).into_iter().map(|(start, topic)| (start, topic.to_owned())).collect();
        assert_eq!(found, wanted, "{what}: {prepared:#}");
        if self.operation == Operation::End {
            let path = format!("/v1/meetings/{}", text(&prepared["id"]));
            assert_eq!(self.app.get(&admin(), &path).await.body["status"], "ended", "{what}");
        }
    }

    /// The day's creates and updates of each host are counted as Zoom counts them.
    async fn check_counts(&self, what: &str) {
        let path = format!("/v1/connections/{}/hosts", self.connection);
        let hosts = self.app.get(&admin(), &path).await.body;
        let accounts = self.app.sandbox("GET", "/accounts", &json!({})).await.body;
        for host in hosts["items"].as_array().unwrap() {
            let users = accounts["items"][0]["users"].as_array().unwrap();
            let user = users.iter().find(|user| user["id"] == host["id"]).unwrap();
            assert_eq!(host["today"]["writes_used"], user["writes_today"], "{what}: {}", host["email"]);
        }
    }

    async fn zoom(&self, path: &str) -> Value {
        let query = if path.contains('?') { "" } else { "?show_previous_occurrences=true" };
        self.app.zoom_get(&format!("{path}{query}")).await
    }

    /// The numbers of all meetings and webinars to come.
    async fn zoom_numbers(&self) -> BTreeSet<String> {
        let mut numbers = BTreeSet::new();
        for host in [HOST, OTHER_HOST] {
            for kind in ["meetings", "webinars"] {
                let list = self.zoom(&format!("/users/{host}/{kind}?type=scheduled&page_size=300")).await;
                let now = self.app.now().to_rfc3339_opts(SecondsFormat::Secs, true);
                let to_come = |line: &&Value| text(&line["start_time"]) > now;
                let lines = list[kind].as_array().unwrap().iter().filter(to_come);
                numbers.extend(lines.map(|line| line["id"].to_string()));
            }
        }
        numbers
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The start and the end of each date that was not called off.
fn dates(meeting: &Value) -> Vec<(String, String)> {
    let occurrences = meeting["occurrences"].as_array().unwrap();
    let span = |date: &Value| (text(&date["starts_at"]), text(&date["ends_at"]));
    if occurrences.is_empty() {
        return vec![span(meeting)];
    }
    occurrences.iter().filter(|date| date["status"] == "scheduled").map(span).collect()
}

fn starts(dates: &[(String, String)]) -> Vec<String> {
    dates.iter().map(|(start, _)| start.clone()).collect()
}

fn zoom_starts(meeting: &Value) -> Vec<String> {
    let Some(occurrences) = meeting["occurrences"].as_array() else {
        return vec![text(&meeting["start_time"])];
    };
    let mut starts: Vec<String> = occurrences
        .iter()
        .filter(|date| date["status"] != "deleted")
        .map(|date| text(&date["start_time"]))
        .collect();
    starts.sort();
    starts
}
