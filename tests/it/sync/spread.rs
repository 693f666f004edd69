//! Comparing many hosts takes few calls in each run.

use serde_json::{Value, json};

use crate::budgets::total;
use crate::support::{App, account_of, admin};

const HOSTS: usize = 100;
const LISTS: &str = "GET /users/{userId}/meetings";

async fn connected() -> App {
    with_hosts(HOSTS).await
}

async fn with_hosts(hosts: usize) -> App {
    let app = App::start().await;
    let users: Vec<String> = (0..hosts).map(|n| format!("room{n}@large.example")).collect();
    app.zoom_account("large", &users).await;
    app.connect(&admin(), &account_of("Large", "large")).await;
    app
}

#[tokio::test]
async fn a_hundred_hosts_are_compared_twenty_at_a_time() {
    let app = connected().await;
    let mut compared = 0;
    let mut runs = 0;
    for _ in 0..120 {
        app.calls().await;
        let report = app.tick().await["reconciler"].clone();
        let calls = app.calls().await;
        let hosts = report["hosts_compared"].as_u64().unwrap();
        assert!(hosts <= 20, "{report}");
        assert!(calls["zoom"][LISTS].as_u64().unwrap_or(0) <= hosts, "{calls}");
        compared += hosts;
        runs += u64::from(hosts > 0);
        // Beside the lists of meetings and of webinars, what was read of the hosts.
        let read = report["hosts_read"].as_u64().unwrap();
        assert!(total(&calls, "zoom") <= 2 * hosts + read + 3, "{calls}");
        assert!(app.stack.clock().advance(60));
        if compared == HOSTS as u64 {
            break;
        }
    }
    assert_eq!((compared, runs), (HOSTS as u64, 5));
}

#[tokio::test]
async fn where_zoom_asks_for_a_pause_it_is_made_and_the_cycle_goes_on() {
    let app = connected().await;
    app.fault(LISTS, "status_429", 50).await;
    let report = app.tick().await["reconciler"].clone();
    assert_eq!(report["hosts_compared"], 0, "{report}");
    app.sandbox("DELETE", "/faults", &json!({})).await;
    let mut compared: Vec<Value> = Vec::new();
    for _ in 0..3 {
        assert!(app.stack.clock().advance(60));
        compared.push(app.tick().await["reconciler"]["hosts_compared"].clone());
    }
    assert!(compared.contains(&json!(20)), "{compared:?}");
}

#[tokio::test]
async fn a_daily_check_does_not_begin_the_cycle_anew() {
    let app = with_hosts(30).await;
    assert_eq!(app.tick().await["reconciler"]["hosts_compared"], 20);
    assert!(app.stack.clock().advance(24 * 60 * 60));
    let report = app.tick().await["reconciler"].clone();
    assert_eq!((&report["connections_checked"], &report["hosts_compared"]), (&json!(1), &json!(10)));
}
