//! What the schedule does about connections: it checks them daily, reads their hosts, and removes those that are
//! leaving.

use serde_json::{Value, json};

use super::{check, kept_secrets, switch_app, zoom_app};
use crate::support::{App, Caller, account, account_of, admin, meeting, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";
const SETTINGS: &str = "GET /users/{userId}/settings";

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

fn owner() -> Caller {
    Caller { email: Some("head@school.example"), ..admin() }
}

async fn connected() -> (App, Value) {
    let app = App::start().await;
    let connection = app.connect(&owner(), &sandbox_account("Room 1")).await;
    (app, connection)
}

async fn status(app: &App, connection: &Value) -> Value {
    app.get(&admin(), &path(connection)).await.body["status"].clone()
}

/// Lets `seconds` go by and runs what the schedule would.
async fn later(app: &App, seconds: i64) -> Value {
    assert!(app.stack.clock().advance(seconds));
    app.tick().await["reconciler"].clone()
}

#[tokio::test]
async fn a_connection_that_stops_working_is_told_once_and_heals_by_itself() {
    let (app, connection) = connected().await;
    later(&app, 60).await;
    let booked = app.book(&admin(), &meeting_on("Kept", "2027-03-09T09:00:00", HOST)).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let report = later(&app, 86_400).await;
    assert_eq!((&report["connections_checked"], &report["connections_failed"]), (&json!(1), &json!(1)));
    let failed = app.get(&admin(), &path(&connection)).await.body;
    assert_eq!(failed["status"], "failed");
    let reason = check(&failed["verification"], "credentials")["detail"].as_str().unwrap().to_owned();
    let refused = app.post(&admin(), "/v1/meetings", &meeting_on("New", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!((refused.status, refused.code()), (409, "connection_inactive"), "{}", refused.text);
    assert!(refused.body["detail"].as_str().unwrap().contains(&reason), "{}", refused.text);

    // What stays wrong is told no second time, however often it is looked at.
    for _ in 0..3 {
        later(&app, 900).await;
    }
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0]["to"], json!(["head@school.example"]));
    let subject = mails[0]["subject"].as_str().unwrap();
    assert!(subject.contains("Room 1"), "{subject}");
    for part in ["text", "html"] {
        assert!(mails[0][part].as_str().unwrap().contains("Activate your app"), "{}", mails[0]);
    }

    switch_app(&app, "sandbox-account", "sandbox-client", true).await;
    later(&app, 900).await;
    assert_eq!(status(&app, &connection).await, "verified");
    app.book(&admin(), &meeting_on("New", "2027-03-10T09:00:00", HOST)).await;
    let meeting = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.get(&admin(), &meeting).await.body["status"], "scheduled");

    // The next time is another one.
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    later(&app, 86_400).await;
    assert_eq!(app.mails().await.len(), 2);
}

#[tokio::test]
async fn an_outage_of_zoom_brings_no_connection_down() {
    let (app, connection) = connected().await;
    later(&app, 60).await;
    app.fault("POST /oauth/token", "status_500", 20).await;
    let report = later(&app, 86_400).await;
    assert_eq!((&report["connections_checked"], &report["connections_failed"]), (&json!(1), &json!(0)));
    assert_eq!(status(&app, &connection).await, "verified");
    assert_eq!(app.mails().await.len(), 0);
}

#[tokio::test]
async fn an_outage_during_a_check_by_hand_is_told_and_not_kept() {
    let (app, connection) = connected().await;
    app.fault("POST /oauth/token", "status_500", 1).await;
    let verified = app.post(&admin(), &format!("{}/verify", path(&connection)), &json!({})).await;
    assert_eq!(verified.body["verification"]["status"], "failed", "{}", verified.text);
    assert_eq!(status(&app, &connection).await, "verified");
    app.book(&admin(), &meeting_on("New", "2027-03-10T09:00:00", HOST)).await;
}

#[tokio::test]
async fn the_owner_is_told_of_what_somebody_else_found_by_hand() {
    let (app, connection) = connected().await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let verified = app.post(&admin(), &format!("{}/verify", path(&connection)), &json!({})).await;
    assert_eq!(verified.body["verification"]["status"], "failed", "{}", verified.text);
    assert_eq!(status(&app, &connection).await, "failed");
    later(&app, 900).await;
    assert_eq!(app.mails().await.len(), 1);
}

