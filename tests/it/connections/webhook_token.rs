//! The Secret Token by which a connection's webhooks are known.

use serde_json::{Value, json};

use super::kept_secrets;
use crate::support::{App, admin, sandbox_account};

async fn kept_token(app: &App, connection: &Value) -> Option<String> {
    let client = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    let id = format!("lectern/connections/school/{}/webhook", connection["id"].as_str().unwrap());
    let kept = client.get_secret_value().secret_id(id).send().await.ok()?;
    kept.secret_string().map(str::to_owned)
}

#[tokio::test]
async fn it_is_kept_in_secrets_manager_changed_and_cleared() {
    let app = App::start().await;
    let mut body = sandbox_account("Room 1");
    body["webhook_secret_token"] = json!(" canary-token-1\n");
    let connection = app.connect(&admin(), &body).await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    assert_eq!(kept_token(&app, &connection).await.as_deref(), Some("canary-token-1"));
    let changed = app.patch(&admin(), &path, &json!({"webhook_secret_token": "canary-token-2"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert!(!changed.text.contains("canary"), "{}", changed.text);
    assert_eq!(kept_token(&app, &connection).await.as_deref(), Some("canary-token-2"));
    let cleared = app.patch(&admin(), &path, &json!({"webhook_secret_token": null})).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    assert_eq!(kept_token(&app, &connection).await, None);
    assert_eq!(kept_secrets(&app).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_token_is_named_without_being_repeated() {
    let (app, connection) = App::connected().await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    for (token, code) in [
        (json!(7), "wrong_type"),
        (json!(""), "out_of_range"),
        (json!("canary".repeat(60)), "too_long"),
        (json!("canary\u{7}x"), "invalid"),
    ] {
        let refused = app.patch(&admin(), &path, &json!({"webhook_secret_token": token})).await;
        assert_eq!(refused.faults(), [("/webhook_secret_token".to_owned(), code.to_owned())]);
        assert!(!refused.text.contains("canary"), "{}", refused.text);
    }
}
