//! Who was there, and for how long.

use serde_json::{Value, json};

use super::world::{HOST, World, event, session};
use crate::support::{admin, learner, meeting_on};

/// Somebody who came or left, as Zoom tells it.
fn visit(name: &str, meeting: &Value, uuid: &str, at: &str, who: Value) -> Value {
    let mut participant = who;
    participant[if name.ends_with("joined") { "join_time" } else { "leave_time" }] = json!(at);
    let object = json!({"id": meeting["zoom_meeting_id"], "uuid": uuid, "participant": participant});
    event(name, at, &object)
}

fn joined(meeting: &Value, at: &str, who: Value) -> Value {
    visit("meeting.participant_joined", meeting, "s1", at, who)
}

fn left(meeting: &Value, at: &str, who: Value) -> Value {
    visit("meeting.participant_left", meeting, "s1", at, who)
}

async fn booked(world: &World) -> Value {
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([
        {"id": "u-ana", "email": "ana@x.example", "name": "Ana"},
        {"id": "u-ben", "email": "ben@x.example", "name": "Ana"},
        {"id": "u-cem", "email": "cem@x.example"},
        {"id": "u-dia", "email": "dia@x.example", "name": "=HYPERLINK(\"http://x\")"},
    ]);
    world.app.book(&admin(), &body).await
}

async fn attendance(world: &World, meeting: &Value) -> Value {
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let answer = world.app.get(&admin(), &path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

/// Each attendee's id and seconds.
fn seconds(attendance: &Value) -> Vec<(String, i64)> {
    let all = attendance["attendees"].as_array().unwrap().iter();
    all.map(|one| (one["attendee_id"].as_str().unwrap().to_owned(), one["seconds"].as_i64().unwrap()))
        .collect()
}

fn expected(seconds: [i64; 4]) -> Vec<(String, i64)> {
    ["u-ana", "u-ben", "u-cem", "u-dia"].map(str::to_owned).into_iter().zip(seconds).collect()
}

#[tokio::test]
async fn people_are_known_by_what_identifies_them_and_never_by_name() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    world.at("2027-03-01T10:05:00Z");
    let by_key = json!({"user_id": "1", "user_name": "Somebody", "customer_key": "u-ana"});
    let by_email =
        json!({"user_id": "2", "user_name": "Ana", "email": "BEN@x.example", "registrant_id": "r-ben"});
    // The same registration, on a telephone this time.
    let by_registrant = json!({"user_id": "3", "user_name": "Ana", "registrant_id": "r-ben"});
    // Called like an attendee, and nobody.
    let namesake = json!({"user_id": "4", "user_name": "Ana"});
    let guest = json!({"user_id": "5", "user_name": "Ana", "email": "guest@y.example"});
    let guest_again = json!({"user_id": "6", "user_name": "Other", "email": "guest@y.example"});
    world
        .told(&[
            session("meeting.started", &meeting, "s1", "2027-03-01T09:00:00Z"),
            joined(&meeting, "2027-03-01T09:00:00Z", by_key.clone()),
            left(&meeting, "2027-03-01T09:10:00Z", by_key.clone()),
            joined(&meeting, "2027-03-01T09:00:00Z", by_email.clone()),
            left(&meeting, "2027-03-01T09:30:00Z", by_email.clone()),
            // Overlaps with the visit before by ten minutes.
            joined(&meeting, "2027-03-01T09:20:00Z", by_registrant.clone()),
            left(&meeting, "2027-03-01T09:40:00Z", by_registrant.clone()),
            joined(&meeting, "2027-03-01T09:01:00Z", namesake.clone()),
            joined(&meeting, "2027-03-01T09:02:00Z", guest.clone()),
            left(&meeting, "2027-03-01T09:03:00Z", guest.clone()),
            joined(&meeting, "2027-03-01T09:04:00Z", guest_again.clone()),
            left(&meeting, "2027-03-01T09:05:00Z", guest_again.clone()),
            session("meeting.ended", &meeting, "s1", "2027-03-01T09:50:00Z"),
        ])
        .await;
    let attendance = attendance(&world, &meeting).await;
    assert_eq!(seconds(&attendance), expected([600, 2400, 0, 0]));
    assert_eq!(attendance["attendees"][2]["attended"], false);
    assert_eq!(attendance["started_at"], "2027-03-01T09:00:00Z");
    assert_eq!(attendance["ended_at"], "2027-03-01T09:50:00Z");
    let others: Vec<(&Value, &Value, &Value)> = attendance["others"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["email"], &one["shown_name"], &one["seconds"]))
        .collect();
    // Whoever did not leave was there to the end.
    assert!(others.contains(&(&Value::Null, &json!("Ana"), &json!(49 * 60))), "{others:?}");
    assert!(others.contains(&(&json!("guest@y.example"), &json!("Ana"), &json!(120))), "{others:?}");
    assert_eq!(others.len(), 2);
}

