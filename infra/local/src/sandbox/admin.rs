//! `/_admin`: what a person does in Zoom's console, and what only a test wants.

use axum::Json;
use axum::Router;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::{Account, App, AuthorizationCode, License, SecretDigest, User, UserStatus};
use super::faults::Fault;
use super::state::State;
use super::store::StoreError;
use super::{Sandbox, links, operations, scopes};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/accounts", post(add_account).get(list_accounts))
        .route("/users", post(add_user))
        .route("/apps", patch(switch_app))
        .route("/faults", post(plan_fault).delete(clear_faults))
        .route("/operations", get(list_operations))
}

/// A refusal of this page: what was wrong, in words.
pub(super) enum AdminError {
    Invalid(String),
    NotFound(String),
    Conflict(String),
    Store(StoreError),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Invalid(message) => (StatusCode::UNPROCESSABLE_ENTITY, message),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, message),
            Self::Conflict(message) => (StatusCode::CONFLICT, message),
            Self::Store(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, Json(json!({"message": message}))).into_response()
    }
}

pub(super) type AdminResult<T> = Result<T, AdminError>;

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> AdminResult<T> {
    serde_json::from_slice(body).map_err(|error| AdminError::Invalid(error.to_string()))
}

/// An app to make, in an account that exists or not yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    pub(super) account_id: String,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) scopes: ScopeList,
    #[serde(default)]
    pub(super) users: Vec<NewUser>,
    #[serde(default)]
    pub(super) redirect_uri: Option<String>,
    #[serde(default)]
    pub(super) code: Option<SecretString>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ScopeList {
    Named(Vec<String>),
    Word(AllScopes),
}

#[derive(Deserialize)]
pub(super) enum AllScopes {
    #[serde(rename = "all")]
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    #[serde(default)]
    pub(super) id: Option<String>,
    pub(super) email: String,
    #[serde(rename = "type")]
    pub(super) license: License,
    #[serde(default)]
    pub(super) webinar: bool,
    #[serde(default)]
    pub(super) webinar_capacity: Option<u32>,
    #[serde(default)]
    pub(super) large_meeting_capacity: Option<u32>,
    #[serde(default)]
    pub(super) first_name: Option<String>,
    #[serde(default)]
    pub(super) last_name: Option<String>,
    #[serde(default)]
    pub(super) status: UserStatus,
    #[serde(default)]
    pub(super) timezone: Option<chrono_tz::Tz>,
}

/// An account as shown: no secret, no code.
#[derive(Debug, Clone, Serialize)]
pub struct AccountSummary {
    /// Zoom's account id.
    pub account_id: String,
    /// The apps of the account.
    pub apps: Vec<AppSummary>,
    /// Its users.
    pub users: Vec<UserSummary>,
    /// How many meetings and webinars it has.
    pub meetings: usize,
}

/// An app as shown.
#[derive(Debug, Clone, Serialize)]
pub struct AppSummary {
    /// The app's client id.
    pub client_id: String,
    /// Whether it is activated.
    pub enabled: bool,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Where its authorization codes go, for an app of that kind.
    pub redirect_uri: Option<String>,
}

/// A user as shown.
#[derive(Debug, Clone, Serialize)]
pub struct UserSummary {
    /// Zoom's user id.
    pub id: String,
    /// The user's e-mail.
    pub email: String,
    /// Zoom's number for the licence: 1 basic, 2 licensed.
    #[serde(rename = "type")]
    pub license: u8,
    /// Whether the user may host webinars.
    pub webinar: bool,
    /// The creates and updates of meetings of this UTC day.
    pub writes_today: u32,
}

/// What the page of accounts shows of each.
pub(super) fn summaries(state: &State, now: DateTime<Utc>) -> Vec<AccountSummary> {
    state.accounts().map(|account| summary(state, account, now)).collect()
}

fn summary(state: &State, account: &Account, now: DateTime<Utc>) -> AccountSummary {
    let apps = account.apps.iter().map(|app| AppSummary {
        client_id: app.client_id.clone(),
        enabled: app.enabled,
        scopes: app.scopes.clone(),
        redirect_uri: app.redirect_uri.clone(),
    });
    AccountSummary {
        account_id: account.id.clone(),
        apps: apps.collect(),
        users: account.users.iter().map(|user| user_summary(state, user, now)).collect(),
        meetings: state.meetings_of(&account.id).count(),
    }
}

fn user_summary(state: &State, user: &User, now: DateTime<Utc>) -> UserSummary {
    UserSummary {
        id: user.id.clone(),
        email: user.email.clone(),
        license: user.license.into(),
        webinar: user.webinar_capacity.is_some(),
        writes_today: state.writes_of(&user.id, now.date_naive()),
    }
}

