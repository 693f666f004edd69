//! Each way in which a Server-to-Server app can be wrong, told apart, with what to change.

use local::{Options, ZoomChoice};
use serde_json::{Value, json};

use super::authorization_code::{allow, general_app};
use super::{check, outcomes, switch_app, zoom_app};
use crate::support::{App, account, account_of, admin, sandbox_account, secret};

/// The scopes that an account must grant, in the granular vocabulary.
const REQUIRED: [&str; 4] = [
    "meeting:delete:meeting:admin",
    "meeting:update:meeting:admin",
    "meeting:write:meeting:admin",
    "user:read:list_users:admin",
];

/// What is done at Zoom before the app is checked.
#[derive(Debug)]
enum Zoom {
    /// Nothing.
    AsItIs,
    /// The sandbox's own app is switched off.
    Disabled,
    /// The sandbox's own account does not allow apps of its type.
    TypeOff,
    /// This goes wrong with an operation, so many times.
    Fault(&'static str, &'static str, u32),
    /// There is an account `made` with this app and these users.
    Made { scopes: Value, users: Value },
}

/// One way to be wrong.
struct Case {
    zoom: Zoom,
    body: Value,
    /// The check that tells, and how it stands.
    check: &'static str,
    status: &'static str,
    /// What it says, and what it says to change.
    said: Vec<String>,
    fix: Vec<String>,
}

impl Case {
    fn fails(zoom: Zoom, body: Value, check: &'static str, said: &[&str], fix: &[&str]) -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self { zoom, body, check, status: "fail", said: texts(said), fix: texts(fix) }
    }

    fn warns(zoom: Zoom, body: Value, check: &'static str, said: &[&str], fix: &[&str]) -> Self {
        Self { status: "warn", ..Self::fails(zoom, body, check, said, fix) }
    }

    /// Checks the app of the case in both ways, and what they say.
    async fn hold(self) {
        let Self { zoom, body, check: id, status, said, fix } = self;
        let name = format!("{zoom:?} {body}");
        let app = App::start().await;
        match zoom {
            Zoom::AsItIs => {}
            Zoom::Disabled => switch_app(&app, "sandbox-account", "sandbox-client", false).await,
            Zoom::TypeOff => {
                let change = json!({"account_id": "sandbox-account", "client_id": "sandbox-client",
                                    "type_allowed": false});
                assert_eq!(app.sandbox("PATCH", "/apps", &change).await.status, 200);
            }
            Zoom::Fault(operation, fault, times) => app.fault(operation, fault, times).await,
            Zoom::Made { scopes, users } => {
                zoom_app(&app, "made", &scopes, &users).await;
            }
        }
        let verification = match status {
            "fail" => refused(&app, &body).await,
            _ => accepted(&app, &body).await,
        };
        let check = check(&verification, id);
        assert_eq!(check["status"], status, "{name}: {check:#}");
        for (texts, member) in [(said, "detail"), (fix, "fix")] {
            let text = check[member].as_str().unwrap();
            for wanted in texts {
                assert!(text.contains(&wanted), "{name}: {text}");
            }
        }
        if status == "fail" && id == "credentials" {
            let skipped = outcomes(&verification).into_iter().skip(1).all(|(_, status)| status == "skip");
            assert!(skipped, "{name}: {verification:#}");
        }
    }
}

/// Checks an app, which must fail, and returns what both ways of checking say.
async fn refused(app: &App, body: &Value) -> Value {
    let checked = app.post(&admin(), "/v1/connections/verify", body).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let verification = checked.body["verification"].clone();
    assert_eq!(verification["status"], "failed", "{verification:#}");
    let saved = app.post(&admin(), "/v1/connections", body).await;
    assert_eq!((saved.status, saved.code()), (422, "connection_check_failed"), "{}", saved.text);
    assert_eq!(saved.body["verification"]["checks"], verification["checks"]);
    assert_eq!(app.get(&admin(), "/v1/connections").await.body["items"], json!([]));
    assert_fixes(&verification);
    verification
}

/// Connects an app, which must succeed, and returns what the check says.
async fn accepted(app: &App, body: &Value) -> Value {
    let connection = app.connect(&admin(), body).await;
    let verification = connection["verification"].clone();
    assert_eq!(verification["status"], "verified", "{verification:#}");
    assert_fixes(&verification);
    verification
}

/// Whatever is not good says what to change, and nothing else does.
fn assert_fixes(verification: &Value) {
    for check in verification["checks"].as_array().unwrap() {
        let has_fix = check["fix"].as_str().is_some_and(|fix| fix.len() > 10);
        let needs_fix = check["status"] == "fail" || check["status"] == "warn";
        assert_eq!(has_fix, needs_fix, "{check:#}");
    }
}

fn room(account_id: &str, client_id: &str, secret: &str) -> Value {
    account("Room 1", account_id, client_id, secret)
}