#[tokio::test]
async fn told_twice_and_in_any_order_it_is_the_same() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    world.at("2027-03-01T10:05:00Z");
    let (once, again) =
        (json!({"user_id": "1", "customer_key": "u-ana"}), json!({"user_id": "2", "customer_key": "u-ana"}));
    let mut events = vec![
        left(&meeting, "2027-03-01T09:30:00Z", again.clone()),
        session("meeting.ended", &meeting, "s1", "2027-03-01T09:50:00Z"),
        joined(&meeting, "2027-03-01T09:20:00Z", again),
        left(&meeting, "2027-03-01T09:10:00Z", once.clone()),
        joined(&meeting, "2027-03-01T09:00:00Z", once),
    ];
    world.told(&events).await;
    let first = attendance(&world, &meeting).await;
    assert_eq!(seconds(&first), expected([1200, 0, 0, 0]));
    events.reverse();
    world.told(&events).await;
    assert_eq!(attendance(&world, &meeting).await, first);
}

#[tokio::test]
async fn it_is_for_whoever_gives_the_meeting() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    assert_eq!(world.app.get(&learner("u-ana"), &path).await.status, 403);
    let before = world.app.get(&admin(), &path).await;
    assert_eq!((before.status, seconds(&before.body)), (200, expected([0; 4])));
    let wrong = world.app.get(&admin(), &format!("{path}?occurrence_id=7")).await;
    assert_eq!((wrong.status, wrong.code()), (404, "not_found"));
    let wrong = world.app.get(&admin(), &format!("{path}?occurence_id=7")).await;
    assert_eq!((wrong.status, wrong.code()), (422, "validation_failed"));
}

#[tokio::test]
async fn as_csv_nothing_of_it_is_a_formula() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    world.at("2027-03-01T09:30:00Z");
    let stranger = json!({"user_id": "9", "user_name": "@SUM(A1:A9)", "email": "x@y.example"});
    let divided = json!({"user_id": "8", "user_name": "Zoe;=1+1\n-2", "email": "z@y.example"});
    let at = "2027-03-01T09:00:00Z";
    world.told(&[joined(&meeting, at, stranger), joined(&meeting, at, divided)]).await;
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let request = world.app.request(&admin(), "GET", &path).header("Accept", "text/csv");
    let answer = world.app.send(request).await;
    assert!(answer.header("content-type").starts_with("text/csv; charset=utf-8"));
    insta::assert_snapshot!(answer.text.replace("\r\n", "\n"), @r#"
    "date","attendee_id","email","name","attended","joined_at","left_at","minutes","visits"
    "2027-03-01T09:00:00Z","u-ana","ana@x.example","Ana","no","","","0","0"
    "2027-03-01T09:00:00Z","u-ben","ben@x.example","Ana","no","","","0","0"
    "2027-03-01T09:00:00Z","u-cem","cem@x.example","","no","","","0","0"
    "2027-03-01T09:00:00Z","u-dia","dia@x.example","'=HYPERLINK(""http://x"")","no","","","0","0"
    "2027-03-01T09:00:00Z","","z@y.example","Zoe;'=1+1
    '-2","yes","2027-03-01T09:00:00Z","","30","1"
    "2027-03-01T09:00:00Z","","x@y.example","'@SUM(A1:A9)","yes","2027-03-01T09:00:00Z","","30","1"
    "#);
}

#[tokio::test]
async fn of_a_series_each_date_has_its_own() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let series = world.app.book(&admin(), &body).await;
    world.at("2027-03-03T10:30:00Z");
    for (uuid, day, minutes) in [("s1", "02", "15"), ("s2", "03", "45")] {
        let at = |time: &str| format!("2027-03-{day}T09:{time}:00Z");
        let who = json!({"user_id": uuid, "customer_key": "u-ana"});
        let come = visit("meeting.participant_joined", &series, uuid, &at("00"), who.clone());
        let go = visit("meeting.participant_left", &series, uuid, &at(minutes), who);
        let begun = session("meeting.started", &series, uuid, &at("00"));
        world.told(&[begun, come, go, session("meeting.ended", &series, uuid, &at("50"))]).await;
    }
    let path = format!("/v1/meetings/{}/attendance", series["id"].as_str().unwrap());
    let last = world.app.get(&admin(), &path).await.body;
    assert_eq!(
        (&last["starts_at"], &last["attendees"][0]["seconds"]),
        (&json!("2027-03-03T09:00:00Z"), &json!(2700))
    );
    let first = series["occurrences"][0]["id"].as_str().unwrap();
    let first = world.app.get(&admin(), &format!("{path}?occurrence_id={first}")).await.body;
    assert_eq!(
        (&first["starts_at"], &first["attendees"][0]["seconds"]),
        (&json!("2027-03-02T09:00:00Z"), &json!(900))
    );
}

