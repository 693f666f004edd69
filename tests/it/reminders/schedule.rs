//! When reminders leave, by what happened to the meeting.

use serde_json::{Value, json};

use super::{reminding, sent, tick_at};
use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

/// What was sent to the one attendee of a test.
fn to_one(times: &[&str]) -> Vec<(String, String)> {
    times.iter().map(|time| ("u-1@x.example".to_owned(), (*time).to_owned())).collect()
}

#[tokio::test]
async fn each_offset_leaves_at_its_moment_and_not_before() {
    let (app, _) = App::connected().await;
    let body = meeting_on("Yoga", "2027-03-05T10:00:00Z", HOST);
    app.book(&admin(), &reminding(body, &["u-1"], &["PT1H", "P2D", "PT1H30M"])).await;
    let at = ["2027-03-03T10:00:00Z", "2027-03-05T08:30:00Z", "2027-03-05T09:00:00Z"];
    for (early, moment) in
        [("2027-03-03T09:59:00Z", at[0]), ("2027-03-05T08:29:00Z", at[1]), ("2027-03-05T08:59:00Z", at[2])]
    {
        assert_eq!(tick_at(&app, early).await["reminders"]["due"], 0);
        assert_eq!(tick_at(&app, moment).await["reminders"]["due"], 1);
    }
    tick_at(&app, "2027-03-05T10:00:00Z").await;
    assert_eq!(
        sent(&app).await,
        to_one(&at.map(|moment| moment.replace(":00Z", "Z")).each_ref().map(String::as_str))
    );
}

#[tokio::test]
async fn a_day_before_is_the_same_wall_time_across_a_change_of_the_clocks() {
    let (app, _) = App::connected().await;
    for (start, zone, day, early, due) in [
        // 09:00 in Berlin, on the day on which the clocks went forward.
        (
            "2027-03-28T09:00:00",
            "Europe/Berlin",
            "2027-03-28T07",
            "2027-03-27T07:59:00Z",
            "2027-03-27T08:00:00Z",
        ),
        // 09:00 in New York, on the day on which they went back.
        (
            "2027-11-07T09:00:00",
            "America/New_York",
            "2027-11-07T14",
            "2027-11-06T12:59:00Z",
            "2027-11-06T13:00:00Z",
        ),
    ] {
        let mut body = reminding(meeting_on("Yoga", start, HOST), &["u-1"], &["P1D"]);
        body["time_zone"] = json!(zone);
        let booked = app.book(&admin(), &body).await;
        assert!(booked["starts_at"].as_str().unwrap().starts_with(day), "{booked}");
        assert_eq!(tick_at(&app, early).await["reminders"]["due"], 0);
        assert_eq!(tick_at(&app, due).await["reminders"]["due"], 1);
    }
    assert_eq!(sent(&app).await, to_one(&["2027-03-27T08:00Z", "2027-11-06T13:00Z"]));
    for mail in app.reminders().await {
        assert!(mail["text"].as_str().unwrap().contains("09:00"), "{mail}");
    }
}

#[tokio::test]
async fn a_moved_meeting_is_reminded_of_at_its_new_time_alone() {
    let (app, _) = App::connected().await;
    let body = reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1"], &["PT1H"]);
    let booked = app.book(&admin(), &body).await;
    let moved = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-03T15:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    for moment in ["2027-03-02T09:00:00Z", "2027-03-02T09:59:00Z", "2027-03-03T13:59:00Z"] {
        assert_eq!(tick_at(&app, moment).await["reminders"]["due"], 0);
    }
    tick_at(&app, "2027-03-03T14:00:00Z").await;
    assert_eq!(sent(&app).await, to_one(&["2027-03-03T14:00Z"]));
}

