//! Meetings that begin and end.

use serde_json::{Value, json};

use super::world::{HOST, World, session};
use crate::support::{admin, meeting_on};

fn pair(status: &str, join: &str) -> (String, String) {
    (status.to_owned(), join.to_owned())
}

#[tokio::test]
async fn a_meeting_runs_and_is_over() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let version = world.meeting(&meeting).await["version"].clone();
    world.at("2027-03-01T09:01:00Z");
    world.told(&[session("meeting.started", &meeting, "s1", "2027-03-01T09:00:30Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    assert!(world.meeting(&meeting).await["version"].as_u64() > version.as_u64());
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    let moved = world.app.patch(&admin(), &path, &json!({"start": "2027-03-01T12:00:00"})).await;
    assert_eq!((moved.status, moved.code()), (409, "meeting_not_editable"), "{}", moved.text);
    world.at("2027-03-01T09:41:00Z");
    world.told(&[session("meeting.ended", &meeting, "s1", "2027-03-01T09:40:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("ended", "ended"));
    let expired = world.app.get(&admin(), "/v1/meetings?tab=expired").await.body;
    assert_eq!(expired["items"][0]["id"], meeting["id"]);
    // Its host may begin it again until its time is over.
    world.told(&[session("meeting.started", &meeting, "s2", "2027-03-01T09:42:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    let free = world.app.post(&admin(), "/v1/meetings", &meeting_on("B", "2027-03-01T09:45:00", HOST)).await;
    assert_eq!((free.status, free.code()), (409, "schedule_conflict"));
    world.at("2027-03-01T10:00:00Z");
    assert_eq!(world.state(&meeting).await, pair("ended", "ended"));
}

#[tokio::test]
async fn things_told_twice_late_and_out_of_order_end_in_the_same() {
    let world = World::start().await;
    let first = |meeting: &Value| {
        [
            session("meeting.started", meeting, "s1", "2027-03-01T09:00:00Z"),
            session("meeting.ended", meeting, "s1", "2027-03-01T09:10:00Z"),
            session("meeting.started", meeting, "s2", "2027-03-01T09:11:00Z"),
            session("meeting.ended", meeting, "s2", "2027-03-01T09:20:00Z"),
        ]
    };
    world.at("2027-03-01T09:30:00Z");
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 0, 3, 1], [3, 0, 1, 2]] {
        let meeting = world.book("2027-03-01T09:31:00").await;
        let times = ["2027-03-01T09:31:00Z", "2027-03-01T09:40:00Z", "2027-03-01T09:41:00Z"];
        let mut events = first(&meeting);
        for (event, at) in events.iter_mut().zip(times.iter().chain(&["2027-03-01T09:50:00Z"])) {
            event["event_ts"] = json!(super::world::millis(at));
            if event["event"] == "meeting.ended" {
                event["payload"]["object"]["end_time"] = json!(at);
            }
        }
        let sent: Vec<Value> = order.iter().chain(&order).map(|n| events[*n].clone()).collect();
        world.told(&sent).await;
        assert_eq!(world.state(&meeting).await, pair("ended", "ended"), "{order:?}");
        let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
        assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    }
}

#[tokio::test]
async fn a_try_the_day_before_is_no_end() {
    let world = World::start().await;
    let meeting = world.book("2027-03-02T09:00:00").await;
    world.told(&[session("meeting.started", &meeting, "s1", "2027-03-01T08:00:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    world.told(&[session("meeting.ended", &meeting, "s1", "2027-03-01T08:05:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("scheduled", "open"));
}

#[tokio::test]
async fn of_a_series_one_date_runs_and_is_over() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    world.at("2027-03-02T09:05:00Z");
    world.told(&[session("meeting.started", &series, "s1", "2027-03-02T09:00:00Z")]).await;
    assert_eq!(world.state(&series).await, pair("started", "started"));
    world.told(&[session("meeting.ended", &series, "s1", "2027-03-02T09:30:00Z")]).await;
    world.at("2027-03-02T09:31:00Z");
    assert_eq!(world.state(&series).await, pair("scheduled", "ended"));
    world.at("2027-03-02T10:00:00Z");
    assert_eq!(world.state(&series).await, pair("scheduled", "open"));
    // Nobody told that the second one ended: it does not run beyond its time.
    world.at("2027-03-03T09:05:00Z");
    world.told(&[session("meeting.started", &series, "s2", "2027-03-03T09:00:00Z")]).await;
    assert_eq!(world.state(&series).await, pair("started", "started"));
    world.at("2027-03-03T10:00:00Z");
    assert_eq!(world.state(&series).await, pair("ended", "ended"));
}

#[tokio::test]
async fn a_date_that_was_never_told_to_end_does_not_run_on() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    world.at("2027-03-02T09:05:00Z");
    world.told(&[session("meeting.started", &series, "s1", "2027-03-02T09:00:00Z")]).await;
    world.at("2027-03-02T10:00:00Z");
    assert_eq!(world.state(&series).await, pair("scheduled", "open"));
    let path = format!("/v1/meetings/{}", series["id"].as_str().unwrap());
    let moved = world.app.patch(&admin(), &path, &json!({"duration_minutes": 45})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
}

#[tokio::test]
async fn what_is_told_late_of_a_meeting_ended_here_changes_nothing() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:10:00Z");
    let number = meeting["zoom_meeting_id"].as_str().unwrap();
    let begun = world.app.sandbox("POST", &format!("/meetings/{number}/start"), &json!({})).await;
    assert_eq!(begun.status, 200);
    let path = format!("/v1/meetings/{}/end", meeting["id"].as_str().unwrap());
    assert_eq!(world.app.post(&admin(), &path, &json!({})).await.status, 200);
    world.at("2027-03-01T09:10:05Z");
    world.told(&[session("meeting.started", &meeting, "s1", "2027-03-01T09:09:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("ended", "ended"));
}

#[tokio::test]
async fn a_webinar_runs_like_a_meeting() {
    let world = World::start().await;
    let mut body = meeting_on("Talk", "2027-03-01T09:00:00", HOST);
    body["kind"] = json!("webinar");
    let webinar = world.app.book(&admin(), &body).await;
    world.told(&[session("webinar.started", &webinar, "s1", "2027-03-01T09:00:00Z")]).await;
    assert_eq!(world.state(&webinar).await, pair("started", "started"));
}

#[tokio::test]
async fn what_meets_a_change_under_way_waits_for_it() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    // Whether Zoom has made the change is not known.
    world.app.fault("PATCH /meetings/{meetingId}", "disconnect", 1).await;
    world.app.fault("GET /meetings/{meetingId}", "status_500", 3).await;
    let lost = world.app.patch(&admin(), &path, &json!({"topic": "Other"})).await;
    assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{}", lost.text);
    world.tell(&session("meeting.started", &meeting, "s1", "2027-03-01T08:00:10Z")).await;
    assert_eq!(world.app.tick().await["webhooks"], json!({"received": 1, "handled": 0, "failed": 1}));
    // The schedule settles the change, and the event comes again after that.
    for _ in 0..2 {
        assert!(world.app.stack.clock().advance(70));
        world.app.tick().await;
    }
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    // Zoom has not made it.
    assert_eq!(world.meeting(&meeting).await["topic"], "Lesson");
}

#[tokio::test]
async fn the_end_of_a_session_told_after_the_next_has_begun_ends_only_that_one() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.at("2027-03-01T09:10:00Z");
    world
        .told(&[
            session("meeting.started", &meeting, "s1", "2027-03-01T09:00:00Z"),
            session("meeting.started", &meeting, "s2", "2027-03-01T09:05:00Z"),
        ])
        .await;
    // Zoom tells of the end of the first two seconds after the second began.
    let mut late = session("meeting.ended", &meeting, "s1", "2027-03-01T09:04:59Z");
    late["event_ts"] = json!(super::world::millis("2027-03-01T09:05:02Z"));
    world.told(&[late]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    world.told(&[session("meeting.ended", &meeting, "s2", "2027-03-01T09:08:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("ended", "ended"));
}

#[tokio::test]
async fn a_session_stays_with_its_date_when_the_meeting_moves() {
    let world = World::start().await;
    let meeting = world.book("2027-03-02T09:00:00").await;
    world.at("2027-03-02T09:00:00Z");
    // Nobody tells that it ends.
    world.told(&[session("meeting.started", &meeting, "s1", "2027-03-02T09:00:00Z")]).await;
    world.at("2027-03-02T10:05:00Z");
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    let moved = world.app.patch(&admin(), &path, &json!({"start": "2027-03-20T12:00:00"})).await;
    assert_eq!((moved.status, &moved.body["status"]), (200, &json!("scheduled")), "{}", moved.text);
    assert_eq!(world.state(&meeting).await, pair("scheduled", "open"));
    world.told(&[session("meeting.ended", &meeting, "s1", "2027-03-02T09:50:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("scheduled", "open"));
    world.at("2027-03-20T12:01:00Z");
    world.told(&[session("meeting.started", &meeting, "s2", "2027-03-20T12:00:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
}

#[tokio::test]
async fn a_room_that_was_opened_days_before_is_closed_where_zoom_says_so() {
    let world = World::start().await;
    let meeting = world.book("2027-03-20T09:00:00").await;
    let act = async |action: &str| {
        let path = format!("/meetings/{}/{action}", meeting["zoom_meeting_id"].as_str().unwrap());
        world.app.sandbox("POST", &path, &json!({})).await.status
    };
    assert_eq!(act("start").await, 200);
    let number: u64 = meeting["zoom_meeting_id"].as_str().unwrap().parse().unwrap();
    let uuid = world.app.zoom_meeting(&number.to_string()).await["uuid"].as_str().unwrap().to_owned();
    world.told(&[session("meeting.started", &meeting, &uuid, "2027-03-01T08:00:00Z")]).await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    // Hours later it still runs, and that is so at Zoom.
    world.at("2027-03-01T14:01:00Z");
    world.app.tick().await;
    assert_eq!(world.state(&meeting).await, pair("started", "started"));
    // It ends, and nobody tells.
    assert_eq!(act("end").await, 200);
    world.at("2027-03-01T14:32:00Z");
    world.app.tick().await;
    assert_eq!(world.state(&meeting).await, pair("scheduled", "open"));
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    let moved = world.app.patch(&admin(), &path, &json!({"start": "2027-03-21T09:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
}
