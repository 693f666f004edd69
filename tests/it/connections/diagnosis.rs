//! Each way in which an app can be wrong, told apart, with what to change.

use local::{Options, ZoomChoice};
use serde_json::{Value, json};

use super::{check, outcomes, switch_app, zoom_app};
use crate::support::{App, account, admin, sandbox_account};

/// The scopes that an account must grant, in the granular vocabulary.
const REQUIRED: [&str; 4] = [
    "meeting:delete:meeting:admin",
    "meeting:update:meeting:admin",
    "meeting:write:meeting:admin",
    "user:read:list_users:admin",
];

/// Checks an app, which must fail, and says what both ways of checking say.
async fn refused(app: &App, body: &Value) -> Value {
    let checked = app.post(&admin(), "/v1/connections/verify", body).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let verification = checked.body["verification"].clone();
    assert_eq!(verification["status"], "failed", "{verification:#}");
    let saved = app.post(&admin(), "/v1/connections", body).await;
    assert_eq!((saved.status, saved.code()), (422, "connection_check_failed"), "{}", saved.text);
    assert_eq!(saved.body["verification"]["checks"], verification["checks"]);
    assert_eq!(app.get(&admin(), "/v1/connections").await.body["items"], json!([]));
    for check in verification["checks"].as_array().unwrap() {
        let has_fix = check["fix"].as_str().is_some_and(|fix| fix.len() > 10);
        let needs_fix = check["status"] == "fail" || check["status"] == "warn";
        assert_eq!(has_fix, needs_fix, "{check:#}");
    }
    verification
}

/// Asserts that the check failed, that it says `said`, and that its remedy names `clicked`.
fn assert_fails(verification: &Value, id: &str, said: &str, clicked: &str) {
    let check = check(verification, id);
    assert_eq!(check["status"], "fail", "{check:#}");
    let (detail, fix) = (check["detail"].as_str().unwrap(), check["fix"].as_str().unwrap());
    assert!(detail.contains(said), "{detail}");
    assert!(fix.contains(clicked), "{fix}");
}

/// Asserts that nothing after the first check was reached.
fn assert_stopped_at_credentials(verification: &Value) {
    let skipped = outcomes(verification).iter().skip(1).filter(|(_, status)| status == "skip").count();
    assert_eq!(skipped, 5, "{verification:#}");
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let app = App::start().await;
    let cases = [
        (["sandbox-account", "sandbox-client", "wrong"], "Wrong client id or client secret", "Client secret"),
        (["sandbox-account", "wrong", "sandbox-secret"], "Wrong client id or client secret", "Client ID"),
        (["wrong", "sandbox-client", "sandbox-secret"], "Wrong account id", "Account ID"),
    ];
    for ([account_id, client_id, secret], said, clicked) in cases {
        let verification = refused(&app, &account("Room 1", account_id, client_id, secret)).await;
        assert_fails(&verification, "credentials", said, clicked);
        assert_stopped_at_credentials(&verification);
    }
}

#[tokio::test]
async fn an_app_that_was_taken_out_of_use_is_told_to_be_activated() {
    let app = App::start().await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let verification = refused(&app, &sandbox_account("Room 1")).await;
    assert_fails(&verification, "credentials", "disabled", "Activation > Activate your app");
    assert_stopped_at_credentials(&verification);
}

#[tokio::test]
async fn a_zoom_out_of_reach_blames_nobody() {
    // Nobody listens on the port of a listener that is gone.
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let zoom = ZoomChoice::Url(url.parse().unwrap());
    let app = App::with(Options { zoom, ..Options::memory() }).await;
    let verification = refused(&app, &sandbox_account("Room 1")).await;
    assert_fails(&verification, "credentials", "Zoom out of reach", "check again in a few minutes");
    assert_stopped_at_credentials(&verification);
}

#[tokio::test]
async fn a_zoom_that_fails_on_the_way_is_named_where_it_failed() {
    let app = App::start().await;
    app.fault("GET /users", "status_500", 20).await;
    let verification = refused(&app, &sandbox_account("Room 1")).await;
    assert_eq!(check(&verification, "credentials")["status"], "pass");
    assert_fails(&verification, "hosts", "Zoom out of reach", "check again");
}

#[tokio::test]
async fn each_missing_granular_scope_is_named() {
    let app = App::start().await;
    let users = json!([{"email": "t@x.example", "type": 2}]);
    for (missing, clicked) in [
        (REQUIRED[0], "Meeting: Delete a meeting"),
        (REQUIRED[1], "Meeting: Update a meeting"),
        (REQUIRED[2], "Meeting: Create a meeting for a user"),
        (REQUIRED[3], "User: View users"),
    ] {
        let granted: Vec<&str> = REQUIRED.into_iter().filter(|scope| *scope != missing).collect();
        zoom_app(&app, "granular", &json!(granted), &users).await;
        let verification = refused(&app, &account("Room 1", "granular", "granular", "granular")).await;
        assert_fails(&verification, "scopes", missing, clicked);
        let scopes = check(&verification, "scopes");
        assert_eq!(scopes["missing"], json!([missing]));
        assert!(scopes["fix"].as_str().unwrap().contains("Activation"), "{scopes:#}");
    }
    zoom_app(&app, "granular", &json!(["meeting:read:meeting:admin"]), &users).await;
    let verification = refused(&app, &account("Room 1", "granular", "granular", "granular")).await;
    assert_eq!(check(&verification, "scopes")["missing"], json!(REQUIRED));
}

