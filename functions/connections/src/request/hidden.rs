//! What is secret in a body.

use std::ops::RangeInclusive;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use shared::http::fields::Fault;
use shared::http::problem::FieldCode;

/// The secrets of a body, taken out of it before anything else is done, so that nothing can show them.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    pub(crate) client_secret: Option<SecretString>,
    pub(crate) code: Option<SecretString>,
    pub(crate) webhook_secret_token: Option<SecretString>,
}

impl Hidden {
    /// Takes the secrets out; an empty text stays where each was.
    pub(crate) fn take(body: &mut Value) -> Self {
        let mut take = |pointer| match body.pointer_mut(pointer) {
            Some(Value::String(text)) => Some(SecretString::from(std::mem::take(text))),
            _ => None,
        };
        Self {
            client_secret: take("/auth/client_secret"),
            code: take("/auth/code"),
            webhook_secret_token: take("/webhook_secret_token"),
        }
    }
}

/// A secret of so many characters, without the spaces and line breaks that were copied with it.
pub(crate) fn checked(
    secret: Option<SecretString>,
    length: RangeInclusive<usize>,
) -> Result<SecretString, Fault> {
    let secret = secret.ok_or_else(|| Fault::wrong_type("a text"))?;
    let text = secret.expose_secret().trim();
    let characters = text.chars().count();
    if characters > *length.end() {
        let detail = format!("at most {} characters are allowed", length.end());
        return Err(Fault::new(FieldCode::TooLong, detail));
    }
    if characters < *length.start() {
        return Err(Fault::new(FieldCode::OutOfRange, "must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::invalid("must not hold control characters, such as line breaks"));
    }
    Ok(SecretString::from(text))
}
