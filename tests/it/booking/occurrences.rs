//! One date of a series: moved, changed, called off; booked by the same rule as all of it.

use serde_json::{Value, json};

use crate::support::{App, admin, instructor, meeting_on};

const HOST: &str = "host1@sandbox.example";
const UPDATE: &str = "PATCH /meetings/{meetingId}";
const DELETE: &str = "DELETE /meetings/{meetingId}";

/// A series of four days at nine.
async fn series(app: &App) -> Value {
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 4});
    app.book(&admin(), &body).await
}

fn path(series: &Value) -> String {
    format!("/v1/meetings/{}", series["id"].as_str().unwrap())
}

fn date(series: &Value, place: usize) -> String {
    format!("{}/occurrences/{}", path(series), series["occurrences"][place]["id"].as_str().unwrap())
}

fn starts(meeting: &Value) -> Vec<&str> {
    let dates = meeting["occurrences"].as_array().unwrap().iter();
    dates.filter(|d| d["status"] == "scheduled").map(|d| d["starts_at"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_date_moves_alone_and_gives_its_time_back() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    app.calls().await;
    let change = json!({"start": "2027-03-03T14:00:00", "duration_minutes": 90, "agenda": "Only today"});
    let moved = app.patch(&admin(), &date(&series, 1), &change).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(app.calls().await["zoom"], json!({UPDATE: 1}));
    assert_eq!(
        starts(&moved.body),
        ["2027-03-02T09:00:00Z", "2027-03-03T14:00:00Z", "2027-03-04T09:00:00Z", "2027-03-05T09:00:00Z"]
    );
    let second = &moved.body["occurrences"][1];
    assert_eq!(
        (&second["ends_at"], &second["agenda"]),
        (&json!("2027-03-03T15:30:00Z"), &json!("Only today"))
    );
    assert_eq!(moved.header("etag"), "\"2\"");
    app.book(&admin(), &meeting_on("Into the gap", "2027-03-03T09:00:00", HOST)).await;
    let taken = app.post(&admin(), "/v1/meetings", &meeting_on("Late", "2027-03-03T15:00:00", HOST)).await;
    assert_eq!((taken.status, taken.code()), (409, "schedule_conflict"));
    // Zoom has it so, and the rest as it was.
    let zoom = app.zoom_meeting(series["zoom_meeting_id"].as_str().unwrap()).await;
    let times: Vec<&str> =
        zoom["occurrences"].as_array().unwrap().iter().map(|o| o["start_time"].as_str().unwrap()).collect();
    assert_eq!(times, starts(&moved.body));
    // A change of the series' words leaves its dates alone.
    let renamed = app.patch(&admin(), &path(&series), &json!({"topic": "Renamed"})).await;
    assert_eq!(starts(&renamed.body), times, "{}", renamed.text);
}

#[tokio::test]
async fn a_date_does_not_move_into_taken_time_and_all_stays_as_it_was() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    let other = app.book(&admin(), &meeting_on("Other", "2027-03-03T14:30:00", HOST)).await;
    let before = app.get(&admin(), &path(&series)).await.body;
    app.calls().await;
    let refused = app.patch(&admin(), &date(&series, 1), &json!({"start": "2027-03-03T14:00:00"})).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
    assert_eq!(refused.body["clashes"][0]["meeting_id"], other["id"]);
    assert_eq!(app.calls().await["zoom"], Value::Null);
    assert_eq!(app.get(&admin(), &path(&series)).await.body, before);
    app.book(&admin(), &meeting_on("Beside", "2027-03-03T13:30:00", HOST)).await;
    // Nor into another date of its own series, nor into the past.
    for (change, pointer) in [
        (json!({"start": "2027-03-04T09:30:00"}), "/start"),
        (json!({"start": "2027-03-03T09:30:00", "duration_minutes": 1440}), "/start"),
        (json!({"duration_minutes": 1441}), "/duration_minutes"),
        (json!({"start": "2027-02-01T09:00:00"}), "/start"),
        (json!({"topic": "x"}), "/topic"),
    ] {
        let wrong = app.patch(&admin(), &date(&series, 1), &change).await;
        assert_eq!((wrong.status, wrong.faults()[0].0.as_str()), (422, pointer), "{}", wrong.text);
    }
    app.fault(UPDATE, "daily_limit", 1).await;
    let limited = app.patch(&admin(), &date(&series, 1), &json!({"start": "2027-03-03T20:00:00"})).await;
    assert_eq!((limited.status, limited.code()), (429, "daily_quota_exhausted"));
    assert_eq!(app.get(&admin(), &path(&series)).await.body, before);
}

#[tokio::test]
async fn a_date_is_called_off_alone_and_the_last_one_with_the_meeting() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    app.calls().await;
    assert_eq!(app.delete(&admin(), &date(&series, 1)).await.status, 204);
    assert_eq!(app.calls().await["zoom"], json!({DELETE: 1}));
    assert_eq!(app.delete(&admin(), &date(&series, 1)).await.status, 204);
    assert_eq!(app.calls().await["zoom"], Value::Null);
    app.book(&admin(), &meeting_on("Into the gap", "2027-03-03T09:00:00", HOST)).await;
    let left = app.get(&admin(), &path(&series)).await.body;
    assert_eq!(left["occurrences"][1]["status"], "cancelled");
    assert_eq!(starts(&left).len(), 3);
    let gone = app.patch(&admin(), &date(&series, 1), &json!({"start": "2027-03-03T20:00:00"})).await;
    assert_eq!((gone.status, gone.code()), (409, "meeting_not_editable"));
    for place in [0, 2, 3] {
        assert_eq!(app.delete(&admin(), &date(&series, place)).await.status, 204);
    }
    assert_eq!(app.get(&admin(), &path(&series)).await.body["status"], "cancelled");
    assert_eq!(app.delete(&admin(), &date(&series, 3)).await.status, 204);
    assert_eq!(app.zoom_meeting(series["zoom_meeting_id"].as_str().unwrap()).await["code"], 3001);
}

