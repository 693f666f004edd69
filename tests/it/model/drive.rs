//! Does to a stack what is done to the model, and compares.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use local::token::Role;
use proptest::prelude::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Value, json};

use super::operations::{HOSTS, Operation, Place, Step, TENANTS};
use super::world::{Busy, Meeting, Outcome, Reply, Span, State, World, after_all};
use crate::support::{Answer, App, Caller, caller, sandbox_account};

const EMAILS: [&str; HOSTS] = ["host1@sandbox.example", "host2@sandbox.example", "free@sandbox.example"];
/// Minute 0: some hours before a new block of the ledger begins, at midnight.
const EPOCH: &str = "2027-03-29T20:00:00Z";
const WINDOW: &str = "from=2027-03-25T00:00:00Z&to=2027-04-15T00:00:00Z";

/// A stack with one Zoom account that several tenants have connected, and what ought to be in it.
pub(super) struct Drive {
    app: App,
    callers: Vec<Caller>,
    connections: Vec<String>,
    hosts: Vec<String>,
    world: World,
}

impl Drive {
    pub(super) async fn start() -> Self {
        let app = App::start().await;
        let callers = vec![caller("school", "u-admin", Role::Admin), caller("other", "u-other", Role::Admin)];
        let mut connections = Vec::new();
        for caller in &callers {
            let connection = app.connect(caller, &sandbox_account("Room")).await;
            connections.push(text(&connection["id"]));
        }
        let listed = app.get(&callers[0], &format!("/v1/connections/{}/hosts", connections[0])).await.body;
        let id = |email| {
            let host = listed["items"].as_array().unwrap().iter().find(|host| host["email"] == email);
            text(&host.unwrap()["id"])
        };
        let hosts = EMAILS.into_iter().map(id).collect();
        Self { app, callers, connections, hosts, world: World::new() }
    }

