//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use shared::platform::Reach;
use url::Url;

use crate::stack::{DAILY_MAILS, Options, PATIENCE, ZOOM_TIMEOUT, ZoomChoice};
use crate::token::{Role, Subject, TTL_SECONDS};

/// Serves all of Lectern on this machine.
#[derive(Debug, Parser)]
#[command(name = "lectern", version)]
pub struct Cli {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Serve,
}

/// What the program can do besides serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints a token, and nothing else.
    Token(Token),
    /// Prints the API's description, which functions/meetings/openapi.json holds
    Openapi,
}

/// How the stack is served.
#[derive(Debug, Args)]
pub struct Serve {
    /// The port to listen on; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 9000)]
    port: u16,
    /// Keep nothing on disk
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// The directory to keep data in
    #[arg(long, value_name = "DIR", default_value = ".lectern")]
    data: PathBuf,
    /// Another Zoom in place of the sandbox, or `real` for Zoom itself
    #[arg(long, value_name = "URL|real", value_parser = zoom)]
    zoom: Option<ZoomChoice>,
    /// Another AWS endpoint for all services in place of the embedded ones
    #[arg(long, value_name = "URL", value_parser = http_url)]
    aws: Option<Url>,
    /// Serve the AWS services and the sandbox alone, for functions that run elsewhere
    #[arg(long, conflicts_with = "aws")]
    aws_only: bool,
    /// The limit of writes to Zoom per host and day
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    daily_writes: u32,
}

impl From<Serve> for Options {
    fn from(serve: Serve) -> Self {
        Self {
            port: serve.port,
            data: (!serve.memory).then_some(serve.data),
            zoom: serve.zoom.unwrap_or(ZoomChoice::Sandbox),
            aws: serve.aws,
            dynamodb: None,
            daily_writes: serve.daily_writes,
            daily_mails: DAILY_MAILS,
            timer: !serve.aws_only,
            aws_only: serve.aws_only,
            zoom_timeout: ZOOM_TIMEOUT,
            patience: PATIENCE,
            webhook_reach: Reach::Anywhere,
        }
    }
}

/// Whom a token is for.
#[derive(Debug, Args)]
pub struct Token {
    /// The tenant: letters, digits and `._-`, at most 64
    #[arg(long, value_name = "T", value_parser = tenant)]
    tenant: String,
    /// The roles, separated by commas
    #[arg(long = "role", value_name = "R", value_delimiter = ',', required = true)]
    roles: Vec<Role>,
    /// The user's id in the LMS
    #[arg(long, value_name = "U", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    user: String,
    /// The user's e-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// The user's name
    #[arg(long, value_name = "N")]
    name: Option<String>,
    /// The courses that the user attends or teaches, separated by commas
    #[arg(long, value_name = "A", value_delimiter = ',')]
    courses: Option<Vec<String>>,
    /// The user's language
    #[arg(long, value_name = "L")]
    locale: Option<String>,
    /// The user's time zone
    #[arg(long, value_name = "Z")]
    zoneinfo: Option<String>,
    /// How long the token lasts, in seconds
    #[arg(long = "ttl", value_name = "SECONDS", default_value_t = TTL_SECONDS)]
    pub ttl_seconds: u32,
}

impl From<Token> for Subject {
    fn from(token: Token) -> Self {
        Self {
            user: token.user,
            tenant: token.tenant,
            roles: token.roles,
            email: token.email,
            name: token.name,
            locale: token.locale,
            zoneinfo: token.zoneinfo,
            courses: token.courses,
        }
    }
}

fn zoom(text: &str) -> Result<ZoomChoice, String> {
    if text == "real" { Ok(ZoomChoice::Real) } else { http_url(text).map(ZoomChoice::Url) }
}

fn http_url(text: &str) -> Result<Url, String> {
    let url = text.parse::<Url>().map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err("an http or https URL is expected".to_owned()),
    }
}

fn tenant(text: &str) -> Result<String, String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("1 to 64 of letters, digits and `._-` are expected".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn serves_by_default_as_the_contract_says() {
        let options = Options::from(parse("lectern").unwrap().serve);
        assert_eq!((options.port, options.daily_writes, options.timer), (9000, 100, true));
        assert_eq!(options.data, Some(PathBuf::from(".lectern")));
        assert!(matches!(options.zoom, ZoomChoice::Sandbox));
        assert!(!options.aws_only);
    }

    #[test]
    fn reads_each_option() {
        let options =
            Options::from(parse("lectern --port 0 --memory --zoom real --daily-writes 3").unwrap().serve);
        assert_eq!((options.port, options.data, options.daily_writes), (0, None, 3));
        assert!(matches!(options.zoom, ZoomChoice::Real));
        let services = Options::from(parse("lectern --aws-only --port 9001").unwrap().serve);
        assert_eq!((services.port, services.aws_only, services.timer), (9001, true, false));
        let elsewhere = Options::from(parse("lectern --zoom http://127.0.0.1:1").unwrap().serve);
        assert!(matches!(elsewhere.zoom, ZoomChoice::Url(_)));
    }

    #[test]
    fn reads_a_tokens_subject() {
        let line = "lectern token --tenant t --role admin,learner --user u --courses a,b";
        let Some(Command::Token(token)) = parse(line).unwrap().command else { panic!("no token") };
        assert_eq!(token.ttl_seconds, TTL_SECONDS);
        let subject = Subject::from(token);
        assert_eq!(subject.roles, [Role::Admin, Role::Learner]);
        assert_eq!(subject.courses, Some(vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for line in [
            "lectern --memory --data here",
            "lectern --aws-only --aws http://127.0.0.1:1",
            "lectern --zoom ftp://x",
            "lectern --port many",
            "lectern --daily-writes 0",
            "lectern token --tenant a/b --role admin --user u",
            "lectern token --tenant t --role king --user u",
            "lectern token --tenant t --role admin",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
