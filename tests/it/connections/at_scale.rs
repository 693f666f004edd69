//! A tenant of 300 connections, and an account of 2,000 users: what it costs to connect, to list and to book
//! grows with neither.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use serde_json::{Value, json};

use crate::budgets::total;
use crate::support::{Answer, App, account_of, admin, instructor, meeting};

const CONNECTIONS: usize = 300;
const USERS: usize = 2_000;

/// A tenant of 300 connections, one room each, and one more to an account of 2,000 users, every other of whom is
/// on Zoom's free plan; returns the last connection.
async fn large_tenant() -> (App, Value) {
    let app = App::start().await;
    let one = async |n: usize| {
        let id = format!("room{n}");
        app.zoom_account(&id, &[format!("{id}@small.example")]).await;
        app.connect(&admin(), &account_of(&id, &id)).await;
    };
    stream::iter(0..CONNECTIONS).map(one).buffer_unordered(16).collect::<Vec<()>>().await;
    let users: Value =
        (0..USERS).map(|n| json!({"email": format!("u{n}@big.example"), "type": n % 2 + 1})).collect();
    super::zoom_app(&app, "big", &json!("all"), &users).await;
    app.calls().await;
    let big = app.connect(&admin(), &account_of("Big", "big")).await;
    let calls = app.calls().await;
    assert_eq!(
        calls["zoom"],
        json!({"POST /oauth/token": 1, "GET /users": 7, "GET /users/{userId}/settings": 1})
    );
    // Hosts are written 25 at a time, the most that one call takes.
    assert_eq!(calls["dynamodb"]["BatchWriteItem"], USERS / 25);
    assert!(total(&calls, "dynamodb") <= USERS as u64 / 25 + 3, "{calls}");
    (app, big)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_tenant_costs_no_more_calls_than_a_small_one() {
    let (app, big) = large_tenant().await;
    let hosts = lists(&app, &big).await;
    named_hosts(&app, &big, &hosts).await;
    any_host(&app, &big).await;
    own_host_first(&app).await;
}

/// Every page of a list, the calls of each of which must be `expected`.
async fn pages(app: &App, path: &str, expected: &Value) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&admin(), &format!("{path}?limit=100{cursor}")).await;
        assert_eq!(app.calls().await["dynamodb"], *expected, "{path}");
        items.extend(page.body["items"].as_array().unwrap().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

async fn lists(app: &App, big: &Value) -> Vec<Value> {
    let connections = pages(app, "/v1/connections", &json!({"Query": 1})).await;
    assert_eq!(connections.len(), CONNECTIONS + 1);
    let path = format!("/v1/connections/{}/hosts", big["id"].as_str().unwrap());
    let hosts = pages(app, &path, &json!({"GetItem": 1, "Query": 1, "BatchGetItem": 1})).await;
    assert_eq!(hosts.len(), USERS);
    hosts
}

/// Books, and returns what that cost; at Zoom it must be the one call that it takes.
async fn booked(app: &App, body: &Value) -> (Value, Value) {
    let key = format!("{} {} {}", body["topic"], body["start"], body["host"]);
    app.calls().await;
    let made = app.post_with_key(&admin(), "/v1/meetings", &key, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let mut calls = app.calls().await;
    // An app's first token is fetched once, whoever needs it.
    calls["zoom"].as_object_mut().unwrap().remove("POST /oauth/token");
    assert_eq!(calls["zoom"], json!({"POST /users/{userId}/meetings": 1}));
    (made.body, calls)
}

async fn named_hosts(app: &App, big: &Value, hosts: &[Value]) {
    let id = &big["id"];
    let names = [
        json!({"connection_id": id, "host_id": hosts[1_234]["id"]}),
        json!({"connection_id": id, "email": hosts[1_235]["email"]}),
        json!({"host_id": hosts[1_236]["id"]}),
        json!({"email": hosts[1_237]["email"]}),
    ];
    for host in names {
        let mut body = meeting("Lesson", "2027-03-02T09:00:00");
        body["host"] = host;
        // Who is meant is looked for once, in a page of hosts a megabyte; from then on it is known.
        let (_, calls) = booked(app, &body).await;
        assert!(total(&calls, "dynamodb") <= 6, "{}: {calls}", body["host"]);
        body["start"] = json!("2027-03-02T10:00:00");
        let (_, calls) = booked(app, &body).await;
        assert!(total(&calls, "dynamodb") <= 4, "{}: {calls}", body["host"]);
        assert_eq!(calls["dynamodb"].get("Query"), None);
    }
    let mut body = meeting("Lesson", "2027-03-02T09:00:00");
    body["host"] = json!({"email": hosts[1_237]["email"]});
    let taken = app.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!((taken.status, taken.code()), (409, "schedule_conflict"), "{}", taken.text);
    refused_within(8, app, &taken).await;
    // Chance decides which 100 are looked at, and the three booked above may be among them.
    let free = taken.body["free_hosts"].as_array().unwrap().len();
    assert!((97..=100).contains(&free), "{free}");
    assert_eq!(taken.body["next_free"]["starts_at"], "2027-03-02T11:00:00Z");
}

async fn any_host(app: &App, big: &Value) {
    let mut picked = BTreeSet::new();
    let mut of_big = 0;
    for n in 0..12 {
        let (made, calls) = booked(app, &meeting(&format!("Lesson {n}"), "2027-03-03T09:00:00")).await;
        assert_eq!(made["warnings"], json!([]), "a licensed host is better for an hour");
        // A page of hosts and one of connections, a megabyte each, and then as for any booking.
        assert_eq!(calls["dynamodb"]["Query"], 2);
        assert_eq!(total(&calls, "dynamodb"), 6, "{calls}");
        of_big += usize::from(made["host"]["connection_id"] == big["id"]);
        picked.insert(made["host"]["host_id"].to_string());
    }
    assert_eq!(picked.len(), 12, "the load spreads");
    // Of 1,300 licensed hosts 1,000 are of the account that was connected last.
    assert!(of_big > 0, "whoever was connected first is not all that is looked at");
}

async fn own_host_first(app: &App) {
    let own = instructor("u-own");
    app.zoom_account("own", &["own@home.example".to_owned()]).await;
    let mut body = account_of("Own", "own");
    body["owner"] = json!("user");
    app.connect(&own, &body).await;
    for start in ["2027-03-04T09:00:00", "2027-03-04T10:00:00"] {
        let made = app.book(&own, &meeting("Mine", start)).await;
        assert_eq!(made["host"]["email"], "own@home.example");
    }
    let made = app.book(&own, &meeting("Mine", "2027-03-04T09:00:00")).await;
    assert_ne!(made["host"]["email"], "own@home.example");
}

/// A refusal offers at most 100 hosts, and takes at most so many calls.
async fn refused_within(most: u64, app: &App, refused: &Answer) {
    let calls = app.calls().await;
    assert_eq!(calls.get("zoom"), None);
    assert!(total(&calls, "dynamodb") <= most, "{calls}");
    assert!(refused.body["free_hosts"].as_array().unwrap().len() <= 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_free_is_found_however_many_are_not() {
    const HOSTS: usize = 120;
    let app = App::start().await;
    let users: Vec<String> = (0..HOSTS).map(|n| format!("u{n}@pool.example")).collect();
    app.zoom_account("pool", &users).await;
    app.connect(&admin(), &account_of("Pool", "pool")).await;
    let body = meeting("Lesson", "2027-03-02T09:00:00");
    let who = admin();
    let bookings = stream::iter(0..HOSTS).map(|_| app.book(&who, &body));
    let booked: Vec<Value> = bookings.buffer_unordered(8).collect().await;
    let picked: BTreeSet<&str> = booked.iter().map(|made| made["host"]["email"].as_str().unwrap()).collect();
    assert_eq!(picked.len(), HOSTS);
    app.calls().await;
    let refused = app.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!((refused.status, refused.code()), (409, "no_room_available"), "{}", refused.text);
    // Each host is looked at once to find that none is free, and 100 of them once more to see when one is.
    refused_within(12, &app, &refused).await;
    assert_eq!(refused.body["free_hosts"], json!([]));
    assert_eq!(refused.body["next_free"]["starts_at"], "2027-03-02T10:00:00Z");
}
