//! What attendees are told of a meeting: that it takes place, that it has changed, that it does not take place.

use serde_json::{Value, json};

use super::reminding;
use super::world::World;
use crate::support::{App, admin, meeting_on, sandbox_account};

pub(super) const HOST: &str = "host1@sandbox.example";

pub(super) fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

/// What was mailed since the last time this was asked: to whom, and the calendar's method.
pub(super) struct News {
    pub(super) app: App,
    seen: usize,
}

impl News {
    pub(super) async fn start() -> Self {
        let (app, _) = App::connected().await;
        Self { app, seen: 0 }
    }

    /// Runs what the schedule would, half a minute on.
    pub(super) async fn told(&mut self) -> Vec<(String, String)> {
        assert!(self.app.stack.clock().advance(30));
        self.app.tick().await;
        let mails = self.app.mails().await;
        let new: Vec<(String, String)> = mails[self.seen..].iter().filter_map(Self::read).collect();
        self.seen = mails.len();
        new
    }

    fn read(mail: &Value) -> Option<(String, String)> {
        let ics = mail["ics"].as_str()?;
        let method = ics.lines().find_map(|line| line.strip_prefix("METHOD:")).unwrap();
        let to = mail["to"][0].as_str().unwrap().split('@').next().unwrap().to_owned();
        let kind = match (method, mail["subject"].as_str().unwrap()) {
            ("CANCEL", subject) if subject.starts_with("No longer invited") => "removal",
            ("CANCEL", _) => "cancellation",
            (_, subject) if subject.starts_with("Invitation") => "invitation",
            _ => "update",
        };
        Some((to, kind.to_owned()))
    }

    async fn deliveries(&self, meeting: &Value) -> Vec<Value> {
        let path = format!("{}/deliveries?limit=100", path(meeting));
        self.app.get(&admin(), &path).await.body["items"].as_array().unwrap().clone()
    }
}

fn each(names: &[&str], kind: &str) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), kind.to_owned())).collect()
}

fn sorted(mut told: Vec<(String, String)>) -> Vec<(String, String)> {
    told.sort();
    told
}

#[tokio::test]
async fn each_hears_of_what_concerns_them_once() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana", "ben"], &[]);
    let booked = news.app.book(&admin(), &body).await;
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "invitation"));
    assert_eq!(news.told().await, []);

    let moved = json!({"start": "2027-03-09T11:00:00Z"});
    assert_eq!(news.app.patch(&admin(), &path(&booked), &moved).await.status, 200);
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "update"));

    // What nobody sees in a mail is no news.
    let unseen = json!({"courses": [{"course_id": "c-1"}], "reminders": ["P1D"]});
    assert_eq!(news.app.patch(&admin(), &path(&booked), &unseen).await.status, 200);
    assert_eq!(news.told().await, []);

    let added = json!({"attendees": [{"id": "cleo", "email": "cleo@x.example"}, {"id": "ana", "email": "ana@x.example"}]});
    let attendees = format!("{}/attendees", path(&booked));
    assert_eq!(news.app.post(&admin(), &attendees, &added).await.status, 200);
    assert_eq!(news.told().await, each(&["cleo"], "invitation"));
    assert_eq!(news.app.delete(&admin(), &format!("{attendees}/ben")).await.status, 204);
    assert_eq!(news.told().await, each(&["ben"], "removal"));

    assert_eq!(news.app.delete(&admin(), &path(&booked)).await.status, 204);
    assert_eq!(sorted(news.told().await), each(&["ana", "cleo"], "cancellation"));
    assert_eq!(news.told().await, []);
    let kinds: Vec<Value> = news.deliveries(&booked).await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
}

