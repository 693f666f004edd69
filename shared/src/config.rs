//! What a deployment sets, parsed once.

use std::env::VarError;
use std::num::NonZeroU32;

use url::Url;

use crate::platform::Reach;

/// The mails per second that SES takes of an account that it has let out of its sandbox.
const SES_RATE: NonZeroU32 = NonZeroU32::new(14).expect("14 is not 0");

/// A deployment's settings. Each is an environment variable, named in [`Config::from_env`].
#[derive(Debug, Clone)]
pub struct Config {
    /// The DynamoDB table.
    pub table: String,
    /// The SQS queue that notices go through.
    pub notices_queue_url: String,
    /// The SQS queue that events for learning platforms go through.
    pub platform_events_queue_url: String,
    /// The SQS queue that what Zoom tells goes through.
    pub webhooks_queue_url: String,
    /// The SQS queue that shares of hosts to be compared go through.
    pub comparisons_queue_url: String,
    /// Secrets are kept under this prefix: `<prefix>/<tenant>/<connection>`, and below that `grant` and
    /// `webhook`; `<prefix>/<tenant>/platform` signs what the learning platform is told.
    pub secrets_prefix: String,
    /// The secret whose value signs cursors and hashes request bodies.
    pub signing_secret_id: String,
    /// How tokens are checked.
    pub tokens: TokenConfig,
    /// Where Zoom is.
    pub zoom: ZoomConfig,
    /// Creates and updates that Zoom allows a host in one UTC day (100).
    pub daily_writes: u32,
    /// Where callers reach the API, without a trailing slash.
    pub public_url: Url,
    /// The origins that may call from a browser; none by default.
    pub cors_origins: Vec<String>,
    /// The address that mails are sent from.
    pub mail_from: String,
    /// How long a request may take: it must end before API Gateway gives it up after 30 seconds (25 s).
    pub patience: std::time::Duration,
    /// How many mails a tenant may send to attendees in one UTC day (100,000).
    pub daily_mails: u32,
    /// How many mails one execution environment of `notifications` hands to SES in a second; no bound where absent.
    pub mails_per_second: Option<NonZeroU32>,
    /// Over how many partitions of the index due reminders are spread (1 to 64).
    pub reminder_shards: u16,
    /// Where events for learning platforms may go (the public Internet).
    pub webhook_reach: Reach,
}

/// How a bearer token is checked.
#[derive(Debug, Clone)]
pub struct TokenConfig {
    /// The `iss` that a token must carry.
    pub issuer: String,
    /// The `aud` that a token must carry.
    pub audience: String,
    /// Where the key is.
    pub key: TokenKey,
}

/// Where the key that tokens are checked with is.
#[derive(Debug, Clone)]
pub enum TokenKey {
    /// HS256: a secret shared with the LMS, in Secrets Manager under this id.
    Shared(String),
    /// RS256, ES256 or `EdDSA`: a JWKS document at this address.
    Jwks(Url),
}

/// Where Zoom is.
#[derive(Debug, Clone)]
pub struct ZoomConfig {
    /// The token endpoint: `https://zoom.us/oauth/token`.
    pub token_url: Url,
    /// The API's base, without a trailing slash: `https://api.zoom.us/v2`.
    pub api_url: Url,
    /// How long one call may take.
    pub timeout: std::time::Duration,
}

/// A setting that is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The variable is not set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable is set to something that cannot be used.
    #[error("the environment variable {name} cannot be used: {why}")]
    Invalid {
        /// Which.
        name: &'static str,
        /// Why.
        why: String,
    },
}

