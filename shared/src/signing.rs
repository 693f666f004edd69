//! One deployment key, and what it signs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::secrets::{SecretError, Secrets};

/// The bytes of a hash that go with what is sealed.
const TAG: usize = 16;

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
    /// The link by which an attendee has no more mails.
    Unsubscribe,
}

impl Signer {
    /// Signs with the secret of that id.
    pub fn new(secrets: Secrets, secret_id: String) -> Self {
        Self { secrets, secret_id }
    }

    /// `bytes` as text that goes into an address: whoever reads it may see them, and nobody else can make it.
    ///
    /// It opens for the same purpose and `context` alone.
    pub async fn seal(
        &self,
        purpose: Purpose,
        context: &[&str],
        mut bytes: Vec<u8>,
    ) -> Result<String, SecretError> {
        let tag = self.tag(purpose, context, &bytes).await?;
        bytes.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What was sealed; none where `sealed` was not made by [`Signer::seal`] for that purpose and context.
    pub async fn open(
        &self,
        purpose: Purpose,
        context: &[&str],
        sealed: &str,
    ) -> Result<Option<Vec<u8>>, SecretError> {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(sealed) else { return Ok(None) };
        let Some((content, given)) = bytes.split_last_chunk::<TAG>() else { return Ok(None) };
        let expected = self.tag(purpose, context, content).await?;
        Ok(bool::from(expected.ct_eq(given)).then(|| content.to_vec()))
    }

    async fn tag(&self, purpose: Purpose, context: &[&str], bytes: &[u8]) -> Result<[u8; TAG], SecretError> {
        let mut parts: Vec<&[u8]> = context.iter().map(|part| part.as_bytes()).collect();
        parts.push(bytes);
        let hash = self.hash(purpose, &parts).await?;
        let mut tag = [0; TAG];
        tag.copy_from_slice(&hash[..TAG]);
        Ok(tag)
    }

    /// HMAC-SHA256 of `parts`, each preceded by its length so that no two lists of parts hash alike.
    pub async fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> Result<[u8; 32], SecretError> {
        let key = self.secrets.get(&self.secret_id, None).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(match purpose {
            Purpose::Cursor => b"cursor",
            Purpose::RequestBody => b"request-body",
            Purpose::Unsubscribe => b"unsubscribe",
        });
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().into())
    }
}
