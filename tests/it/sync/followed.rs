//! Lectern's own meetings, changed in Zoom.

use serde_json::{Value, json};

use super::world::{HOST, OTHER_HOST, World, at_zoom, busy, path};
use crate::support::{admin, meeting_on};

/// A lesson that somebody attends and that stands in a course.
fn lesson(start: &str) -> Value {
    let mut body = meeting_on("Lesson", start, HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    body["courses"] = json!([{"course_id": "c-7", "lesson_id": "l-3"}]);
    body
}

/// What stays of a meeting, whatever becomes of it in Zoom.
fn own(meeting: &Value) -> [&Value; 5] {
    ["id", "courses", "attendee_count", "reminders", "zoom_meeting_id"].map(|name| &meeting[name])
}

#[tokio::test]
async fn its_time_and_topic_follow_and_attendees_are_told() {
    let world = World::start().await;
    let mut body = lesson("2027-03-10T21:30:00");
    body["time_zone"] = json!("Asia/Jakarta");
    let booked = world.app.book(&admin(), &body).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.app.mails().await.len(), 1);
    let moved = json!({"topic": "Lesson two", "start_time": "2027-03-11T09:00:00Z", "duration": 90});
    world.zoom("PATCH", &at_zoom(&booked), &moved).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let followed = world.meeting(&booked).await;
    assert_eq!(own(&followed), own(&booked));
    for (name, value) in [
        ("topic", json!("Lesson two")),
        ("starts_at", json!("2027-03-11T09:00:00Z")),
        ("ends_at", json!("2027-03-11T10:30:00Z")),
        ("local_start", json!("2027-03-11T16:00:00")),
        ("duration_minutes", json!(90)),
        ("version", json!(2)),
        ("status", json!("scheduled")),
        ("warnings", json!([])),
    ] {
        assert_eq!(followed[name], value, "{name}: {followed:#}");
    }
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-11T09:00:00Z")]);
    world.app.tick().await;
    let mails = world.app.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1]["subject"].as_str().unwrap().contains("Lesson two"), "{}", mails[1]);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.meeting(&booked).await, followed);
}

#[tokio::test]
async fn one_that_is_deleted_in_zoom_is_cancelled_here() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    world.cycle().await;
    world.zoom("DELETE", &at_zoom(&booked), &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 1, 0, 0]);
    assert_eq!(world.meeting(&booked).await["status"], "cancelled");
    assert_eq!(world.busy(HOST).await, []);
    world.app.tick().await;
    let mails = world.app.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1]["subject"].as_str().unwrap().contains("Cancelled"), "{}", mails[1]);
}

#[tokio::test]
async fn what_is_over_is_not_cancelled_when_zoom_forgets_it() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-02T09:00:00")).await;
    world.app.stack.clock().set("2027-03-05T09:00:00Z".parse().unwrap());
    world.app.tick().await;
    world.zoom("DELETE", &at_zoom(&booked), &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.meeting(&booked).await["status"], "ended");
}

