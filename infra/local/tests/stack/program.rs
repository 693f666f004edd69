//! The program itself, as `cargo run` starts it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn lectern(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A proxy that the environment names must not come between the parts of the stack.
    command.env("HTTP_PROXY", "http://127.0.0.1:9").env("http_proxy", "http://127.0.0.1:9");
    command
}

fn output(arguments: &[&str]) -> Output {
    lectern(arguments).output().unwrap()
}

/// A running program, ended even if the test fails.
struct Running(Child);

impl Running {
    fn start(data: &Path) -> (Self, String, BufReader<std::process::ChildStdout>) {
        let mut child = lectern(&["--port", "0", "--data", data.to_str().unwrap()]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        (Self(child), line, out)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        self.0.kill().unwrap_or_default();
    }
}

#[tokio::test]
async fn says_where_it_listens_and_stops_when_told() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (mut running, line, mut out) = Running::start(&data);
    let url = line.trim().strip_prefix("Lectern is listening on ").unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(format!("{url}/_local/clock")).send().await.unwrap().status(), 200);

    let second = output(&["--port", "0", "--data", data.to_str().unwrap()]);
    assert_eq!(second.status.code(), Some(1));
    let complaint = String::from_utf8(second.stderr).unwrap();
    assert!(complaint.contains("is in use by another Lectern"), "{complaint}");
    let port = url.rsplit(':').next().unwrap();
    let third = output(&["--port", port, "--memory"]);
    assert_eq!(third.status.code(), Some(1));
    let complaint = String::from_utf8(third.stderr).unwrap();
    assert!(complaint.contains(&format!("port {port} is already in use")), "{complaint}");

    let told = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.matches("\ncurl ").count(), 3, "{rest}");
}

#[test]
fn prints_a_token_and_nothing_else() {
    let printed = output(&["token", "--tenant", "school", "--role", "admin,instructor", "--user", "u-1"]);
    assert!(printed.status.success());
    let token = String::from_utf8(printed.stdout).unwrap();
    assert_eq!((token.lines().count(), token.trim().split('.').count()), (1, 3), "{token}");
    assert!(printed.stderr.is_empty());
}

#[test]
fn says_what_is_wrong_with_an_option() {
    let refused = output(&["--zoom", "nowhere"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--zoom"));
}
