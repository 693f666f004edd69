use chrono::Duration;
use serde_json::{Value, json};

use super::support::{HOST, World, path};

#[tokio::test]
async fn a_created_meeting_has_zooms_shapes() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world
        .create(&token, &json!({"topic": "T", "start_time": "2027-01-04T10:00:00Z", "duration": 45}))
        .await;
    let id = meeting["id"].as_u64().unwrap();
    assert_eq!(id.to_string().len(), 11);
    let uuid = meeting["uuid"].as_str().unwrap();
    assert!(uuid.len() == 24 && uuid.ends_with("=="));
    assert_eq!(meeting["host_id"].as_str().unwrap().len(), 22);
    assert_eq!((&meeting["host_email"], &meeting["type"]), (&json!(HOST), &json!(2)));
    assert_eq!(meeting["start_time"], "2027-01-04T10:00:00Z");
    assert_eq!(meeting["status"], "waiting");
    assert!(!meeting["password"].as_str().unwrap().is_empty());
    let join = meeting["join_url"].as_str().unwrap();
    let encrypted = meeting["encrypted_password"].as_str().unwrap();
    assert_eq!(join, format!("https://us05web.zoom.us/j/{id}?pwd={encrypted}"));
    let start = meeting["start_url"].as_str().unwrap();
    assert!(start.starts_with(&format!("https://us05web.zoom.us/s/{id}?zak=")));
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_ne!(read["start_url"], meeting["start_url"]);
    assert_eq!(read["join_url"], meeting["join_url"]);
}

#[tokio::test]
async fn wall_time_is_read_in_the_time_zone_and_answered_in_utc() {
    let world = World::new();
    let token = world.token().await;
    let create = async |start: &str, zone: &str| {
        let body = json!({"start_time": start, "timezone": zone});
        world.create(&token, &body).await["start_time"].as_str().unwrap().to_owned()
    };
    assert_eq!(create("2027-12-01T20:30:00", "Asia/Jakarta").await, "2027-12-01T13:30:00Z");
    assert_eq!(create("2027-12-01T20:30:00Z", "Asia/Jakarta").await, "2027-12-01T20:30:00Z");
    // A gap of the clock shifts forward, a repeated hour means the earlier.
    assert_eq!(create("2027-03-14T02:30:00", "America/New_York").await, "2027-03-14T07:30:00Z");
    assert_eq!(create("2027-11-07T01:30:00", "America/New_York").await, "2027-11-07T05:30:00Z");
}

#[tokio::test]
async fn a_past_start_becomes_now_on_create_and_is_ignored_on_update() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"start_time": "2020-01-01T10:00:00Z"})).await;
    assert_eq!(meeting["start_time"], "2026-11-21T12:00:00Z");
    let change = json!({"start_time": "2020-01-01T10:00:00Z", "topic": "new"});
    world.api(&token, "PATCH", &path(&meeting), &change).await.expect(204);
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_eq!((&read["start_time"], &read["topic"]), (&meeting["start_time"], &json!("new")));
}

#[tokio::test]
async fn an_update_merges() {
    let world = World::new();
    let token = world.token().await;
    let settings = json!({"join_before_host": true, "jbh_time": 5, "auto_recording": "cloud"});
    let meeting = world
        .create(&token, &json!({"topic": "T", "agenda": "A", "password": "demo", "settings": settings}))
        .await;
    assert_eq!(meeting["settings"]["join_before_host"], true);
    let change =
        json!({"settings": {"waiting_room": true}, "duration": 30, "start_time": "2027-01-01T10:00:00Z"});
    world.api(&token, "PATCH", &path(&meeting), &change).await.expect(204);
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_eq!(
        (&read["topic"], &read["agenda"], &read["password"]),
        (&json!("T"), &json!("A"), &json!("demo"))
    );
    assert_eq!((&read["duration"], &read["start_time"]), (&json!(30), &json!("2027-01-01T10:00:00Z")));
    let settings = &read["settings"];
    assert_eq!(settings["waiting_room"], true);
    assert_eq!(settings["join_before_host"], false, "a waiting room turns it off");
    assert_eq!((&settings["jbh_time"], &settings["auto_recording"]), (&json!(5), &json!("cloud")));
    assert_eq!(read["join_url"], meeting["join_url"]);
    world.api(&token, "PATCH", &path(&meeting), &json!({"password": "other"})).await.expect(204);
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_ne!(read["join_url"], meeting["join_url"]);
}

#[tokio::test]
async fn a_deleted_meeting_is_gone() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "T"})).await;
    world.api(&token, "DELETE", &path(&meeting), &Value::Null).await.expect(204);
    for (method, body) in [("GET", Value::Null), ("DELETE", Value::Null), ("PATCH", json!({}))] {
        let message = world.api(&token, method, &path(&meeting), &body).await.refused(404, 3001);
        assert_eq!(message, format!("Meeting does not exist: {}.", meeting["id"]));
    }
    let status = format!("{}/status", path(&meeting));
    world.api(&token, "PUT", &status, &json!({"action": "recover"})).await.expect(204);
    world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
}

#[tokio::test]
async fn another_account_does_not_see_it() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "T"})).await;
    let other = world.token_with(&["meeting:read:meeting:admin", "meeting:delete:meeting:admin"]).await;
    world.api(&other, "GET", &path(&meeting), &Value::Null).await.refused(404, 3001);
    world.api(&other, "DELETE", &path(&meeting), &Value::Null).await.refused(404, 3001);
}