#[tokio::test]
async fn single_dates_follow_and_keep_what_zoom_does_not_show() {
    let world = World::start().await;
    let mut body = lesson("2027-03-03T09:00:00");
    body["recurrence"] = json!({"frequency": "weekly", "interval": 1, "weekdays": ["WE"], "count": 4});
    let series = world.app.book(&admin(), &body).await;
    let id = |n: usize| series["occurrences"][n]["id"].as_str().unwrap().to_owned();
    let date = |n: usize| format!("{}/occurrences/{}", path(&series), id(n));
    let told = world.app.patch(&admin(), &date(2), &json!({"agenda": "Guest speaker"})).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    let before = world.meeting(&series).await;

    let zoom = |n: usize| format!("{}?occurrence_id={}", at_zoom(&series), id(n));
    world.zoom("DELETE", &zoom(1), &Value::Null).await;
    world.zoom("PATCH", &zoom(2), &json!({"start_time": "2027-03-18T15:00:00Z", "duration": 30})).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let followed = world.meeting(&series).await;
    let dates = |meeting: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let dates = meeting["occurrences"].as_array().unwrap();
        dates.iter().map(|date| (text(&date["starts_at"]), text(&date["status"]))).collect()
    };
    let date = |day: &str, status: &str| (format!("2027-03-{day}:00:00Z"), status.to_owned());
    assert_eq!(
        dates(&followed),
        [
            date("03T09", "scheduled"),
            date("10T09", "cancelled"),
            date("18T15", "scheduled"),
            date("24T09", "scheduled"),
        ]
    );
    assert_eq!(followed["recurrence"], before["recurrence"]);
    assert_eq!(own(&followed), own(&before));
    let moved = followed["occurrences"].as_array().unwrap().iter().find(|date| date["id"] == id(2)).unwrap();
    assert_eq!(moved["agenda"], "Guest speaker", "{followed:#}");
    let taken: Vec<_> = ["03T09", "18T15", "24T09"]
        .iter()
        .map(|day| busy("lectern", &format!("2027-03-{day}:00:00Z")))
        .collect();
    assert_eq!(world.busy(HOST).await, taken);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn another_rule_gives_other_dates() {
    let world = World::start().await;
    let mut body = lesson("2027-03-03T09:00:00");
    body["recurrence"] = json!({"frequency": "weekly", "interval": 1, "weekdays": ["WE"], "count": 3});
    let series = world.app.book(&admin(), &body).await;
    world.cycle().await;
    let rule = json!({"type": 2, "repeat_interval": 1, "weekly_days": "3,5", "end_times": 4});
    let body = json!({"start_time": "2027-03-09T14:00:00Z", "duration": 45, "recurrence": rule});
    world.zoom("PATCH", &at_zoom(&series), &body).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let followed = world.meeting(&series).await;
    let starts: Vec<&Value> =
        followed["occurrences"].as_array().unwrap().iter().map(|date| &date["starts_at"]).collect();
    assert_eq!(
        starts,
        ["2027-03-09T14:00:00Z", "2027-03-11T14:00:00Z", "2027-03-16T14:00:00Z", "2027-03-18T14:00:00Z"]
    );
    assert_eq!(
        followed["recurrence"],
        json!({"frequency": "weekly", "interval": 1, "weekdays": ["TU", "TH"], "count": 4})
    );
    assert_eq!(
        (&followed["duration_minutes"], &followed["local_start"]),
        (&json!(45), &json!("2027-03-09T14:00:00"))
    );
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn an_agenda_that_is_cleared_is_cleared() {
    let world = World::start().await;
    let mut body = lesson("2027-03-10T09:00:00");
    body["agenda"] = json!("Bring a pen");
    let booked = world.app.book(&admin(), &body).await;
    world.cycle().await;
    world.zoom("PATCH", &at_zoom(&booked), &json!({"agenda": ""})).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.meeting(&booked).await["agenda"], "");
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn an_agenda_of_which_lists_show_the_beginning_is_not_asked_for_again() {
    let world = World::listening().await;
    let mut body = lesson("2027-03-10T09:00:00");
    body["agenda"] = json!("Bring a pen. ".repeat(60));
    world.app.book(&admin(), &body).await;
    world.cycle().await;
    world.app.calls().await;
    world.cycle().await;
    assert_eq!(world.app.calls().await["zoom"]["GET /meetings/{meetingId}"], Value::Null);
}

#[tokio::test]
async fn settings_follow_and_stay_when_something_else_is_changed_here() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    let changed = json!({"settings": {"waiting_room": true, "auto_recording": "local", "host_video": true,
                                      "meeting_authentication": true, "mute_upon_entry": false,
                                      "participant_video": true}});
    world.zoom("PATCH", &at_zoom(&booked), &changed).await;
    assert_eq!(world.work().await, 0);
    let wanted = json!({"join_before_host": false, "host_video": true, "participant_video": true,
                        "mute_upon_entry": false, "enforce_login": true, "waiting_room": true,
                        "recording": "local"});
    let followed = world.meeting(&booked).await;
    assert_eq!(followed["settings"], wanted);
    assert_eq!(followed["warnings"], json!(["browser_join_cannot_record_locally"]));
    let renamed = world.app.patch(&admin(), &path(&booked), &json!({"topic": "Other"})).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["settings"], wanted);
    assert_eq!(world.app.zoom_get(&at_zoom(&booked)).await["settings"]["waiting_room"], true);
    // Nobody is written to about settings.
    world.app.tick().await;
    assert_eq!(world.app.mails().await.len(), 2);
}

