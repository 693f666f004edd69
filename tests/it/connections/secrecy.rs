//! A secret is in Secrets Manager and nowhere else.

use serde_json::json;

use super::kept_secrets;
use crate::support::{App, account, admin, all_items, meeting_on};

const CANARY: &str = "canary-8f3b0c67d2-Ab3d";

#[tokio::test]
async fn a_secret_is_in_secrets_manager_and_nowhere_else() {
    let app = App::start().await;
    let users = json!([{"email": "t@x.example", "type": 2}]);
    let zoom = json!({"account_id": "acc", "client_id": "cli", "client_secret": CANARY, "scopes": "all",
                      "users": users});
    assert_eq!(app.sandbox("POST", "/accounts", &zoom).await.status, 201);
    let body = account("Room 1", "acc", "cli", CANARY);

    let mut replies = vec![app.post(&admin(), "/v1/connections/verify", &body).await];
    replies.push(app.post_with_key(&admin(), "/v1/connections", "k-1", &body).await);
    let id = replies[1].body["id"].as_str().unwrap().to_owned();
    assert_eq!(replies[1].body["client_secret_hint"], "Ab3d");
    replies.push(app.post_with_key(&admin(), "/v1/connections", "k-1", &body).await);
    replies.push(app.post(&admin(), "/v1/connections", &body).await);
    let path = format!("/v1/connections/{id}");
    replies.push(app.get(&admin(), &path).await);
    replies.push(app.get(&admin(), "/v1/connections").await);
    replies.push(app.get(&admin(), &format!("{path}/hosts")).await);
    replies.push(app.post(&admin(), &format!("{path}/verify"), &json!({})).await);
    replies.push(app.patch(&admin(), &path, &json!({"auth": body["auth"]})).await);
    // Each way in which a request with a secret can be wrong.
    let mut wrong = body.clone();
    wrong["colour"] = json!("red");
    replies.push(app.post(&admin(), "/v1/connections", &wrong).await);
    wrong["auth"]["client_secret"] = json!([CANARY]);
    replies.push(app.post(&admin(), "/v1/connections", &wrong).await);
    wrong["auth"] = json!(CANARY);
    replies.push(app.post(&admin(), "/v1/connections", &wrong).await);
    wrong["auth"] = json!({"method": CANARY, "client_secret": {"value": CANARY}});
    replies.push(app.post(&admin(), "/v1/connections", &wrong).await);
    let broken = format!(r#"{{"auth": {{"client_secret": "{CANARY}" "x"}}}}"#);
    let request = app.request(&admin(), "POST", "/v1/connections");
    replies.push(app.send(request.header("content-type", "application/json").body(broken)).await);
    let unknown = account("Room 2", "acc", "other", &format!("{CANARY}-2"));
    replies.push(app.post(&admin(), "/v1/connections", &unknown).await);

    let mut meeting = meeting_on("Yoga", "2027-03-02T10:00:00Z", "t@x.example");
    meeting["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
    meeting["reminders"] = json!(["PT1H"]);
    replies.push(app.post(&admin(), "/v1/meetings", &meeting).await);
    assert!(app.stack.clock().advance(25 * 3600 + 60));
    app.tick().await;
    let mails = app.reminders().await;
    assert_eq!(mails.len(), 1);

    for reply in &replies {
        assert!(!reply.text.contains(CANARY), "{}", reply.text);
        assert!(!format!("{:?}", reply.headers).contains(CANARY));
    }
    assert!(!mails[0].to_string().contains(CANARY));
    let items = all_items(&app).await;
    assert!(items.len() > 5);
    for item in items {
        assert!(!item.contains("canary"), "{item}");
    }
    assert_eq!(kept_secrets(&app).await, [format!("lectern/connections/school/{id}")]);
    let client = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    let kept = client.get_secret_value().secret_id(format!("lectern/connections/school/{id}"));
    assert_eq!(kept.send().await.unwrap().secret_string(), Some(CANARY));
}

#[tokio::test]
async fn a_short_secret_is_not_its_own_hint() {
    let app = App::start().await;
    let zoom = json!({"account_id": "acc", "client_id": "cli", "client_secret": "abcd", "scopes": "all",
                      "users": [{"email": "t@x.example", "type": 2}]});
    app.sandbox("POST", "/accounts", &zoom).await;
    let connection = app.connect(&admin(), &account("Room 1", "acc", "cli", "abcd")).await;
    assert_eq!(connection["client_secret_hint"], "");
}
