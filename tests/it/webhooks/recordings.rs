//! Recordings, and who sees them.

use serde_json::{Value, json};

use super::world::{HOST, World, event, session};
use crate::support::{Answer, Caller, admin, all_items, instructor, learner, meeting_on, secret};

/// What Zoom tells of the recording of a meeting's session.
fn recording(action: &str, meeting: &Value, at: &str) -> Value {
    let file = |id: &str, file_type: &str| {
        json!({
            "id": id, "recording_start": "2027-03-01T09:00:00Z", "recording_end": "2027-03-01T09:50:30Z",
            "recording_type": "shared_screen_with_speaker_view", "file_type": file_type, "file_size": 282_825,
            "play_url": format!("https://us05web.zoom.us/rec/play/{id}"),
            "download_url": format!("https://us05web.zoom.us/rec/download/{id}"), "status": "completed",
        })
    };
    let number: u64 = meeting["zoom_meeting_id"].as_str().unwrap().parse().unwrap();
    let object = json!({
        "id": number, "uuid": "s1", "password": "132456", "recording_play_passcode": "yNYIS408EJ",
        "recording_files": [file("f1", "MP4")],
        "participant_audio_files": [{"id": "f2", "recording_start": "2027-03-01T09:10:00Z",
            "recording_end": "2027-03-01T09:20:00Z", "file_type": "M4A", "file_size": 7,
            "play_url": "javascript:alert(1)"}],
    });
    let mut event = event(&format!("recording.{action}"), at, &object);
    event["download_token"] = json!(secret("download"));
    event
}

async fn booked(world: &World, access: Option<&str>) -> Value {
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    body["courses"] = json!([{"course_id": "c-7"}]);
    body["organizer_id"] = json!("u-t");
    if let Some(access) = access {
        body["recording_access"] = json!(access);
    }
    world.app.book(&admin(), &body).await
}

async fn list(world: &World, caller: &Caller, meeting: &Value) -> Answer {
    let path = format!("/v1/meetings/{}/recordings", meeting["id"].as_str().unwrap());
    world.app.get(caller, &path).await
}

#[tokio::test]
async fn a_recording_is_listed_with_all_it_takes_to_play_it() {
    let world = World::start().await;
    let meeting = booked(&world, None).await;
    world.told(&[recording("completed", &meeting, "2027-03-01T10:30:00Z")]).await;
    let listed = list(&world, &admin(), &meeting).await;
    let playable = json!({
        "id": "f1", "occurrence_id": null, "type": "shared_screen_with_speaker_view", "file_type": "MP4",
        "starts_at": "2027-03-01T09:00:00Z", "duration_seconds": 3030, "size_bytes": 282_825,
        "play_url": "https://us05web.zoom.us/rec/play/f1?pwd=yNYIS408EJ", "passcode": "132456",
    });
    // A link that is none is not shown.
    let sound = json!({
        "id": "f2", "occurrence_id": null, "type": "audio_only_each_participant", "file_type": "M4A",
        "starts_at": "2027-03-01T09:10:00Z", "duration_seconds": 600, "size_bytes": 7,
        "play_url": null, "passcode": "132456",
    });
    assert_eq!(listed.body, json!({"items": [playable, sound]}));
    // The net under the tests looks through what was queued and written as well.
    assert!(all_items(&world.app).await.iter().all(|item| !item.contains("download")));
}

#[tokio::test]
async fn what_a_newer_event_says_of_a_recording_takes_the_place_of_the_older() {
    let world = World::start().await;
    let meeting = booked(&world, None).await;
    let old = recording("completed", &meeting, "2027-03-01T10:30:00Z");
    let mut new = recording("completed", &meeting, "2027-03-01T10:40:00Z");
    let object = &mut new["payload"]["object"];
    object["password"] = json!("777777");
    object["recording_play_passcode"] = json!("other");
    object["recording_files"][0]["play_url"] = json!("https://us05web.zoom.us/rec/play/moved");
    let play = |listed: &Answer| {
        let first = &listed.body["items"][0];
        (first["play_url"].as_str().unwrap().to_owned(), first["passcode"].as_str().unwrap().to_owned())
    };
    let expected = ("https://us05web.zoom.us/rec/play/moved?pwd=other".to_owned(), "777777".to_owned());
    world.told(&[old.clone(), new]).await;
    assert_eq!(play(&list(&world, &admin(), &meeting).await), expected);
    world.told(&[old]).await;
    assert_eq!(play(&list(&world, &admin(), &meeting).await), expected);
}