#[tokio::test]
async fn without_events_what_lists_do_not_show_follows_within_a_cycle() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    let changed =
        json!({"password": "kiosk", "settings": {"mute_upon_entry": false, "alternative_hosts": OTHER_HOST}});
    world.zoom("PATCH", &at_zoom(&booked), &changed).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let followed = world.meeting(&booked).await;
    assert_eq!(
        (&followed["passcode"], &followed["settings"]["mute_upon_entry"]),
        (&json!("kiosk"), &json!(false))
    );
    assert_eq!(followed["alternative_hosts"][0]["email"], OTHER_HOST, "{followed:#}");
    assert_eq!(world.busy(OTHER_HOST).await, [busy("lectern", "2027-03-10T09:00:00Z")]);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn settings_of_a_webinar_follow() {
    let world = World::listening().await;
    let mut body = lesson("2027-03-10T09:00:00");
    body["kind"] = json!("webinar");
    let booked = world.app.book(&admin(), &body).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    let at_zoom = at_zoom(&booked).replace("meetings", "webinars");
    let changed = json!({"settings": {"panelists_video": true, "auto_recording": "cloud"}});
    world.zoom("PATCH", &at_zoom, &changed).await;
    assert_eq!(world.work().await, 0);
    let followed = world.meeting(&booked).await;
    let mut settings = booked["settings"].clone();
    settings["participant_video"] = json!(true);
    settings["recording"] = json!("cloud");
    assert_eq!(followed["settings"], settings);
}

#[tokio::test]
async fn alternative_hosts_follow_with_their_time() {
    let world = World::listening().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    let beside = meeting_on("Beside", "2027-03-10T09:30:00", OTHER_HOST);
    let beside = world.app.book(&admin(), &beside).await;
    assert_eq!(world.work().await, 0);
    assert!(world.app.stack.clock().advance(120));
    let other = |names: &str| json!({"settings": {"alternative_hosts": names}});
    world.zoom("PATCH", &at_zoom(&booked), &other(OTHER_HOST)).await;
    assert_eq!(world.work().await, 0);
    let followed = world.meeting(&booked).await;
    assert_eq!(followed["alternative_hosts"][0]["email"], OTHER_HOST, "{followed:#}");
    let time = busy("lectern", "2027-03-10T09:00:00Z");
    assert_eq!(world.busy(OTHER_HOST).await, [time.clone(), busy("lectern", "2027-03-10T09:30:00Z")]);
    for meeting in [&booked, &beside] {
        assert_eq!(world.meeting(meeting).await["warnings"], json!(["overlaps_in_zoom"]));
    }
    // Somebody who is not known here takes nobody's place.
    let new = json!({"account_id": "sandbox-account", "email": "new@sandbox.example", "type": 2});
    assert_eq!(world.app.sandbox("POST", "/users", &new).await.status, 201);
    world.zoom("PATCH", &at_zoom(&booked), &other("new@sandbox.example")).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.busy(OTHER_HOST).await.len(), 2);
    world.zoom("PATCH", &at_zoom(&booked), &other("")).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["alternative_hosts"], json!([]));
    assert_eq!(world.busy(OTHER_HOST).await, [busy("lectern", "2027-03-10T09:30:00Z")]);
    for meeting in [&booked, &beside] {
        assert_eq!(world.meeting(meeting).await["warnings"], json!([]));
    }
    assert_eq!(world.busy(HOST).await, [time]);
}

