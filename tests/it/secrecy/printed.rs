//! What can be printed holds no secret: what functions are made of, and why Zoom refuses an app.

use secrecy::SecretString;
use serde_json::json;
use shared::deps::Deps;
use shared::zoom::{App as ZoomApp, AppSecret, Authorization};

use crate::support::canaries::look_at;
use crate::support::{App, admin, secret};

#[tokio::test]
async fn neither_dependencies_nor_apps_nor_errors_print_secrets() {
    let (app, connection) = App::connected().await;
    let deps = Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone());
    let id = connection["id"].as_str().unwrap();
    let tenant = "school".parse().unwrap();
    let kept = deps.store.connection(&tenant, &id.parse().unwrap()).await.unwrap().unwrap();
    let connected = ZoomApp::of(&kept, &deps.secrets);
    // The secret and a token are in memory now.
    deps.zoom.granted_scopes(&connected).await.unwrap();
    look_at("the dependencies", &format!("{deps:?}"));
    look_at("a connection", &format!("{kept:?}"));

    let users = json!([{"email": "t@x.example", "type": 2}]);
    let general = json!({"account_id": "acc", "client_id": "general", "client_secret": secret("general"),
                         "scopes": "all", "users": users, "redirect_uri": "https://lms.example/zoom",
                         "code": secret("code")});
    assert_eq!(app.sandbox("POST", "/accounts", &general).await.status, 201);
    let given = |client: &str, secret: &str, authorization| ZoomApp {
        client_id: client.to_owned(),
        authorization,
        secret: AppSecret::Given(SecretString::from(secret).into()),
    };
    let code = |code: &str| Authorization::Code {
        code: SecretString::from(code),
        redirect_uri: "https://lms.example/zoom".to_owned(),
    };
    let account = || connected.authorization.clone();
    for refused in [
        given("sandbox-client", &secret("wrong"), account()),
        given("sandbox-client", "sandbox-secret", code(&secret("code"))),
        given("general", &secret("general"), code(&secret("other"))),
        given("general", &secret("general"), account()),
    ] {
        let error = deps.zoom.granted_scopes(&refused).await.unwrap_err();
        look_at("a refused app", &format!("{refused:?}"));
        look_at("a refusal", &format!("{error:?} {error}"));
    }
    app.fault("POST /oauth/token", "malformed", 1).await;
    let unread = given("sandbox-client", "sandbox-secret", account());
    let error = deps.zoom.granted_scopes(&unread).await.unwrap_err();
    look_at("an answer that cannot be read", &format!("{error:?} {error}"));
    assert_eq!(app.get(&admin(), &format!("/v1/connections/{id}")).await.status, 200);
}
