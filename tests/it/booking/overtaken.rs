//! A change of a meeting that others overtake between its reading and its writing.

use serde_json::{Value, json};

use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";
/// What writes a meeting.
const WRITE: &str = "TransactWriteItems";

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

#[tokio::test]
async fn who_named_a_version_does_not_put_a_list_in_the_place_of_one_that_others_made() {
    let (app, _) = App::connected().await;
    let who = admin();
    let (ana, ben) =
        (json!({"id": "u-ana", "email": "ana@x.example"}), json!({"id": "u-ben", "email": "ben@x.example"}));
    for (tag, status, left) in
        [(Some("\"1\""), 412, "u-ben"), (Some("*"), 200, "u-ana"), (None, 200, "u-ana")]
    {
        let path = path(&app.book(&who, &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await);
        let attendees = format!("{path}/attendees");
        let mut change = app.request(&who, "PATCH", &path).json(&json!({"attendees": [ana]}));
        if let Some(tag) = tag {
            change = change.header("If-Match", tag);
        }
        let theirs = json!({"attendees": [ben]});
        let (changed, added) = app.overtaken(WRITE, change, app.post(&who, &attendees, &theirs)).await;
        assert_eq!((changed.status, added.status), (status, 200), "{tag:?}: {}", changed.text);
        let read = app.get(&who, &attendees).await.body;
        let ids: Vec<&Value> = read["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, [left], "{tag:?}");
        assert_eq!(app.delete(&who, &path).await.status, 204);
    }
}

#[tokio::test]
async fn the_last_date_of_a_series_takes_no_dates_with_it_that_were_added_meanwhile() {
    let (app, _) = App::connected().await;
    let who = admin();
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    for (names_version, status, states) in [
        (true, 412, ["scheduled", "scheduled", "scheduled"]),
        (false, 204, ["scheduled", "cancelled", "scheduled"]),
    ] {
        let booked = app.book(&who, &body).await;
        let path = path(&booked);
        let date =
            |n: usize| format!("{path}/occurrences/{}", booked["occurrences"][n]["id"].as_str().unwrap());
        assert_eq!(app.delete(&who, &date(0)).await.status, 204);
        let mut last = app.request(&who, "DELETE", &date(1));
        if names_version {
            last = last.header("If-Match", app.get(&who, &path).await.header("ETag"));
        }
        let longer = json!({"recurrence": {"frequency": "daily", "count": 3}});
        let (called_off, longer) = app.overtaken(WRITE, last, app.patch(&who, &path, &longer)).await;
        assert_eq!((called_off.status, longer.status), (status, 200), "{} {}", called_off.text, longer.text);
        let read = app.get(&who, &path).await.body;
        let dates = read["occurrences"].as_array().unwrap().iter();
        assert_eq!(dates.map(|date| &date["status"]).collect::<Vec<_>>(), states, "{read}");
        assert_eq!(app.delete(&who, &path).await.status, 204);
    }
}
