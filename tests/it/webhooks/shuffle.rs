//! In whatever order things are told, twice or not at all, the end is the same.
//!
//! Ten lessons take place in the sandbox, whose events are taken down. They are then told again and again to the
//! same meetings, put back to what they were before: each time in another order, some twice, some not at all, with
//! one run of the reconciler at the end. A thousand orders are told to the meetings alone, as they are in memory; a
//! few of them, or as many as the environment says, to the function, with the table and Zoom behind it.

use std::collections::BTreeMap;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use chrono::{DateTime, Utc};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::domain::attendance::Attendance;
use shared::domain::ids::{MeetingId, TenantId};
use shared::domain::meeting::{Meeting, State};
use shared::domain::recording::{FileState, Recording, RecordingTold};

use super::world::{ACCOUNT, HOST, World};
use crate::support::{admin, meeting_on};

const LESSONS: usize = 10;
/// How many orders the meetings alone are told.
const ORDERS: usize = 1_000;
/// How many of them the function is told, unless the environment says otherwise.
const ORDERS_IN_THE_TABLE: usize = 5;
/// As many as a queue hands to a function at a time.
const BATCH: usize = 10;

/// A lesson as it was before anything was told of it.
struct Lesson {
    tenant: TenantId,
    id: MeetingId,
    before: Meeting,
}

/// What is known of a lesson in the end, as callers see it.
#[derive(Debug, PartialEq)]
struct End {
    status: State,
    attendance: Attendance,
    recordings: Vec<String>,
}

struct Random(TestRng);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % u64::try_from(end).unwrap()).unwrap()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

async fn act(world: &World, number: &str, action: &str, body: Value) -> Value {
    let answer = world.app.sandbox("POST", &format!("/meetings/{number}/{action}"), &body).await;
    assert!(answer.status < 300, "{action}: {}", answer.text);
    answer.body
}

/// Has a lesson take place: two sessions, since the host loses the first, with five people in all.
async fn teach(world: &World, number: &str, day: usize) {
    let at = |time: &str| world.at(&format!("2027-03-{:02}T09:{time}Z", day + 2));
    at("00:00");
    act(world, number, "start", json!({})).await;
    let mut users = Vec::new();
    for n in 0..4 {
        let email = format!("u-{n}@x.example");
        let joined = act(world, number, "join", json!({"name": "Same Name", "email": email})).await;
        users.push(joined["user_id"].as_str().unwrap().to_owned());
    }
    at("10:00");
    act(world, number, "leave", json!({"user_id": users[0]})).await;
    at("15:00");
    act(world, number, "end", json!({})).await;
    act(world, number, "recording", json!({"action": "completed"})).await;
    act(world, number, "recording", json!({"action": "trashed"})).await;
    act(world, number, "recording", json!({"action": "recovered"})).await;
    at("20:00");
    act(world, number, "start", json!({})).await;
    let again = act(world, number, "join", json!({"name": "Other Name", "email": "u-0@x.example"})).await;
    act(world, number, "join", json!({"name": "Same Name", "email": "guest@y.example"})).await;
    at("40:00");
    act(world, number, "leave", json!({"user_id": again["user_id"]})).await;
    at("45:00");
    act(world, number, "end", json!({})).await;
    act(world, number, "recording", json!({"action": "completed"})).await;
}

/// What the receiver has queued, taken out of the queue.
async fn queued(world: &World) -> Vec<String> {
    let client = aws_sdk_sqs::Client::new(world.app.stack.aws());
    let queue = &world.app.stack.config().webhooks_queue_url;
    let mut bodies = Vec::new();
    loop {
        let receive = client.receive_message().queue_url(queue).max_number_of_messages(10);
        let messages = receive.send().await.unwrap().messages.unwrap_or_default();
        if messages.is_empty() {
            return bodies;
        }
        for message in messages {
            bodies.push(message.body.unwrap());
            let handle = message.receipt_handle.unwrap();
            client.delete_message().queue_url(queue).receipt_handle(handle).send().await.unwrap();
        }
    }
}

fn event(bodies: &[String]) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records.extend(bodies.iter().enumerate().map(|(n, body)| {
        let mut message = SqsMessage::default();
        message.message_id = Some(n.to_string());
        message.body = Some(body.clone());
        message
    }));
    event
}