#[tokio::test]
async fn who_is_removed_is_told_and_who_has_another_address_at_both() {
    let mut news = News::start().await;
    let body =
        reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana", "ben", "cleo"], &["PT1H"]);
    let booked = news.app.book(&admin(), &body).await;
    let attendees = format!("{}/attendees", path(&booked));
    // Who is gone before anything was sent need not hear of it.
    assert_eq!(news.app.delete(&admin(), &format!("{attendees}/cleo")).await.status, 204);
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "invitation"));

    let person = |id: &str, name: &str| json!({"id": id, "email": format!("{name}@x.example")});
    let moved = json!({"attendees": [person("ana", "ana.new"), person("ben", "ben")]});
    assert_eq!(news.app.put(&admin(), &attendees, &moved).await.status, 200);
    let told = sorted(news.told().await);
    assert_eq!(told, [each(&["ana"], "removal"), each(&["ana.new"], "invitation")].concat());

    // Removed and added again before anyone was told: never gone.
    assert_eq!(news.app.delete(&admin(), &format!("{attendees}/ben")).await.status, 204);
    let back = json!({"attendees": [person("ben", "BEN")]});
    assert_eq!(news.app.post(&admin(), &attendees, &back).await.status, 200);
    assert_eq!(news.told().await, []);

    assert_eq!(news.app.put(&admin(), &attendees, &json!({"attendees": []})).await.status, 200);
    let told = sorted(news.told().await);
    assert_eq!(told, each(&["BEN", "ana.new"], "removal"));
    let mail = news.app.mails().await.pop().unwrap();
    let ics = mail["ics"].as_str().unwrap().replace("\r\n ", "");
    assert!(ics.contains("METHOD:CANCEL") && !ics.contains("STATUS:"), "{ics}");
    assert!(!ics.contains("zoom.us") && !mail["text"].as_str().unwrap().contains("zoom.us"), "{mail}");
    let deliveries = news.deliveries(&booked).await;
    let cancelled = deliveries.iter().filter(|one| one["kind"] == "cancellation" && one["status"] == "sent");
    assert_eq!(cancelled.count(), 3, "{deliveries:?}");
    assert!(news.app.stack.clock().advance(400 * 24 * 3600));
    assert_eq!(news.told().await, []);
}

