//! One deployment key, and what it signs.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::secrets::{SecretError, Secrets};

/// Makes keyed hashes. What is hashed for one purpose is worthless for another: the purpose goes first.
#[derive(Debug, Clone)]
pub struct Signer {
    secrets: Secrets,
    secret_id: String,
}

/// What a hash is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// A list's cursor.
    Cursor,
    /// The body of a request with an idempotency key.
    RequestBody,
}

impl Signer {
    /// Signs with the secret of that id.
    pub fn new(secrets: Secrets, secret_id: String) -> Self {
        Self { secrets, secret_id }
    }

    /// HMAC-SHA256 of `parts`, each preceded by its length so that no two lists of parts hash alike.
    pub async fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> Result<[u8; 32], SecretError> {
        let key = self.secrets.get(&self.secret_id, None).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(match purpose {
            Purpose::Cursor => b"cursor",
            Purpose::RequestBody => b"request-body",
        });
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().into())
    }
}
