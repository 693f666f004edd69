//! `cargo run`: the whole of Lectern on one machine.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use local::cli::{Cli, Command};
use local::token::{self, Subject};
use local::{Options, Stack, ZoomChoice, welcome};
use shared::clock::{Clock, SystemClock};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Token(arguments)) => print_token(arguments),
        Some(Command::Openapi) => print_openapi(),
        None => serve(cli.serve.into()).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn print_token(arguments: local::cli::Token) -> Result<(), Box<dyn Error>> {
    let ttl_seconds = arguments.ttl_seconds;
    let token = token::make(&Subject::from(arguments), SystemClock.now(), ttl_seconds)?;
    writeln!(io::stdout(), "{token}")?;
    Ok(())
}

fn print_openapi() -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout(), "{}", local::functions::openapi().to_pretty_json()?)?;
    Ok(())
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,dynoxide=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    // Listened for from the start, so that a signal during the start is not lost.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (has_sandbox, aws_only) = (options.zoom == ZoomChoice::Sandbox, options.aws_only);
    let stack = Stack::start(options).await?;
    if aws_only {
        announce_services(&stack)?;
    } else {
        announce(&stack, has_sandbox)?;
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    stack.stop().await;
    Ok(())
}

fn announce(stack: &Stack, has_sandbox: bool) -> Result<(), Box<dyn Error>> {
    let text = welcome::terminal(stack.url(), stack.clock().now(), has_sandbox)?;
    let mut out = io::stdout().lock();
    writeln!(out, "Lectern is listening on {}", stack.url())?;
    write!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// The environment of functions that are started elsewhere, to be pasted into a shell.
fn announce_services(stack: &Stack) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Lectern is listening on {}\n", stack.url())?;
    for (name, value) in stack.variables() {
        writeln!(out, "export {name}='{value}'")?;
    }
    out.flush()
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