#[tokio::test]
async fn what_becomes_of_it_holds_in_whatever_order_it_is_told() {
    let world = World::start().await;
    let meeting = booked(&world, None).await;
    let count = async || list(&world, &admin(), &meeting).await.body["items"].as_array().unwrap().len();
    let trashed = recording("trashed", &meeting, "2027-03-01T10:31:00Z");
    let made = recording("completed", &meeting, "2027-03-01T10:30:00Z");
    let back = recording("recovered", &meeting, "2027-03-01T10:32:00Z");
    let gone = recording("deleted", &meeting, "2027-03-01T10:33:00Z");
    world.told(&[trashed.clone(), made.clone()]).await;
    assert_eq!(count().await, 0);
    world.told(&[back.clone(), trashed.clone()]).await;
    assert_eq!(count().await, 2);
    world.told(&[gone, made, back, trashed]).await;
    assert_eq!(count().await, 0);
    // Of what is gone for good no link is left.
    assert!(all_items(&world.app).await.iter().all(|item| !item.contains("rec/play")));
}

#[tokio::test]
async fn they_are_seen_by_those_whom_the_meeting_names() {
    let world = World::start().await;
    let attendee = learner("u-ana");
    let enrolled = Caller { courses: vec!["c-7"], ..learner("u-ben") };
    let stranger = learner("u-cem");
    for (access, seen) in [
        (None, [200, 403, 403]),
        (Some("attendees"), [200, 403, 403]),
        (Some("course"), [200, 200, 403]),
        (Some("nobody"), [403, 403, 403]),
    ] {
        let meeting = booked(&world, access).await;
        assert_eq!(meeting["recording_access"], access.unwrap_or("attendees"));
        world.told(&[recording("completed", &meeting, "2027-03-01T10:30:00Z")]).await;
        for (caller, status) in [&attendee, &enrolled, &stranger].into_iter().zip(seen) {
            let answer = list(&world, caller, &meeting).await;
            assert_eq!(answer.status, status, "{access:?} {}: {}", caller.user, answer.text);
            assert_eq!(answer.text.contains("rec/play"), status == 200);
        }
        for caller in [admin(), instructor("u-t")] {
            assert_eq!(list(&world, &caller, &meeting).await.status, 200);
        }
        let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
        assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    }
}

#[tokio::test]
async fn who_sees_them_can_be_changed_and_zoom_is_not_asked() {
    let world = World::start().await;
    let meeting = booked(&world, None).await;
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    world.app.calls().await;
    let changed = world.app.patch(&admin(), &path, &json!({"recording_access": "nobody"})).await;
    assert_eq!((changed.status, &changed.body["recording_access"]), (200, &json!("nobody")));
    assert_eq!(world.app.calls().await.get("zoom"), None);
    let kept = world.app.patch(&admin(), &path, &json!({"topic": "Other"})).await;
    assert_eq!(kept.body["recording_access"], "nobody");
    let wrong = world.app.patch(&admin(), &path, &json!({"recording_access": "all"})).await;
    assert_eq!(wrong.faults(), [("/recording_access".to_owned(), "invalid".to_owned())]);
}

#[tokio::test]
async fn all_files_are_of_the_date_that_their_session_was_held_for() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-01T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    let series = world.app.book(&admin(), &body).await;
    let mut made = recording("completed", &series, "2027-03-01T10:30:00Z");
    // The lesson lasts longer than its date, and the second file begins after that.
    made["payload"]["object"]["participant_audio_files"][0]["recording_start"] =
        json!("2027-03-01T10:05:00Z");
    world.at("2027-03-01T10:31:00Z");
    for is_known in [false, true] {
        if is_known {
            world.told(&[session("meeting.started", &series, "s1", "2027-03-01T09:00:00Z")]).await;
        }
        world.told(&[made.clone()]).await;
        let listed = list(&world, &admin(), &series).await.body;
        for item in listed["items"].as_array().unwrap() {
            assert_eq!(item["occurrence_id"], series["occurrences"][0]["id"], "{is_known}: {listed}");
        }
    }
    assert_eq!(list(&world, &admin(), &series).await.body["items"].as_array().map(Vec::len), Some(2));
}
