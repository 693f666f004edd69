//! Series.

use serde_json::{Value, json};

use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";

fn series(start: &str, zone: &str, recurrence: &Value) -> Value {
    let mut body = meeting_on("Course", start, HOST);
    body["time_zone"] = json!(zone);
    body["recurrence"] = recurrence.clone();
    body
}

fn starts(meeting: &Value) -> Vec<String> {
    let dates = meeting["occurrences"].as_array().unwrap();
    dates.iter().map(|date| date["starts_at"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_weekly_series_keeps_its_wall_time_and_has_zooms_ids() {
    let (app, _) = App::connected().await;
    let rule = json!({"frequency": "weekly", "weekdays": ["TU", "TH"], "count": 4});
    let booked = app.book(&admin(), &series("2027-03-24T09:00:00", "Europe/Berlin", &rule)).await;
    assert_eq!(
        starts(&booked),
        ["2027-03-25T08:00:00Z", "2027-03-30T07:00:00Z", "2027-04-01T07:00:00Z", "2027-04-06T07:00:00Z"]
    );
    assert_eq!(booked["local_start"], "2027-03-25T09:00:00");
    assert_eq!(booked["starts_at"], "2027-03-25T08:00:00Z");
    let dates = booked["occurrences"].as_array().unwrap();
    assert!(dates.iter().all(|date| date["id"].is_string() && date["status"] == "scheduled"), "{booked:#}");
    let rule = json!({"frequency": "weekly", "interval": 1, "weekdays": ["TU", "TH"], "count": 4});
    assert_eq!(booked["recurrence"], rule);
}

#[tokio::test]
async fn every_date_of_a_series_is_taken() {
    let (app, _) = App::connected().await;
    let rule = json!({"frequency": "monthly", "month_week": -1, "month_weekday": "FR", "count": 6});
    let booked = app.book(&admin(), &series("2027-03-02T09:00:00", "UTC", &rule)).await;
    for start in starts(&booked) {
        let single = meeting_on("In the way", start.trim_end_matches('Z'), HOST);
        let refused = app.post(&admin(), "/v1/meetings", &single).await;
        assert_eq!((refused.status, &refused.body["clash_count"]), (409, &json!(1)), "{start}");
    }
    let second = app.post(&admin(), "/v1/meetings", &series("2027-03-02T09:30:00", "UTC", &rule)).await;
    assert_eq!((second.status, &second.body["clash_count"]), (409, &json!(6)));
}

#[tokio::test]
async fn sixty_dates_that_cross_midnight_utc_and_reach_over_fifty_years_book_in_one_transaction() {
    let (app, _) = App::connected().await;
    let rule = json!({"frequency": "monthly", "interval": 10, "month_day": 2, "count": 60});
    let mut body = series("2027-03-02T23:30:00", "UTC", &rule);
    body["courses"] = (0..20).map(|n| json!({"course_id": format!("c-{n}")})).collect();
    body["attendees"] =
        (0..50).map(|n| json!({"id": format!("p-{n}"), "email": format!("p{n}@x.example")})).collect();
    app.calls().await;
    let booked = app.book(&admin(), &body).await;
    assert_eq!(starts(&booked).len(), 60);
    let calls = app.calls().await;
    // One to reserve, one to confirm.
    assert_eq!(calls["dynamodb"]["TransactWriteItems"], 2, "{calls}");
    assert_eq!(calls["zoom"]["POST /users/{userId}/meetings"], 1);
    let daily = json!({"frequency": "daily", "count": 60});
    let mut nightly = series("2028-03-02T23:30:00", "UTC", &daily);
    nightly["host"] = json!({"email": "host2@sandbox.example"});
    assert_eq!(starts(&app.book(&admin(), &nightly).await).len(), 60);
}

#[tokio::test]
async fn a_series_that_is_moved_frees_every_old_date() {
    let (app, _) = App::connected().await;
    let rule = json!({"frequency": "daily", "count": 5});
    let booked = app.book(&admin(), &series("2027-03-08T09:00:00", "UTC", &rule)).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let moved = app.patch(&admin(), &path, &json!({"start": "2027-03-08T11:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(starts(&moved.body)[4], "2027-03-12T11:00:00Z");
    let old = app.book(&admin(), &series("2027-03-08T09:00:00", "UTC", &rule)).await;
    assert_eq!(starts(&old).len(), 5);
    let single =
        app.patch(&admin(), &path, &json!({"recurrence": null, "start": "2027-04-01T11:00:00"})).await;
    assert_eq!((single.status, &single.body["occurrences"]), (200, &json!([])), "{}", single.text);
    assert_eq!(single.body["starts_at"], "2027-04-01T11:00:00Z");
}
