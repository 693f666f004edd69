//! What greets a person: the page at `/`, and the lines in the terminal.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Datelike, Days, Utc, Weekday};
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::http::{Code, Problem};

use crate::clock::LocalClock;
use crate::sandbox::{AccountSummary, Sandbox};
use crate::token::{self, Role, Subject, TTL_SECONDS};

/// What the page at `/` shows.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) clock: Arc<LocalClock>,
    pub(crate) url: String,
    /// The sandbox, unless functions talk to another Zoom.
    pub(crate) sandbox: Option<Sandbox>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    url: &'a str,
    token: &'a str,
    commands: &'a [Command],
    accounts: Option<Vec<AccountSummary>>,
    version: &'static str,
}

/// A command to copy, and what it shows.
#[derive(Debug)]
struct Command {
    what: &'static str,
    line: String,
}

/// The page at `/`.
pub(crate) async fn home(State(home): State<Arc<Home>>) -> Response {
    let now = home.clock.now();
    let page = admin_token(now).map_err(|error| error.to_string()).and_then(|token| {
        let commands = if home.sandbox.is_some() { commands(&home.url, &token, now) } else { Vec::new() };
        let page = HomePage {
            url: &home.url,
            token: &token,
            commands: &commands,
            accounts: home.sandbox.as_ref().map(Sandbox::accounts),
            version: env!("CARGO_PKG_VERSION"),
        };
        page.render().map_err(|error| error.to_string())
    });
    match page {
        Ok(page) => Html(page).into_response(),
        Err(error) => Problem::new(Code::Internal, error).respond("/"),
    }
}

/// What the terminal shows below the address: a token, and the main job as commands to copy.
pub fn terminal(
    url: &str,
    now: DateTime<Utc>,
    has_sandbox: bool,
) -> Result<String, jsonwebtoken::errors::Error> {
    let token = admin_token(now)?;
    let mut text = format!("\nA token for an admin of the tenant \"demo\", good for 30 days:\n{token}\n");
    if has_sandbox {
        for Command { what, line } in commands(url, &token, now) {
            text.extend(["\n# ", what, "\n", &line, "\n"]);
        }
    }
    Ok(text)
}

fn admin_token(now: DateTime<Utc>) -> Result<String, jsonwebtoken::errors::Error> {
    let subject = Subject {
        user: "demo-admin".to_owned(),
        tenant: "demo".to_owned(),
        roles: vec![Role::Admin],
        email: Some("admin@demo.example".to_owned()),
        name: Some("Demo Admin".to_owned()),
        locale: None,
        zoneinfo: None,
        courses: None,
    };
    token::make(&subject, now, TTL_SECONDS)
}

fn commands(url: &str, token: &str, now: DateTime<Utc>) -> Vec<Command> {
    let connection = json!({
        "name": "Room 1",
        "provider": "zoom",
        "owner": "tenant",
        "auth": {
            "method": "server_to_server",
            "account_id": "sandbox-account",
            "client_id": "sandbox-client",
            "client_secret": "sandbox-secret",
        },
        "host_email": "host1@sandbox.example",
    });
    let meeting = json!({
        "topic": "Fire safety, part 1",
        "start": format!("{}T09:00:00", next_weekday(now)),
        "time_zone": "UTC",
        "duration_minutes": 60,
        "host": {"email": "host1@sandbox.example"},
        "attendees": [{"id": "u-ana", "email": "ana@school.example"}],
    });
    let post = |path: &str, body: &Value| {
        let headers = format!("-H 'Authorization: Bearer {token}' -H 'Content-Type: application/json'");
        format!("curl -sS {url}{path} {headers} -d '{body}'")
    };
    vec![
        Command { what: "Connect the sandbox's Zoom account", line: post("/v1/connections", &connection) },
        Command { what: "Book a meeting", line: post("/v1/meetings", &meeting) },
        Command {
            what: "Book the same host at the same time again: refused, with the clash named",
            line: post("/v1/meetings", &meeting),
        },
    ]
}

/// The next day after today that is no weekend.
fn next_weekday(now: DateTime<Utc>) -> chrono::NaiveDate {
    let today = now.date_naive();
    let days = match today.weekday() {
        Weekday::Fri => 3,
        Weekday::Sat => 2,
        _ => 1,
    };
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_on_the_next_weekday() {
        for (today, next) in
            [("2026-11-19", "2026-11-20"), ("2026-11-20", "2026-11-23"), ("2026-11-21", "2026-11-23")]
        {
            let now = format!("{today}T12:00:00Z").parse().unwrap();
            assert_eq!(next_weekday(now).to_string(), next);
        }
    }

    #[test]
    fn names_the_address_in_each_command() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let text = terminal("http://127.0.0.1:9000", now, true).unwrap();
        assert_eq!(text.matches("curl -sS http://127.0.0.1:9000/v1/").count(), 3);
        assert!(text.contains("2026-11-23T09:00:00"));
        assert!(!terminal("http://127.0.0.1:9000", now, false).unwrap().contains("curl"));
    }
}
