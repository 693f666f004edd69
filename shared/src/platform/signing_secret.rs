//! What events are signed with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::event::EventId;

/// What Standard Webhooks has a secret begin with.
const PREFIX: &str = "whsec_";

/// A tenant's secret, as the platform is told it: `whsec_` and 32 random bytes in Base64.
#[derive(Debug, Clone)]
pub struct SigningSecret(SecretString);

/// What is kept as a secret is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is kept as the secret of the tenant's webhook is none")]
pub struct UnusableSecret;

impl SigningSecret {
    /// A new one.
    pub fn generate() -> Self {
        let key = STANDARD.encode(rand::random::<[u8; 32]>());
        Self(SecretString::from(format!("{PREFIX}{key}")))
    }

    /// The secret as it is kept and told.
    pub fn text(&self) -> &SecretString {
        &self.0
    }

    /// Its last four characters, by which people tell secrets apart.
    pub fn hint(&self) -> String {
        let text = self.0.expose_secret().trim_end_matches('=');
        text[text.len() - 4..].to_owned()
    }
}

/// The signature of one attempt at sending an event, of version 1: HMAC-SHA256 over id, time and body.
pub(super) fn sign(
    secret: &SecretString,
    id: &EventId,
    at: DateTime<Utc>,
    body: &[u8],
) -> Result<String, UnusableSecret> {
    let encoded = secret.expose_secret().strip_prefix(PREFIX).ok_or(UnusableSecret)?;
    let key = STANDARD.decode(encoded).map_err(|_| UnusableSecret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| UnusableSecret)?;
    mac.update(format!("{id}.{}.", at.timestamp()).as_bytes());
    mac.update(body);
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_example_of_standard_webhooks() {
        let secret = SecretString::from(format!("{PREFIX}MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        let id: EventId = serde_json::from_str(r#""msg_p5jXN8AQM9LWM0D4loKWxJek""#).unwrap();
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let signed = sign(&secret, &id, at, br#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn no_two_secrets_are_alike_and_none_is_printed() {
        let (one, other) = (SigningSecret::generate(), SigningSecret::generate());
        assert_ne!(one.text().expose_secret(), other.text().expose_secret());
        assert_eq!(STANDARD.decode(&one.text().expose_secret()[PREFIX.len()..]).unwrap().len(), 32);
        assert!(!format!("{one:?}").contains(&one.text().expose_secret()[PREFIX.len()..]));
        assert_eq!(one.hint().len(), 4);
        assert!(one.text().expose_secret().trim_end_matches('=').ends_with(&one.hint()));
    }

    #[test]
    fn what_is_no_secret_signs_nothing() {
        let id: EventId = serde_json::from_str(r#""evt_1""#).unwrap();
        for text in ["", "x", "whsec_not base64"] {
            assert_eq!(sign(&SecretString::from(text), &id, DateTime::UNIX_EPOCH, b""), Err(UnusableSecret));
        }
    }
}