#[tokio::test]
async fn a_meeting_moved_after_its_reminder_is_reminded_of_again() {
    let (app, _) = App::connected().await;
    let body = reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1"], &["PT1H"]);
    let booked = app.book(&admin(), &body).await;
    tick_at(&app, "2027-03-02T09:00:00Z").await;
    let moved = app.patch(&admin(), &path(&booked), &json!({"start": "2027-03-02T12:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    tick_at(&app, "2027-03-02T10:59:00Z").await;
    tick_at(&app, "2027-03-02T11:00:00Z").await;
    tick_at(&app, "2027-03-02T11:30:00Z").await;
    assert_eq!(sent(&app).await, to_one(&["2027-03-02T09:00Z", "2027-03-02T11:00Z"]));
}

#[tokio::test]
async fn a_cancelled_meeting_reminds_nobody() {
    let (app, _) = App::connected().await;
    let body = reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1"], &["PT1H"]);
    let booked = app.book(&admin(), &body).await;
    assert_eq!(app.delete(&admin(), &path(&booked)).await.status, 204);
    let done = tick_at(&app, "2027-03-02T09:00:00Z").await;
    assert_eq!(done["reminders"]["due"], 0);
    assert!(app.mails().await.is_empty());
}

#[tokio::test]
async fn a_draft_reminds_nobody_until_it_is_booked() {
    let (app, _) = App::connected().await;
    let mut body = reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1"], &["PT2H", "PT1H"]);
    body["status"] = json!("draft");
    let draft = app.book(&admin(), &body).await;
    tick_at(&app, "2027-03-02T08:00:00Z").await;
    assert!(app.reminders().await.is_empty());
    let planned = app.patch(&admin(), &path(&draft), &json!({"status": "planned"})).await;
    assert_eq!(planned.body["status"], "scheduled", "{}", planned.text);
    tick_at(&app, "2027-03-02T09:00:00Z").await;
    assert_eq!(sent(&app).await, to_one(&["2027-03-02T09:00Z"]));
}

#[tokio::test]
async fn an_edit_of_what_is_said_reminds_nobody_again() {
    let (app, _) = App::connected().await;
    let body = reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1"], &["PT1H"]);
    let booked = app.book(&admin(), &body).await;
    tick_at(&app, "2027-03-02T09:00:00Z").await;
    for change in
        [json!({"agenda": "Bring a mat"}), json!({"topic": "Yoga II"}), json!({"duration_minutes": 90})]
    {
        let changed = app.patch(&admin(), &path(&booked), &change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        tick_at(&app, "2027-03-02T09:10:00Z").await;
    }
    // Nor does a reminder that is taken away and given back.
    for reminders in [json!([]), json!(["PT1H"])] {
        let changed = app.patch(&admin(), &path(&booked), &json!({"reminders": reminders})).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        tick_at(&app, "2027-03-02T09:20:00Z").await;
    }
    assert_eq!(sent(&app).await, to_one(&["2027-03-02T09:00Z"]));
}

#[tokio::test]
async fn a_meeting_booked_within_an_offset_is_not_reminded_of_by_it() {
    let (app, _) = App::connected().await;
    let body = reminding(meeting_on("Yoga", "2027-03-01T12:00:00Z", HOST), &["u-1"], &["P1D", "PT1H"]);
    app.book(&admin(), &body).await;
    assert_eq!(app.tick().await["reminders"]["due"], 0);
    tick_at(&app, "2027-03-01T11:00:00Z").await;
    assert_eq!(sent(&app).await, to_one(&["2027-03-01T11:00Z"]));
}

#[tokio::test]
async fn each_date_of_a_series_has_its_reminder() {
    let (app, _) = App::connected().await;
    let mut body = reminding(meeting_on("Yoga", "2027-03-22T09:00:00", HOST), &["u-1"], &["PT1H"]);
    body["time_zone"] = json!("Europe/Berlin");
    body["recurrence"] = json!({"frequency": "weekly", "interval": 1, "weekdays": ["MO"], "count": 3});
    app.book(&admin(), &body).await;
    // 09:00 on the wall all through, over a change of the clocks.
    let due = ["2027-03-22T07:00:00Z", "2027-03-29T06:00:00Z", "2027-04-05T06:00:00Z"];
    for moment in due {
        assert_eq!(tick_at(&app, moment).await["reminders"]["due"], 1, "{moment}");
        tick_at(&app, &moment.replace(":00:00Z", ":59:00Z")).await;
    }
    tick_at(&app, "2027-04-12T06:00:00Z").await;
    assert_eq!(sent(&app).await, to_one(&["2027-03-22T07:00Z", "2027-03-29T06:00Z", "2027-04-05T06:00Z"]));
    let days = ["22 March", "29 March", "5 April"];
    for (mail, day) in app.reminders().await.iter().zip(days) {
        assert!(mail["text"].as_str().unwrap().contains(day), "{mail}");
    }
}

#[tokio::test]
async fn those_who_attend_when_it_is_due_are_reminded() {
    let (app, _) = App::connected().await;
    let body =
        reminding(meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST), &["u-1", "u-2"], &["PT1H", "PT30M"]);
    let booked = app.book(&admin(), &body).await;
    let attendees = format!("{}/attendees", path(&booked));
    let one = json!({"attendees": [{"id": "u-3", "email": "u-3@x.example"}]});
    assert_eq!(app.post(&admin(), &attendees, &one).await.status, 200);
    assert_eq!(app.delete(&admin(), &format!("{attendees}/u-2")).await.status, 204);
    tick_at(&app, "2027-03-02T09:00:00Z").await;
    let mut reached: Vec<String> = sent(&app).await.into_iter().map(|(to, _)| to).collect();
    reached.sort();
    assert_eq!(reached, ["u-1@x.example", "u-3@x.example"]);
    let replaced = app.put(&admin(), &attendees, &json!({"attendees": []})).await;
    assert_eq!(replaced.status, 200, "{}", replaced.text);
    tick_at(&app, "2027-03-02T09:30:00Z").await;
    assert_eq!(app.reminders().await.len(), 2);
}