#[tokio::test]
async fn only_dates_that_there_are_are_found_and_only_ones_own() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    let single = app.book(&admin(), &meeting_on("Single", "2027-03-10T09:00:00", HOST)).await;
    for path in [format!("{}/occurrences/1", path(&series)), format!("{}/occurrences/1", path(&single))] {
        let change = json!({"start": "2027-03-20T09:00:00"});
        assert_eq!(app.patch(&admin(), &path, &change).await.status, 404);
        assert_eq!(app.delete(&admin(), &path).await.status, 404);
    }
    let other = instructor("u-other");
    assert_eq!(app.delete(&other, &date(&series, 0)).await.status, 403);
    let stale = app.request(&admin(), "DELETE", &date(&series, 0)).header("If-Match", "\"9\"");
    assert_eq!(app.send(stale).await.status, 412);
    // What has begun stays where it is, and what is over is not called off.
    app.stack.clock().set("2027-03-02T09:30:00Z".parse().unwrap());
    let change = json!({"start": "2027-03-02T20:00:00"});
    let begun = app.patch(&admin(), &date(&series, 0), &change).await;
    assert_eq!((begun.status, begun.code()), (409, "meeting_not_editable"), "{}", begun.text);
    app.stack.clock().set("2027-03-02T10:00:00Z".parse().unwrap());
    assert_eq!(app.delete(&admin(), &date(&series, 0)).await.status, 409);
}

