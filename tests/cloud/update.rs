//! A change of the deployment while it is at work.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Cloud, PATIENCE, POLL, send, told};

const TENANT: &str = "busy";
const ORIGIN: &str = "https://lms.school.example";
/// How many ask at the same time.
const CALLERS: usize = 4;
/// How many answers of the changed deployment each waits for.
const ANSWERS_AFTERWARDS: usize = 5;

/// What a caller has seen.
#[derive(Debug, Default)]
struct Seen {
    before: usize,
    after: usize,
    made: Vec<String>,
}

#[tokio::test]
async fn an_update_loses_no_request_and_does_nothing_twice() {
    let cloud = Cloud::reach().await;
    let done = AtomicBool::new(false);
    let update = async {
        let line = told("LECTERN_CLOUD_UPDATE");
        let status = tokio::task::spawn_blocking(move || Command::new("bash").args(["-c", &line]).status());
        assert!(status.await.unwrap().unwrap().success(), "the update failed");
        done.store(true, Ordering::SeqCst);
    };
    let callers = join_all((0..CALLERS).map(|caller| ask_until(&cloud, caller, &done)));
    let (seen, ()) = tokio::join!(callers, update);
    for seen in &seen {
        assert!(seen.before > 0 && seen.after > 0, "{seen:?}");
    }
    let mut made: Vec<String> = seen.into_iter().flat_map(|seen| seen.made).collect();
    made.sort();
    assert!(!made.is_empty());
    assert_eq!(drafts(&cloud).await, made);
}

/// Asks and books without a pause, until the deployment is changed and answers as it was told to.
async fn ask_until(cloud: &Cloud, caller: usize, done: &AtomicBool) -> Seen {
    let (since, mut seen) = (Instant::now(), Seen::default());
    for number in 0.. {
        assert!(since.elapsed() < PATIENCE, "the update does not show: {seen:?}");
        let topic = format!("{caller}-{number}");
        let read = send_again(|| cloud.admin(TENANT, "GET", "/v1/meetings?tab=drafts&limit=1")).await;
        assert_eq!(read.status, 200, "{read:?}");
        let body = json!({"topic": topic, "start": "2098-03-01T10:00:00Z", "duration_minutes": 30,
                          "status": "draft"});
        let post =
            || cloud.admin(TENANT, "POST", "/v1/meetings").header("Idempotency-Key", &topic).json(&body);
        let made = send_again(post).await;
        assert_eq!(made.status, 201, "{made:?}");
        seen.made.push(topic);
        let allowed = made.headers.get("access-control-allow-origin");
        if allowed.is_some_and(|origin| origin == ORIGIN) {
            seen.after += 1;
        } else {
            seen.before += 1;
        }
        if done.load(Ordering::SeqCst) && seen.after >= ANSWERS_AFTERWARDS {
            break;
        }
    }
    seen
}

/// Sends a request. Where Lambda lets a program of the old deployment finish what it does, the emulator kills it
/// and answers 502; the request is then sent again, as a platform would, until whoever was killed has lost its
/// lease of the key.
async fn send_again(request: impl Fn() -> reqwest::RequestBuilder) -> Answer {
    let since = Instant::now();
    loop {
        let answer = send(request().header("Origin", ORIGIN)).await;
        let died = answer.status == 502 || answer.body["code"] == "idempotency_in_progress";
        if !died || since.elapsed() > PATIENCE {
            return answer;
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The topics of all drafts, sorted.
async fn drafts(cloud: &Cloud) -> Vec<String> {
    let (mut topics, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/meetings?tab=drafts&limit=100{cursor}");
        let page = send(cloud.admin(TENANT, "GET", &path)).await;
        let items = page.body["items"].as_array().unwrap();
        topics.extend(items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()));
        match &page.body["next_cursor"] {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    topics.sort();
    topics
}
