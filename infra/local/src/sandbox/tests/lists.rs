use chrono::{Duration, SecondsFormat};
use serde_json::{Value, json};
use shared::clock::Clock;

use super::support::{HOST, World};

async fn book(world: &World, token: &str, topic: &str, from_now: Duration) -> Value {
    let start = (world.clock.now() + from_now).to_rfc3339_opts(SecondsFormat::Secs, true);
    world.create(token, &json!({"topic": topic, "start_time": start, "duration": 60})).await
}

async fn topics(world: &World, token: &str, query: &str) -> Vec<String> {
    let path = format!("/users/{HOST}/meetings?{query}");
    let body = world.api(token, "GET", &path, &Value::Null).await.expect(200);
    let rows = body["meetings"].as_array().unwrap();
    rows.iter().map(|row| row["topic"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_type_lists_its_own() {
    let world = World::new();
    let token = world.token().await;
    book(&world, &token, "over", Duration::hours(1)).await;
    book(&world, &token, "running", Duration::hours(4)).await;
    book(&world, &token, "soon", Duration::hours(24)).await;
    book(&world, &token, "far", Duration::days(250)).await;
    world.create(&token, &json!({"topic": "instant", "type": 1})).await;
    world.create(&token, &json!({"topic": "loose", "type": 3})).await;
    world.advance(Duration::hours(4) + Duration::minutes(30));
    let token = world.token().await;

    assert_eq!(topics(&world, &token, "").await, ["loose", "over", "running", "soon", "far"]);
    assert_eq!(topics(&world, &token, "type=scheduled").await.len(), 5);
    let upcoming = ["loose", "running", "soon"];
    assert_eq!(topics(&world, &token, "type=upcoming").await, upcoming, "six months and no more");
    assert_eq!(topics(&world, &token, "type=upcoming_meetings").await, upcoming);
    assert_eq!(topics(&world, &token, "type=upcoming&from=2027-07-01").await, ["loose", "far"]);
    assert_eq!(topics(&world, &token, "type=previous_meetings").await, ["over"]);
    assert!(topics(&world, &token, "type=live").await.is_empty());
    let day = "type=scheduled&from=2026-11-22&to=2026-11-22";
    assert_eq!(topics(&world, &token, day).await, ["loose", "soon"]);
    let path = format!("/users/{HOST}/meetings?type=all");
    assert_eq!(world.api(&token, "GET", &path, &Value::Null).await.bad_fields(), ["type"]);
    let path = format!("/users/{HOST}/meetings?from=1.1.2027");
    assert_eq!(world.api(&token, "GET", &path, &Value::Null).await.bad_fields(), ["from"]);
}

#[tokio::test]
async fn a_number_expires_a_month_after_its_last_date() {
    let world = World::new();
    let token = world.token().await;
    book(&world, &token, "once", Duration::hours(1)).await;
    world.advance(Duration::days(31));
    let token = world.token().await;
    assert!(topics(&world, &token, "type=scheduled").await.is_empty());
    assert_eq!(topics(&world, &token, "type=previous_meetings").await, ["once"]);
}

#[tokio::test]
async fn a_series_is_one_row_at_its_next_date() {
    let world = World::new();
    let token = world.token().await;
    let recurrence = json!({"type": 1, "end_times": 5});
    let body =
        json!({"topic": "S", "type": 8, "start_time": "2026-12-01T10:00:00Z", "recurrence": recurrence});
    world.create(&token, &body).await;
    world.set_clock("2026-12-02T11:00:00Z");
    let token = world.token().await;
    let path = format!("/users/{HOST}/meetings?type=upcoming");
    let list = world.api(&token, "GET", &path, &Value::Null).await.expect(200);
    assert_eq!(list["total_records"], 1);
    assert_eq!(list["meetings"][0]["start_time"], "2026-12-03T10:00:00Z");
    let soon = format!("/users/{HOST}/upcoming_meetings");
    let soon = world.api(&token, "GET", &soon, &Value::Null).await.expect(200);
    assert_eq!(soon["meetings"][0]["topic"], "S");
}

#[tokio::test]
async fn meetings_come_in_pages_of_300_at_most() {
    let world = World::with(None, 1000);
    let token = world.token().await;
    for hour in 0..65 {
        book(&world, &token, &format!("m{hour:02}"), Duration::hours(hour + 1)).await;
    }
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let path = format!("/users/{HOST}/meetings?type=upcoming&next_page_token={next}");
        let body = world.api(&token, "GET", &path, &Value::Null).await.expect(200);
        seen.extend(body["meetings"].as_array().unwrap().iter().map(|row| row["topic"].to_string()));
        body["next_page_token"].as_str().unwrap().clone_into(&mut next);
        if next.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len(), 65);
    assert!(seen.is_sorted());
    let path = format!("/users/{HOST}/meetings?page_size=301");
    assert_eq!(world.api(&token, "GET", &path, &Value::Null).await.bad_fields(), ["page_size"]);
}
