//! Starts each function as Lambda does, speaks the Runtime API with it on the loopback address, and prints how
//! long it takes to start and to answer (waiting for AWS included, and without), how much memory it has used at
//! most, and how big it is. Beside the functions, in the
//! same run and taking turns with them, a bare one.
//!
//! `start PROGRAMS HELLO`: the folder that holds `<function>/bootstrap`, and the bare program. The environment is
//! what `cargo run -- --aws-only` prints.

mod runtime;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::runtime::Run;

/// How often each program is started.
const STARTS: usize = 15;
/// How many events each start answers after the first.
const WARM: usize = 100;

/// A function, its program and the event that it is given.
struct Subject {
    name: &'static str,
    program: PathBuf,
    event: String,
    runs: Vec<Run>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(programs), Some(hello)) = (arguments.next(), arguments.next()) else {
        return Err("start PROGRAMS HELLO".into());
    };
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut subjects = vec![Subject {
        name: "(bare)",
        program: hello,
        event: std::fs::read_to_string(events.join("meetings/health.json"))?,
        runs: Vec::new(),
    }];
    for (name, event) in [
        ("meetings", "meetings/health.json"),
        ("connections", "connections/list.json"),
        ("conflicts", "conflicts/availability.json"),
        ("reminders", "reminders/every-minute.json"),
        ("notifications", "notifications/reminder.json"),
        ("reconciler", "reconciler/every-minute.json"),
        ("webhooks", "webhooks/of-a-stranger.json"),
        ("webhooks-worker", "webhooks-worker/started.json"),
        ("reconciler-worker", "reconciler-worker/share.json"),
    ] {
        let program = programs.join(name).join("bootstrap");
        let event = std::fs::read_to_string(events.join(event))?;
        subjects.push(Subject { name, program, event, runs: Vec::new() });
    }
    for _ in 0..STARTS {
        for subject in &mut subjects {
            subject.runs.push(runtime::run(&subject.program, &subject.event, WARM).await?);
        }
    }
    print(&subjects)?;
    Ok(())
}

fn print(subjects: &[Subject]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| function | start | than bare | first event | warm | computed | memory | program | zip |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    let bare = median(&subjects[0].runs, |run| run.start);
    for Subject { name, program, runs, .. } in subjects {
        let start = median(runs, |run| run.start);
        writeln!(
            out,
            "| {name} | {} | {:.2} | {} | {} | {} | {:.1} MiB | {:.1} MiB | {} |",
            milliseconds(start),
            start.as_secs_f64() / bare.as_secs_f64(),
            milliseconds(median(runs, |run| run.first)),
            milliseconds(median(runs, |run| run.warm)),
            milliseconds(median(runs, |run| run.computed)),
            mebibytes(runs.iter().map(|run| run.peak_kib).max().unwrap_or_default() * 1024),
            mebibytes(std::fs::metadata(program)?.len()),
            match std::fs::metadata(program.with_extension("zip")) {
                Ok(zip) => format!("{:.2} MiB", mebibytes(zip.len())),
                Err(_) => "none".to_owned(),
            },
        )?;
    }
    Ok(())
}

fn median(runs: &[Run], what: impl Fn(&Run) -> Duration) -> Duration {
    let mut all: Vec<Duration> = runs.iter().map(what).collect();
    all.sort();
    all[all.len() / 2]
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "a size is printed with one digit")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