#[tokio::test]
async fn only_a_running_meeting_can_be_ended() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "T"})).await;
    let status = format!("{}/status", path(&meeting));
    let end = json!({"action": "end"});
    world.api(&token, "PUT", &status, &end).await.expect(400);
    world.admin("POST", &format!("{}/start", path(&meeting)), &Value::Null).await.expect(200);
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_eq!(read["status"], "started");
    let live = format!("/users/{HOST}/meetings?type=live");
    let body = world.api(&token, "GET", &live, &Value::Null).await.expect(200);
    assert_eq!(body["meetings"][0]["id"], meeting["id"]);

    world.advance(Duration::minutes(25));
    world.api(&token, "PUT", &status, &end).await.expect(204);
    let read = world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_eq!(read["status"], "waiting");
    assert_ne!(read["uuid"], meeting["uuid"], "the next instance has another uuid");
    let past = format!("/past_meetings/{}", meeting["id"]);
    let past = world.api(&token, "GET", &past, &Value::Null).await.expect(200);
    assert_eq!((&past["uuid"], &past["duration"]), (&meeting["uuid"], &json!(25)));
    let uuid = meeting["uuid"].as_str().unwrap();
    let uuid = percent_encoding::utf8_percent_encode(uuid, percent_encoding::NON_ALPHANUMERIC);
    world.api(&token, "GET", &format!("/past_meetings/{uuid}"), &Value::Null).await.expect(200);
    world.api(&token, "PUT", &status, &json!({"action": "explode"})).await.bad_fields();
}

#[tokio::test]
async fn alternative_hosts_are_users_of_the_account() {
    let world = World::new();
    let token = world.token().await;
    let body = |hosts: &str| json!({"topic": "T", "settings": {"alternative_hosts": hosts}});
    let meeting = world.create(&token, &body("host2@sandbox.example;free@sandbox.example")).await;
    assert_eq!(meeting["settings"]["alternative_hosts"], "host2@sandbox.example;free@sandbox.example");
    let path = format!("/users/{HOST}/meetings");
    world.api(&token, "POST", &path, &body("host2@sandbox.example;no@one")).await.refused(400, 1114);
}

#[tokio::test]
async fn schedule_for_names_another_host() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"schedule_for": "host2@sandbox.example"})).await;
    assert_eq!(meeting["host_email"], "host2@sandbox.example");
    let path = format!("/users/{HOST}/meetings");
    world.api(&token, "POST", &path, &json!({"schedule_for": "no@one"})).await.refused(400, 300);
    let path = self::path(&meeting);
    world.api(&token, "PATCH", &path, &json!({"schedule_for": HOST})).await.expect(204);
    let given = world.api(&token, "GET", &path, &json!({})).await.expect(200);
    assert_eq!(given["host_email"], HOST);
    world.api(&token, "PATCH", &path, &json!({"schedule_for": "no@one"})).await.refused(400, 300);
}

#[tokio::test]
async fn a_host_has_so_many_writes_a_day_until_midnight_utc() {
    let world = World::with(None, 3);
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "1"})).await;
    world.api(&token, "PATCH", &path(&meeting), &json!({"topic": "2"})).await.expect(204);
    let webinars = format!("/users/{HOST}/webinars");
    world.api(&token, "POST", &webinars, &json!({"topic": "3"})).await.expect(201);

    let refused = world.api(&token, "PATCH", &path(&meeting), &json!({"topic": "4"})).await;
    assert!(refused.headers.get("retry-after").is_none());
    assert_eq!(refused.headers["x-ratelimit-type"], "Daily-limit");
    let message = refused.refused(429, 429);
    assert_eq!(
        message,
        "You have exceeded the daily rate limit (3) of Meeting Create/Update API requests permitted for \
         this particular user. You may resume these requests at GMT 00:00:00."
    );
    // Reads, deletes and other hosts go on.
    let other = "/users/host2@sandbox.example/meetings";
    world.api(&token, "POST", other, &json!({"topic": "5"})).await.expect(201);
    world.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    world.set_clock("2026-11-21T23:59:59Z");
    let token = world.token().await;
    world.api(&token, "PATCH", &path(&meeting), &json!({"topic": "6"})).await.refused(429, 429);
    world.set_clock("2026-11-22T00:00:00Z");
    world.api(&token, "PATCH", &path(&meeting), &json!({"topic": "7"})).await.expect(204);
    world.api(&token, "DELETE", &path(&meeting), &Value::Null).await.expect(204);
}

#[tokio::test]
async fn registrants_come_and_are_decided_on() {
    let world = World::new();
    let token = world.token().await;
    let person = json!({"email": "p@x.example", "first_name": "P"});
    let closed = world.create(&token, &json!({"topic": "T"})).await;
    let registrants = format!("{}/registrants", path(&closed));
    world.api(&token, "POST", &registrants, &person).await.refused(400, 3000);

    let open = world.create(&token, &json!({"topic": "T", "settings": {"approval_type": 1}})).await;
    let registrants = format!("{}/registrants", path(&open));
    world.api(&token, "POST", &registrants, &json!({"email": 1})).await.expect(400);
    let added = world.api(&token, "POST", &registrants, &person).await.expect(201);
    let list = async |status: &str| {
        let path = format!("{registrants}?status={status}");
        world.api(&token, "GET", &path, &Value::Null).await.expect(200)["total_records"].clone()
    };
    assert_eq!((list("pending").await, list("approved").await), (json!(1), json!(0)));
    let decision = json!({"action": "approve", "registrants": [{"id": added["registrant_id"]}]});
    world.api(&token, "PUT", &format!("{registrants}/status"), &decision).await.expect(204);
    assert_eq!((list("pending").await, list("approved").await), (json!(0), json!(1)));
}
