//! Lambda's side of the Runtime API, for one program at a time.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::{Mutex, mpsc};

type Failure = Box<dyn std::error::Error>;

/// What a program that hangs is given up after.
const PATIENCE: Duration = Duration::from_secs(30);

/// How one start went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// From the start of the process to its first question for an event.
    pub(crate) start: Duration,
    /// From the first event to its answer.
    pub(crate) first: Duration,
    /// The same of the events after it: the median.
    pub(crate) warm: Duration,
    /// How long the process has computed for each of these, on any of its threads.
    pub(crate) computed: Duration,
    /// The most memory that the process has held.
    pub(crate) peak_kib: u64,
}

/// What the program has said.
enum Said {
    /// That it is ready for an event.
    Ready(Instant),
    /// That it is done with one.
    Done(Instant),
    /// That it failed.
    Failed(String),
}

#[derive(Clone)]
struct Api {
    said: mpsc::Sender<Said>,
    events: Arc<Mutex<mpsc::Receiver<String>>>,
}

/// Starts `program`, has it answer `event` once and then `warm` times more, and ends it.
pub(crate) async fn run(program: &Path, event: &str, warm: usize) -> Result<Run, Failure> {
    let (said, mut heard) = mpsc::channel(8);
    let (send, events) = mpsc::channel(1);
    let api = Api { said, events: Arc::new(Mutex::new(events)) };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(done))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
        .route("/2018-06-01/runtime/init/error", post(failed))
        .with_state(api);
    let server = tokio::spawn(axum::serve(listener, router).into_future());

    let started = Instant::now();
    let mut process = Command::new(program)
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "start")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let start = ready(&mut heard).await? - started;
    let first = answer(&send, &mut heard, event).await?;
    let id = process.id().ok_or("the process has ended")?;
    let before = computed(id)?;
    let mut times = Vec::with_capacity(warm);
    for _ in 0..warm {
        times.push(answer(&send, &mut heard, event).await?);
    }
    times.sort();
    let computed =
        computed(id)?.checked_sub(before).ok_or("a thread has ended")? / u32::try_from(times.len())?;
    let peak_kib = peak(id)?;
    process.kill().await?;
    server.abort();
    Ok(Run { start, first, warm: times[times.len() / 2], computed, peak_kib })
}

async fn hear(heard: &mut mpsc::Receiver<Said>) -> Result<Said, Failure> {
    match tokio::time::timeout(PATIENCE, heard.recv()).await {
        Ok(Some(Said::Failed(why))) => Err(why.into()),
        Ok(Some(said)) => Ok(said),
        Ok(None) => Err("the listener has ended".into()),
        Err(_) => Err("the program says nothing".into()),
    }
}

async fn ready(heard: &mut mpsc::Receiver<Said>) -> Result<Instant, Failure> {
    loop {
        if let Said::Ready(at) = hear(heard).await? {
            return Ok(at);
        }
    }
}

/// Gives the program an event, and returns how long it took; returns when it is ready for another.
async fn answer(
    send: &mpsc::Sender<String>,
    heard: &mut mpsc::Receiver<Said>,
    event: &str,
) -> Result<Duration, Failure> {
    let given = Instant::now();
    send.send(event.to_owned()).await?;
    let took = loop {
        if let Said::Done(at) = hear(heard).await? {
            break at - given;
        }
    };
    ready(heard).await?;
    Ok(took)
}

async fn next(State(api): State<Api>) -> impl IntoResponse {
    // Nobody listens any more once the program is being ended.
    api.said.send(Said::Ready(Instant::now())).await.unwrap_or_default();
    let event = api.events.lock().await.recv().await;
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:start"),
        ("content-type", "application/json"),
    ];
    (headers, event.unwrap_or_default())
}

async fn done(State(api): State<Api>, _: axum::body::Bytes) -> StatusCode {
    api.said.send(Said::Done(Instant::now())).await.unwrap_or_default();
    StatusCode::ACCEPTED
}

async fn failed(State(api): State<Api>, why: String) -> StatusCode {
    api.said.send(Said::Failed(why)).await.unwrap_or_default();
    StatusCode::ACCEPTED
}

/// How long the threads of a process have been on a processor, by the kernel's `schedstat`.
fn computed(process: u32) -> Result<Duration, Failure> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let stat = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += stat.split(' ').next().ok_or("an empty schedstat")?.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// The most memory that a process has held, in KiB.
fn peak(process: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}
