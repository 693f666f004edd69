//! Everything that can be asked of the API that makes functions call Zoom.

use local::{Options, Stack, ZoomChoice};
use serde_json::{Value, json};

use super::recorder::Recorder;
use crate::support::{App, account_of, admin, meeting_on, sandbox_account, secret};

const HOST: &str = "host1@sandbox.example";
const REDIRECT: &str = "https://lms.example/zoom/return";

/// A stack whose Zoom is the sandbox of another, with a recorder between the two.
pub(super) struct World {
    app: App,
    zoom: App,
    pub(super) recorder: Recorder,
    connection: Value,
}

impl World {
    pub(super) async fn start() -> Self {
        let zoom = App::start().await;
        let (recorder, address) = Recorder::before(format!("{}/_zoom", zoom.stack.url())).await;
        let options = Options { zoom: ZoomChoice::Url(address), daily_writes: 10_000, ..Options::memory() };
        let app = App::with(options).await;
        Self { app, zoom, recorder, connection: Value::Null }
    }

    /// Moves both clocks.
    fn set_clock(&self, now: &str) {
        for stack in [&self.app.stack, &self.zoom.stack] as [&Stack; 2] {
            stack.clock().set(now.parse().unwrap());
        }
    }

    async fn zoom_app(&self, body: Value) {
        let made = self.zoom.sandbox("POST", "/accounts", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }

    async fn changed(&self, path: &str, change: Value) -> Value {
        let answer = self.app.patch(&admin(), path, &change).await;
        assert_eq!(answer.status, 200, "{change}: {}", answer.text);
        answer.body
    }

    async fn deleted(&self, path: &str) {
        let answer = self.app.delete(&admin(), path).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }

    /// Connects apps of both methods, one of an account of several pages of users, and checks one whose token
    /// tells no scopes.
    pub(super) async fn connect(&mut self) {
        self.connection = self.app.connect(&admin(), &sandbox_account("Room 1")).await;

        let users: Value =
            (0..301).map(|n| json!({"email": format!("u{n}@big.example"), "type": 2})).collect();
        let app = |id: &str, scopes: Value| json!({"account_id": id, "client_id": id, "client_secret": secret(id), "scopes": scopes, "users": users});
        self.zoom_app(app("big", json!("all"))).await;
        let mut big = account_of("Big", "big");
        big["pooled"] = json!(false);
        self.app.connect(&admin(), &big).await;

        self.zoom_app(app("bare", json!([]))).await;
        let bare = account_of("Bare", "bare");
        let checked = self.app.post(&admin(), "/v1/connections/verify", &bare).await;
        assert_eq!(checked.status, 200, "{}", checked.text);

        self.zoom_app(json!({
            "account_id": "general", "client_id": "general", "client_secret": secret("general"), "scopes": "all",
            "users": [{"email": "g@general.example", "type": 2}], "redirect_uri": REDIRECT, "code": "a-code",
        }))
        .await;
        let general = json!({
            "name": "General", "provider": "zoom", "owner": "tenant", "pooled": false,
            "auth": {"method": "authorization_code", "client_id": "general", "client_secret": secret("general"),
                     "redirect_uri": REDIRECT, "code": "a-code"},
        });
        self.app.connect(&admin(), &general).await;
    }

    /// Books single ones and series of every pattern, with everything that can be set.
    pub(super) async fn book(&self, kind: &str) {
        let id = self.connection["id"].as_str().unwrap();
        let hosts = self.app.get(&admin(), &format!("/v1/connections/{id}/hosts")).await.body;
        let is_other = |host: &&Value| host["email"] == "host2@sandbox.example";
        let other = hosts["items"].as_array().unwrap().iter().find(is_other).unwrap()["id"].clone();
        for (hour, recording) in ["none", "local", "cloud"].into_iter().enumerate() {
            let mut body = on(kind, &format!("04-01T{:02}:00:00", hour + 8));
            body["time_zone"] = json!("Asia/Jakarta");
            body["agenda"] = json!("a".repeat(2000));
            body["topic"] = json!("é".repeat(200));
            body["passcode"] = json!("demo@-_*12");
            body["alternative_hosts"] = json!([other]);
            body["settings"] = json!({
                "recording": recording, "waiting_room": hour == 0, "join_before_host": hour > 0,
                "host_video": true, "participant_video": true, "mute_upon_entry": true, "enforce_login": true,
            });
            self.app.book(&admin(), &body).await;
        }
        let patterns = [
            json!({"frequency": "daily", "interval": 90, "count": 2}),
            json!({"frequency": "daily", "count": 60}),
            json!({"frequency": "weekly", "interval": 2, "weekdays": ["TU", "TH", "SU"], "count": 5}),
            json!({"frequency": "weekly", "weekdays": ["WE"], "until": at(kind, "08-01")}),
            json!({"frequency": "monthly", "month_day": 31, "count": 3}),
            json!({"frequency": "monthly", "month_week": -1, "month_weekday": "SA", "count": 3}),
            json!({"frequency": "monthly", "interval": 3, "month_week": 2, "month_weekday": "MO", "count": 3}),
        ];
        for (hour, recurrence) in patterns.into_iter().enumerate() {
            let mut body = on(kind, &format!("05-03T{:02}:00:00", hour + 8));
            body["time_zone"] = json!("America/Sao_Paulo");
            body["recurrence"] = recurrence;
            self.app.book(&admin(), &body).await;
        }
    }

    /// Changes one as to what it is like and as to when it is, opens it as its host, and calls it off.
    pub(super) async fn change(&self, kind: &str) {
        let booked = self.app.book(&admin(), &on(kind, "04-02T08:00:00")).await;
        let path = path(&booked);
        self.changed(&path, json!({"topic": "Renamed", "agenda": null})).await;
        self.changed(&path, json!({"passcode": "other"})).await;
        self.changed(&path, json!({"start": at(kind, "04-02T10:00:00"), "duration_minutes": 1440})).await;
        self.changed(&path, json!({"host": {"email": "host2@sandbox.example"}})).await;
        let join = self.app.get(&admin(), &format!("{path}/join")).await;
        assert!(join.body["start_url"].is_string(), "{}", join.text);
        self.deleted(&path).await;
    }

    /// Changes the dates of a series, one by one and all of them.
    pub(super) async fn change_dates(&self, kind: &str) {
        let mut body = on(kind, "04-05T08:00:00");
        body["recurrence"] = json!({"frequency": "daily", "count": 4});
        let series = self.app.book(&admin(), &body).await;
        let path = path(&series);
        let date = |place: usize| {
            format!("{path}/occurrences/{}", series["occurrences"][place]["id"].as_str().unwrap())
        };
        self.changed(&date(1), json!({"start": at(kind, "04-06T14:00:00"), "agenda": "Today alone"})).await;
        self.changed(&date(1), json!({"agenda": null})).await;
        self.deleted(&date(2)).await;
        let update =
            if kind == "meeting" { "PATCH /meetings/{meetingId}" } else { "PATCH /webinars/{webinarId}" };
        // Without an answer the date itself is looked at.
        self.zoom.fault(update, "status_500", 1).await;
        self.changed(&date(3), json!({"duration_minutes": 30})).await;
        self.changed(&path, json!({"topic": "All of them"})).await;
        self.changed(&path, json!({"start": at(kind, "04-05T11:00:00")})).await;
    }

    /// Books where Zoom's answer is lost, on a host with more meetings than a page of them holds.
    pub(super) async fn lose_answers(&self, kind: &str) {
        let plural = format!("{kind}s");
        self.fill(&plural).await;
        self.zoom.fault(&format!("POST /users/{{userId}}/{plural}"), "malformed", 1).await;
        let body = on(kind, "04-12T08:00:00");
        let lost = self.app.post_with_key(&admin(), "/v1/meetings", &format!("lost-{kind}"), &body).await;
        assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{}", lost.text);
        let made = self.app.post_with_key(&admin(), "/v1/meetings", &format!("lost-{kind}"), &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }

    /// Makes more than a page of the host's at Zoom itself.
    async fn fill(&self, plural: &str) {
        let form = [("grant_type", "account_credentials"), ("account_id", "sandbox-account")];
        let request =
            self.zoom.bare("POST", "/_zoom/oauth/token").basic_auth("sandbox-client", Some("sandbox-secret"));
        let reply = self.zoom.send(request.form(&form)).await;
        let token = reply.body["access_token"].as_str().unwrap();
        let kind = if plural == "meetings" { 2 } else { 5 };
        let body = json!({"topic": "Other", "type": kind, "start_time": "2027-03-30T08:00:00Z"});
        for _ in 0..300 {
            let create = self.zoom.bare("POST", &format!("/_zoom/v2/users/{HOST}/{plural}"));
            let made = self.zoom.send(create.bearer_auth(token).json(&body)).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
    }

    /// Has the sandbox tell what is done to it.
    async fn listen(&self) {
        let id = self.connection["id"].as_str().unwrap();
        let token = secret("hook");
        self.changed(&format!("/v1/connections/{id}"), json!({"webhook_secret_token": token})).await;
        let url = format!("{}/v1/webhooks/zoom/{id}", self.app.stack.url());
        let body = json!({"account_id": "sandbox-account", "url": url, "secret_token": token});
        assert_eq!(self.zoom.sandbox("POST", "/webhooks", &body).await.status, 201);
    }

    /// Ends one that runs, and looks up some time later who was there and what was recorded.
    pub(super) async fn end(&self, kind: &str) {
        self.listen().await;
        let booked = self.app.book(&admin(), &on(kind, "03-02T08:00:00")).await;
        self.set_clock(&at(kind, "03-02T08:10:00Z"));
        let start = format!("/meetings/{}/start", booked["zoom_meeting_id"].as_str().unwrap());
        assert_eq!(self.zoom.sandbox("POST", &start, &json!({})).await.status, 200);
        let ended = self.app.post(&admin(), &format!("{}/end", path(&booked)), &json!({})).await;
        assert_eq!(ended.status, 200, "{}", ended.text);
        assert_eq!(self.zoom.sandbox("POST", "/webhooks/flush", &json!({})).await.status, 204);
        self.app.tick().await;
        self.set_clock(&at(kind, "03-02T08:30:00Z"));
        assert_eq!(self.app.tick().await["reconciler"]["sessions_checked"], 1);
        assert_eq!(self.zoom.sandbox("DELETE", "/webhooks", &json!({})).await.status, 204);
    }

    /// Has a meeting take place of which nothing is told.
    async fn hold_unseen(&self) {
        let body = meeting_on("Lesson", &at("webinar", "03-04T10:00:00"), HOST);
        let booked = self.app.book(&admin(), &body).await;
        for (time, action) in [("10:05", "start"), ("10:50", "end")] {
            self.set_clock(&at("webinar", &format!("03-04T{time}:00Z")));
            let path = format!("/meetings/{}/{action}", booked["zoom_meeting_id"].as_str().unwrap());
            assert_eq!(self.zoom.sandbox("POST", &path, &json!({})).await.status, 200);
        }
    }

    /// Runs what the schedule does about connections.
    pub(super) async fn check_again(&self) {
        self.hold_unseen().await;
        self.set_clock(&at("webinar", "03-05T08:00:00Z"));
        for _ in 0..4 {
            assert!(self.app.stack.clock().advance(60) && self.zoom.stack.clock().advance(60));
            self.app.tick().await;
        }
    }
}

fn on(kind: &str, start: &str) -> Value {
    let mut body = meeting_on("Lesson", &at(kind, start), HOST);
    body["kind"] = json!(kind);
    body
}

/// A moment of the year in which there is nothing but that kind.
fn at(kind: &str, moment: &str) -> String {
    let year = if kind == "meeting" { 2027 } else { 2028 };
    format!("{year}-{moment}")
}

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}