fn with(mut body: Value, name: &str, value: &str) -> Value {
    body[name] = json!(value);
    body
}

fn made_with(scopes: &[&str], license: u8) -> Zoom {
    let users = json!([{"email": "t@x.example", "type": license, "webinar": license == 2}]);
    Zoom::Made { scopes: json!(scopes), users }
}

#[tokio::test]
async fn wrong_credentials() {
    let sandbox = || sandbox_account("Room 1");
    for case in [
        Case::fails(
            Zoom::AsItIs,
            room("sandbox-account", "sandbox-client", &secret("wrong")),
            "credentials",
            &["Wrong client id or client secret"],
            &["App Credentials", "Client secret"],
        ),
        Case::fails(
            Zoom::AsItIs,
            room("sandbox-account", "wrong", "sandbox-secret"),
            "credentials",
            &["Wrong client id or client secret"],
            &["App Credentials", "Client ID"],
        ),
        Case::fails(
            Zoom::AsItIs,
            room("wrong", "sandbox-client", "sandbox-secret"),
            "credentials",
            &["Wrong account id", "no account wrong"],
            &["App Credentials", "Account ID"],
        ),
        Case::fails(
            Zoom::Disabled,
            sandbox(),
            "credentials",
            &["disabled"],
            &["Activation > Activate your app", "Apps on Account"],
        ),
        Case::fails(
            Zoom::TypeOff,
            sandbox(),
            "credentials",
            &["not activated", "type"],
            &["Activation > Activate your app", "apps of this type", "Roles", "Added Apps"],
        ),
    ] {
        case.hold().await;
    }
}

#[tokio::test]
async fn a_general_app_is_no_server_to_server_app() {
    let app = App::start().await;
    allow(&app, "konviva", "canary-code", &json!("all")).await;
    let general = general_app("canary-code");
    let secret = general["auth"]["client_secret"].as_str().unwrap();
    let verification = refused(&app, &room("konviva", "general", secret)).await;
    let credentials = check(&verification, "credentials");
    let (detail, fix) = (credentials["detail"].as_str().unwrap(), credentials["fix"].as_str().unwrap());
    assert!(detail.contains("Wrong app type: this is not a Server-to-Server OAuth app"), "{detail}");
    assert!(fix.contains("Build App > Server-to-Server OAuth App"), "{fix}");
    assert!(fix.contains("`authorization_code`"), "{fix}");
}

#[tokio::test]
async fn a_zoom_that_cannot_be_asked() {
    let sandbox = || sandbox_account("Room 1");
    let out_of_reach = |operation, fault, check| {
        let zoom = Zoom::Fault(operation, fault, 20);
        Case::fails(zoom, sandbox(), check, &["Zoom out of reach"], &["Nothing in the app", "check again"])
    };
    for case in [
        out_of_reach("POST /oauth/token", "status_500", "credentials"),
        out_of_reach("POST /oauth/token", "malformed", "credentials"),
        out_of_reach("GET /users", "status_500", "hosts"),
        Case::fails(
            Zoom::Fault("GET /users", "status_429", 20),
            sandbox(),
            "hosts",
            &["pause"],
            &["after the pause"],
        ),
        Case::fails(
            Zoom::Fault("GET /users", "dead_token", 20),
            sandbox(),
            "hosts",
            &["does not accept it"],
            &["Activation > Activate your app"],
        ),
        Case::fails(
            Zoom::Fault("GET /users", "no_permission", 2),
            sandbox(),
            "hosts",
            &["Zoom refused: No permission."],
            &["User Management > Roles"],
        ),
        Case::warns(
            Zoom::Fault("GET /users/{userId}/settings", "status_500", 20),
            sandbox(),
            "capacity",
            &["how many people", "did not answer"],
            &["check again in a few minutes"],
        ),
        Case::warns(
            Zoom::Fault("GET /users/{userId}/settings", "no_permission", 2),
            sandbox(),
            "webinars",
            &["whether webinars can be held", "No permission."],
            &["User Management > Roles"],
        ),
    ] {
        case.hold().await;
    }
}

#[tokio::test]
async fn a_zoom_where_nobody_listens() {
    // Nobody listens on the port of a listener that is gone.
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let zoom = ZoomChoice::Url(url.parse().unwrap());
    let app = App::with(Options { zoom, ..Options::memory() }).await;
    let verification = refused(&app, &sandbox_account("Room 1")).await;
    let credentials = check(&verification, "credentials");
    assert!(credentials["detail"].as_str().unwrap().starts_with("Zoom out of reach"), "{credentials:#}");
    let saved = app.post(&admin(), "/v1/connections", &sandbox_account("Room 1")).await;
    assert!(!saved.header("retry-after").is_empty(), "{}", saved.text);
    assert!(saved.body["detail"].as_str().unwrap().contains("cannot be asked"), "{}", saved.text);
}

