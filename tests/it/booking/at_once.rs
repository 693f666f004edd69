//! Many bookings at one moment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, account, account_of, admin, meeting, meeting_on, secret};

/// These tests keep the machine busy, and take turns so that none outlasts its requests' patience.
async fn turn() -> tokio::sync::MutexGuard<'static, ()> {
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    TURN.lock().await
}

/// Opens as many connections as there will be requests, so that these arrive at one moment.
async fn connect_all(app: &App, many: usize) {
    join_all((0..many).map(|_| app.send(app.bare("GET", "/v1/health")))).await;
}

/// How often each status came.
fn tally(answers: &[crate::support::Answer]) -> BTreeMap<u16, usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry(answer.status).or_default() += 1;
    }
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_bookings_of_one_slot_on_one_host_exactly_one_succeeds() {
    let _turn = turn().await;
    let (app, _) = App::connected().await;
    let who = admin();
    // Something stands in the host's ledger already.
    app.book(&who, &meeting_on("Before", "2027-03-02T08:00:00", "host1@sandbox.example")).await;
    connect_all(&app, 200).await;
    let body = meeting_on("Exam", "2027-03-02T09:00:00", "host1@sandbox.example");
    let answers = join_all((0..200).map(|_| app.post(&who, "/v1/meetings", &body))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(201, 1), (409, 199)]));
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(refused.code(), "schedule_conflict");
        assert_eq!(refused.body["clash_count"], 1, "{}", refused.text);
    }
    let at_zoom = app
        .zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", "host1@sandbox.example")
        .await;
    assert_eq!(at_zoom.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_bookings_of_one_slot_on_a_pool_of_20_hosts_exactly_20_succeed() {
    let _turn = turn().await;
    let app = App::start().await;
    let who = admin();
    let users: Vec<String> = (0..20).map(|n| format!("room{n}@pool.example")).collect();
    app.zoom_account("pool", &users).await;
    app.connect(&who, &account_of("Pool", "pool")).await;
    for _ in 0..20 {
        app.book(&who, &meeting("Before", "2027-03-02T08:00:00")).await;
    }
    connect_all(&app, 200).await;
    let body = meeting("Exam", "2027-03-02T09:00:00");
    let answers = join_all((0..200).map(|_| app.post(&who, "/v1/meetings", &body))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(201, 20), (409, 180)]));
    let booked = answers.iter().filter(|answer| answer.status == 201);
    let hosts: BTreeSet<&str> = booked.map(|answer| answer.body["host"]["email"].as_str().unwrap()).collect();
    assert_eq!(hosts.len(), 20);
    let refused = answers.iter().find(|answer| answer.status == 409).unwrap();
    assert_eq!(refused.code(), "no_room_available");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_bookings_of_different_slots_of_one_host_all_succeed() {
    let _turn = turn().await;
    let (app, _) = App::connected().await;
    let who = admin();
    let first: DateTime<Utc> = "2027-03-02T00:00:00Z".parse().unwrap();
    let bodies: Vec<Value> = (0..100)
        .map(|n| {
            let start = (first + TimeDelta::minutes(30 * n)).format("%Y-%m-%dT%H:%M:%S").to_string();
            let mut body = meeting_on("Talk", &start, "host1@sandbox.example");
            body["duration_minutes"] = json!(30);
            body
        })
        .collect();
    connect_all(&app, 100).await;
    let answers = join_all(bodies.iter().map(|body| app.post(&who, "/v1/meetings", body))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(201, 100)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_connections_to_one_account_share_their_hosts_time() {
    let _turn = turn().await;
    let (app, _) = App::connected().await;
    let who = admin();
    let second = json!({"account_id": "sandbox-account", "client_id": "other-app", "client_secret": secret("other"),
                        "scopes": "all", "users": []});
    assert!(app.sandbox("POST", "/accounts", &second).await.status < 300);
    let other = app.connect(&who, &account("Room 2", "sandbox-account", "other-app", &secret("other"))).await;
    let hosts = app.get(&who, &format!("/v1/connections/{}/hosts", other["id"].as_str().unwrap())).await;
    let host = hosts.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|h| h["email"] == "host1@sandbox.example")
        .unwrap();
    let mut through_other = meeting("Second", "2027-03-02T09:30:00");
    through_other["host"] = json!({"connection_id": other["id"], "host_id": host["id"]});
    app.book(&who, &meeting_on("Before", "2027-03-02T08:00:00", "host1@sandbox.example")).await;
    let first = meeting_on("First", "2027-03-02T09:00:00", "host1@sandbox.example");
    let requests =
        (0..20).map(|n| app.post(&who, "/v1/meetings", if n % 2 == 0 { &first } else { &through_other }));
    let answers = join_all(requests).await;
    assert_eq!(tally(&answers), BTreeMap::from([(201, 1), (409, 19)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moves_and_bookings_at_one_moment_never_overlap() {
    let _turn = turn().await;
    let (app, _) = App::connected().await;
    let who = admin();
    let host = "host2@sandbox.example";
    let mut ids = Vec::new();
    for hour in 10..20 {
        let start = format!("2027-03-03T{hour}:00:00");
        let booked = app.book(&who, &meeting_on("Lesson", &start, host)).await;
        ids.push(booked["id"].as_str().unwrap().to_owned());
    }
    let target = json!({"start": "2027-03-04T12:00:00"});
    let fresh = meeting_on("New", "2027-03-04T12:30:00", host);
    let paths: Vec<String> = ids.iter().map(|id| format!("/v1/meetings/{id}")).collect();
    let moves = join_all(paths.iter().map(|path| app.patch(&who, path, &target)));
    let books = join_all((0..10).map(|_| app.post(&who, "/v1/meetings", &fresh)));
    let (moved, booked) = futures::future::join(moves, books).await;
    let successes = moved.iter().chain(&booked).filter(|answer| answer.status < 300).count();
    assert_eq!(successes, 1, "{:?} {:?}", tally(&moved), tally(&booked));
    let query = "/v1/availability?from=2027-03-03T00:00:00Z&to=2027-03-06T00:00:00Z";
    assert_no_overlaps(&app.get(&who, query).await.body);
}

/// Whether no host of an availability is busy twice at one moment.
pub(super) fn assert_no_overlaps(availability: &Value) {
    for host in availability["items"].as_array().unwrap() {
        let busy = host["busy"].as_array().unwrap();
        for pair in busy.windows(2) {
            assert!(pair[0]["ends_at"].as_str() <= pair[1]["starts_at"].as_str(), "{host:#}");
        }
    }
}
