//! Calling one meeting off from two sides at one moment.

use futures::future::join;

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
