use serde_json::{Value, json};

use super::support::{HOST, World, path};

#[tokio::test]
async fn the_seeded_account_is_there_without_its_secret() {
    let world = World::new();
    let reply = world.admin("GET", "/accounts", &Value::Null).await;
    assert!(!reply.text.contains("sandbox-secret") && !reply.text.contains("digest"));
    let account = reply.json()["items"][0].clone();
    assert_eq!(account["account_id"], "sandbox-account");
    assert_eq!(account["apps"][0]["client_id"], "sandbox-client");
    let users: Vec<_> = account["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| {
            (user["email"].as_str().unwrap().to_owned(), user["type"].clone(), user["webinar"].clone())
        })
        .collect();
    assert_eq!(users[0], (HOST.to_owned(), json!(2), json!(true)));
    assert_eq!(users[1], ("host2@sandbox.example".to_owned(), json!(2), json!(true)));
    assert_eq!(users[2], ("free@sandbox.example".to_owned(), json!(1), json!(false)));
    assert_eq!(world.sandbox.accounts().len(), 1);
}

#[tokio::test]
async fn an_account_holds_several_apps_and_one_set_of_users() {
    let world = World::new();
    let account = |client: &str, secret: &str| {
        json!({
            "account_id": "acc", "client_id": client, "client_secret": secret, "scopes": "all",
            "users": [{"email": "a@acc.example", "type": 2}],
        })
    };
    let first = world.admin("POST", "/accounts", &account("one", "s1")).await.expect(201);
    let second = world.admin("POST", "/accounts", &account("two", "s2")).await.expect(201);
    assert_eq!(first["users"], second["users"]);
    assert_eq!(second["apps"].as_array().unwrap().len(), 2);
    // Again the same client: its settings are replaced.
    world.admin("POST", "/accounts", &account("one", "s3")).await.expect(201);
    let form = "grant_type=account_credentials&account_id=acc";
    world.token_request("one", "s1", form).await.expect(400);
    world.token_request("one", "s3", form).await.expect(200);
    world.token_request("two", "s2", form).await.expect(200);
}

#[tokio::test]
async fn a_bad_account_is_refused() {
    let world = World::new();
    let body = json!({"account_id": "acc", "client_id": "c", "client_secret": "s", "scopes": "some"});
    world.admin("POST", "/accounts", &body).await.expect(422);
    let body = json!({
        "account_id": "acc", "client_id": "c", "client_secret": "s", "scopes": "all",
        "users": [{"email": "a@acc.example", "type": 3}],
    });
    world.admin("POST", "/accounts", &body).await.expect(422);
    let body = json!({"account_id": "none", "email": "a@acc.example", "type": 1});
    world.admin("POST", "/users", &body).await.expect(404);
}

#[tokio::test]
async fn meetings_are_started_ended_and_deleted_by_hand() {
    let world = World::new();
    let token = world.token().await;
    let meeting = world.create(&token, &json!({"topic": "T"})).await;
    let start = format!("{}/start", path(&meeting));
    let end = format!("{}/end", path(&meeting));
    world.admin("POST", &end, &Value::Null).await.expect(409);
    world.admin("POST", &start, &Value::Null).await.expect(200);
    world.admin("POST", &start, &Value::Null).await.expect(409);
    world.admin("POST", &end, &Value::Null).await.expect(200);
    world.admin("DELETE", &path(&meeting), &Value::Null).await.expect(204);
    world.admin("DELETE", &path(&meeting), &Value::Null).await.expect(404);
    world.api(&token, "GET", &path(&meeting), &Value::Null).await.refused(404, 3001);
}

#[tokio::test]
async fn an_unknown_endpoint_is_not_recognized() {
    let world = World::new();
    let token = world.token().await;
    world.api(&token, "GET", "/phones", &Value::Null).await.refused(404, 2300);
}
