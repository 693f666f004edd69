//! Tokens that only the local stack knows how to make and to check.

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

/// The issuer that local tokens name.
pub const ISSUER: &str = "lectern-local";
/// The audience that local tokens name.
pub const AUDIENCE: &str = "lectern";
/// How long a token lasts unless said otherwise: 30 days.
pub const TTL_SECONDS: u32 = 30 * 24 * 60 * 60;

/// No secret at all: it is the same on every machine, and no deployment takes it.
const SECRET: &str = "lectern-local-tokens-are-for-this-machine-only";

/// What local tokens are signed with.
pub fn secret() -> SecretString {
    SecretString::from(SECRET)
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything in the tenant.
    Admin,
    /// Their own connections and meetings.
    Instructor,
    /// Joining.
    Learner,
}

/// Whom a token is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The user's id in the LMS.
    #[serde(rename = "sub")]
    pub user: String,
    /// The tenant that the user belongs to.
    pub tenant: String,
    /// What the user may do.
    pub roles: Vec<Role>,
    /// The user's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The user's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The user's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The user's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// The courses that the user is enrolled in or teaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub courses: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Claims<'a> {
    iss: &'static str,
    aud: &'static str,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    subject: &'a Subject,
}

/// A token for `subject` that is good from `now` for `ttl_seconds`.
pub fn make(
    subject: &Subject,
    now: DateTime<Utc>,
    ttl_seconds: u32,
) -> Result<String, jsonwebtoken::errors::Error> {
    let claims = Claims {
        iss: ISSUER,
        aud: AUDIENCE,
        iat: now.timestamp(),
        exp: (now + TimeDelta::seconds(i64::from(ttl_seconds))).timestamp(),
        subject,
    };
    let key = EncodingKey::from_secret(secret().expose_secret().as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    fn decode(part: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn holds_the_claims_that_the_contract_names() {
        let subject = Subject {
            user: "u-1".to_owned(),
            tenant: "school".to_owned(),
            roles: vec![Role::Admin, Role::Learner],
            email: Some("a@x.example".to_owned()),
            name: None,
            locale: None,
            zoneinfo: Some("Asia/Jakarta".to_owned()),
            courses: Some(vec!["c-1".to_owned(), "c-2".to_owned()]),
        };
        let now = "2026-11-21T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let token = make(&subject, now, 60).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        assert_eq!(decode(parts[0]), json!({"typ": "JWT", "alg": "HS256"}));
        assert_eq!(
            decode(parts[1]),
            json!({
                "iss": "lectern-local", "aud": "lectern", "sub": "u-1", "tenant": "school",
                "iat": now.timestamp(), "exp": now.timestamp() + 60, "roles": ["admin", "learner"],
                "email": "a@x.example", "zoneinfo": "Asia/Jakarta", "courses": ["c-1", "c-2"],
            })
        );
    }
}
