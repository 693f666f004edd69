//! In whatever order things are told, twice or not at all, the end is the same.
//!
//! Ten meetings are made, changed, held and deleted in the sandbox, whose 200 events are taken down. They are then told
//! again and again to the function, with the table and Zoom behind it, which is put back to what it was before each
//! time: in another order, some twice, any not at all, and then the schedule comes. A few orders are told, or as many as
//! the environment says; a thousand to meetings and recordings as they are in memory, without any table.

use std::collections::{BTreeMap, HashMap};

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use chrono::{DateTime, SubsecRound, Utc};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::domain::attendance::Attendance;
use shared::domain::ids::{MeetingId, TenantId};
use shared::domain::meeting::{Meeting, State};
use shared::domain::recording::{FileState, Recording, RecordingTold};
use shared::domain::session::SessionTold;

use super::teaching::{ACCOUNT, DELETED, OVER, RUNNING, Teaching};
use super::world::World;
use crate::support::{account_of, admin, meeting_on, queue, secret};

const MEETINGS: usize = DELETED + 1;
/// How many orders are told in memory.
const ORDERS: usize = 1_000;
/// How many orders the function is told, unless the environment says otherwise.
const ORDERS_IN_THE_TABLE: usize = 12;
/// As many as a queue hands to a function at a time.
const BATCH: usize = 10;

/// What is known of a meeting in the end, as callers see it.
#[derive(Debug, PartialEq)]
struct End {
    topic: String,
    /// While the lessons are under way.
    status: State,
    /// An hour later.
    status_later: State,
    /// Who was there, where it is over.
    attendance: Option<Attendance>,
    /// Each file with the passcodes that open it.
    recordings: Vec<(String, Option<String>, Option<String>)>,
}

struct Random(TestRng);

impl Random {
    fn of(order: usize) -> Self {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&u64::try_from(order).unwrap().to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % u64::try_from(end).unwrap()).unwrap()
    }

    /// All of these in another order, each fifth of them twice.
    fn shuffled<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mut told = all.to_vec();
        told.extend(all.iter().filter(|_| self.below(5) == 0).cloned());
        for last in (1..told.len()).rev() {
            told.swap(last, self.below(last + 1));
        }
        told
    }
}

fn host(n: usize) -> String {
    format!("host{n}@shuffled.example")
}

/// A world that hears of an account with a host for each meeting.
async fn world() -> World {
    let mut world = World::start().await;
    let users: Vec<Value> = (0..MEETINGS).map(|n| json!({"email": host(n), "type": 2})).collect();
    let body = json!({"account_id": ACCOUNT, "client_id": ACCOUNT, "client_secret": secret(ACCOUNT),
        "scopes": "all", "users": users});
    assert!(world.app.sandbox("POST", "/accounts", &body).await.status < 300);
    let mut body = account_of("Room 2", ACCOUNT);
    body["webhook_secret_token"] = json!(world.token);
    let connection = world.app.connect(&admin(), &body).await;
    connection["id"].as_str().unwrap().clone_into(&mut world.connection);
    let url = format!("{}/v1/webhooks/zoom/{}", world.app.stack.url(), world.connection);
    let body = json!({"account_id": ACCOUNT, "url": url, "secret_token": world.token});
    assert_eq!(world.app.sandbox("POST", "/webhooks", &body).await.status, 201);
    world
}

async fn book(world: &World) -> Vec<Value> {
    let mut meetings = Vec::new();
    for n in 0..MEETINGS {
        let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", &host(n));
        let attendees = (0..4).map(|n| json!({"id": format!("u-{n}"), "email": format!("u-{n}@x.example")}));
        body["attendees"] = attendees.collect();
        body["reminders"] = json!([]);
        meetings.push(world.app.book(&admin(), &body).await);
    }
    meetings
}

