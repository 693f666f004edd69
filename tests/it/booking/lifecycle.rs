//! From the booking to its end.

use serde_json::json;

use crate::support::{App, admin, instructor, meeting_on};

const HOST: &str = "host1@sandbox.example";

#[tokio::test]
async fn a_deleted_meeting_is_gone_at_zoom_and_its_time_is_free() {
    let (app, _) = App::connected().await;
    let body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    let booked = app.book(&admin(), &body).await;
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(app.delete(&admin(), &path).await.status, 204);
    }
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom.len(), 0);
    let read = app.get(&admin(), &path).await;
    assert_eq!((read.status, &read.body["status"]), (200, &json!("cancelled")));
    let edit = app.patch(&admin(), &path, &json!({"topic": "Again"})).await;
    assert_eq!((edit.status, edit.code()), (409, "meeting_not_editable"));
    let all = app.get(&admin(), "/v1/meetings?tab=all").await;
    assert_eq!(all.body["items"][0]["status"], "cancelled");
    assert_eq!(app.get(&admin(), "/v1/meetings").await.body["items"], json!([]));
    app.book(&admin(), &body).await;
}

#[tokio::test]
async fn one_that_zoom_no_longer_has_is_deleted_all_the_same() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let by_hand = format!("/meetings/{}", booked["zoom_meeting_id"].as_str().unwrap());
    assert!(app.sandbox("DELETE", &by_hand, &json!({})).await.status < 300);
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.delete(&admin(), &path).await.status, 204);
}

#[tokio::test]
async fn one_that_zoom_no_longer_has_is_made_anew_when_it_is_moved() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let by_hand = format!("/meetings/{}", booked["zoom_meeting_id"].as_str().unwrap());
    assert!(app.sandbox("DELETE", &by_hand, &json!({})).await.status < 300);
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    let moved = app.patch(&admin(), &path, &json!({"start": "2027-03-03T09:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_ne!(moved.body["zoom_meeting_id"], booked["zoom_meeting_id"]);
    let zoom = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await;
    assert_eq!(zoom.len(), 1);
}

#[tokio::test]
async fn attendees_are_replaced_added_paged_and_removed() {
    let (app, _) = App::connected().await;
    let teacher = instructor("u-t");
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-1", "email": "a@x.example", "name": "Ana", "locale": "pt", "time_zone": "America/Sao_Paulo"}]);
    let booked = app.book(&teacher, &body).await;
    assert_eq!(booked["attendee_count"], 1);
    let path = format!("/v1/meetings/{}/attendees", booked["id"].as_str().unwrap());
    let one = app.get(&teacher, &path).await;
    assert_eq!(one.body["items"], body["attendees"]);

    let person = |n: u32| json!({"id": format!("p-{n:05}"), "email": format!("p{n}@x.example"), "name": "A rather long name, as some people have them"});
    let crowd = json!({"attendees": (0..5000).map(person).collect::<Vec<_>>()});
    let put = app.put(&teacher, &path, &crowd).await;
    assert_eq!((put.status, &put.body), (200, &json!({"attendee_count": 5000})), "{}", put.text);
    let more = app.post(&teacher, &path, &json!({"attendees": [person(5000)]})).await;
    assert_eq!((more.status, more.code()), (422, "validation_failed"));
    let same = app.post(&teacher, &path, &json!({"attendees": [person(7)]})).await;
    assert_eq!(same.body["attendee_count"], 5000);
    assert_eq!(app.delete(&teacher, &format!("{path}/p-00007")).await.status, 204);
    assert_eq!(app.delete(&teacher, &format!("{path}/p-00007")).await.status, 204);

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&teacher, &format!("{path}?limit=100{cursor}")).await;
        let items = page.body["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut expected: Vec<String> = (0..5000).filter(|n| *n != 7).map(|n| format!("p-{n:05}")).collect();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let read = app.get(&teacher, &format!("/v1/meetings/{}", booked["id"].as_str().unwrap())).await;
    assert_eq!(read.body["attendee_count"], 4999);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendees_who_are_added_at_one_moment_are_all_there() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    let path = format!("/v1/meetings/{}/attendees", booked["id"].as_str().unwrap());
    let who = admin();
    let adds = (0..6).map(|n| {
        let body = json!({"attendees": [{"id": format!("p-{n}"), "email": "p@x.example"}]});
        let (app, who, path) = (&app, &who, &path);
        async move { app.post(who, path, &body).await.status }
    });
    let statuses = futures::future::join_all(adds).await;
    let added = statuses.iter().filter(|status| **status == 200).count();
    let read = app.get(&who, &path).await;
    assert_eq!(read.body["items"].as_array().unwrap().len(), added);
    assert_eq!(added, 6, "{statuses:?}");
}

#[tokio::test]
async fn a_copy_is_booked_by_the_same_rule_and_takes_over_what_it_is_not_told() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["agenda"] = json!("Bring a pen");
    body["courses"] = json!([{"course_id": "c-1", "lesson_id": null}]);
    body["reminders"] = json!(["PT15M"]);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    body["attendees"] =
        json!([{"id": "u-1", "email": "a@x.example", "name": "Ana", "locale": null, "time_zone": null}]);
    let booked = app.book(&instructor("u-t"), &body).await;
    let path = format!("/v1/meetings/{}/duplicate", booked["id"].as_str().unwrap());
    let teacher = instructor("u-t");
    let none = app.post(&teacher, &path, &json!({})).await;
    assert_eq!(
        (none.status, none.faults()),
        (422, vec![("/start".to_owned(), "required".to_owned())]),
        "{}",
        none.text
    );
    let there = app.post(&teacher, &path, &json!({"start": "2027-03-02T09:30:00"})).await;
    assert_eq!((there.status, there.code()), (409, "schedule_conflict"), "{}", there.text);
    let change = json!({"start": "2027-03-09T09:00:00", "topic": "Again", "recurrence": null});
    let copy = app.post_with_key(&teacher, &path, "k", &change).await;
    assert_eq!((copy.status, &copy.body["topic"]), (201, &json!("Again")), "{}", copy.text);
    for field in ["agenda", "courses", "reminders", "host", "settings", "attendee_count", "organizer_id"] {
        assert_eq!(copy.body[field], booked[field], "{field}");
    }
    assert_eq!(copy.body["occurrences"], json!([]));
    assert_ne!(copy.body["zoom_meeting_id"], booked["zoom_meeting_id"]);
    let again = app.post_with_key(&teacher, &path, "k", &change).await;
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &copy.text));
    assert_eq!(app.post(&instructor("u-x"), &path, &change).await.status, 403);
}
