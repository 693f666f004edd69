use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};

use super::support::{FREE, HOST, World};

async fn world_of_700() -> (World, String) {
    let world = World::new();
    let token = world.token_with(&["user:read:list_users:admin"]).await;
    let users: Vec<_> =
        (0..698).map(|n| json!({"email": format!("u{n}@acc.example"), "type": 1 + n % 2})).collect();
    let account = json!({
        "account_id": "acc", "client_id": "cli", "client_secret": "sec",
        "scopes": ["user:read:list_users:admin"], "users": users,
    });
    world.admin("POST", "/accounts", &account).await.expect(201);
    (world, token)
}

#[tokio::test]
async fn seven_hundred_users_come_in_pages() {
    let (world, token) = world_of_700().await;
    let mut seen = BTreeSet::new();
    let mut path = "/users?page_size=300".to_owned();
    let mut pages = 0;
    loop {
        let body = world.api(&token, "GET", &path, &Value::Null).await.expect(200);
        assert_eq!((&body["total_records"], &body["page_count"]), (&json!(700), &json!(3)));
        pages += 1;
        for user in body["users"].as_array().unwrap() {
            assert!(seen.insert(user["id"].as_str().unwrap().to_owned()));
        }
        let next = body["next_page_token"].as_str().unwrap();
        if next.is_empty() {
            break;
        }
        path = format!("/users?page_size=300&next_page_token={next}");
    }
    assert_eq!((pages, seen.len()), (3, 700));
    assert!(seen.iter().all(|id| id.len() == 22));

    let body = world.api(&token, "GET", "/users?page_size=300&page_number=3", &Value::Null).await.expect(200);
    assert_eq!(body["users"].as_array().unwrap().len(), 100);
    let body = world.api(&token, "GET", "/users?page_size=2000", &Value::Null).await.expect(200);
    assert_eq!(body["users"].as_array().unwrap().len(), 700);
    let body = world.api(&token, "GET", "/users", &Value::Null).await.expect(200);
    assert_eq!(body["page_size"], 30);
    let fields = world.api(&token, "GET", "/users?page_size=2001", &Value::Null).await.bad_fields();
    assert_eq!(fields, ["page_size"]);
}

#[tokio::test]
async fn a_page_token_lives_a_quarter_of_an_hour_and_serves_its_own_list() {
    let (world, token) = world_of_700().await;
    let body = world.api(&token, "GET", "/users", &Value::Null).await.expect(200);
    let next = body["next_page_token"].as_str().unwrap();
    let other = format!("/users?status=inactive&next_page_token={next}");
    world.api(&token, "GET", &other, &Value::Null).await.refused(400, 300);
    let path = format!("/users?next_page_token={next}");
    world.advance(Duration::minutes(14));
    world.api(&token, "GET", &path, &Value::Null).await.expect(200);
    world.advance(Duration::minutes(1));
    let message = world.api(&token, "GET", &path, &Value::Null).await.refused(400, 300);
    assert_eq!(message, "The next page token is invalid or expired.");
}

#[tokio::test]
async fn a_user_is_found_by_id_email_or_me() {
    let world = World::new();
    let token = world.token().await;
    let by_email = world.api(&token, "GET", "/users/Host1%40sandbox.example", &Value::Null).await.expect(200);
    let id = by_email["id"].as_str().unwrap();
    let by_id = world.api(&token, "GET", &format!("/users/{id}"), &Value::Null).await.expect(200);
    let me = world.api(&token, "GET", "/users/me", &Value::Null).await.expect(200);
    assert_eq!((&by_id, &me), (&by_email, &by_email));
    let message = world.api(&token, "GET", "/users/no@one", &Value::Null).await.refused(404, 1001);
    assert_eq!(message, "User does not exist: no@one.");
}

#[tokio::test]
async fn settings_tell_what_a_host_can_hold() {
    let world = World::new();
    let token = world.token().await;
    let host = world.api(&token, "GET", &format!("/users/{HOST}/settings"), &Value::Null).await.expect(200);
    assert_eq!(host["feature"]["meeting_capacity"], 300);
    assert_eq!(
        (&host["feature"]["webinar"], &host["feature"]["webinar_capacity"]),
        (&json!(true), &json!(500))
    );
    let free = world.api(&token, "GET", &format!("/users/{FREE}/settings"), &Value::Null).await.expect(200);
    assert_eq!(free["feature"]["meeting_capacity"], 100);
    assert_eq!(free["feature"]["webinar"], false);
}

#[tokio::test]
async fn status_filters_the_list() {
    let world = World::new();
    let token = world.token().await;
    let user = json!({
        "account_id": "sandbox-account", "email": "gone@sandbox.example", "type": 2, "status": "inactive",
    });
    world.admin("POST", "/users", &user).await.expect(201);
    let active = world.api(&token, "GET", "/users?status=active", &Value::Null).await.expect(200);
    assert_eq!(active["total_records"], 3);
    let inactive = world.api(&token, "GET", "/users?status=inactive", &Value::Null).await.expect(200);
    assert_eq!(inactive["users"][0]["email"], "gone@sandbox.example");
    let body = json!({"topic": "x"});
    world.api(&token, "POST", "/users/gone@sandbox.example/meetings", &body).await.refused(400, 3161);
}