#[tokio::test]
async fn a_series_may_become_a_single_meeting_and_a_series_again() {
    let world = World::start().await;
    let mut body = lesson("2027-03-03T09:00:00");
    body["recurrence"] = json!({"frequency": "weekly", "interval": 1, "weekdays": ["WE"], "count": 3});
    let series = world.app.book(&admin(), &body).await;
    world.cycle().await;
    let single = json!({"type": 2, "start_time": "2027-03-05T14:00:00Z", "duration": 30});
    world.zoom("PATCH", &at_zoom(&series), &single).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let followed = world.meeting(&series).await;
    assert_eq!(own(&followed), own(&series));
    for (name, value) in [
        ("recurrence", Value::Null),
        ("occurrences", json!([])),
        ("starts_at", json!("2027-03-05T14:00:00Z")),
        ("local_start", json!("2027-03-05T14:00:00")),
        ("duration_minutes", json!(30)),
    ] {
        assert_eq!(followed[name], value, "{name}: {followed:#}");
    }
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-05T14:00:00Z")]);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    let moved = world.app.patch(&admin(), &path(&series), &json!({"start": "2027-03-06T14:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);

    let rule = json!({"type": 1, "repeat_interval": 1, "end_times": 2});
    world.zoom("PATCH", &at_zoom(&series), &json!({"type": 8, "recurrence": rule})).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    let days = ["06", "07"].map(|day| busy("lectern", &format!("2027-03-{day}T14:00:00Z")));
    assert_eq!(world.busy(HOST).await, days);
}

#[tokio::test]
async fn a_date_that_runs_is_not_taken_from_a_series() {
    let world = World::start().await;
    let mut body = lesson("2027-03-03T09:00:00");
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    world.app.stack.clock().set("2027-03-03T08:40:00Z".parse().unwrap());
    world.app.tick().await;
    let single = json!({"type": 2, "start_time": "2027-03-05T14:00:00Z", "duration": 60});
    world.zoom("PATCH", &at_zoom(&series), &single).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await[0], busy("lectern", "2027-03-03T09:00:00Z"));
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-05T14:00:00Z")]);
}

#[tokio::test]
async fn one_without_a_fixed_time_keeps_the_times_that_it_had() {
    let world = World::start().await;
    let single = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    let mut body = lesson("2027-03-20T09:00:00");
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    world.cycle().await;
    let before = world.busy(HOST).await;
    assert_eq!(before.len(), 3);
    for meeting in [&single, &series] {
        world.zoom("PATCH", &at_zoom(meeting), &json!({"type": 3, "topic": "Open door"})).await;
    }
    assert_eq!(world.repairs().await, [2, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, before);
    assert_eq!(world.meeting(&series).await["topic"], "Open door");
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn what_was_called_off_here_and_brought_back_there_takes_time() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-10T09:00:00")).await;
    assert_eq!(world.app.delete(&admin(), &path(&booked)).await.status, 204);
    let status = format!("{}/status", at_zoom(&booked));
    world.zoom("PUT", &status, &json!({"action": "recover"})).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.meeting(&booked).await["status"], "cancelled");
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-10T09:00:00Z")]);
    world.zoom("DELETE", &at_zoom(&booked), &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 1]);
    assert_eq!(world.busy(HOST).await, []);
}

#[tokio::test]
async fn one_that_was_ended_early_stays_ended() {
    let world = World::start().await;
    let booked = world.app.book(&admin(), &lesson("2027-03-01T09:00:00")).await;
    world.app.stack.clock().set("2027-03-01T09:01:00Z".parse().unwrap());
    let start = format!("{}/start", at_zoom(&booked));
    assert_eq!(world.app.sandbox("POST", &start, &json!({})).await.status, 200);
    let ended = world.app.post(&admin(), &format!("{}/end", path(&booked)), &json!({})).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.meeting(&booked).await, ended.body);
}
