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

#[tokio::test]
async fn functions_elsewhere_find_the_services_by_what_is_printed() {
    let mut child = lectern(&["--aws-only", "--port", "0", "--memory"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let _running = Running(child);
    let mut variables = std::collections::HashMap::new();
    while !variables.contains_key("LECTERN_ZOOM_API_URL") {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "{variables:?}");
        let variable = line.trim_end().strip_prefix("export ").and_then(|line| line.split_once('='));
        variables
            .extend(variable.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())));
    }
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .endpoint_url(&variables["AWS_ENDPOINT_URL"])
        .region(aws_config::Region::new(variables["AWS_REGION"].clone()))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
            aws_credential_types::Credentials::new(
                &variables["AWS_ACCESS_KEY_ID"],
                &variables["AWS_SECRET_ACCESS_KEY"],
                None,
                None,
                "printed",
            ),
        ))
        .build();
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    dynamodb.describe_table().table_name(&variables["LECTERN_TABLE"]).send().await.unwrap();
    let sqs = aws_sdk_sqs::Client::new(&config);
    for queue in ["LECTERN_NOTICES_QUEUE_URL", "LECTERN_PLATFORM_EVENTS_QUEUE_URL"] {
        sqs.send_message().queue_url(&variables[queue]).message_body("x").send().await.unwrap();
    }
    let secrets = aws_sdk_secretsmanager::Client::new(&config);
    secrets.get_secret_value().secret_id(&variables["LECTERN_JWT_SECRET_ID"]).send().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = http.post(&variables["LECTERN_ZOOM_TOKEN_URL"]).send().await.unwrap();
    assert_eq!(token.status(), 400);
    let function = http.get(format!("{}/v1/health", variables["AWS_ENDPOINT_URL"])).send().await.unwrap();
    assert_eq!(function.status(), 404);
}

/// Runs a line as a person would paste it, and returns the status and the body.
fn pasted(line: &str) -> (u16, serde_json::Value) {
    let line = format!("{line} -w '\\n%{{http_code}}'");
    let done = Command::new("sh").args(["-c", &line]).env("NO_PROXY", "*").output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{line}: {out} {}", String::from_utf8_lossy(&done.stderr));
    let (body, status) = out.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[test]
fn the_lines_to_paste_connect_book_and_are_refused() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let (mut running, first, mut out) = Running::start(&directory.path().join("data"));
    assert!(first.starts_with("Lectern is listening on http://127.0.0.1:"), "{first}");
    let mut lines = Vec::new();
    while lines.len() < 3 {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "{lines:?}");
        if line.starts_with("curl ") {
            lines.push(line.trim_end().to_owned());
        }
    }
    let answers: Vec<_> = lines.iter().map(|line| pasted(line)).collect();
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [201, 201, 409], "{answers:?}");
    let refusal = &answers[2].1;
    assert_eq!(refusal["code"], "schedule_conflict");
    assert_eq!(refusal["clashes"][0]["meeting_id"], answers[1].1["id"]);

    let told = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn what_was_answered_is_kept_even_by_a_program_that_was_killed() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let token = output(&["token", "--tenant", "school", "--role", "admin", "--user", "u-1"]);
    let token = String::from_utf8(token.stdout).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = async |url: &str, path: &str, body: serde_json::Value| {
        let request = client.post(format!("{url}{path}")).bearer_auth(token.trim()).json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    let meeting = |start: &str| {
        serde_json::json!({"topic": "Yoga", "start": start, "duration_minutes": 60,
                           "host": {"email": "host1@sandbox.example"}})
    };
    let address = |line: &str| line.trim().strip_prefix("Lectern is listening on ").unwrap().to_owned();

    let (mut running, line, _out) = Running::start(&data);
    let url = address(&line);
    let connection = serde_json::json!({
        "name": "Room 1", "provider": "zoom", "owner": "tenant",
        "auth": {"method": "server_to_server", "account_id": "sandbox-account",
                 "client_id": "sandbox-client", "client_secret": "sandbox-secret"},
    });
    assert_eq!(post(&url, "/v1/connections", connection).await, 201);
    assert_eq!(post(&url, "/v1/meetings", meeting("2099-03-02T10:00:00Z")).await, 201);
    running.0.kill().unwrap();
    running.0.wait().unwrap();

    let (_running, line, _out) = Running::start(&data);
    let url = address(&line);
    assert_eq!(post(&url, "/v1/meetings", meeting("2099-03-02T10:00:00Z")).await, 409);
    assert_eq!(post(&url, "/v1/meetings", meeting("2099-03-02T11:00:00Z")).await, 201);
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