    /// Takes a step and compares the time that is taken with the model's.
    pub(super) async fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let operations = match step {
            Step::One(operation) => std::slice::from_ref(operation),
            Step::AtOnce(operations) => operations,
        };
        let many = self.world.meetings.len();
        let possible = operations.iter().filter(|operation| operation.meeting().is_none() || many > 0);
        let operations: Vec<Operation> = possible
            .map(|operation| {
                operation.clone().of_meeting(operation.meeting().map_or(0, |place| place % many.max(1)))
            })
            .collect();
        let answers = join_all(operations.iter().map(|operation| self.send(operation))).await;
        let mut done = Vec::new();
        for (operation, answer) in operations.into_iter().zip(answers) {
            done.push((operation, self.outcome(&answer)?));
        }
        let ends = match done.as_slice() {
            [(operation, outcome)] => self.world.after(operation, outcome).into_iter().collect(),
            several => after_all(&self.world, several),
        };
        prop_assert!(!ends.is_empty(), "nothing explains {done:#?}\nin {:#?}", self.world);
        let busy = self.availability(0).await;
        let is_so = |world: &World| seen_by(0, world.busy()) == busy;
        let end = ends.iter().find(|world| is_so(world)).cloned();
        prop_assert!(end.is_some(), "after {done:#?}\nthere is {busy:#?}\nwhich is none of {ends:#?}");
        self.world = end.unwrap_or_else(World::new);
        Ok(())
    }

    /// Compares all that there is with the model.
    pub(super) async fn check(&self) -> Result<(), TestCaseError> {
        self.check_overlaps()?;
        for tenant in 0..TENANTS {
            prop_assert_eq!(self.availability(tenant).await, seen_by(tenant, self.world.busy()));
            let mut listed = self.listed(tenant).await;
            listed.sort();
            let own = self.world.meetings.iter().filter(|meeting| meeting.tenant == tenant);
            let mut expected: Vec<(String, String)> = own
                .filter_map(|meeting| {
                    let status = match meeting.state {
                        State::Draft => "draft",
                        State::Booked => "scheduled",
                        State::Cancelled => "cancelled",
                        State::Gone => return None,
                    };
                    Some((meeting.id.clone(), status.to_owned()))
                })
                .collect();
            expected.sort();
            prop_assert_eq!(listed, expected);
        }
        for host in 0..HOSTS {
            let booked: Vec<&Meeting> = self
                .world
                .meetings
                .iter()
                .filter(|meeting| meeting.state == State::Booked && meeting.host == Some(host))
                .collect();
            let mut expected: Vec<(String, Vec<Span>)> = booked
                .iter()
                .map(|meeting| (meeting.zoom.clone().unwrap_or_default(), meeting.spans()))
                .collect();
            expected.sort();
            prop_assert_eq!(self.at_zoom(host).await, expected);
        }
        Ok(())
    }

    /// Whatever the model thinks: tenants never share a moment, and nobody runs more than two meetings.
    fn check_overlaps(&self) -> Result<(), TestCaseError> {
        let busy = self.world.busy();
        let most = if self.world.ever_two { 2 } else { 1 };
        for one in &busy {
            let same_moment = |other: &&Busy| {
                other.host == one.host && other.span.0 <= one.span.0 && one.span.0 < other.span.1
            };
            let together: Vec<&Busy> = busy.iter().filter(same_moment).collect();
            prop_assert!(together.len() <= most, "{together:#?}");
            prop_assert!(together.iter().all(|other| other.tenant == one.tenant), "{together:#?}");
        }
        Ok(())
    }

    async fn send(&self, operation: &Operation) -> Answer {
        let meeting = operation.meeting().map(|place| &self.world.meetings[place]);
        let path = meeting.map(|meeting| format!("/v1/meetings/{}", meeting.id)).unwrap_or_default();
        let of = |tenant: usize| &self.callers[tenant];
        let who = of(meeting.map_or(0, |meeting| meeting.tenant));
        let tenant = meeting.map_or(0, |meeting| meeting.tenant);
        let app = &self.app;
        match operation {
            Operation::Create { tenant, place, start, minutes, dates, draft } => {
                let mut body = json!({
                    "topic": "Lesson", "start": wall(*start), "time_zone": "UTC", "duration_minutes": minutes,
                    "status": if *draft { "draft" } else { "planned" }, "reminders": [],
                });
                merge(&mut body, self.place(*tenant, *place));
                if *dates > 1 {
                    body["recurrence"] = json!({"frequency": "daily", "count": dates});
                }
                app.post(of(*tenant), "/v1/meetings", &body).await
            }
            Operation::Move { start, .. } => app.patch(who, &path, &json!({"start": wall(*start)})).await,
            Operation::Resize { minutes, .. } => {
                app.patch(who, &path, &json!({"duration_minutes": minutes})).await
            }
            Operation::Rehost { place, .. } => app.patch(who, &path, &self.place(tenant, *place)).await,
            Operation::Plan { .. } => app.patch(who, &path, &json!({"status": "planned"})).await,
            Operation::Duplicate { start, .. } => {
                app.post(who, &format!("{path}/duplicate"), &json!({"start": wall(*start)})).await
            }
            Operation::MoveDate { date, start, .. } => {
                let (date, start) = date_of(meeting, *date, *start);
                app.patch(who, &format!("{path}/occurrences/{date}"), &json!({"start": wall(start)})).await
            }
            Operation::CallOffDate { date, .. } => {
                let (date, _) = date_of(meeting, *date, 0);
                app.delete(who, &format!("{path}/occurrences/{date}")).await
            }
            Operation::Delete { .. } => app.delete(who, &path).await,
            Operation::Capacity { tenant, host, most } => {
                let path =
                    format!("/v1/connections/{}/hosts/{}", self.connections[*tenant], self.hosts[*host]);
                app.patch(of(*tenant), &path, &json!({"concurrent_meetings": most})).await
            }
            Operation::Buffer { tenant, minutes } => {
                app.put(of(*tenant), "/v1/settings", &json!({"buffer_minutes": minutes})).await
            }
        }
    }

    fn place(&self, tenant: usize, place: Place) -> Value {
        let host = place.host.map_or(
            json!("auto"),
            |host| json!({"connection_id": self.connections[tenant], "host_id": self.hosts[host]}),
        );
        let alternatives: Vec<&String> = place.alternative.iter().map(|host| &self.hosts[*host]).collect();
        json!({"host": host, "alternative_hosts": alternatives})
    }

    fn outcome(&self, answer: &Answer) -> Result<Outcome, TestCaseError> {
        Ok(match (answer.status, answer.code()) {
            (204, _) => Outcome::Done(None),
            // Neither a host nor the settings are a meeting.
            (200 | 201, _) if answer.body.get("occurrences").is_none() => Outcome::Done(None),
            (200 | 201, _) => Outcome::Done(Some(Reply {
                id: text(&answer.body["id"]),
                host: self.hosts.iter().position(|id| answer.body["host"]["host_id"] == id.as_str()),
                zoom: answer.body["zoom_meeting_id"].as_str().map(str::to_owned),
            })),
            (409, "schedule_conflict" | "no_room_available") => Outcome::Refused,
            (422, "validation_failed") if answer.faults() == [alternative_is_invalid()] => Outcome::Invalid,
            (422, "validation_failed") if runs_into_itself(answer) => Outcome::Invalid,
            (409, "meeting_not_editable") => Outcome::NotEditable,
            (404, "not_found") => Outcome::NotFound,
            (429, "rate_limited") => Outcome::Overtaken,
            _ => return Err(TestCaseError::fail(answer.text.clone())),
        })
    }

    /// The time that is taken, as a tenant sees it.
    async fn availability(&self, tenant: usize) -> Vec<(usize, Span, Option<String>)> {
        let shown = self.app.get(&self.callers[tenant], &format!("/v1/availability?{WINDOW}")).await.body;
        let mut seen = Vec::new();
        for item in shown["items"].as_array().unwrap() {
            let host = self.hosts.iter().position(|id| item["host_id"] == id.as_str()).unwrap();
            for busy in item["busy"].as_array().unwrap() {
                let span = (minute(&busy["starts_at"]), minute(&busy["ends_at"]));
                seen.push((host, span, busy["meeting_id"].as_str().map(str::to_owned)));
            }
        }
        seen.sort();
        seen
    }

    async fn listed(&self, tenant: usize) -> Vec<(String, String)> {
        let list = self.app.get(&self.callers[tenant], "/v1/meetings?tab=all&limit=100").await.body;
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| (text(&item["id"]), text(&item["status"]))).collect()
    }

    /// The meetings that Zoom has on a host, with their dates.
    async fn at_zoom(&self, host: usize) -> Vec<(String, Vec<Span>)> {
        let account = ("sandbox-account", "sandbox-client", "sandbox-secret");
        let mut found = Vec::new();
        for row in self.app.zoom_meetings(account.0, account.1, account.2, EMAILS[host]).await {
            let meeting = self.app.zoom_meeting(&row["id"].to_string()).await;
            let once = [meeting.clone()];
            let dates = meeting["occurrences"].as_array().map_or(&once[..], Vec::as_slice);
            let span = |date: &Value| {
                let start = minute(&date["start_time"]);
                (start, start + date["duration"].as_i64().unwrap())
            };
            let live = dates.iter().filter(|date| date["status"] != "deleted");
            let mut spans: Vec<Span> = live.map(span).collect();
            spans.sort_unstable();
            found.push((row["id"].to_string(), spans));
        }
        found.sort();
        found
    }
}