#[tokio::test]
async fn missing_scopes_of_an_older_app_are_named_in_its_own_words() {
    let app = App::start().await;
    let users = json!([{"email": "t@x.example", "type": 2}]);
    let body = account("Room 1", "classic", "classic", "classic");
    for (granted, missing, clicked) in [
        ("user:read:admin", "meeting:write:admin", "Meeting: View and manage all user meetings"),
        ("meeting:write:admin", "user:read:admin", "User: View all user information"),
    ] {
        zoom_app(&app, "classic", &json!([granted]), &users).await;
        let verification = refused(&app, &body).await;
        assert_fails(&verification, "scopes", missing, clicked);
        assert_eq!(check(&verification, "scopes")["missing"], json!([missing]));
    }
    zoom_app(&app, "classic", &json!(["user:read:admin", "meeting:write:admin"]), &users).await;
    let connection = app.connect(&admin(), &body).await;
    let scopes = check(&connection["verification"], "scopes");
    assert_eq!(scopes["status"], "warn", "{scopes:#}");
    let missing = ["meeting:read:admin", "recording:read:admin", "report:read:admin"];
    let named = scopes["missing"].as_array().unwrap();
    assert!(missing.iter().all(|scope| named.contains(&json!(scope))), "{scopes:#}");
}

#[tokio::test]
async fn the_least_that_a_guide_of_another_platform_grants_is_enough_with_warnings() {
    let app = App::start().await;
    // Create, update and delete of all users and of sub-accounts, and to view users.
    let granted = json!([
        "meeting:delete:meeting:admin",
        "meeting:update:meeting:admin",
        "meeting:write:meeting:admin",
        "meeting:delete:meeting:master",
        "meeting:update:meeting:master",
        "meeting:write:meeting:master",
        "user:read:list_users:admin",
    ]);
    zoom_app(&app, "least", &granted, &json!([{"email": "t@x.example", "type": 2}])).await;
    let connection = app.connect(&admin(), &account("Room 1", "least", "least", "least")).await;
    let verification = &connection["verification"];
    let statuses: Vec<String> = outcomes(verification).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, ["pass", "warn", "pass", "pass", "warn", "warn"]);
    let scopes = check(verification, "scopes");
    let detail = scopes["detail"].as_str().unwrap();
    for loss in ["no link to start", "webinars", "recordings", "attendance"] {
        assert!(detail.contains(loss), "{detail}");
    }
    assert!(scopes["missing"].as_array().unwrap().contains(&json!("user:read:settings:admin")));
    let capacity = check(verification, "capacity");
    assert!(capacity["fix"].as_str().unwrap().contains("user:read:settings:admin"), "{capacity:#}");

    let meeting = crate::support::meeting_on("Yoga", "2027-03-02T10:00:00Z", "t@x.example");
    app.book(&admin(), &meeting).await;
}

#[tokio::test]
async fn a_host_who_is_not_there_is_answered_with_the_nearest() {
    let app = App::start().await;
    let mut body = sandbox_account("Room 1");
    body["host_email"] = json!("hots1@sandbox.example");
    let verification = refused(&app, &body).await;
    assert_fails(&verification, "host_email", "hots1@sandbox.example", "User Management");
    let detail = check(&verification, "host_email")["detail"].as_str().unwrap();
    let nearest = detail.find("host1@sandbox.example").unwrap();
    assert!(detail.find("free@sandbox.example").is_none_or(|other| nearest < other), "{detail}");
    assert_eq!(check(&verification, "hosts")["status"], "pass");
}

#[tokio::test]
async fn an_account_that_nobody_can_host_in_is_refused() {
    let app = App::start().await;
    let users = json!([{"email": "gone@x.example", "type": 2, "status": "inactive"}]);
    zoom_app(&app, "empty", &json!("all"), &users).await;
    let verification = refused(&app, &account("Room 1", "empty", "empty", "empty")).await;
    assert_fails(&verification, "hosts", "0 active users", "Add Users");
}

#[tokio::test]
async fn what_the_plan_lacks_is_a_warning() {
    let app = App::start().await;
    zoom_app(&app, "free", &json!("all"), &json!([{"email": "t@x.example", "type": 1}])).await;
    let connection = app.connect(&admin(), &account("Room 1", "free", "free", "free")).await;
    let verification = &connection["verification"];
    assert_eq!(verification["status"], "verified");
    let hosts = check(verification, "hosts");
    assert_eq!(hosts["status"], "warn");
    assert!(hosts["detail"].as_str().unwrap().contains("40 minutes"), "{hosts:#}");
    assert!(hosts["fix"].as_str().unwrap().contains("Licensed"), "{hosts:#}");
    let webinars = check(verification, "webinars");
    assert_eq!(webinars["status"], "warn");
    assert!(webinars["fix"].as_str().unwrap().contains("Zoom Webinars"), "{webinars:#}");
    assert_eq!(check(verification, "capacity")["participants"], 100);
}
