//! General Apps, which an administrator allows by a code: how they connect, and how their tokens go on.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::zoom::App as ZoomApp;

use super::{check, kept_secrets};
use crate::support::{Answer, App, admin, all_items, meeting_on};

const TOKEN: &str = "POST /oauth/token";
const HOST: &str = "host@konviva.example";
const REDIRECT: &str = "https://lms.example/zoom/return";
const CODE: &str = "canary-code-1";
const SECRET: &str = "canary-general-Ab3d";

/// Has an administrator allow the General App, which gives `code`.
pub(super) async fn allow(app: &App, account: &str, code: &str, scopes: &Value) {
    let body = json!({
        "account_id": account, "client_id": "general", "client_secret": SECRET, "scopes": scopes,
        "users": [{"email": HOST, "type": 2, "webinar": true}], "redirect_uri": REDIRECT, "code": code,
    });
    let made = app.sandbox("POST", "/accounts", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
}

pub(super) fn general_app(code: &str) -> Value {
    json!({
        "name": "Konviva", "provider": "zoom", "owner": "tenant",
        "auth": {"method": "authorization_code", "client_id": "general", "client_secret": SECRET,
                 "redirect_uri": REDIRECT, "code": code},
    })
}

/// A stack with the General App connected; returns the connection.
async fn connected() -> (App, Value) {
    connected_with(local::Options { daily_writes: 10_000, ..local::Options::memory() }).await
}

async fn connected_with(options: local::Options) -> (App, Value) {
    let app = App::with(options).await;
    allow(&app, "konviva", CODE, &json!("all")).await;
    let connection = app.connect(&admin(), &general_app(CODE)).await;
    app.calls().await;
    (app, connection)
}

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

/// An execution environment of its own: nothing in its memory.
fn environment(app: &App) -> Deps {
    Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone())
}

async fn app_in(deps: &Deps, connection: &Value) -> ZoomApp {
    let id = connection["id"].as_str().unwrap().parse().unwrap();
    let stored = deps.store.connection(&"school".parse().unwrap(), &id).await.unwrap().unwrap();
    ZoomApp::of(&stored, &deps.secrets)
}