#[tokio::test]
async fn what_was_changed_alone_stays_so_on_another_host_and_with_another_length() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    let moved = app.patch(&admin(), &date(&series, 1), &json!({"start": "2027-03-03T14:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(app.delete(&admin(), &date(&series, 2)).await.status, 204);
    let expected = ["2027-03-02T09:00:00Z", "2027-03-03T14:00:00Z", "2027-03-05T09:00:00Z"];
    for change in [json!({"host": {"email": "host2@sandbox.example"}}), json!({"duration_minutes": 30})] {
        let changed = app.patch(&admin(), &path(&series), &change).await;
        assert_eq!((changed.status, starts(&changed.body)), (200, expected.to_vec()), "{}", changed.text);
        let zoom = app.zoom_meeting(changed.body["zoom_meeting_id"].as_str().unwrap()).await;
        let mut times: Vec<&str> = zoom["occurrences"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|o| o["status"] != "deleted")
            .map(|o| o["start_time"].as_str().unwrap())
            .collect();
        times.sort_unstable();
        assert_eq!(times, expected, "{change}");
    }
    // The time of the date that was called off is free, on the new host as well.
    app.book(&admin(), &meeting_on("Gap", "2027-03-04T09:00:00", "host2@sandbox.example")).await;
}

#[tokio::test]
async fn moved_dates_cost_a_longer_series_nothing_and_keep_their_own_length() {
    let (app, connection) = App::connected().await;
    let series = series(&app).await;
    for (place, hour) in [(0, 11), (1, 12)] {
        let start = format!("2027-03-{:02}T{hour}:00:00", 2 + place);
        let moved = app.patch(&admin(), &date(&series, place), &json!({"start": start})).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
    }
    let own = app.patch(&admin(), &date(&series, 2), &json!({"duration_minutes": 20})).await;
    assert_eq!(own.status, 200, "{}", own.text);
    let longer = app.patch(&admin(), &path(&series), &json!({"duration_minutes": 90})).await;
    assert_eq!(longer.status, 200, "{}", longer.text);
    let ends: Vec<&Value> =
        longer.body["occurrences"].as_array().unwrap().iter().map(|date| &date["ends_at"]).collect();
    assert_eq!(
        ends,
        ["2027-03-02T12:30:00Z", "2027-03-03T13:30:00Z", "2027-03-04T09:20:00Z", "2027-03-05T10:30:00Z"]
    );
    let hosts = format!("/v1/connections/{}/hosts", connection["id"].as_str().unwrap());
    let hosts = app.get(&admin(), &hosts).await.body;
    let ours = hosts["items"].as_array().unwrap().iter().find(|host| host["email"] == HOST).unwrap();
    let accounts = app.sandbox("GET", "/accounts", &json!({})).await.body;
    let users = accounts["items"][0]["users"].as_array().unwrap();
    let zoom = users.iter().find(|user| user["email"] == HOST).unwrap();
    assert_eq!(ours["today"]["writes_used"], zoom["writes_today"]);
}

#[tokio::test]
async fn calling_off_and_shortening_are_never_in_the_way_of_newer_rules() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    app.book(&admin(), &meeting_on("Next", "2027-03-02T10:00:00", HOST)).await;
    let settings = json!({"buffer_minutes": 30});
    assert_eq!(app.put(&admin(), "/v1/settings", &settings).await.status, 200);
    assert_eq!(app.delete(&admin(), &date(&series, 1)).await.status, 204);
    let shorter = app.patch(&admin(), &date(&series, 0), &json!({"duration_minutes": 45})).await;
    assert_eq!(shorter.status, 200, "{}", shorter.text);
    let longer = app.patch(&admin(), &date(&series, 0), &json!({"duration_minutes": 60})).await;
    assert_eq!((longer.status, longer.code()), (409, "schedule_conflict"), "{}", longer.text);
}

#[tokio::test]
async fn a_series_that_is_under_way_keeps_the_dates_that_are_over() {
    let (app, _) = App::connected().await;
    let series = series(&app).await;
    app.stack.clock().set("2027-03-03T12:00:00Z".parse().unwrap());
    let longer = app.patch(&admin(), &path(&series), &json!({"duration_minutes": 90})).await;
    assert_eq!(longer.status, 200, "{}", longer.text);
    assert_eq!(starts(&longer.body), starts(&series));
    let ends: Vec<&Value> =
        longer.body["occurrences"].as_array().unwrap().iter().map(|date| &date["ends_at"]).collect();
    assert_eq!(ends[2..], ["2027-03-04T10:30:00Z", "2027-03-05T10:30:00Z"]);
    let moved =
        app.patch(&admin(), &path(&series), &json!({"host": {"email": "host2@sandbox.example"}})).await;
    assert_eq!((moved.status, starts(&moved.body).len()), (200, 4), "{}", moved.text);
}

#[tokio::test]
async fn an_unknown_field_of_a_date_is_told_with_each_that_there_is_once() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", "host1@sandbox.example");
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let booked = app.book(&admin(), &body).await;
    let (id, date) = (booked["id"].as_str().unwrap(), booked["occurrences"][0]["id"].as_str().unwrap());
    let path = format!("/v1/meetings/{id}/occurrences/{date}");
    let refused = app.patch(&admin(), &path, &json!({"topic": "Other", "start": null})).await;
    let faults =
        [("/start".to_owned(), "required".to_owned()), ("/topic".to_owned(), "unknown_field".to_owned())];
    assert_eq!(refused.faults(), faults, "{}", refused.text);
    let detail = refused.body["errors"][1]["detail"].as_str().unwrap();
    assert_eq!(detail.matches("`start`").count(), 1, "{detail}");
}
