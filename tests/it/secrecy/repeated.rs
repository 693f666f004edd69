//! A Zoom that repeats what it was told, in whatever refusal: it does so with authorization codes.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use local::{Options, ZoomChoice};
use serde_json::{Value, json};

use crate::support::{App, account, admin, secret};

/// Starts like those of the sandbox, by which the net knows it.
const TOKEN: &str = "eyJzdiI6IjAwMDAwMSIsImFsZyI6IkhTNTEyIn0.repeated";

/// A Zoom that refuses tokens with that error, or where there is none every call.
async fn zoom(error: Option<&'static str>) -> ZoomChoice {
    let router = Router::new()
        .route("/oauth/token", post(token))
        .fallback(async |headers: HeaderMap| refusal(&json!({"code": 300, "message": told(&headers, "")})))
        .with_state(error);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    ZoomChoice::Url(url.parse().unwrap())
}

async fn token(
    State(error): State<Option<&'static str>>,
    headers: HeaderMap,
    form: String,
) -> (StatusCode, String) {
    if let Some(error) = error {
        return refusal(&json!({"error": error, "reason": told(&headers, &form)}));
    }
    let scopes = "user:read:admin meeting:write:admin";
    let granted = json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599, "scope": scopes});
    (StatusCode::OK, granted.to_string())
}

fn refusal(body: &Value) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, body.to_string())
}

/// The secrets in a request: the token that it brings, or the client secret, and the code.
fn told(headers: &HeaderMap, form: &str) -> String {
    let authorization = headers[http::header::AUTHORIZATION].to_str().unwrap();
    let (_, credentials) = authorization.split_once(' ').unwrap();
    let basic = STANDARD.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let code = url::form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "code");
    let code = code.map(|(_, value)| value.into_owned()).unwrap_or_default();
    format!("{code} is wrong for {}", basic.as_deref().unwrap_or(credentials))
}

fn general_app() -> Value {
    let mut body = account("Room 1", "", "general", "");
    body["auth"] = json!({"method": "authorization_code", "client_id": "general",
                          "client_secret": secret("general"), "redirect_uri": "https://lms.example/zoom",
                          "code": secret("code/+")});
    body
}

#[tokio::test]
async fn what_zoom_repeats_of_secrets_is_not_told_on() {
    for error in [Some("invalid_request"), Some("invalid_grant"), Some("server_error"), Some(""), None] {
        let app = App::with(Options { zoom: zoom(error).await, ..Options::memory() }).await;
        for body in [account("Room 1", "acc", "client", &secret("client")), general_app()] {
            let checked = app.post(&admin(), "/v1/connections/verify", &body).await;
            assert_eq!(checked.status, 200, "{}", checked.text);
            assert_eq!(checked.body["verification"]["status"], "failed", "{}", checked.text);
            let saved = app.post(&admin(), "/v1/connections", &body).await;
            assert_eq!((saved.status, saved.code()), (422, "connection_check_failed"), "{}", saved.text);
        }
    }
}
