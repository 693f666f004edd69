//! Changes of one thing at one moment: who named no version is not told of another one.

use std::time::Duration;

use futures::future::join_all;
use local::Options;
use serde_json::json;

use crate::support::{Answer, App, admin, sandbox_account};

const CALLERS: usize = 30;

/// A stack whose requests have all the time that a slow machine may need: nobody is to give up.
async fn patient() -> App {
    App::with(Options { patience: Duration::from_mins(10), ..Options::memory() }).await
}

/// The statuses of the answers, in order.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_change_a_connection_without_naming_a_version_get_through() {
    let app = patient().await;
    let connection = app.connect(&admin(), &sandbox_account("Room 1")).await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    let who = admin();
    let bodies: Vec<_> = (0..CALLERS).map(|n| json!({"name": format!("Room {n} of many")})).collect();
    let answers = join_all(bodies.iter().map(|body| app.patch(&who, &path, body))).await;
    assert_eq!(statuses(&answers), [200; CALLERS]);
    let read = app.get(&who, &path).await;
    assert!(answers.iter().any(|answer| answer.text == read.text), "{}", read.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_set_the_settings_without_naming_a_version_get_through() {
    let app = patient().await;
    let who = admin();
    let bodies: Vec<_> = (1..=CALLERS).map(|minutes| json!({"buffer_minutes": minutes})).collect();
    let answers = join_all(bodies.iter().map(|body| app.put(&who, "/v1/settings", body))).await;
    assert_eq!(statuses(&answers), [200; CALLERS]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_who_name_the_same_version_one_gets_through() {
    let (app, connection) = App::connected().await;
    let who = admin();
    let connection = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    for (method, path, field) in [("PATCH", connection.as_str(), "name"), ("PUT", "/v1/settings", "locale")] {
        let tag = app.get(&who, path).await.header("ETag").to_owned();
        let change = |n: usize| {
            let body = json!({field: (["de", "fr", "pt", "ru"][n])});
            app.send(app.request(&who, method, path).header("If-Match", &tag).json(&body))
        };
        let answers = join_all((0..4).map(change)).await;
        assert_eq!(statuses(&answers), [200, 412, 412, 412], "{method} {path}");
    }
}