#[tokio::test]
async fn a_draft_is_no_news_before_it_is_planned_nor_one_called_off_before_anyone_heard() {
    let mut news = News::start().await;
    let mut draft = reminding(meeting_on("Draft", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    draft["status"] = json!("draft");
    let draft = news.app.book(&admin(), &draft).await;
    assert_eq!(news.told().await, []);
    let planned = news.app.patch(&admin(), &path(&draft), &json!({"status": "planned"})).await;
    assert_eq!(planned.status, 200, "{}", planned.text);
    assert_eq!(news.told().await, each(&["ana"], "invitation"));

    let body = reminding(meeting_on("Brief", "2027-03-10T10:00:00Z", HOST), &["ana"], &[]);
    let brief = news.app.book(&admin(), &body).await;
    assert_eq!(news.app.delete(&admin(), &path(&brief)).await.status, 204);
    assert_eq!(news.told().await, []);
}

#[tokio::test]
async fn changes_in_quick_succession_are_told_together() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    let booked = news.app.book(&admin(), &body).await;
    for topic in ["Yoga I", "Yoga II"] {
        assert_eq!(news.app.patch(&admin(), &path(&booked), &json!({"topic": topic})).await.status, 200);
    }
    assert_eq!(news.told().await, each(&["ana"], "invitation"));
    let mails = news.app.mails().await;
    assert!(mails[0]["subject"].as_str().unwrap().contains("Yoga II"), "{}", mails[0]["subject"]);
    assert!(mails[0]["ics"].as_str().unwrap().contains("SUMMARY:Yoga II"), "{}", mails[0]["ics"]);
}

#[tokio::test]
async fn a_tenant_that_wants_no_mails_gets_none() {
    let mut news = News::start().await;
    let settings = json!({"email": {"enabled": false, "from": null}});
    assert_eq!(news.app.put(&admin(), "/v1/settings", &settings).await.status, 200);
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    news.app.book(&admin(), &body).await;
    assert_eq!(news.told().await, []);
}

#[tokio::test]
async fn offsets_that_were_past_at_the_invitation_are_recorded_as_skipped() {
    let mut news = News::start().await;
    let reminders = ["P7D", "PT1H"];
    let body = reminding(meeting_on("Soon", "2027-03-02T10:00:00Z", HOST), &["ana"], &reminders);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    let deliveries = news.deliveries(&booked).await;
    let skipped: Vec<&Value> = deliveries.iter().filter(|one| one["status"] == "skipped").collect();
    assert_eq!(skipped.len(), 1, "{deliveries:?}");
    assert_eq!((&skipped[0]["kind"], &skipped[0]["offset"]), (&json!("reminder"), &json!("P7D")));
    assert_eq!(skipped[0]["occurrence_start"], "2027-03-02T10:00:00Z");

    // Whoever comes later has missed no less, and gets the reminder that is still to come.
    let added = json!({"attendees": [{"id": "cleo", "email": "cleo@x.example"}]});
    let attendees = format!("{}/attendees", path(&booked));
    assert_eq!(news.app.post(&admin(), &attendees, &added).await.status, 200);
    news.told().await;
    news.app.stack.clock().set("2027-03-02T09:00:00Z".parse().unwrap());
    news.app.tick().await;
    let told: Vec<(Value, Value, Value)> = news
        .deliveries(&booked)
        .await
        .iter()
        .filter(|one| one["attendee_id"] == "cleo")
        .map(|one| (one["kind"].clone(), one["offset"].clone(), one["status"].clone()))
        .collect();
    let row = |kind: &str, offset: Value, status: &str| (json!(kind), offset, json!(status));
    let expected = [
        row("invitation", Value::Null, "sent"),
        row("reminder", json!("P7D"), "skipped"),
        row("reminder", json!("PT1H"), "sent"),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn who_is_added_once_a_reminder_is_due_is_not_sent_it_whichever_comes_first() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Soon", "2027-03-09T10:00:00Z", HOST), &["ana"], &["PT1H", "PT30M"]);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    let attendees = format!("{}/attendees", path(&booked));
    for (id, at) in [("dora", "2027-03-09T09:00:10Z"), ("eli", "2027-03-09T09:00:30Z")] {
        news.app.stack.clock().set(at.parse().unwrap());
        let added = json!({"attendees": [{"id": id, "email": format!("{id}@x.example")}]});
        assert_eq!(news.app.post(&admin(), &attendees, &added).await.status, 200);
        news.app.tick().await;
    }
    news.app.stack.clock().set("2027-03-09T09:30:10Z".parse().unwrap());
    news.app.tick().await;
    let deliveries = news.deliveries(&booked).await;
    let of = |id: &str, offset: &str| {
        let mine = deliveries.iter().filter(|one| one["attendee_id"] == id && one["offset"] == offset);
        mine.map(|one| one["status"].as_str().unwrap()).collect::<Vec<_>>()
    };
    for (id, first) in [("ana", "sent"), ("dora", "skipped"), ("eli", "skipped")] {
        assert_eq!((of(id, "PT1H"), of(id, "PT30M")), (vec![first], vec!["sent"]), "{id}");
    }
}

#[tokio::test]
async fn who_is_added_after_the_news_was_queued_is_invited_once() {
    let world = World::start().await;
    world.app.connect(&admin(), &sandbox_account("Room 1")).await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    let booked = world.app.book(&admin(), &body).await;
    reminders::run(&world.deps).await.unwrap();
    let added = json!({"attendees": [{"id": "cleo", "email": "cleo@x.example"}]});
    let attendees = format!("{}/attendees", path(&booked));
    assert_eq!(world.app.post(&admin(), &attendees, &added).await.status, 200);
    world.app.tick().await;
    let to = |mails: Vec<Value>| mails.iter().map(|mail| mail["to"][0].clone()).collect::<Vec<_>>();
    let once = [json!("ana@x.example"), json!("cleo@x.example")];
    let mut told = to(world.app.mails().await);
    told.sort_by_key(ToString::to_string);
    assert_eq!(told, once);
}

#[tokio::test]
async fn a_copy_has_the_attendees_of_the_original_as_its_own() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    let added = json!({"attendees": [{"id": "ben", "email": "ben@x.example", "locale": "fr"}]});
    assert_eq!(news.app.post(&admin(), &format!("{}/attendees", path(&booked)), &added).await.status, 200);
    news.told().await;
    let copy = json!({"start": "2027-03-16T10:00:00Z"});
    let copy = news.app.post(&admin(), &format!("{}/duplicate", path(&booked)), &copy).await;
    assert_eq!(copy.status, 201, "{}", copy.text);
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "invitation"));
    let moved = json!({"start": "2027-03-16T11:00:00Z"});
    assert_eq!(news.app.patch(&admin(), &path(&copy.body), &moved).await.status, 200);
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "update"));
}

#[tokio::test]
async fn calling_off_what_is_left_of_a_series_is_told() {
    let mut news = News::start().await;
    let mut body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    body["recurrence"] = json!({"frequency": "weekly", "count": 2});
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    news.app.stack.clock().set("2027-03-12T10:00:00Z".parse().unwrap());
    news.app.tick().await;
    let last = booked["occurrences"][1]["id"].as_str().unwrap();
    let date = format!("{}/occurrences/{last}", path(&booked));
    assert_eq!(news.app.delete(&admin(), &date).await.status, 204);
    assert!(news.app.stack.clock().advance(30));
    news.app.tick().await;
    let mails = news.app.mails().await;
    let subject = mails.last().unwrap()["subject"].as_str().unwrap();
    assert!(subject.starts_with("Cancelled: Yoga, Tue 16 Mar"), "{subject}");
    // The date that was held stays in the calendar.
    let ics = mails.last().unwrap()["ics"].as_str().unwrap();
    assert!(ics.contains("METHOD:REQUEST") && ics.contains("COUNT=1"), "{ics}");
    let kinds: Vec<Value> = news.deliveries(&booked).await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["invitation", "cancellation"]);
}

