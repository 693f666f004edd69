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