/// Zoom's id of a date, which is the start that its rule gives it, and `start` on the day of that date.
fn date_of(meeting: Option<&Meeting>, date: u32, start: i64) -> (String, i64) {
    let epoch: DateTime<Utc> = EPOCH.parse().unwrap();
    let rule_start = epoch + TimeDelta::minutes(meeting.map_or(0, |meeting| meeting.rule_start(date)));
    (rule_start.timestamp_millis().to_string(), start + i64::from(date) * 24 * 60)
}

fn runs_into_itself(answer: &Answer) -> bool {
    let known = [("/start", "invalid"), ("/duration_minutes", "contradiction")];
    let faults = answer.faults();
    known.iter().any(|(pointer, code)| faults == [((*pointer).to_owned(), (*code).to_owned())])
}

fn alternative_is_invalid() -> (String, String) {
    ("/alternative_hosts".to_owned(), "invalid".to_owned())
}

/// What a tenant is shown of the time that is taken: of others' meetings not which they are.
fn seen_by(tenant: usize, busy: Vec<Busy>) -> Vec<(usize, Span, Option<String>)> {
    let shown = |busy: Busy| (busy.host, busy.span, (busy.tenant == tenant).then_some(busy.id));
    let mut seen: Vec<_> = busy.into_iter().map(shown).collect();
    seen.sort();
    seen
}

fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn wall(minute: i64) -> String {
    let epoch: DateTime<Utc> = EPOCH.parse().unwrap();
    (epoch + TimeDelta::minutes(minute)).format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn minute(moment: &Value) -> i64 {
    let epoch: DateTime<Utc> = EPOCH.parse().unwrap();
    (moment.as_str().unwrap().parse::<DateTime<Utc>>().unwrap() - epoch).num_minutes()
}