/// Makes the account or adds to it: users are known by their e-mail, an app by its client id.
pub(super) fn upsert(state: &mut State, new: NewAccount, now: DateTime<Utc>) -> Result<Account, StoreError> {
    let mut account = state.account(&new.account_id).cloned().unwrap_or_else(|| Account {
        id: new.account_id.clone(),
        apps: Vec::new(),
        users: Vec::new(),
    });
    for user in new.users {
        put_user(&mut account, user, now);
    }
    let app = App {
        client_id: new.client_id,
        secret: SecretDigest::of(&new.client_secret),
        scopes: match new.scopes {
            ScopeList::Named(scopes) => scopes,
            ScopeList::Word(AllScopes::All) => scopes::all(),
        },
        enabled: true,
        type_allowed: true,
        redirect_uri: new.redirect_uri,
        code: new.code.map(|code| AuthorizationCode { digest: SecretDigest::of(&code), issued_at: now }),
    };
    account.apps.retain(|other| other.client_id != app.client_id);
    account.apps.push(app);
    state.save_account(account.clone())?;
    Ok(account)
}

fn put_user(account: &mut Account, new: NewUser, now: DateTime<Utc>) {
    let webinar_capacity = new.webinar_capacity.or(new.webinar.then_some(500));
    if let Some(user) = account.users.iter_mut().find(|user| user.email.eq_ignore_ascii_case(&new.email)) {
        user.license = new.license;
        user.status = new.status;
        user.webinar_capacity = webinar_capacity;
        user.large_meeting_capacity = new.large_meeting_capacity;
        return;
    }
    let first_name =
        new.first_name.unwrap_or_else(|| new.email.split('@').next().unwrap_or_default().to_owned());
    let last_name = new.last_name.unwrap_or_else(|| "Sandbox".to_owned());
    account.users.push(User {
        id: new.id.unwrap_or_else(links::user_id),
        display_name: format!("{first_name} {last_name}"),
        email: new.email,
        first_name,
        last_name,
        license: new.license,
        status: new.status,
        webinar_capacity,
        large_meeting_capacity: new.large_meeting_capacity,
        timezone: new.timezone.unwrap_or(chrono_tz::UTC),
        pmi: links::personal_number(),
        created_at: now,
    });
}

async fn add_account(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<Response> {
    let new: NewAccount = parse(&body)?;
    let now = sandbox.now();
    let mut state = sandbox.state();
    let account = upsert(&mut state, new, now)?;
    Ok((StatusCode::CREATED, Json(summary(&state, &account, sandbox.now()))).into_response())
}

async fn list_accounts(Extract(sandbox): Extract<Sandbox>) -> Json<Value> {
    Json(json!({"items": sandbox.accounts()}))
}

#[derive(Deserialize)]
struct NewUserOf {
    account_id: String,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

async fn add_user(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<Response> {
    let NewUserOf { account_id, rest } = parse(&body)?;
    let new: NewUser = serde_json::from_value(Value::Object(rest))
        .map_err(|error| AdminError::Invalid(error.to_string()))?;
    let now = sandbox.now();
    let mut state = sandbox.state();
    let mut account = state.account(&account_id).cloned().ok_or_else(|| no_account(&account_id))?;
    let email = new.email.clone();
    put_user(&mut account, new, now);
    let shown = account.user(&email).map(|user| user_summary(&state, user, now));
    state.save_account(account)?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppSwitch {
    account_id: String,
    client_id: String,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    type_allowed: Option<bool>,
}

/// Deactivating an app kills its tokens for good; activating it again lets it ask for new ones.
async fn switch_app(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<Response> {
    let change: AppSwitch = parse(&body)?;
    let mut state = sandbox.state();
    let mut account =
        state.account(&change.account_id).cloned().ok_or_else(|| no_account(&change.account_id))?;
    let app = account
        .apps
        .iter_mut()
        .find(|app| app.client_id == change.client_id)
        .ok_or_else(|| AdminError::NotFound(format!("The account has no app {}.", change.client_id)))?;
    app.enabled = change.enabled.unwrap_or(app.enabled);
    app.type_allowed = change.type_allowed.unwrap_or(app.type_allowed);
    if !app.enabled || !app.type_allowed {
        state.revoke_app(&change.account_id, &change.client_id)?;
    }
    state.save_account(account.clone())?;
    Ok(Json(summary(&state, &account, sandbox.now())).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFault {
    operation: String,
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn plan_fault(Extract(sandbox): Extract<Sandbox>, body: Bytes) -> AdminResult<Response> {
    let NewFault { operation, fault, times } = parse(&body)?;
    if !operations::is_known(&operation) {
        return Err(AdminError::Invalid(format!(
            "There is no operation {operation:?}: write it as Zoom's description does, such as \"POST \
             /users/{{userId}}/meetings\"; GET /_admin/operations lists them."
        )));
    }
    if times == 0 {
        return Err(AdminError::Invalid("times must be 1 or more.".to_owned()));
    }
    sandbox.state().faults.plan(operation.clone(), fault, times);
    let planned = json!({"operation": operation, "fault": fault, "times": times});
    Ok((StatusCode::CREATED, Json(planned)).into_response())
}

async fn clear_faults(Extract(sandbox): Extract<Sandbox>) -> StatusCode {
    sandbox.state().faults.clear();
    StatusCode::NO_CONTENT
}

async fn list_operations() -> Json<Value> {
    Json(json!({"items": operations::templates().collect::<Vec<_>>()}))
}

pub(super) fn no_account(id: &str) -> AdminError {
    AdminError::NotFound(format!("There is no account {id}."))
}