async fn end(deps: &Deps, lesson: &Lesson, now: DateTime<Utc>) -> End {
    let Lesson { tenant, id, .. } = lesson;
    let meeting = deps.store.meeting(tenant, id).await.unwrap().unwrap();
    let attendees = deps.store.attendees(tenant, id).await.unwrap();
    let visits = deps.store.visits(tenant, id).await.unwrap();
    let recordings = deps.store.recordings(tenant, id).await.unwrap();
    let date = meeting.dates[0].clone();
    let mut attendance = Attendance::of(&meeting, &date, &visits, &attendees, now);
    attendance.others.sort_by(|one, other| one.0.emails.cmp(&other.0.emails));
    // When a session began is known to the moment of the first who came where nobody told.
    attendance.started_at = None;
    let files = recordings.iter().flat_map(|recording| recording.available());
    End {
        status: meeting.status_at(now),
        attendance,
        recordings: files.map(|file| file.id.clone()).collect(),
    }
}

/// Puts the lesson back to what it was.
async fn put_back(deps: &Deps, lesson: &Lesson, now: DateTime<Utc>) {
    let Lesson { tenant, id, before } = lesson;
    deps.store.forget_sessions(tenant, id).await.unwrap();
    let stored = deps.store.meeting(tenant, id).await.unwrap().unwrap();
    let again = Meeting { revision: stored.revision + 1, ..before.clone() };
    assert!(deps.store.replace_meeting(&again, &stored, now, deps.config.reminder_shards).await.unwrap());
}

