use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::support::{HOST, World, api_request, path};

const CREATE: &str = "POST /users/{userId}/meetings";

async fn count(world: &World, token: &str) -> Value {
    let path = format!("/users/{HOST}/meetings");
    world.api(token, "GET", &path, &Value::Null).await.expect(200)["total_records"].clone()
}

/// Gives up on a request after a moment.
async fn give_up(world: &World, request: Request<axum::body::Body>) {
    let reply = tokio::time::timeout(Duration::from_millis(100), world.router.clone().oneshot(request));
    assert!(reply.await.is_err(), "a reply came");
}

#[tokio::test]
async fn timeouts_come_before_or_after_the_change() {
    let world = World::new();
    let token = world.token().await;
    let create = || api_request(&token, "POST", &format!("/users/{HOST}/meetings"), &json!({"topic": "T"}));
    world.fault(CREATE, "timeout_before", 1).await;
    world.fault(CREATE, "timeout_after_commit", 1).await;
    give_up(&world, create()).await;
    assert_eq!(count(&world, &token).await, 0);
    give_up(&world, create()).await;
    assert_eq!(count(&world, &token).await, 1);
    world.send(create()).await.expect(201);
}

#[tokio::test]
async fn statuses_are_zooms_own() {
    let world = World::new();
    let token = world.token().await;
    world.fault("GET /users", "status_500", 1).await;
    world.fault("GET /users", "status_429", 2).await;
    world.fault("GET /users", "daily_limit", 1).await;
    let get = || world.api(&token, "GET", "/users", &Value::Null);
    get().await.expect(500);
    for _ in 0..2 {
        let reply = get().await;
        assert_eq!(reply.headers["retry-after"], "2026-11-21T12:00:01Z");
        assert_eq!(reply.headers["x-ratelimit-type"], "QPS");
        let message = reply.refused(429, 429);
        assert!(message.starts_with("You have reached the maximum per-second rate limit"));
    }
    let reply = get().await;
    assert!(reply.headers.get("retry-after").is_none());
    assert!(reply.refused(429, 429).contains("daily rate limit (100)"));
    get().await.expect(200);
}

#[tokio::test]
async fn a_fault_meets_its_own_operation_only() {
    let world = World::new();
    let token = world.token().await;
    world.fault(CREATE, "status_500", 1).await;
    world.api(&token, "GET", "/users", &Value::Null).await.expect(200);
    world.admin("DELETE", "/faults", &Value::Null).await.expect(204);
    world.create(&token, &json!({"topic": "T"})).await;
    world.fault("POST /oauth/token", "status_500", 1).await;
    world.token_request("sandbox-client", "sandbox-secret", "").await.expect(500);
    world.token().await;
}

#[tokio::test]
async fn a_malformed_reply_comes_after_the_change() {
    let world = World::new();
    let token = world.token().await;
    world.fault(CREATE, "malformed", 1).await;
    let path_of_host = format!("/users/{HOST}/meetings");
    let reply = world.api(&token, "POST", &path_of_host, &json!({"topic": "T"})).await;
    assert_eq!(reply.status, 201);
    assert!(serde_json::from_str::<Value>(&reply.text).is_err() && reply.text.starts_with('{'));
    assert_eq!(count(&world, &token).await, 1);

    let meeting = world.create(&token, &json!({"topic": "U"})).await;
    world.fault("DELETE /meetings/{meetingId}", "malformed", 1).await;
    let reply = world.api(&token, "DELETE", &path(&meeting), &Value::Null).await;
    assert!(serde_json::from_str::<Value>(&reply.text).is_err() && !reply.text.is_empty());
    assert_eq!(count(&world, &token).await, 1);
}

#[tokio::test]
async fn slow_is_right_but_late() {
    let world = World::new();
    let token = world.token().await;
    world.fault("GET /users", "slow", 1).await;
    let before = Instant::now();
    world.api(&token, "GET", "/users", &Value::Null).await.expect(200);
    assert!(before.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn a_dead_token_stays_dead_and_others_live() {
    let world = World::new();
    let (doomed, other) = (world.token().await, world.token().await);
    world.fault("GET /users", "dead_token", 1).await;
    world.api(&doomed, "GET", "/users", &Value::Null).await.refused(401, 124);
    world.api(&doomed, "GET", "/users/me", &Value::Null).await.refused(401, 124);
    world.api(&other, "GET", "/users", &Value::Null).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_carries_not_one_byte() {
    let world = World::new();
    let token = world.token().await;
    world.fault(CREATE, "disconnect", 1).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    let body = json!({"topic": "T"}).to_string();
    let request = format!(
        "POST /_zoom/v2/users/{HOST}/meetings HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let exchange = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // Reset or closed: either way nothing comes.
        let _ = connection.read_to_end(&mut answer);
        answer
    });
    let answer = exchange.await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "");
    assert_eq!(count(&world, &token).await, 0);
    server.abort();
}

#[tokio::test]
async fn unknown_names_are_refused_with_a_hint() {
    let world = World::new();
    let body = json!({"operation": "POST /users/{id}/meetings", "fault": "slow", "times": 1});
    let message = world.admin("POST", "/faults", &body).await.expect(422);
    assert!(message["message"].as_str().unwrap().contains("There is no operation"));
    let body = json!({"operation": "GET /users", "fault": "explode", "times": 1});
    let message = world.admin("POST", "/faults", &body).await.expect(422);
    assert!(message["message"].as_str().unwrap().contains("explode"));
    let body = json!({"operation": "GET /users", "fault": "slow", "times": 0});
    world.admin("POST", "/faults", &body).await.expect(422);
    let body = json!({"operation": "GET /users", "fault": "slow", "timse": 2});
    world.admin("POST", "/faults", &body).await.expect(422);
}