#[tokio::test]
async fn hosts_whose_settings_zoom_cannot_give_do_not_hold_up_the_check() {
    let (app, _) = connected().await;
    app.fault(SETTINGS, "status_500", 500).await;
    for day in 1..=3 {
        let mut checked = 0;
        for _ in 0..4 {
            checked += later(&app, 21_600).await["connections_checked"].as_u64().unwrap();
        }
        assert_eq!(checked, 1, "day {day}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_found_of_old_credentials_is_not_kept_of_new_ones() {
    let (app, connection) = connected().await;
    let second = json!({"account_id": "sandbox-account", "client_id": "second", "client_secret": "canary-second",
                        "scopes": "all"});
    assert_eq!(app.sandbox("POST", "/accounts", &second).await.status, 201);
    app.fault("POST /oauth/token", "slow", 1).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    app.calls().await;
    let verify = format!("{}/verify", path(&connection));
    let (who, nothing) = (owner(), json!({}));
    let verified = app.post(&who, &verify, &nothing);
    let change = async {
        loop {
            let calls = app.send(app.bare("GET", "/_local/calls")).await.body;
            if calls["zoom"].get("POST /oauth/token").is_some() {
                break;
            }
        }
        let auth = account("", "sandbox-account", "second", "canary-second")["auth"].clone();
        app.patch(&admin(), &path(&connection), &json!({"auth": auth})).await
    };
    let (verified, changed) = futures::future::join(verified, change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(verified.body["verification"]["status"], "verified", "{}", verified.text);
    let now = app.get(&admin(), &path(&connection)).await.body;
    assert_eq!((&now["status"], &now["client_id"]), (&json!("verified"), &json!("second")), "{now}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_check_at_one_moment_all_get_an_answer() {
    let (app, connection) = connected().await;
    let verify = format!("{}/verify", path(&connection));
    let (who, nothing) = (owner(), json!({}));
    let all = (0..12).map(|_| app.post(&who, &verify, &nothing));
    for answer in futures::future::join_all(all).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_connect_that_died_has_kept_is_cleared_up() {
    for calls in 0.. {
        let app = App::start().await;
        let interruption = app.stack.interruption();
        interruption.after(calls);
        let body = sandbox_account("Room 1");
        let connected = app.request(&owner(), "POST", "/v1/connections").json(&body);
        let done = tokio::select! {
            answer = app.send(connected) => { assert_eq!(answer.status, 201, "{}", answer.text); true }
            () = interruption.reached() => false,
        };
        interruption.lift();
        if done {
            break;
        }
        later(&app, 901).await;
        let items = crate::support::all_items(&app).await;
        let left: Vec<&String> = items.iter().filter(|item| item.contains("con_")).collect();
        assert_eq!((kept_secrets(&app).await, left), (Vec::new(), Vec::new()), "after {calls} calls");
        app.connect(&owner(), &body).await;
    }
}

#[tokio::test]
async fn nobody_is_written_to_where_the_tenant_wants_no_mails_or_no_address_is_known() {
    let app = App::start().await;
    app.connect(&admin(), &sandbox_account("Room 1")).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    assert_eq!(later(&app, 86_400).await["connections_failed"], 1);
    assert_eq!(app.mails().await.len(), 0);

    let (app, _) = connected().await;
    let settings = json!({"buffer_minutes": 0, "default_reminders": [], "email": {"enabled": false, "from": null},
                          "webhook": null, "locale": "en"});
    assert_eq!(app.put(&admin(), "/v1/settings", &settings).await.status, 200);
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    assert_eq!(later(&app, 86_400).await["connections_failed"], 1);
    assert_eq!(app.mails().await.len(), 0);
}

#[tokio::test]
async fn capacities_are_filled_after_connecting_and_follow_daily_in_shares() {
    let app = App::start().await;
    let users: Value =
        (0..250).map(|n| json!({"email": format!("u{n:03}@big.example"), "type": 2})).collect();
    zoom_app(&app, "big", &json!("all"), &users).await;
    app.calls().await;
    let connection = app.connect(&admin(), &account_of("Big", "big")).await;
    // In the request the default host alone is asked for.
    assert_eq!(app.calls().await["zoom"][SETTINGS], 1);
    let mut reads = Vec::new();
    for _ in 0..4 {
        reads.push(later(&app, 60).await["hosts_read"].as_u64().unwrap());
    }
    assert_eq!(reads, [100, 100, 50, 0]);
    let hosts = format!("{}/hosts?limit=100", path(&connection));
    let page = app.get(&admin(), &hosts).await.body;
    assert!(page["items"].as_array().unwrap().iter().all(|host| host["participants"] == 300), "{page}");

    let larger = json!([{"email": "u007@big.example", "type": 2, "large_meeting_capacity": 1000}]);
    zoom_app(&app, "big", &json!("all"), &larger).await;
    let mut reads = vec![later(&app, 86_400).await["hosts_read"].as_u64().unwrap()];
    for _ in 0..4 {
        reads.push(later(&app, 60).await["hosts_read"].as_u64().unwrap());
    }
    assert_eq!(reads.iter().sum::<u64>(), 250, "{reads:?}");
    let page = app.get(&admin(), &format!("{}/hosts?limit=100", path(&connection))).await.body;
    let all: Vec<Value> = page["items"].as_array().unwrap().clone();
    let next = page["next_cursor"].as_str().map(str::to_owned);
    let mut all_hosts = all;
    let mut cursor = next;
    while let Some(at) = cursor {
        let page =
            app.get(&admin(), &format!("{}/hosts?limit=100&cursor={at}", path(&connection))).await.body;
        all_hosts.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    let large: Vec<&Value> = all_hosts.iter().filter(|host| host["participants"] == 1000).collect();
    assert_eq!(large.len(), 1);
    assert_eq!(large[0]["email"], "u007@big.example");
}

#[tokio::test]
async fn a_pause_that_zoom_asks_for_is_kept_and_the_rest_follows() {
    let (app, _) = connected().await;
    app.fault(SETTINGS, "status_429", 3).await;
    assert_eq!(later(&app, 60).await["hosts_read"], 0);
    assert_eq!(later(&app, 60).await["hosts_read"], 3);
}

#[tokio::test]
async fn hosts_who_come_and_go_in_zoom_are_found_daily() {
    let (app, connection) = connected().await;
    later(&app, 60).await;
    let users = json!([{"email": "new@sandbox.example", "type": 2},
                       {"email": "free@sandbox.example", "type": 1, "status": "inactive"}]);
    let body = json!({"account_id": "sandbox-account", "client_id": "sandbox-client",
                      "client_secret": "sandbox-secret", "scopes": "all", "users": users});
    assert_eq!(app.sandbox("POST", "/accounts", &body).await.status, 201);
    later(&app, 86_400).await;
    let hosts = app.get(&admin(), &format!("{}/hosts", path(&connection))).await.body["items"].clone();
    let active = |email: &str| {
        let hosts = hosts.as_array().unwrap();
        hosts.iter().find(|host| host["email"] == email).map(|host| host["active"].clone())
    };
    assert_eq!(active("new@sandbox.example"), Some(json!(true)));
    assert_eq!(active("free@sandbox.example"), Some(json!(false)));
}

#[tokio::test]
async fn a_connection_with_many_meetings_leaves_in_the_background() {
    let (app, connection) = connected().await;
    for day in 1..=14 {
        for host in [HOST, "host2@sandbox.example"] {
            app.book(&admin(), &meeting_on("Lesson", &format!("2027-04-{day:02}T09:00:00"), host)).await;
        }
    }
    app.calls().await;
    let gone = app.delete(&admin(), &format!("{}?force=true", path(&connection))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert_eq!(app.calls().await.get("zoom"), None, "nothing is called off in the request");
    assert_eq!(app.get(&admin(), &path(&connection)).await.status, 404);
    assert_eq!(app.get(&admin(), "/v1/connections").await.body["items"], json!([]));
    let refused = app.post(&admin(), "/v1/meetings", &meeting("New", "2027-04-20T09:00:00")).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(kept_secrets(&app).await.len(), 1, "the meetings are called off with it");
    assert_eq!(later(&app, 61).await["connections_removed"], 1);
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
    for host in [HOST, "host2@sandbox.example"] {
        let left = app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", host).await;
        assert_eq!(left, Vec::<Value>::new());
    }
    assert_eq!(app.get(&admin(), "/v1/meetings").await.body["items"], json!([]));
    app.connect(&admin(), &sandbox_account("Again")).await;
}