/// What the receiver has queued, taken out of the queue before any function comes to it.
async fn queued(world: &World) -> Vec<String> {
    world.app.sandbox("POST", "/webhooks/flush", &json!({})).await;
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

type Items = HashMap<(String, String), HashMap<String, AttributeValue>>;

/// All that the table holds.
async fn items(client: &aws_sdk_dynamodb::Client) -> Items {
    let text = |item: &HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().clone();
    let mut pages = client.scan().table_name("lectern").into_paginator().items().send();
    let mut items = Items::new();
    while let Some(item) = pages.next().await {
        let item = item.unwrap();
        items.insert((text(&item, "pk"), text(&item, "sk")), item);
    }
    items
}

/// Puts the table back to what it was.
async fn put_back(client: &aws_sdk_dynamodb::Client, before: &Items) {
    let now = items(client).await;
    let changed = before.iter().filter(|(key, item)| now.get(*key) != Some(item));
    let puts = changed.map(|(_, item)| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let new = now.keys().filter(|key| !before.contains_key(*key));
    let deletes = new.map(|(pk, sk)| {
        let delete = DeleteRequest::builder().key("pk", AttributeValue::S(pk.clone()));
        let delete = delete.key("sk", AttributeValue::S(sk.clone())).build().unwrap();
        WriteRequest::builder().delete_request(delete).build()
    });
    let writes: Vec<WriteRequest> = puts.chain(deletes).collect();
    for batch in writes.chunks(25) {
        let write = client.batch_write_item().request_items("lectern", batch.to_vec());
        assert!(write.send().await.unwrap().unprocessed_items.is_none_or(|left| left.is_empty()));
    }
}

/// Tells these; what is to come again does so a minute later.
async fn tell(world: &World, deps: &Deps, mut told: Vec<String>) {
    for _ in 0..4 {
        let mut again = Vec::new();
        for batch in told.chunks(BATCH) {
            let mut event = SqsEvent::default();
            event.records.extend(batch.iter().enumerate().map(|(place, body)| {
                let mut message = SqsMessage::default();
                message.message_id = Some(place.to_string());
                message.body = Some(body.clone());
                message
            }));
            let failures = webhooks::handle(deps, event).await.batch_item_failures;
            again.extend(
                failures.iter().map(|one| batch[one.item_identifier.parse::<usize>().unwrap()].clone()),
            );
        }
        if again.is_empty() {
            return;
        }
        assert!(world.app.stack.clock().advance(61));
        told = again;
    }
    panic!("some of it is never taken");
}

/// The meetings as the table has them, with their status at this moment.
async fn read(world: &World, deps: &Deps, meetings: &[MeetingId]) -> Vec<(Meeting, State)> {
    let mut all = Vec::new();
    for id in meetings {
        let meeting = deps.store.meeting(&tenant(), id).await.unwrap().unwrap();
        let status = meeting.status_at(world.app.now());
        all.push((meeting, status));
    }
    all
}

fn tenant() -> TenantId {
    "school".parse().unwrap()
}

/// Tells an order to the function while the lessons are under way, and has the schedule come then and in the hour after.
async fn end_of(world: &World, deps: &Deps, meetings: &[MeetingId], told: Vec<String>) -> Vec<End> {
    world.at("2027-03-01T09:46:00Z");
    tell(world, deps, told).await;
    world.at("2027-03-01T09:53:00Z");
    queue::reconcile(deps).await;
    let during = read(world, deps, meetings).await;
    for time in ["10:40", "10:55"] {
        world.at(&format!("2027-03-01T{time}:00Z"));
        queue::reconcile(deps).await;
    }
    let later = read(world, deps, meetings).await;
    let mut ends = Vec::new();
    for (n, ((_, status), (meeting, status_later))) in during.into_iter().zip(later).enumerate() {
        let attendance = if OVER.contains(&n) { Some(attendance(world, deps, &meeting).await) } else { None };
        let recordings = deps.store.recordings(&tenant(), &meeting.id).await.unwrap();
        let files = recordings.iter().flat_map(|recording| {
            let files = recording.available().into_iter();
            files.map(|file| (file.id.clone(), recording.passcode.clone(), recording.play_passcode.clone()))
        });
        let recordings = files.collect();
        ends.push(End { topic: meeting.topic, status, status_later, attendance, recordings });
    }
    ends
}

async fn attendance(world: &World, deps: &Deps, meeting: &Meeting) -> Attendance {
    let attendees = deps.store.attendees(&tenant(), &meeting.id).await.unwrap();
    let visits = deps.store.visits(&tenant(), &meeting.id).await.unwrap();
    let mut attendance = Attendance::of(meeting, &meeting.dates[0], &visits, &attendees, world.app.now());
    attendance.others.sort_by(|one, other| one.0.emails.cmp(&other.0.emails));
    // Events tell of it to the millisecond, and Zoom's list to the second.
    attendance.started_at = attendance.started_at.map(|at| at.trunc_subsecs(0));
    attendance
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_is_the_same_in_every_order() {
    let orders = std::env::var("LECTERN_TEST_ORDERS");
    let orders = orders.map_or(ORDERS_IN_THE_TABLE, |orders| orders.parse().unwrap());
    let world = world().await;
    let deps = world.app.deps();
    let dynamodb = aws_sdk_dynamodb::Client::new(world.app.stack.aws());
    let booked = book(&world).await;
    queue::reconcile(&deps).await;
    let before = items(&dynamodb).await;
    let text = |meeting: &Value, name: &str| meeting[name].as_str().unwrap().to_owned();
    let meetings: Vec<MeetingId> = booked.iter().map(|one| text(one, "id").parse().unwrap()).collect();
    let numbers = booked.iter().map(|one| text(one, "zoom_meeting_id")).collect();
    let mut teaching = Teaching { world: &world, numbers, present: vec![Vec::new(); MEETINGS] };
    world.at("2027-03-01T08:10:00Z");
    teaching.change().await;
    teaching.hold().await;
    let truth = queued(&world).await;
    assert_eq!(truth.len(), 200);
    let lessons = read(&world, &deps, &meetings).await.into_iter().map(|(meeting, _)| meeting).collect();
    in_memory(lessons, &truth);

    let mut expected: Option<Vec<End>> = None;
    for order in 0..orders {
        let mut random = Random::of(order);
        let told = if order == 0 {
            truth.clone()
        } else {
            let some: Vec<String> = truth.iter().filter(|_| random.below(10) > 0).cloned().collect();
            random.shuffled(&some)
        };
        let ends = end_of(&world, &deps, &meetings, told).await;
        put_back(&dynamodb, &before).await;
        match &expected {
            None => {
                look_right(&ends);
                expected = Some(ends);
            }
            Some(expected) => assert_eq!(&ends, expected, "order {order}"),
        }
    }
}

/// What the end is to be.
fn look_right(ends: &[End]) {
    let of = |range: std::ops::Range<usize>| ends[range].iter();
    let status = |end: &End| (end.status, end.status_later);
    assert!(of(OVER).all(|end| status(end) == (State::Ended, State::Ended)), "{ends:#?}");
    assert!(of(RUNNING).all(|end| status(end) == (State::Started, State::Ended)), "{ends:#?}");
    assert_eq!(status(&ends[DELETED]), (State::Cancelled, State::Cancelled));
    assert!(of(0..DELETED).all(|end| end.topic == "Changed"));
    for end in of(OVER) {
        let attendance = end.attendance.as_ref().unwrap();
        let seconds: Vec<i64> = attendance.attendees.iter().map(|one| one.total.num_seconds()).collect();
        assert!(attendance.is_checked);
        assert_eq!((seconds, attendance.others.len()), (vec![1800, 900, 900, 900], 1));
        assert_eq!(end.recordings.len(), 4);
    }
    assert!(of(RUNNING).all(|end| end.recordings.len() == 2));
}

/// Tells a thousand orders to meetings and recordings as they are in memory. Nothing is dropped, since nobody asks
/// Zoom; at several moments the status is what it was then, in whatever order all of it was told by that time.
fn in_memory(mut lessons: Vec<Meeting>, truth: &[String]) {
    lessons.truncate(DELETED);
    let (mut sessions, mut recordings) = (Vec::new(), Vec::new());
    for body in truth {
        let message: Value = serde_json::from_str(body).unwrap();
        let (event, told) = (&message["event"], message["event"]["told"].clone());
        let is_it = |lesson: &Meeting| lesson.zoom.as_ref().map(|zoom| zoom.id) == event["number"].as_u64();
        let Some(place) = lessons.iter().position(is_it) else { continue };
        match event["kind"].as_str().unwrap() {
            "session" => sessions.push((place, serde_json::from_value::<SessionTold>(told).unwrap())),
            "recording" => recordings.push((place, serde_json::from_value::<RecordingTold>(told).unwrap())),
            _ => {}
        }
    }
    assert_eq!((sessions.len(), recordings.len()), (9 * 3 + 5, 9 * 3 + 5));
    let files = known(&recordings);
    for order in 0..ORDERS {
        let mut random = Random::of(order);
        for (time, over, running) in [
            ("09:05", State::Started, State::Started),
            ("09:17", State::Ended, State::Ended),
            ("09:25", State::Started, State::Started),
            ("09:50", State::Ended, State::Started),
            ("10:01", State::Ended, State::Ended),
        ] {
            let now: DateTime<Utc> = format!("2027-03-01T{time}:00Z").parse().unwrap();
            let by_then: Vec<_> = sessions.iter().filter(|(_, told)| told.at <= now).cloned().collect();
            let mut meetings = lessons.clone();
            for (place, told) in random.shuffled(&by_then) {
                meetings[place].hear(&told, None, now);
            }
            for (place, meeting) in meetings.iter().enumerate() {
                let expected = if OVER.contains(&place) { over } else { running };
                assert_eq!(meeting.status_at(now), expected, "order {order}, {time}, meeting {place}");
            }
        }
        assert_eq!(known(&random.shuffled(&recordings)), files, "order {order}");
    }
}

/// What is known of recordings after these, but for how often they changed.
fn known(told: &[(usize, RecordingTold)]) -> Vec<(Recording, Vec<FileState>)> {
    let mut all = BTreeMap::<(usize, String), Recording>::new();
    for (place, told) in told {
        let known = all.entry((*place, told.session.clone())).or_default();
        *known = Recording { revision: 0, ..known.after(told) };
    }
    let states = |known: &Recording| known.files.values().map(|file| file.state).collect();
    all.into_values().map(|known| (known.clone(), states(&known))).collect()
}
