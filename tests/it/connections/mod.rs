//! Connections: saving and checking a Zoom app, its hosts, and what a tenant has set.

mod at_once;
mod at_scale;
mod authorization_code;
mod change;
mod create;
mod credentials;
mod delete;
mod diagnosis;
mod hosts;
mod languages;
mod overtaken;
mod recheck;
mod secrecy;
mod settings;
mod verify;
mod webhook_token;
mod wrong;

use serde_json::{Value, json};

use crate::support::{Answer, App, secret};

/// The check of that id.
fn check<'a>(verification: &'a Value, id: &str) -> &'a Value {
    let checks = verification["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap()
}

/// The ids and outcomes of all checks, in order.
fn outcomes(verification: &Value) -> Vec<(String, String)> {
    let checks = verification["checks"].as_array().unwrap();
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    checks.iter().map(|check| (text(check, "id"), text(check, "status"))).collect()
}

/// Makes an app with those scopes and users in an account of that id, with it as client id too, and [`secret`] of it.
async fn zoom_app(app: &App, id: &str, scopes: &Value, users: &Value) -> Answer {
    let body = json!({
        "account_id": id, "client_id": id, "client_secret": secret(id), "scopes": scopes, "users": users,
    });
    let answer = app.sandbox("POST", "/accounts", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer
}

/// Activates an app of the sandbox's console, or takes it out of use.
pub(crate) async fn switch_app(app: &App, account: &str, client: &str, enabled: bool) {
    let body = json!({"account_id": account, "client_id": client, "enabled": enabled});
    let answer = app.sandbox("PATCH", "/apps", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// What Secrets Manager holds for connections.
async fn kept_secrets(app: &App) -> Vec<String> {
    let client = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    let listed = client.list_secrets().send().await.unwrap();
    let names = listed.secret_list().iter().filter_map(|secret| secret.name().map(str::to_owned));
    names.filter(|name| name.starts_with("lectern/connections/")).collect()
}