impl ZoomConfig {
    /// Where an administrator allows a General App: beside the token endpoint (`https://zoom.us/oauth/authorize`).
    pub fn authorize_url(&self, client_id: &str, redirect_uri: &str) -> Option<Url> {
        let mut url = self.token_url.join("authorize").ok()?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect_uri);
        Some(url)
    }
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong; nothing falls back in silence.
    pub fn from_env() -> Result<Self, ConfigError> {
        let key = match (optional("LECTERN_JWT_SECRET_ID")?, optional("LECTERN_JWKS_URL")?) {
            (Some(id), None) => TokenKey::Shared(id),
            (None, Some(url)) => TokenKey::Jwks(parse("LECTERN_JWKS_URL", &url)?),
            (None, None) => return Err(ConfigError::Missing("LECTERN_JWT_SECRET_ID or LECTERN_JWKS_URL")),
            (Some(_), Some(_)) => {
                return Err(ConfigError::Invalid {
                    name: "LECTERN_JWKS_URL",
                    why: "LECTERN_JWT_SECRET_ID is set as well; set one of the two".to_owned(),
                });
            }
        };
        let shards: u16 = or_default("LECTERN_REMINDER_SHARDS", 4)?;
        if !(1..=64).contains(&shards) {
            return Err(ConfigError::Invalid {
                name: "LECTERN_REMINDER_SHARDS",
                why: format!("{shards} is not between 1 and 64"),
            });
        }
        Ok(Self {
            table: required("LECTERN_TABLE")?,
            notices_queue_url: required("LECTERN_NOTICES_QUEUE_URL")?,
            platform_events_queue_url: required("LECTERN_PLATFORM_EVENTS_QUEUE_URL")?,
            webhooks_queue_url: required("LECTERN_WEBHOOKS_QUEUE_URL")?,
            comparisons_queue_url: required("LECTERN_COMPARISONS_QUEUE_URL")?,
            secrets_prefix: required("LECTERN_SECRETS_PREFIX")?,
            signing_secret_id: required("LECTERN_SIGNING_SECRET_ID")?,
            tokens: TokenConfig {
                issuer: required("LECTERN_JWT_ISSUER")?,
                audience: required("LECTERN_JWT_AUDIENCE")?,
                key,
            },
            zoom: ZoomConfig {
                token_url: or_default("LECTERN_ZOOM_TOKEN_URL", url("https://zoom.us/oauth/token"))?,
                api_url: or_default("LECTERN_ZOOM_API_URL", url("https://api.zoom.us/v2"))?,
                timeout: std::time::Duration::from_secs(or_default("LECTERN_ZOOM_TIMEOUT_SECONDS", 10)?),
            },
            daily_writes: or_default("LECTERN_DAILY_WRITES", 100)?,
            public_url: parse("LECTERN_PUBLIC_URL", &required("LECTERN_PUBLIC_URL")?)?,
            cors_origins: origins(optional("LECTERN_CORS_ORIGINS")?.as_deref().unwrap_or_default())?,
            mail_from: required("LECTERN_MAIL_FROM")?,
            patience: std::time::Duration::from_secs(or_default("LECTERN_PATIENCE_SECONDS", 25)?),
            daily_mails: or_default("LECTERN_DAILY_MAILS", 100_000)?,
            mails_per_second: Some(or_default("LECTERN_MAILS_PER_SECOND", SES_RATE)?),
            reminder_shards: shards,
            webhook_reach: if or_default("LECTERN_WEBHOOK_ALLOW_PRIVATE", false)? {
                Reach::Anywhere
            } else {
                Reach::Public
            },
        })
    }
}

/// Origins as browsers send them (RFC 6454, 7): `https://lms.school.example`. A wildcard is none.
fn origins(list: &str) -> Result<Vec<String>, ConfigError> {
    let given = list.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    given
        .map(|origin| {
            let url: Url = parse("LECTERN_CORS_ORIGINS", origin)?;
            if matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == origin {
                return Ok(origin.to_owned());
            }
            let why = format!("`{origin}` is no origin; write it like https://lms.school.example");
            Err(ConfigError::Invalid { name: "LECTERN_CORS_ORIGINS", why })
        })
        .collect()
}

fn url(text: &'static str) -> Url {
    Url::parse(text).expect("a constant address parses")
}

fn optional(name: &'static str) -> Result<Option<String>, ConfigError> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(ConfigError::Invalid { name, why: "its value is not UTF-8".to_owned() })
        }
    }
}

fn required(name: &'static str) -> Result<String, ConfigError> {
    optional(name)?.ok_or(ConfigError::Missing(name))
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &'static str,
    value: &str,
) -> Result<T, ConfigError> {
    value.parse().map_err(|error: T::Err| ConfigError::Invalid { name, why: error.to_string() })
}

fn or_default<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &'static str,
    default: T,
) -> Result<T, ConfigError> {
    optional(name)?.map_or(Ok(default), |value| parse(name, &value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_whole() {
        let two = origins("https://lms.school.example, http://localhost:3000").unwrap();
        assert_eq!(two, ["https://lms.school.example", "http://localhost:3000"]);
        assert_eq!(origins("").unwrap(), Vec::<String>::new());
        for wrong in ["*", "lms.school.example", "https://lms.school.example/", "ftp://x.example"] {
            assert!(origins(wrong).is_err(), "{wrong}");
        }
    }
}
