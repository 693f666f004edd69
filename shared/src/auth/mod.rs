//! Who calls: bearer tokens that the LMS signs.

mod claims;
mod keys;

pub use claims::{Principal, Role};

use http::{HeaderMap, header};
use jsonwebtoken::{Algorithm, Validation};

use crate::clock::SharedClock;
use crate::config::TokenConfig;
use crate::http::{Code, Problem};
use crate::outgoing::Outgoing;
use crate::secrets::Secrets;
use claims::UnverifiedClaims;
use keys::Keys;

/// Checks tokens.
#[derive(Debug, Clone)]
pub struct Authenticator {
    config: TokenConfig,
    keys: Keys,
    clock: SharedClock,
}

impl Authenticator {
    /// Checks tokens as `config` says, at `clock`'s time.
    pub fn new(config: TokenConfig, secrets: Secrets, http: Outgoing, clock: SharedClock) -> Self {
        let keys = Keys::new(config.key.clone(), secrets, http, clock.clone());
        Self { config, keys, clock }
    }

    /// The caller that the request's token names.
    ///
    /// # Errors
    /// `unauthenticated`, with a detail that says which part of the token is wrong.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Principal, Problem> {
        let sent = headers
            .get(header::AUTHORIZATION)
            .ok_or_else(|| refuse("The request has no token. Send `Authorization: Bearer <token>`."))?;
        let (scheme, token) = sent.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
        let token = token.trim();
        if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
            return Err(refuse("The Authorization header is not of the form `Bearer <token>`."));
        }
        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| refuse("The token is not a JWT with a known algorithm."))?;
        let (key, allowed) = self.keys.find(&header).await?;
        if !allowed.contains(&header.alg) {
            return Err(refuse("The token's algorithm is not one that is accepted here."));
        }
        let claims = jsonwebtoken::decode::<UnverifiedClaims>(token, &key, &self.validation(header.alg))
            .map_err(|error| refuse(what_is_wrong(&error)))?
            .claims;
        claims.verify(self.clock.now()).map_err(|what| refuse(&what))
    }

    /// The library reads the machine's clock and grants a minute: times are checked with ours instead.
    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.required_spec_claims = ["iss", "aud"].map(str::to_owned).into();
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation
    }
}

fn refuse(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
}

fn what_is_wrong(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidIssuer => "The token's issuer (`iss`) is not the one that is trusted here.",
        ErrorKind::InvalidAudience => "The token is meant for another audience (`aud`).",
        ErrorKind::MissingRequiredClaim(_) => "The token lacks `iss` or `aud`.",
        ErrorKind::InvalidSignature => "The token's signature is wrong.",
        ErrorKind::Json(_) => "The token's claims cannot be read.",
        _ => "The token is not valid.",
    }
}