#[tokio::test]
async fn missing_scopes() {
    let made = || account_of("Room 1", "made");
    let without =
        |missing: &str| -> Vec<&str> { REQUIRED.into_iter().filter(|scope| *scope != missing).collect() };
    let lacks = |granted: &[&str], missing: &str, clicked: &str| {
        let fix = ["Scopes > Add Scopes", clicked, missing, "Activation > Activate your app"];
        Case::fails(made_with(granted, 2), made(), "scopes", &["lacks scopes", missing], &fix)
    };
    for case in [
        lacks(&without(REQUIRED[0]), REQUIRED[0], "Meeting: Delete a meeting"),
        lacks(&without(REQUIRED[1]), REQUIRED[1], "Meeting: Update a meeting"),
        lacks(&without(REQUIRED[2]), REQUIRED[2], "Meeting: Create a meeting for a user"),
        lacks(&without(REQUIRED[3]), REQUIRED[3], "User: View users"),
        lacks(&["user:read:admin"], "meeting:write:admin", "Meeting: View and manage all user meetings"),
        lacks(&["meeting:write:admin"], "user:read:admin", "User: View all user information"),
        lacks(&[], "meeting:write:meeting:admin", "Create a meeting for a user"),
        Case::warns(
            made_with(&REQUIRED, 2),
            made(),
            "scopes",
            &["Meetings can be booked", "no link to start", "webinars", "recordings", "attendance"],
            &["View a user (user:read:user:admin)", "Recording: ", "Report: "],
        ),
        Case::warns(
            made_with(&REQUIRED, 2),
            made(),
            "capacity",
            &["how many people", "may not read users' settings"],
            &["View a user's settings (user:read:settings:admin)"],
        ),
        Case::warns(
            made_with(&["user:read:admin", "meeting:write:admin"], 2),
            made(),
            "webinars",
            &["The plan has webinars", "lacks the scopes"],
            &["Webinar: View all user Webinars (webinar:read:admin)", "webinar:write:admin"],
        ),
    ] {
        case.hold().await;
    }
}

#[tokio::test]
async fn nobody_to_host_or_the_wrong_one() {
    let sandbox = || sandbox_account("Room 1");
    let made = || account_of("Room 1", "made");
    let gone = json!([{"email": "gone@x.example", "type": 2, "status": "inactive"}]);
    let nobody = || Zoom::Made { scopes: json!("all"), users: gone.clone() };
    let free = || Zoom::Made { scopes: json!("all"), users: json!([{"email": "t@x.example", "type": 1}]) };
    let both =
        with(with(sandbox(), "host_email", "host1@sandbox.example"), "default_host_id", "someone-else");
    for case in [
        Case::fails(nobody(), made(), "hosts", &["0 active users"], &["Add Users"]),
        Case::fails(nobody(), made(), "host_email", &["no active user"], &["Add Users"]),
        Case::warns(free(), made(), "hosts", &["0 licensed", "40 minutes"], &["User Type: Licensed"]),
        Case::warns(free(), made(), "webinars", &["t@x.example", "no webinars"], &["Zoom Webinars"]),
        Case::fails(
            Zoom::AsItIs,
            with(sandbox(), "host_email", "hots1@sandbox.example"),
            "host_email",
            &["hots1@sandbox.example.", "Nearest: host1@sandbox.example"],
            &["User Management > Users > Add Users"],
        ),
        Case::fails(
            Zoom::AsItIs,
            with(sandbox(), "default_host_id", "nobody"),
            "host_email",
            &["the id nobody", "host1@sandbox.example"],
            &["host_email"],
        ),
        Case::fails(Zoom::AsItIs, both, "host_email", &["another one"], &["Send one of the two"]),
    ] {
        case.hold().await;
    }
}

#[tokio::test]
async fn every_missing_scope_is_listed() {
    let app = App::start().await;
    let users = json!([{"email": "t@x.example", "type": 2}]);
    let body = account_of("Room 1", "made");
    for missing in REQUIRED {
        let granted: Vec<&str> = REQUIRED.into_iter().filter(|scope| *scope != missing).collect();
        zoom_app(&app, "made", &json!(granted), &users).await;
        assert_eq!(check(&refused(&app, &body).await, "scopes")["missing"], json!([missing]));
    }
    zoom_app(&app, "made", &json!(["meeting:read:meeting:admin"]), &users).await;
    assert_eq!(check(&refused(&app, &body).await, "scopes")["missing"], json!(REQUIRED));
    zoom_app(&app, "made", &json!(["user:read:admin", "meeting:write:admin"]), &users).await;
    let verification = accepted(&app, &body).await;
    let named = check(&verification, "scopes")["missing"].as_array().unwrap().clone();
    for missing in ["meeting:read:admin", "recording:read:admin", "report:read:admin"] {
        assert!(named.contains(&json!(missing)), "{named:?}");
    }
}
