//! The credentials of a Zoom app in a request.

use std::ops::RangeInclusive;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use shared::domain::connection::AuthMethod;
use shared::domain::ids::AccountId;
use shared::http::fields::{Fault, Reader};
use shared::http::parse;
use shared::http::problem::FieldCode;
use shared::language::Message;
use shared::zoom::{App, AppSecret, Authorization, GivenSecret};

use super::code;
use super::hidden::{self, Hidden};
use super::printable;

const ID_LENGTH: RangeInclusive<usize> = 1..=128;
const SECRET_LENGTH: RangeInclusive<usize> = 1..=255;
/// How many characters of a secret are shown.
const HINT_LENGTH: usize = 4;
const METHODS: &str = "must be `server_to_server` or `authorization_code`";

/// The credentials of a Zoom app.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
    pub(crate) grant: Grant,
}

/// What the app is to get its tokens by.
#[derive(Debug, Clone)]
pub(crate) enum Grant {
    /// The account that it was made in.
    Account(AccountId),
    /// A code that an administrator got by allowing it.
    Code { code: SecretString, redirect_uri: String },
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

    /// The app, to be asked for with what came with the request; its token lives as long as what is returned.
    pub(crate) fn app(&self) -> App {
        App {
            client_id: self.client_id.clone(),
            authorization: match &self.grant {
                Grant::Account(account) => Authorization::Account(account.clone()),
                Grant::Code { code, redirect_uri } => {
                    Authorization::Code { code: code.clone(), redirect_uri: redirect_uri.clone() }
                }
            },
            secret: AppSecret::Given(GivenSecret::from(self.client_secret.clone())),
        }
    }

    /// Where the administrator who allows the app is sent back to.
    pub(crate) fn redirect_uri(&self) -> Option<String> {
        match &self.grant {
            Grant::Account(_) => None,
            Grant::Code { redirect_uri, .. } => Some(redirect_uri.clone()),
        }
    }

    /// How the app gets its tokens.
    pub(crate) fn method(&self) -> AuthMethod {
        match self.grant {
            Grant::Account(_) => AuthMethod::ServerToServer,
            Grant::Code { .. } => AuthMethod::AuthorizationCode,
        }
    }
}

/// Reads `auth`, whose secrets were taken out before.
pub(crate) fn read(body: &Reader<'_>, hidden: &mut Hidden) -> Option<Credentials> {
    let Some(auth) = body.raw("auth").filter(|auth| !auth.is_null()) else {
        body.fault("auth", Fault::new(FieldCode::Required, "is required"));
        return None;
    };
    let reader = Reader::object_at(auth, body.pointer("auth"), body.errors())?;
    let method = reader.required("method", |value| parse::text(value, 1..=64));
    match method.as_deref() {
        None => {
            know_all(&reader);
            None
        }
        Some(method) => of_method(&reader, method, hidden),
    }
}

/// Of which method a field is cannot be told without one.
fn know_all(reader: &Reader<'_>) {
    for name in ["account_id", "client_id", "client_secret", "redirect_uri", "code", "api_key", "api_secret"]
    {
        reader.raw(name);
    }
}

fn of_method(reader: &Reader<'_>, method: &str, hidden: &mut Hidden) -> Option<Credentials> {
    match method {
        "server_to_server" => server_to_server(reader, hidden),
        "authorization_code" => authorization_code(reader, hidden),
        "jwt" => {
            for name in ["api_key", "api_secret"] {
                reader.raw(name);
            }
            reader.fault("method", Fault::invalid(Message::new("jwt-apps-ended")));
            None
        }
        _ => {
            know_all(reader);
            reader.fault("method", Fault::invalid(METHODS));
            None
        }
    }
}

fn server_to_server(reader: &Reader<'_>, hidden: &mut Hidden) -> Option<Credentials> {
    let account_id = reader.required("account_id", |value| {
        let text = printable(value, ID_LENGTH)?;
        text.trim().parse().map_err(|error| Fault::invalid(format!("{error}")))
    });
    let client_id = reader.required("client_id", client_id);
    let client_secret = reader.required("client_secret", |_| secret(hidden.client_secret.take()));
    let grant = Grant::Account(account_id?);
    Some(Credentials { client_id: client_id?, client_secret: client_secret?, grant })
}

fn authorization_code(reader: &Reader<'_>, hidden: &mut Hidden) -> Option<Credentials> {
    let client_id = reader.required("client_id", client_id);
    let client_secret = reader.required("client_secret", |_| secret(hidden.client_secret.take()));
    let redirect_uri =
        reader.required("redirect_uri", |value| code::redirect_uri(&parse::text(value, 1..=500)?));
    let pasted = reader.required("code", |_| code::pasted(hidden.code.take()));
    let (redirect_uri, pasted) = (redirect_uri?, pasted?);
    if let Some(fault) = pasted.contradicts(&redirect_uri) {
        reader.fault("redirect_uri", fault);
        return None;
    }
    let grant = Grant::Code { code: pasted.code, redirect_uri };
    Some(Credentials { client_id: client_id?, client_secret: client_secret?, grant })
}

fn client_id(value: &Value) -> Result<String, Fault> {
    let text = printable(value, ID_LENGTH)?;
    let text = text.trim();
    // It is sent as `client id:client secret`.
    if text.contains(':') { Err(Fault::invalid("must not hold a colon")) } else { Ok(text.to_owned()) }
}

fn secret(secret: Option<SecretString>) -> Result<SecretString, Fault> {
    hidden::checked(secret, SECRET_LENGTH)
}