#[tokio::test]
async fn an_address_that_another_attendee_has_has_not_left() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana"], &[]);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    let renamed = json!({"attendees": [{"id": "ana-2", "email": "Ana@x.example"}]});
    assert_eq!(news.app.put(&admin(), &format!("{}/attendees", path(&booked)), &renamed).await.status, 200);
    assert_eq!(news.told().await, []);
    assert_eq!(news.app.delete(&admin(), &path(&booked)).await.status, 204);
    assert_eq!(news.told().await, each(&["Ana"], "cancellation"));
}

#[tokio::test]
async fn who_is_added_once_all_is_over_is_invited_when_there_is_another_date() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-02T09:00:00Z", HOST), &["ana"], &[]);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    news.app.stack.clock().set("2027-03-05T10:00:00Z".parse().unwrap());
    let added = json!({"attendees": [{"id": "ben", "email": "ben@x.example"}]});
    assert_eq!(news.app.post(&admin(), &format!("{}/attendees", path(&booked)), &added).await.status, 200);
    assert_eq!(news.told().await, []);
    let moved = json!({"start": "2027-03-16T11:00:00Z"});
    assert_eq!(news.app.patch(&admin(), &path(&booked), &moved).await.status, 200);
    let told = sorted(news.told().await);
    assert_eq!(told, [each(&["ana"], "update"), each(&["ben"], "invitation")].concat());
}

#[tokio::test]
async fn a_run_that_died_before_it_noted_what_it_told_confuses_nobody() {
    let world = World::start().await;
    world.app.connect(&admin(), &sandbox_account("Room 1")).await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana", "ben"], &[]);
    let booked = world.app.book(&admin(), &body).await;
    let (tenant, id) = ("school".parse().unwrap(), booked["id"].as_str().unwrap().parse().unwrap());
    let meeting = world.deps.store.meeting(&tenant, &id).await.unwrap().unwrap();
    let forget = || {
        world.rewrite(&meeting, |stored| {
            stored.news.told = 0;
            stored.news.departed = 2;
        })
    };
    world.app.tick().await;
    forget().await;
    assert_eq!(world.app.patch(&admin(), &path(&booked), &json!({"topic": "Judo"})).await.status, 200);
    world.app.tick().await;
    forget().await;
    assert_eq!(world.app.delete(&admin(), &format!("{}/attendees/ben", path(&booked))).await.status, 204);
    world.app.tick().await;
    forget().await;
    assert_eq!(world.app.delete(&admin(), &path(&booked)).await.status, 204);
    world.app.tick().await;
    let mails = world.app.mails().await;
    let told = |name: &str| {
        let mine = mails.iter().filter(|mail| mail["to"][0] == format!("{name}@x.example"));
        mine.map(|mail| mail["subject"].as_str().unwrap().split(':').next().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(told("ana"), ["Invitation", "Updated", "Cancelled"]);
    assert_eq!(told("ben"), ["Invitation", "Updated", "No longer invited"]);
}

#[tokio::test]
async fn a_run_that_comes_twice_tells_nothing_twice() {
    let mut news = News::start().await;
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana", "ben"], &[]);
    news.app.book(&admin(), &body).await;
    assert!(news.app.stack.clock().advance(30));
    futures::future::join(news.app.tick(), news.app.tick()).await;
    assert_eq!(sorted(news.told().await), each(&["ana", "ben"], "invitation"));
    assert_eq!(news.told().await, []);
}

#[tokio::test]
async fn a_date_that_is_ended_early_is_no_news() {
    let mut news = News::start().await;
    let mut body = reminding(meeting_on("Series", "2027-03-02T10:00:00Z", HOST), &["ana"], &[]);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    let booked = news.app.book(&admin(), &body).await;
    assert_eq!(news.told().await, each(&["ana"], "invitation"));
    news.app.stack.clock().set("2027-03-02T10:10:00Z".parse().unwrap());
    let start = format!("/meetings/{}/start", booked["zoom_meeting_id"].as_str().unwrap());
    assert_eq!(news.app.sandbox("POST", &start, &json!({})).await.status, 200);
    let ended = news.app.post(&admin(), &format!("{}/end", path(&booked)), &json!({})).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_eq!(news.told().await, []);
    let date = booked["occurrences"][2]["id"].as_str().unwrap();
    let off = news.app.delete(&admin(), &format!("{}/occurrences/{date}", path(&booked))).await;
    assert_eq!(off.status, 204, "{}", off.text);
    assert_eq!(news.told().await, each(&["ana"], "update"));
}
