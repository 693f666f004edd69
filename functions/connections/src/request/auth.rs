//! The credentials of a Zoom app in a request.

use std::ops::RangeInclusive;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use shared::domain::ids::AccountId;
use shared::http::fields::{Fault, Reader};
use shared::http::parse;
use shared::http::problem::FieldCode;

use super::printable;

const ID_LENGTH: RangeInclusive<usize> = 1..=128;
const SECRET_LENGTH: RangeInclusive<usize> = 1..=255;
/// How many characters of a secret are shown.
const HINT_LENGTH: usize = 4;

/// The credentials of a Server-to-Server OAuth app.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) account_id: AccountId,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
}

impl Credentials {
    /// The last characters of the secret, by which people tell one from another; nothing of a secret that
    /// they would be the whole of.
    pub(crate) fn hint(&self) -> String {
        let secret = self.client_secret.expose_secret();
        let length = secret.chars().count();
        if length <= HINT_LENGTH {
            return String::new();
        }
        secret.chars().skip(length - HINT_LENGTH).collect()
    }
}

/// Takes the client secret out of a body, so that nothing that is done with the body can show it.
pub(crate) fn take_secret(body: &mut Value) -> Option<SecretString> {
    match body.pointer_mut("/auth/client_secret") {
        Some(Value::String(text)) => Some(SecretString::from(std::mem::take(text))),
        _ => None,
    }
}

/// Reads `auth`, whose client secret was taken out before.
pub(crate) fn read(body: &Reader<'_>, secret: Option<SecretString>) -> Option<Credentials> {
    if body.raw("auth").is_none_or(Value::is_null) {
        body.fault("auth", Fault::new(FieldCode::Required, "is required"));
        return None;
    }
    let reader = body.object("auth")?;
    match reader.required("method", |value| parse::text(value, 1..=64))?.as_str() {
        "server_to_server" => server_to_server(&reader, secret),
        "jwt" => {
            for name in ["api_key", "api_secret"] {
                reader.raw(name);
            }
            reader.fault(
                "method",
                Fault::invalid(
                    "Zoom ended JWT apps in 2023, so an API key and secret no longer work. Make a Server-to-Server \
                     OAuth app instead (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) and \
                     send its account id, client id and client secret with the method `server_to_server`",
                ),
            );
            None
        }
        "authorization_code" => {
            for name in ["client_id", "client_secret", "redirect_uri", "code"] {
                reader.raw(name);
            }
            reader.fault(
                "method",
                Fault::invalid(
                    "this deployment connects Server-to-Server OAuth apps only for now; send the account id, client id \
                     and client secret of one with the method `server_to_server`",
                ),
            );
            None
        }
        _ => {
            for name in ["account_id", "client_id", "client_secret"] {
                reader.raw(name);
            }
            reader.fault("method", Fault::invalid("must be `server_to_server`"));
            None
        }
    }
}

fn server_to_server(reader: &Reader<'_>, secret: Option<SecretString>) -> Option<Credentials> {
    let account_id = reader.required("account_id", |value| {
        let text = printable(value, ID_LENGTH)?;
        text.trim().parse().map_err(|error| Fault::invalid(format!("{error}")))
    });
    let client_id = reader.required("client_id", |value| {
        let text = printable(value, ID_LENGTH)?;
        let text = text.trim();
        // It is sent as `client id:client secret`.
        if text.contains(':') { Err(Fault::invalid("must not hold a colon")) } else { Ok(text.to_owned()) }
    });
    let client_secret = reader.required("client_secret", |_| check_secret(secret));
    Some(Credentials { account_id: account_id?, client_id: client_id?, client_secret: client_secret? })
}

fn check_secret(secret: Option<SecretString>) -> Result<SecretString, Fault> {
    let secret = secret.ok_or_else(|| Fault::wrong_type("a text"))?;
    // What was copied together with a line break is meant without it.
    let text = secret.expose_secret().trim();
    let length = text.chars().count();
    if length > *SECRET_LENGTH.end() {
        return Err(Fault::new(FieldCode::TooLong, "at most 255 characters are allowed"));
    }
    if length < *SECRET_LENGTH.start() {
        return Err(Fault::new(FieldCode::OutOfRange, "must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::invalid("must not hold control characters, such as line breaks"));
    }
    Ok(SecretString::from(text))
}
