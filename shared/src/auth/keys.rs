//! The keys that tokens are checked with.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use secrecy::ExposeSecret;
use tokio::sync::RwLock;
use url::Url;

use crate::clock::SharedClock;
use crate::config::TokenKey;
use crate::http::Problem;
use crate::outgoing::Outgoing;
use crate::secrets::Secrets;

/// How long a JWKS document is used without asking again.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// How soon it is asked for again when a token names a key that it lacks.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// The most bytes of a JWKS document.
const DOCUMENT_LIMIT: usize = 256 * 1024;

/// A document and when it was fetched.
type Fetched = (DateTime<Utc>, Arc<JwkSet>);

/// Finds the key for a token.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    source: TokenKey,
    secrets: Secrets,
    http: Outgoing,
    clock: SharedClock,
    document: Arc<RwLock<Option<Fetched>>>,
}

impl Keys {
    pub(super) fn new(source: TokenKey, secrets: Secrets, http: Outgoing, clock: SharedClock) -> Self {
        Self { source, secrets, http, clock, document: Arc::default() }
    }

    /// The key for a token with that header, and the algorithms that it may be used with: a public key never
    /// serves as a shared secret.
    pub(super) async fn find(&self, header: &Header) -> Result<(DecodingKey, &'static [Algorithm]), Problem> {
        match &self.source {
            TokenKey::Shared(id) => {
                let secret = self.secrets.get(id, None).await?;
                Ok((DecodingKey::from_secret(secret.expose_secret().as_bytes()), &[Algorithm::HS256]))
            }
            TokenKey::Jwks(url) => {
                const ASYMMETRIC: &[Algorithm] = &[Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
                let unknown = || super::refuse("The token is signed with a key that is not known here.");
                let mut document = self.document(url, LIFE).await?;
                if pick(&document, header).is_none() {
                    document = self.document(url, PAUSE).await?;
                }
                let key = pick(&document, header).ok_or_else(unknown)?;
                let key = DecodingKey::from_jwk(key).map_err(|_| unknown())?;
                Ok((key, ASYMMETRIC))
            }
        }
    }

    /// The JWKS document, asked for again where it is older than `life`.
    async fn document(&self, url: &Url, life: TimeDelta) -> Result<Arc<JwkSet>, Problem> {
        let now = self.clock.now();
        let fresh = |known: &Option<Fetched>| {
            known.as_ref().filter(|(at, _)| now - *at < life).map(|(_, document)| Arc::clone(document))
        };
        if let Some(document) = fresh(&*self.document.read().await) {
            return Ok(document);
        }
        // Whoever waits for the lock finds what the one before has fetched.
        let mut known = self.document.write().await;
        if let Some(document) = fresh(&known) {
            return Ok(document);
        }
        let fetched = self
            .fetch(url)
            .await
            .map_err(|error| Problem::internal(format!("the JWKS document at {url}: {error}")))?;
        let document = Arc::new(fetched);
        *known = Some((now, Arc::clone(&document)));
        Ok(document)
    }

    async fn fetch(&self, url: &Url) -> Result<JwkSet, String> {
        let http = self.http.client().map_err(|error| error.to_string())?;
        let request = http.get(url.clone()).timeout(Duration::from_secs(5));
        let mut response =
            request.send().await.and_then(reqwest::Response::error_for_status).map_err(|e| e.to_string())?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            if bytes.len() + chunk.len() > DOCUMENT_LIMIT {
                return Err("it is too large".to_owned());
            }
            bytes.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    }
}

fn pick<'a>(document: &'a JwkSet, header: &Header) -> Option<&'a jsonwebtoken::jwk::Jwk> {
    match &header.kid {
        Some(kid) => document.find(kid),
        None => match document.keys.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}
