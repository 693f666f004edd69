//! Calling one meeting, or dates of one series, off from several sides at one moment.

use futures::future::{join, join_all};
use serde_json::json;

use crate::support::{App, admin, meeting_on};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_call_a_meeting_off_at_one_moment_both_hear_that_it_is() {
    let (app, _) = App::connected().await;
    let who = admin();
    for day in 2..12 {
        let start = format!("2027-03-{day:02}T09:00:00");
        let booked = app.book(&who, &meeting_on("Lesson", &start, "host1@sandbox.example")).await;
        let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
        let (one, other) = join(app.delete(&who, &path), app.delete(&who, &path)).await;
        assert_eq!((one.status, other.status), (204, 204), "{} {}", one.text, other.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_dates_of_a_series_are_called_off_at_one_moment() {
    let (app, _) = App::connected().await;
    let who = admin();
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", "host1@sandbox.example");
    body["recurrence"] = json!({"frequency": "daily", "count": 5});
    let booked = app.book(&who, &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let dates = booked["occurrences"].as_array().unwrap();
    let date = |n: usize| format!("{path}/occurrences/{}", dates[n]["id"].as_str().unwrap());
    let paths: Vec<String> = [0, 1, 2, 3, 3].into_iter().map(date).collect();
    for answer in join_all(paths.iter().map(|path| app.delete(&who, path))).await {
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
    let left = app.get(&who, &path).await.body;
    let states: Vec<_> =
        left["occurrences"].as_array().unwrap().iter().map(|date| date["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["cancelled", "cancelled", "cancelled", "cancelled", "scheduled"]);
}