async fn verified_again(app: &App, connection: &Value) -> Value {
    let answer = app.post(&admin(), &format!("{}/verify", path(connection)), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["verification"].clone()
}

fn credentials(answer: &Answer) -> Value {
    check(&answer.body["verification"], "credentials").clone()
}

#[tokio::test]
async fn an_app_connects_by_its_code_and_books() {
    let (app, connection) = connected().await;
    assert_eq!(connection["auth_method"], "authorization_code");
    assert_eq!(connection["account_id"], "konviva");
    let authorize = connection["authorize_url"].as_str().unwrap();
    let query =
        "/oauth/authorize?response_type=code&client_id=general&redirect_uri=https%3A%2F%2Flms.example";
    assert!(authorize.contains(query), "{authorize}");
    assert_eq!(connection["client_secret_hint"], "Ab3d");
    assert_eq!(connection["default_host"]["email"], HOST);
    let booked = app.book(&admin(), &meeting_on("Aula", "2027-03-02T09:00:00", HOST)).await;
    assert_eq!(booked["host"]["connection_id"], connection["id"]);
    // Its token is the one that came for the code, from Secrets Manager.
    assert_eq!(app.calls().await["zoom"].get(TOKEN), None);
    for item in all_items(&app).await {
        assert!(!item.contains("canary") && !item.contains("eyJ"), "{item}");
    }
}

#[tokio::test]
async fn the_whole_redirected_address_may_be_pasted() {
    let app = App::start().await;
    allow(&app, "konviva", CODE, &json!("all")).await;
    let pasted = format!("{REDIRECT}?state=7&code={CODE}");
    let connection = app.connect(&admin(), &general_app(&pasted)).await;
    assert_eq!(connection["status"], "verified");
}

#[tokio::test]
async fn a_code_is_good_once_and_for_five_minutes() {
    let app = App::start().await;
    allow(&app, "konviva", CODE, &json!("all")).await;
    let checked = app.post(&admin(), "/v1/connections/verify", &general_app(CODE)).await;
    assert_eq!(credentials(&checked)["status"], "pass", "{}", checked.text);
    assert!(credentials(&checked)["detail"].as_str().unwrap().contains("used"), "{}", checked.text);
    let spent = app.post(&admin(), "/v1/connections", &general_app(CODE)).await;
    assert_eq!((spent.status, spent.code()), (422, "connection_check_failed"), "{}", spent.text);
    assert_eq!(credentials(&spent)["status"], "fail");
    assert!(credentials(&spent)["detail"].as_str().unwrap().contains("code"), "{}", spent.text);
    assert!(!spent.text.contains(CODE), "{}", spent.text);

    allow(&app, "konviva", "canary-code-2", &json!("all")).await;
    assert!(app.stack.clock().advance(301));
    let late = app.post(&admin(), "/v1/connections", &general_app("canary-code-2")).await;
    assert_eq!(credentials(&late)["status"], "fail", "{}", late.text);
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_redirect_uri_that_differs_is_told() {
    let app = App::start().await;
    allow(&app, "konviva", CODE, &json!("all")).await;
    let mut body = general_app(CODE);
    body["auth"]["redirect_uri"] = json!("https://lms.example/zoom");
    let refused = app.post(&admin(), "/v1/connections", &body).await;
    assert_eq!(credentials(&refused)["status"], "fail", "{}", refused.text);
    assert!(credentials(&refused)["detail"].as_str().unwrap().contains("https://lms.example/zoom"));
    // An address that was pasted tells before Zoom is asked, so that the code is still good.
    body["auth"]["code"] = json!(format!("{REDIRECT}?code={CODE}"));
    let refused = app.post(&admin(), "/v1/connections", &body).await;
    assert_eq!(refused.faults(), [("/auth/redirect_uri".to_owned(), "contradiction".to_owned())]);
    app.connect(&admin(), &general_app(CODE)).await;
}

#[tokio::test]
async fn an_app_that_reaches_only_its_user_or_lacks_a_scope_is_told() {
    let app = App::start().await;
    let user_managed = json!(["meeting:write:meeting", "meeting:update:meeting", "user:read:user"]);
    allow(&app, "konviva", CODE, &user_managed).await;
    let refused = app.post(&admin(), "/v1/connections", &general_app(CODE)).await;
    assert_eq!(credentials(&refused)["status"], "fail", "{}", refused.text);
    assert!(credentials(&refused)["fix"].as_str().unwrap().contains("Admin-managed"), "{}", refused.text);

    let without_reading_users = json!([
        "meeting:write:meeting:admin",
        "meeting:update:meeting:admin",
        "meeting:delete:meeting:admin",
        "user:read:list_users:admin",
    ]);
    allow(&app, "konviva", CODE, &without_reading_users).await;
    let refused = app.post(&admin(), "/v1/connections", &general_app(CODE)).await;
    let scopes = check(&refused.body["verification"], "scopes");
    assert_eq!(scopes["missing"], json!(["user:read:user:admin"]), "{}", refused.text);

    allow(&app, "konviva", CODE, &json!(["meeting:write:meeting:admin"])).await;
    let refused = app.post(&admin(), "/v1/connections", &general_app(CODE)).await;
    let scopes = check(&refused.body["verification"], "scopes");
    let all = [
        "meeting:delete:meeting:admin",
        "meeting:update:meeting:admin",
        "user:read:list_users:admin",
        "user:read:user:admin",
    ];
    assert_eq!(scopes["missing"], json!(all), "{}", refused.text);

    // The account is known by then, and the kind of app that was named is the other one.
    allow(&app, "konviva", CODE, &json!("all")).await;
    let server = crate::support::account("Room", "konviva", "general", SECRET);
    let refused = app.post(&admin(), "/v1/connections", &server).await;
    assert!(credentials(&refused)["detail"].as_str().unwrap().contains("app type"), "{}", refused.text);
    app.connect(&admin(), &general_app(CODE)).await;
}

#[tokio::test]
async fn fields_of_a_code_app_are_named() {
    let app = App::start().await;
    let mut body = general_app("");
    body["auth"]["redirect_uri"] = json!("http://lms.example/");
    body["auth"]["account_id"] = json!("konviva");
    body["auth"].as_object_mut().unwrap().remove("client_id");
    let refused = app.post(&admin(), "/v1/connections", &body).await;
    let mut faults = refused.faults();
    faults.sort();
    let expected = [
        ("/auth/account_id", "unknown_field"),
        ("/auth/client_id", "required"),
        ("/auth/code", "out_of_range"),
        ("/auth/redirect_uri", "invalid"),
    ];
    assert_eq!(
        faults,
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())),
        "{}",
        refused.text
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_callers_with_an_expired_token_cause_one_refresh() {
    let (app, connection) = connected().await;
    for _ in 0..2 {
        assert!(app.stack.clock().advance(3600));
        app.calls().await;
        let environments: Vec<Deps> = (0..10).map(|_| environment(&app)).collect();
        let callers = environments.iter().flat_map(|deps| std::iter::repeat_n(deps, 10)).map(|deps| async {
            let zoom = app_in(deps, &connection).await;
            deps.zoom.granted_scopes(&zoom).await
        });
        for scopes in join_all(callers).await {
            assert!(!scopes.unwrap().is_empty());
        }
        assert_eq!(app.calls().await["zoom"], json!({TOKEN: 1}));
    }
}

#[tokio::test]
async fn a_token_that_dies_early_is_renewed_once() {
    let (app, _) = connected().await;
    app.fault("POST /users/{userId}/meetings", "dead_token", 1).await;
    app.book(&admin(), &meeting_on("Aula", "2027-03-02T09:00:00", HOST)).await;
    assert_eq!(app.calls().await["zoom"], json!({TOKEN: 1, "POST /users/{userId}/meetings": 2}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_refresh_is_cut_short_the_next_goes_on_or_says_to_connect_again() {
    let (mut lost, mut went_on) = (Vec::new(), 0);
    for calls in 0.. {
        let (app, connection) = connected().await;
        assert!(app.stack.clock().advance(3600));
        let deps = environment(&app);
        let zoom = app_in(&deps, &connection).await;
        let interruption = app.stack.interruption();
        interruption.after(calls);
        let done = tokio::select! {
            done = deps.zoom.granted_scopes(&zoom) => { done.unwrap(); true }
            () = interruption.reached() => false,
        };
        let cut = interruption.lift();
        if done {
            break;
        }
        drop(deps);
        // The lease of whoever died runs out.
        assert!(app.stack.clock().advance(31));
        let next = environment(&app);
        match next.zoom.granted_scopes(&app_in(&next, &connection).await).await {
            Ok(_) => went_on += 1,
            Err(error) => {
                assert!(error.to_string().contains("connected again"), "{error}");
                lost.push(cut.unwrap());
                // Whoever books hears the reason, before any check has found it.
                let refused = app
                    .post(&admin(), "/v1/meetings", &meeting_on("Aula", "2027-03-08T09:00:00", HOST))
                    .await;
                assert_eq!(
                    (refused.status, refused.code()),
                    (409, "connection_inactive"),
                    "{}",
                    refused.text
                );
                assert!(refused.text.contains("new code"), "{}", refused.text);
                // And the next run of the schedule finds it too.
                let report = app.tick().await["reconciler"].clone();
                assert_eq!(report["connections_failed"], 1, "{report}");
                let verification = verified_again(&app, &connection).await;
                let check = check(&verification, "credentials");
                assert_eq!(check["status"], "fail");
                assert!(check["detail"].as_str().unwrap().contains("interrupted"), "{check}");
                assert!(check["fix"].as_str().unwrap().contains("code"), "{check}");
                heal(&app, &connection).await;
            }
        }
    }
    assert!(went_on >= 4, "{went_on}");
    // Only between Zoom's reply and our storing it nothing can be done.
    assert_eq!(lost, ["PutSecretValue"]);
}

/// Connects again with a new code.
async fn heal(app: &App, connection: &Value) {
    allow(app, "konviva", "canary-code-3", &json!("all")).await;
    let auth = general_app("canary-code-3")["auth"].clone();
    let healed = app.patch(&admin(), &path(connection), &json!({"auth": auth})).await;
    assert_eq!((healed.status, &healed.body["status"]), (200, &json!("verified")), "{}", healed.text);
    app.book(&admin(), &meeting_on("Aula", "2027-03-09T09:00:00", HOST)).await;
}

#[tokio::test]
async fn a_refresh_without_an_answer_is_made_again_where_zoom_never_got_it() {
    let options = local::Options {
        daily_writes: 10_000,
        zoom_timeout: Duration::from_millis(500),
        ..local::Options::memory()
    };
    let (app, connection) = connected_with(options).await;
    let book = |day: u32| meeting_on("Aula", &format!("2027-03-{day:02}T09:00:00"), HOST);
    for (day, fault) in [(2, "timeout_before"), (3, "status_500"), (4, "disconnect"), (5, "status_429")] {
        assert!(app.stack.clock().advance(3600));
        app.fault(TOKEN, fault, 1).await;
        let lost = app.post(&admin(), "/v1/meetings", &book(day)).await;
        assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{fault}: {}", lost.text);
        app.book(&admin(), &book(day)).await;
    }
    assert!(app.stack.clock().advance(3600));
    app.fault(TOKEN, "timeout_after_commit", 1).await;
    let lost = app.post(&admin(), "/v1/meetings", &book(6)).await;
    assert_eq!((lost.status, lost.code()), (503, "zoom_unavailable"), "{}", lost.text);
    let verification = verified_again(&app, &connection).await;
    let detail = check(&verification, "credentials")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("interrupted"), "{detail}");
    // New bookings hear the reason at once, and no call to Zoom is made for them.
    app.calls().await;
    let refused = app.post(&admin(), "/v1/meetings", &book(7)).await;
    assert_eq!((refused.status, refused.code()), (409, "connection_inactive"), "{}", refused.text);
    assert!(refused.body["detail"].as_str().unwrap().contains("interrupted"), "{}", refused.text);
    assert_eq!(app.calls().await.get("zoom"), None);
    heal(&app, &connection).await;
}

#[tokio::test]
async fn a_refresh_token_that_was_used_elsewhere_is_told_apart() {
    let (app, connection) = connected().await;
    let client = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    let id = format!("lectern/connections/school/{}/grant", connection["id"].as_str().unwrap());
    let kept = client.get_secret_value().secret_id(id).send().await.unwrap();
    let kept: Value = serde_json::from_str(kept.secret_string().unwrap()).unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", kept["refresh_token"].as_str().unwrap())];
    let elsewhere = app.bare("POST", "/_zoom/oauth/token").basic_auth("general", Some(SECRET)).form(&form);
    assert_eq!(app.send(elsewhere).await.status, 200);
    assert!(app.stack.clock().advance(3600));
    let verification = verified_again(&app, &connection).await;
    let check = check(&verification, "credentials");
    assert_eq!(check["status"], "fail");
    let detail = check["detail"].as_str().unwrap();
    assert!(!detail.contains("interrupted") && detail.contains("refresh token"), "{detail}");
    heal(&app, &connection).await;
}

#[tokio::test]
async fn all_secrets_go_with_the_connection() {
    let (app, connection) = connected().await;
    let token = json!({"webhook_secret_token": "canary-webhook"});
    assert_eq!(app.patch(&admin(), &path(&connection), &token).await.status, 200);
    assert_eq!(kept_secrets(&app).await.len(), 3);
    assert_eq!(app.delete(&admin(), &path(&connection)).await.status, 204);
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
    let grants: Vec<String> = all_items(&app).await.into_iter().filter(|item| item.contains("CG#")).collect();
    assert_eq!(grants, Vec::<String>::new());
}