/// What is told this time: some of it is not, but of a session that it began, that it ended, or both.
fn some_of(truth: &[String], random: &mut Random) -> Vec<String> {
    let mut fates = BTreeMap::<String, usize>::new();
    let mut is_told = |body: &String| {
        let message: Value = serde_json::from_str(body).unwrap();
        if message["event"]["kind"] != "session" {
            return random.below(10) > 0;
        }
        let session = &message["event"]["told"];
        let uuid = session["uuid"].as_str().unwrap().to_owned();
        let fate = *fates.entry(uuid).or_insert_with(|| random.below(5));
        fate != usize::from(session["ended_at"].is_null())
    };
    truth.iter().filter(|body| is_told(body)).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_is_the_same_in_every_order() {
    let orders = std::env::var("LECTERN_TEST_ORDERS");
    let orders = orders.map_or(ORDERS_IN_THE_TABLE, |orders| orders.parse().unwrap());
    let world = World::start().await;
    let url = format!("{}/v1/webhooks/zoom/{}", world.app.stack.url(), world.connection);
    let body = json!({"account_id": ACCOUNT, "url": url, "secret_token": world.token});
    let deps =
        Deps::new(world.app.stack.config().clone(), world.app.stack.aws(), world.app.stack.clock().clone());
    let mut lessons = Vec::new();
    let attendees: Vec<Value> =
        (0..4).map(|n| json!({"id": format!("u-{n}"), "email": format!("u-{n}@x.example")})).collect();
    for day in 0..LESSONS {
        let mut body = meeting_on("Lesson", &format!("2027-03-{:02}T09:00:00", day + 2), HOST);
        body["attendees"] = json!(attendees);
        body["reminders"] = json!([]);
        lessons.push(world.app.book(&admin(), &body).await);
    }
    assert_eq!(world.app.sandbox("POST", "/webhooks", &body).await.status, 201);
    // What is queued is taken out before any function comes to it.
    let mut truth = Vec::new();
    for (day, lesson) in lessons.iter().enumerate() {
        teach(&world, lesson["zoom_meeting_id"].as_str().unwrap(), day).await;
        world.app.sandbox("POST", "/webhooks/flush", &json!({})).await;
        truth.extend(queued(&world).await);
    }
    assert_eq!(truth.len(), 200);
    world.at("2027-03-14T00:00:00Z");
    let now = world.app.now();
    let mut before = Vec::new();
    for lesson in &lessons {
        let (tenant, id): (TenantId, MeetingId) =
            ("school".parse().unwrap(), lesson["id"].as_str().unwrap().parse().unwrap());
        let meeting = deps.store.meeting(&tenant, &id).await.unwrap().unwrap();
        before.push(Lesson { tenant, id, before: meeting });
    }
    let in_memory: Vec<_> =
        (0..ORDERS).map(|order| end_in_memory(&before, &truth, &order_of(&truth, order), now)).collect();
    assert!(in_memory.iter().all(|end| *end == in_memory[0]));
    assert!(in_memory[0].iter().all(|(status, files)| *status == State::Ended && files.len() == 4));

    let mut expected: Option<Vec<End>> = None;
    for order in 0..orders {
        for batch in order_of(&truth, order).chunks(BATCH) {
            let response = webhooks::handle(&deps, event(batch)).await;
            assert!(response.batch_item_failures.is_empty(), "order {order}");
        }
        // Whatever was told is more than ten minutes ago by the time that the schedule comes.
        assert!(world.app.stack.clock().advance(3600));
        reconciler::run(&deps).await.unwrap();
        let mut ends = Vec::new();
        for lesson in &before {
            ends.push(end(&deps, lesson, now).await);
            put_back(&deps, lesson, now).await;
        }
        match &expected {
            None => {
                assert!(ends.iter().all(|end| end.status == State::Ended && end.recordings.len() == 4));
                assert!(ends.iter().all(|end| end.attendance.is_checked && end.attendance.others.len() == 1));
                expected = Some(ends);
            }
            Some(expected) => assert_eq!(&ends, expected, "order {order}"),
        }
    }
}

/// The statuses of the lessons and the recordings that can be played, where these are told to them in this order,
/// and Zoom's list of recordings, which holds all that there is in `truth`, is read in the end.
fn end_in_memory(
    lessons: &[Lesson],
    truth: &[String],
    told: &[String],
    now: DateTime<Utc>,
) -> Vec<(State, Vec<String>)> {
    let mut meetings: Vec<Meeting> = lessons.iter().map(|lesson| lesson.before.clone()).collect();
    let mut recordings: BTreeMap<(usize, String), Recording> = BTreeMap::new();
    for (place, kind, told) in told.iter().map(|body| read(lessons, body)) {
        if kind == "session" {
            meetings[place].hear(&serde_json::from_value(told).unwrap(), now);
        } else if kind == "recording" {
            let told: RecordingTold = serde_json::from_value(told).unwrap();
            let known = recordings.entry((place, told.session.clone())).or_default();
            *known = known.after(&told);
        }
    }
    for (place, _, told) in
        truth.iter().map(|body| read(lessons, body)).filter(|(_, kind, _)| kind == "recording")
    {
        let told: RecordingTold = serde_json::from_value(told).unwrap();
        let listed = RecordingTold { at: now, state: FileState::Available, ..told };
        let known = recordings.entry((place, listed.session.clone())).or_default();
        *known = known.listed(Some(&listed), now);
    }
    let files = |place: usize| {
        let known =
            recordings.iter().filter(|((of, _), _)| *of == place).flat_map(|(_, known)| known.available());
        known.map(|file| file.id.clone()).collect()
    };
    meetings.iter().enumerate().map(|(place, meeting)| (meeting.status_at(now), files(place))).collect()
}

/// A message: which lesson it is about, of what kind it is, and what is told.
fn read(lessons: &[Lesson], body: &str) -> (usize, String, Value) {
    let message: Value = serde_json::from_str(body).unwrap();
    let event = &message["event"];
    let is_it = |lesson: &Lesson| lesson.before.zoom.as_ref().map(|zoom| zoom.id) == event["number"].as_u64();
    let place = lessons.iter().position(is_it).unwrap();
    (place, event["kind"].as_str().unwrap().to_owned(), event["told"].clone())
}

/// What is told in an order, of which the first is the true one.
fn order_of(truth: &[String], order: usize) -> Vec<String> {
    let mut random = Random(TestRng::from_seed(RngAlgorithm::ChaCha, &seed(order)));
    if order == 0 {
        return truth.to_vec();
    }
    let mut told = some_of(truth, &mut random);
    let twice: Vec<String> = told.iter().filter(|_| random.below(5) == 0).cloned().collect();
    told.extend(twice);
    random.shuffle(&mut told);
    told
}

fn seed(order: usize) -> [u8; 32] {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&u64::try_from(order).unwrap().to_le_bytes());
    seed
}
