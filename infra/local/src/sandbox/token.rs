//! `POST /oauth/token`.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Duration, Utc};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::account::{Account, App, AuthorizationCode};
use super::errors::ZoomError;
use super::state::{AccessToken, RefreshToken, State};
use super::store::StoreError;
use super::{Sandbox, links};

/// Zoom says an hour less a second, and keeps the token for the hour.
const ADVERTISED_SECONDS: u32 = 3599;
const LIFE: Duration = Duration::hours(1);
const CODE_LIFE: Duration = Duration::minutes(5);

/// A refusal of the token endpoint, whose body differs from the API's.
enum TokenError {
    Refused { error: &'static str, reason: String },
    Store(StoreError),
}

impl TokenError {
    fn new(error: &'static str, reason: impl Into<String>) -> Self {
        Self::Refused { error, reason: reason.into() }
    }
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused { error, reason } => {
                (StatusCode::BAD_REQUEST, Json(json!({"reason": reason, "error": error}))).into_response()
            }
            Self::Store(error) => ZoomError::from(error).into_response(),
        }
    }
}

pub(super) async fn issue(Extract(sandbox): Extract<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let now = sandbox.now();
    let reply = grant(&mut sandbox.state(), &headers, &form(&headers, &body), now);
    reply.map(Json).into_response()
}

type Form = HashMap<String, String>;

/// The fields of a form body; fields in the query are not looked at, and nor is a body of another type.
fn form(headers: &HeaderMap, body: &[u8]) -> Form {
    let is_form = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    if is_form { url::form_urlencoded::parse(body).into_owned().collect() } else { Form::new() }
}

fn grant(
    state: &mut State,
    headers: &HeaderMap,
    form: &Form,
    now: DateTime<Utc>,
) -> Result<Value, TokenError> {
    let apps = authenticate(state, headers);
    if apps.is_empty() {
        return Err(TokenError::new("invalid_client", "Invalid client_id or client_secret"));
    }
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    match field("grant_type") {
        "account_credentials" => {
            let (account, app) = apps
                .into_iter()
                .find(|(account, _)| account.id == field("account_id"))
                .ok_or_else(|| TokenError::new("invalid_request", "Account does not exist"))?;
            check_enabled(&app)?;
            if app.redirect_uri.is_some() {
                // A General App, which goes by authorization codes.
                return Err(unsupported());
            }
            let token = save_access(state, &account, &app, false, now)?;
            Ok(body(&token, &app))
        }
        "authorization_code" => {
            let (account, app) = redeem(apps, field("code"), field("redirect_uri"), now)?;
            check_enabled(&app)?;
            spend_code(state, account.clone(), &app)?;
            with_refresh(state, &account, &app, now)
        }
        "refresh_token" => {
            let old = SecretString::from(field("refresh_token"));
            let (account, app) = state
                .refresh_token(&old)
                .and_then(|grant| {
                    apps.into_iter().find(|(account, app)| {
                        account.id == grant.account_id && app.client_id == grant.client_id
                    })
                })
                .ok_or_else(|| TokenError::new("invalid_grant", "Invalid Token!"))?;
            check_enabled(&app)?;
            state.spend_refresh_token(&old)?;
            with_refresh(state, &account, &app, now)
        }
        _ => Err(unsupported()),
    }
}

fn unsupported() -> TokenError {
    TokenError::new("unsupported_grant_type", "unsupported grant type")
}

/// The apps that the Basic credentials open: one app may be installed in several accounts.
fn authenticate(state: &State, headers: &HeaderMap) -> Vec<(Account, App)> {
    let Some((client_id, secret)) = basic(headers) else { return Vec::new() };
    state
        .accounts()
        .filter_map(|account| Some((account.clone(), account.app(&client_id)?.clone())))
        .filter(|(_, app)| app.secret.matches(&secret))
        .collect()
}

fn basic(headers: &HeaderMap) -> Option<(String, SecretString)> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((client_id.to_owned(), secret.into()))
}

fn check_enabled(app: &App) -> Result<(), TokenError> {
    if !app.type_allowed {
        return Err(TokenError::new("invalid_request", "Account does not enabled the OAuth app type"));
    }
    if app.enabled {
        return Ok(());
    }
    Err(TokenError::new("invalid_request", "The app has been disabled by the developer"))
}

fn redeem(
    apps: Vec<(Account, App)>,
    code: &str,
    redirect_uri: &str,
    now: DateTime<Utc>,
) -> Result<(Account, App), TokenError> {
    let presented = SecretString::from(code);
    let is_live = |issued: &AuthorizationCode| now < issued.issued_at + CODE_LIFE;
    let (account, app) = apps
        .into_iter()
        .find(|(_, app)| {
            app.code.as_ref().is_some_and(|issued| issued.digest.matches(&presented) && is_live(issued))
        })
        // Zoom repeats the code in its refusal, which is why a client must not log one.
        .ok_or_else(|| TokenError::new("invalid_grant", format!("Invalid authorization code {code}")))?;
    if app.redirect_uri.as_deref() != Some(redirect_uri) {
        return Err(TokenError::new(
            "invalid_request",
            "Invalid redirect URL (4,709): it does not match the app's setting",
        ));
    }
    Ok((account, app))
}

/// A code is good once.
fn spend_code(state: &mut State, mut account: Account, app: &App) -> Result<(), StoreError> {
    for other in &mut account.apps {
        if other.client_id == app.client_id {
            other.code = None;
        }
    }
    state.save_account(account)
}

fn save_access(
    state: &mut State,
    account: &Account,
    app: &App,
    by_user: bool,
    now: DateTime<Utc>,
) -> Result<SecretString, StoreError> {
    let token = new_token();
    let grant = AccessToken {
        account_id: account.id.clone(),
        client_id: app.client_id.clone(),
        scopes: app.scopes.clone(),
        expires_at: now + LIFE,
        by_user,
    };
    state.save_access_token(&token, grant, now)?;
    Ok(token)
}

fn with_refresh(
    state: &mut State,
    account: &Account,
    app: &App,
    now: DateTime<Utc>,
) -> Result<Value, TokenError> {
    let token = save_access(state, account, app, true, now)?;
    let refresh = new_token();
    let grant = RefreshToken { account_id: account.id.clone(), client_id: app.client_id.clone() };
    state.save_refresh_token(&refresh, grant)?;
    let mut body = body(&token, app);
    body["refresh_token"] = json!(refresh.expose_secret());
    Ok(body)
}

/// Long and opaque, as Zoom's are.
fn new_token() -> SecretString {
    format!("eyJzdiI6IjAwMDAwMSIsImFsZyI6IkhTNTEyIn0.{}.{}", links::opaque(420), links::opaque(86)).into()
}

fn body(token: &SecretString, app: &App) -> Value {
    json!({
        "access_token": token.expose_secret(),
        "token_type": "bearer",
        "expires_in": ADVERTISED_SECONDS,
        "scope": app.scopes.join(" "),
    })
}
