//! How fast one execution environment takes Zoom's webhooks, through the real SDK and the embedded engine over
//! HTTP, beside the ceiling of the same run: the one read and the one message that an accepted webhook costs.
//!
//! Lambda gives an execution environment one request at a time; eight at a time show what is left of it where it
//! must share the machine.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and fails by panicking")]

#[path = "../it/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use aws_lc_rs::hmac;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use futures::future::join_all;
use http::Request;
use serde_json::{Value, json};
use shared::deps::Deps;
use tokio::runtime::Builder;
use tower::ServiceExt;

use crate::support::{App, admin, meeting, sandbox_account, secret};

/// How many requests are measured of each kind.
const ROUNDS: usize = 2_000;
const WARM_UP: usize = 200;
const AT_ONCE: usize = 8;
/// As many messages as a queue hands to a function at a time.
const BATCH: usize = 10;

/// What is measured.
struct Bench {
    app: App,
    deps: Deps,
    function: Router,
    connection: String,
    number: String,
}

/// How long each of some rounds took, and all of them together.
struct Times {
    each: Vec<Duration>,
    all: Duration,
}

impl Times {
    fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.each.len()).unwrap()) / self.all.as_secs_f64()
    }

    fn at(&self, hundredth: usize) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort_unstable();
        sorted[(sorted.len() * hundredth / 100).min(sorted.len() - 1)].as_secs_f64() * 1000.0
    }

    fn line(&self, what: &str) -> String {
        format!(
            "{what}: {:.0}/s, median {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
            self.rate(),
            self.at(50),
            self.at(99),
            self.at(100)
        )
    }
}

impl Bench {
    async fn open() -> Arc<Self> {
        let app = App::start().await;
        let mut body = sandbox_account("Room 1");
        body["webhook_secret_token"] = json!(secret("hook"));
        let connection = app.connect(&admin(), &body).await["id"].as_str().unwrap().to_owned();
        let booked = app.book(&admin(), &meeting("Lesson", "2027-03-01T09:00:00")).await;
        let number = booked["zoom_meeting_id"].as_str().unwrap().to_owned();
        let deps = Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone());
        Arc::new(Self { function: webhooks::app(deps.clone()), app, deps, connection, number })
    }

    /// The n-th event: somebody joins, with as much about them as Zoom tells.
    fn event(&self, n: usize) -> Value {
        json!({"event": "meeting.participant_joined", "event_ts": 1_803_891_600_000_u64, "payload": {
        "account_id": "sandbox-account", "object": {
            "id": self.number, "uuid": "4444AAAiAAAAAiAiAiiAii==", "host_id": "x1yCzABCDEfg23HiJKl4mN",
            "topic": "My Meeting", "type": 8, "start_time": "2027-03-01T09:00:00Z",
            "timezone": "America/Los_Angeles", "duration": 60, "participant": {
                "user_id": n.to_string(), "user_name": "Jill Chill", "id": "iFxeBPYun6SAiWUzBcEkX",
                "participant_uuid": format!("55555AAAiAAAAAiAiAii{n}"), "join_time": "2027-03-01T09:00:00Z",
                "email": format!("jchill{n}@example.com"), "registrant_id": format!("r-{n}"),
                "participant_user_id": "rstuvwxyza789-cde", "customer_key": format!("349589LkJyeW{n}"),
            }}}})
    }

    fn request(&self, n: usize, token: &str) -> Request<Body> {
        let body = self.event(n).to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
        let tag = hmac::sign(&key, format!("v0:1803891600:{body}").as_bytes());
        let digest = hex::encode(tag);
        Request::post(format!("/v1/webhooks/zoom/{}", self.connection))
            .header("x-zm-request-timestamp", "1803891600")
            .header("x-zm-signature", format!("v0={digest}"))
            .header("content-type", "application/json; charset=utf-8")
            .body(Body::from(body))
            .unwrap()
    }

    async fn receive(&self, request: Request<Body>, status: u16) {
        let response = self.function.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
    }

    /// What an accepted webhook asks of AWS, and nothing else.
    async fn ceiling(&self, message: &str) {
        let dynamodb = aws_sdk_dynamodb::Client::new(self.app.stack.aws());
        let read = dynamodb
            .get_item()
            .table_name("lectern")
            .key("pk", AttributeValue::S(format!("CW#{}", self.connection)))
            .key("sk", AttributeValue::S("CW".to_owned()))
            .consistent_read(true);
        assert!(read.send().await.unwrap().item.is_some());
        let queue = &self.deps.config.webhooks_queue_url;
        self.deps.queue.send_message().queue_url(queue).message_body(message).send().await.unwrap();
    }

    /// A message of the queue, as the receiver writes it.
    async fn message(&self) -> String {
        self.receive(self.request(0, &secret("hook")), 200).await;
        let queue = &self.deps.config.webhooks_queue_url;
        let received = self.deps.queue.receive_message().queue_url(queue).send().await.unwrap();
        received.messages.unwrap_or_default().remove(0).body.unwrap()
    }
}