#[tokio::test]
async fn a_date_that_was_moved_takes_nobody_with_it() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    let who = json!({"user_id": "1", "customer_key": "u-ana"});
    world.at("2027-03-01T09:40:00Z");
    world
        .told(&[
            session("meeting.started", &meeting, "s1", "2027-03-01T09:00:00Z"),
            joined(&meeting, "2027-03-01T09:00:00Z", who),
            session("meeting.ended", &meeting, "s1", "2027-03-01T09:40:00Z"),
        ])
        .await;
    assert_eq!(seconds(&attendance(&world, &meeting).await), expected([2400, 0, 0, 0]));
    world.at("2027-03-01T10:05:00Z");
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    let moved = world.app.patch(&admin(), &path, &json!({"start": "2027-03-20T12:00:00"})).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(seconds(&attendance(&world, &meeting).await), expected([0; 4]));
    world.at("2027-03-20T12:30:00Z");
    let again = json!({"user_id": "2", "customer_key": "u-ana"});
    let visit = |name, at, who| visit(name, &meeting, "s2", at, who);
    world
        .told(&[
            session("meeting.started", &meeting, "s2", "2027-03-20T12:00:00Z"),
            visit("meeting.participant_joined", "2027-03-20T12:00:00Z", again.clone()),
            visit("meeting.participant_left", "2027-03-20T12:10:00Z", again),
        ])
        .await;
    let now = attendance(&world, &meeting).await;
    assert_eq!(seconds(&now), expected([600, 0, 0, 0]));
    assert_eq!(now["started_at"], "2027-03-20T12:00:00Z");
}

#[tokio::test]
async fn whoever_was_not_told_to_leave_left_with_the_session() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    world.at("2027-03-01T10:05:00Z");
    // The end of the first session is lost, and so are the departures of both.
    let [ana, ben, late] =
        ["u-ana", "u-ben", "u-cem"].map(|who| json!({"user_id": who, "customer_key": who}));
    let second = |at, who| visit("meeting.participant_joined", &meeting, "s2", at, who);
    world
        .told(&[
            session("meeting.started", &meeting, "s1", "2027-03-01T09:00:00Z"),
            joined(&meeting, "2027-03-01T09:00:00Z", ana),
            session("meeting.started", &meeting, "s2", "2027-03-01T09:20:00Z"),
            second("2027-03-01T09:20:00Z", ben),
            session("meeting.ended", &meeting, "s2", "2027-03-01T09:30:00Z"),
            // Another of Zoom's clocks.
            second("2027-03-01T09:30:02Z", late),
        ])
        .await;
    assert_eq!(seconds(&attendance(&world, &meeting).await), expected([1200, 600, 0, 0]));
}

#[tokio::test]
async fn a_stranger_is_listed_once_by_whatever_they_are_known() {
    let world = World::start().await;
    let meeting = booked(&world).await;
    world.at("2027-03-01T10:05:00Z");
    let people = [
        json!({"user_id": "1", "user_name": "G", "email": "g@y.example"}),
        json!({"user_id": "2", "user_name": "G", "registrant_id": "r1"}),
        json!({"user_id": "3", "user_name": "G", "email": "G@Y.example"}),
        // By this one the first three are known to be the same.
        json!({"user_id": "4", "user_name": "G", "email": "g@y.example", "registrant_id": "r1"}),
        json!({"user_id": "5", "user_name": "G", "email": "h@y.example"}),
    ];
    for (minute, who) in people.iter().enumerate() {
        let at = |second: &str| format!("2027-03-01T09:0{minute}:{second}Z");
        world.told(&[joined(&meeting, &at("00"), who.clone()), left(&meeting, &at("30"), who.clone())]).await;
    }
    let attendance = attendance(&world, &meeting).await;
    let mut others: Vec<i64> =
        attendance["others"].as_array().unwrap().iter().map(|one| one["seconds"].as_i64().unwrap()).collect();
    others.sort_unstable();
    assert_eq!(others, [30, 120]);
}

#[tokio::test]
async fn a_late_leave_that_is_told_first_does_not_make_it_another_date() {
    let world = World::start().await;
    let mut body = meeting_on("Series", "2027-03-01T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 2});
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let series = world.app.book(&admin(), &body).await;
    world.at("2027-03-01T10:10:00Z");
    let ana = json!({"user_id": "1", "user_name": "A.", "email": "ana@x.example"});
    world.told(&[left(&series, "2027-03-01T10:05:00Z", ana.clone())]).await;
    world.told(&[joined(&series, "2027-03-01T09:01:00Z", ana)]).await;
    let id = series["id"].as_str().unwrap();
    for (place, lasted) in [(0, 3840), (1, 0)] {
        let date = series["occurrences"][place]["id"].as_str().unwrap();
        let path = format!("/v1/meetings/{id}/attendance?occurrence_id={date}");
        let known = world.app.get(&admin(), &path).await.body;
        assert_eq!(known["attendees"][0]["seconds"], lasted, "{place}: {known}");
    }
}
