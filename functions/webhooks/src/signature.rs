//! How a webhook is known to be Zoom's.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use shared::deps::Deps;
use shared::domain::ids::ConnectionId;
use shared::http::Problem;
use shared::store::webhook_routes::WebhookRoute;

const SIGNATURE: &str = "x-zm-signature";
const TIMESTAMP: &str = "x-zm-request-timestamp";

/// What a request is signed with, as it claims.
#[derive(Debug)]
pub(crate) struct Signature {
    timestamp: Vec<u8>,
    digest: Vec<u8>,
}

/// The Secret Tokens that a connection's webhooks may be signed with.
pub(crate) struct Tokens(Vec<Token>);

/// A Secret Token. It has no `Debug` of its own that could show it.
#[derive(Debug, Clone)]
pub(crate) struct Token(Arc<SecretString>);

impl Signature {
    /// The signature of a request; none where it has none that could fit.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let digest = headers.get(SIGNATURE)?.as_bytes().strip_prefix(b"v0=")?;
        let timestamp = headers.get(TIMESTAMP)?.as_bytes().to_vec();
        Some(Self { timestamp, digest: hex::decode(digest).ok()? })
    }
}

impl Tokens {
    /// Those of a connection: the one in use, and for a day the one before.
    ///
    /// Where there is no connection, or none that listens, there is none. A token is read from Secrets Manager once
    /// and then for a while from memory, so that only the first request to a connection that listens takes longer.
    pub(crate) async fn of(
        deps: &Deps,
        route: Option<&(ConnectionId, WebhookRoute)>,
    ) -> Result<Self, Problem> {
        let Some((id, WebhookRoute { tenant, token, .. })) = route else { return Ok(Self(Vec::new())) };
        let secret = deps.secrets.webhook_id(tenant, id);
        let now = deps.clock.now();
        let previous = token.previous.as_ref().filter(|(_, until)| *until > now).map(|(version, _)| version);
        let mut tokens = vec![Token(deps.secrets.get(&secret, Some(&token.version)).await?)];
        if let Some(version) = previous {
            match deps.secrets.get(&secret, Some(version)).await {
                Ok(value) => tokens.push(Token(value)),
                // The one in use must still do.
                Err(error) => tracing::warn!(connection = %id, %error, "the token before cannot be read"),
            }
        }
        Ok(Self(tokens))
    }

    /// The token that `body` was signed with.
    pub(crate) fn signer(&self, signature: &Signature, body: &[u8]) -> Option<&Token> {
        // Whether anybody listens here is not to be told from the time that a refusal takes.
        if self.0.is_empty() {
            Token(Arc::new(SecretString::from(""))).fits(signature, body);
        }
        self.0.iter().find(|token| token.fits(signature, body))
    }
}

impl Token {
    fn mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(self.0.expose_secret().as_bytes()).expect("HMAC takes a key of any length")
    }

    /// Whether the signature is of this token, compared in constant time.
    fn fits(&self, signature: &Signature, body: &[u8]) -> bool {
        let mut mac = self.mac();
        for part in [b"v0:".as_slice(), &signature.timestamp, b":", body] {
            mac.update(part);
        }
        mac.verify_slice(&signature.digest).is_ok()
    }

    /// What proves to Zoom that the token is known here.
    pub(crate) fn prove(&self, plain: &str) -> String {
        let mut mac = self.mac();
        mac.update(plain.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token {
        Token(Arc::new(SecretString::from(text)))
    }

    #[test]
    fn a_signature_is_over_the_version_the_timestamp_and_the_raw_body() {
        // Reckoned with `openssl dgst -sha256 -hmac token`.
        let digest = "5b9f0319211c38094e1c3363e6251a858770792ebfa821de9c8bca0575d288c1";
        let mut headers = HeaderMap::new();
        assert!(Signature::of(&headers).is_none());
        headers.insert(TIMESTAMP, "1739923528".parse().unwrap());
        headers.insert(SIGNATURE, format!("v0={digest}").parse().unwrap());
        let signature = Signature::of(&headers).unwrap();
        let tokens = Tokens(vec![token("new"), token("token")]);
        assert!(tokens.signer(&signature, br#"{"event":"a"}"#).is_some());
        assert!(tokens.signer(&signature, br#"{"event": "a"}"#).is_none());
        assert!(Tokens(Vec::new()).signer(&signature, br#"{"event":"a"}"#).is_none());
        headers.insert(SIGNATURE, digest.parse().unwrap());
        assert!(Signature::of(&headers).is_none());
    }

    #[test]
    fn a_token_does_not_show_itself() {
        assert!(!format!("{:?}", token("canary")).contains("canary"));
    }
}