/// Does something for each of `rounds`, `at_once` at a time.
async fn measure<T: Send + 'static, F>(rounds: Vec<T>, at_once: usize, work: impl Fn(T) -> F) -> Times
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut shares: Vec<Vec<F>> = (0..at_once).map(|_| Vec::new()).collect();
    for (n, round) in rounds.into_iter().enumerate() {
        shares[n % at_once].push(work(round));
    }
    let began = Instant::now();
    let each = join_all(shares.into_iter().map(|share| {
        tokio::spawn(async move {
            let mut each = Vec::with_capacity(share.len());
            for work in share {
                let began = Instant::now();
                work.await;
                each.push(began.elapsed());
            }
            each
        })
    }))
    .await;
    Times { all: began.elapsed(), each: each.into_iter().flat_map(Result::unwrap).collect() }
}

async fn receiving(bench: &Arc<Bench>, rounds: usize, at_once: usize, token: &str, status: u16) -> Times {
    let requests = (0..rounds).map(|n| bench.request(n, token)).collect();
    measure(requests, at_once, |request| {
        let bench = Arc::clone(bench);
        async move { bench.receive(request, status).await }
    })
    .await
}

async fn ceiling(bench: &Arc<Bench>, message: &str, rounds: usize, at_once: usize) -> Times {
    measure(vec![message.to_owned(); rounds], at_once, |message| {
        let bench = Arc::clone(bench);
        async move { bench.ceiling(&message).await }
    })
    .await
}

async fn working(bench: &Arc<Bench>, message: &str) -> Times {
    let batches = (0..ROUNDS / BATCH).map(|batch| {
        let mut event = SqsEvent::default();
        event.records.extend((0..BATCH).map(|n| {
            let mut record = SqsMessage::default();
            let n = batch * BATCH + n;
            record.message_id = Some(n.to_string());
            record.body = Some(message.replace(r#""stay":"0""#, &format!(r#""stay":"{n}""#)));
            record
        }));
        event
    });
    measure(batches.collect(), 1, |event| {
        let bench = Arc::clone(bench);
        async move {
            let response = webhooks::handle(&bench.deps, event).await;
            assert!(response.batch_item_failures.is_empty());
        }
    })
    .await
}

async fn run() {
    let bench = Bench::open().await;
    let (right, wrong) = (secret("hook"), secret("other"));
    let message = bench.message().await;
    receiving(&bench, WARM_UP, 1, &right, 200).await;
    ceiling(&bench, &message, WARM_UP, 1).await;
    for at_once in [1, AT_ONCE] {
        let accepted = receiving(&bench, ROUNDS, at_once, &right, 200).await;
        let ceiling = ceiling(&bench, &message, ROUNDS, at_once).await;
        println!("{}", accepted.line(&format!("accepted, {at_once} at a time")));
        println!("{}", ceiling.line(&format!("one read and one message, {at_once} at a time")));
        println!("ratio {:.2}", accepted.rate() / ceiling.rate());
    }
    println!("{}", receiving(&bench, ROUNDS, 1, &wrong, 401).await.line("refused, 1 at a time"));
    let worked = working(&bench, &message).await;
    println!("{}; {:.0} events/s", worked.line("worked off, in batches of 10"), worked.rate() * 10.0);
}

fn main() {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run());
}
