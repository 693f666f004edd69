//! Tokens that are checked against a JWKS document.

use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use local::clock::LocalClock;
use serde_json::{Value, json};
use shared::auth::Authenticator;
use shared::clock::{Clock, SharedClock};
use shared::config::{TokenConfig, TokenKey};
use shared::secrets::Secrets;

use crate::support::NOW;

/// An LMS that publishes its keys, and what checks its tokens.
struct Lms {
    document: Arc<Mutex<Value>>,
    fetches: Arc<Mutex<u32>>,
    clock: Arc<LocalClock>,
    authenticator: Authenticator,
}

struct Key {
    id: &'static str,
    algorithm: Algorithm,
    private: EncodingKey,
    public: Value,
}

impl Lms {
    async fn start(keys: &[&Key]) -> Self {
        let document = Arc::new(Mutex::new(json!({"keys": public(keys)})));
        let fetches = Arc::new(Mutex::new(0));
        let (shown, counted) = (Arc::clone(&document), Arc::clone(&fetches));
        let router = Router::new().route(
            "/jwks.json",
            get(async move || {
                *counted.lock().unwrap() += 1;
                shown.lock().unwrap().to_string()
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Arc::new(LocalClock::new());
        clock.set(NOW.parse().unwrap());
        let config = TokenConfig {
            issuer: "https://lms.example".to_owned(),
            audience: "lectern".to_owned(),
            key: TokenKey::Jwks(url.parse().unwrap()),
        };
        // Nothing is read from Secrets Manager: no address is needed for it.
        let aws =
            aws_config::SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let http = shared::outgoing::Outgoing::default();
        let authenticator = Authenticator::new(
            config,
            Secrets::new(&aws, String::new()),
            http,
            Arc::clone(&clock) as SharedClock,
        );
        Self { document, fetches, clock, authenticator }
    }

    fn publish(&self, keys: &[&Key]) {
        *self.document.lock().unwrap() = json!({"keys": public(keys)});
    }

    fn fetches(&self) -> u32 {
        *self.fetches.lock().unwrap()
    }

    /// The code of the refusal; nothing where the token is believed.
    async fn check(&self, token: &str) -> Option<&'static str> {
        let mut headers = http::HeaderMap::new();
        headers.insert("Authorization", format!("Bearer {token}").parse().unwrap());
        self.authenticator.authenticate(&headers).await.err().map(|problem| problem.code().as_str())
    }
}

impl Key {
    fn rsa(id: &'static str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        // SEQUENCE { INTEGER n, INTEGER e }, in which the lengths of a key of 2048 bits are always the same.
        let public = pair.public_key().as_ref();
        let public =
            json!({"kty": "RSA", "kid": id, "n": encode(&public[9..265]), "e": encode(&public[267..])});
        // The key within its PKCS #8 wrapping, whose length is always the same too.
        let private = EncodingKey::from_rsa_der(&pair.as_der().unwrap().as_ref()[26..]);
        Self { id, algorithm: Algorithm::RS256, private, public }
    }

    fn ec(id: &'static str) -> Self {
        let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(curve, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(curve, der.as_ref()).unwrap();
        // An uncompressed point: 4, x, y.
        let public = pair.public_key().as_ref();
        let (x, y) = (encode(&public[1..33]), encode(&public[33..65]));
        let public = json!({"kty": "EC", "crv": "P-256", "kid": id, "alg": "ES256", "x": x, "y": y});
        Self { id, algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(der.as_ref()), public }
    }

    fn ed(id: &'static str) -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap();
        let x = encode(pair.public_key().as_ref());
        let public = json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "use": "sig", "x": x});
        Self { id, algorithm: Algorithm::EdDSA, private: EncodingKey::from_ed_der(der.as_ref()), public }
    }

    fn sign(&self, id: Option<&str>, now: DateTime<Utc>) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = id.map(str::to_owned);
        jsonwebtoken::encode(&header, &claims(now), &self.private).unwrap()
    }
}

fn public(keys: &[&Key]) -> Vec<Value> {
    keys.iter().map(|key| key.public.clone()).collect()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn claims(now: DateTime<Utc>) -> Value {
    json!({
        "iss": "https://lms.example", "aud": "lectern", "exp": now.timestamp() + 86_400, "sub": "u-1",
        "tenant": "school", "roles": ["instructor"],
    })
}

#[tokio::test]
async fn each_asymmetric_algorithm_is_believed_and_the_document_fetched_once() {
    let (rsa, ec, ed) = (Key::rsa("r"), Key::ec("e"), Key::ed("d"));
    let lms = Lms::start(&[&rsa, &ec, &ed]).await;
    let now = lms.clock.now();
    for key in [&rsa, &ec, &ed] {
        assert_eq!(lms.check(&key.sign(Some(key.id), now)).await, None, "{}", key.id);
        // A key of the same kind under that name, and a known key under another's name.
        let forged = match key.algorithm {
            Algorithm::RS256 => Key::rsa(key.id),
            Algorithm::ES256 => Key::ec(key.id),
            _ => Key::ed(key.id),
        };
        assert_eq!(lms.check(&forged.sign(Some(key.id), now)).await, Some("unauthenticated"));
    }
    assert_eq!(lms.check(&rsa.sign(Some("e"), now)).await, Some("unauthenticated"));
    assert_eq!(lms.check(&rsa.sign(None, now)).await, Some("unauthenticated"));
    assert_eq!(lms.fetches(), 1);
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let rsa = Key::rsa("r");
    let lms = Lms::start(&[&rsa]).await;
    let published = lms.document.lock().unwrap().to_string();
    let modulus = rsa.public["n"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(modulus).unwrap();
    let texts = [published, rsa.public.to_string(), modulus.to_owned()].map(String::into_bytes);
    for secret in texts.into_iter().chain([bytes]) {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            header.kid = Some("r".to_owned());
            let key = EncodingKey::from_secret(&secret);
            let token = jsonwebtoken::encode(&header, &claims(lms.clock.now()), &key).unwrap();
            assert_eq!(lms.check(&token).await, Some("unauthenticated"));
        }
    }
}

#[tokio::test]
async fn a_secret_in_the_document_and_other_algorithms_are_not_taken() {
    let rsa = Key::rsa("r");
    let lms = Lms::start(&[&rsa]).await;
    let oct = json!({"kty": "oct", "kid": "o", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"});
    let odd = json!({"kty": "LATTICE", "kid": "l", "alg": "ML-DSA-44", "use": "sig", "pub": "AAAA"});
    let curve = json!({"kty": "EC", "kid": "k", "crv": "secp256k1", "x": "AAAA", "y": "AAAA"});
    *lms.document.lock().unwrap() = json!({"keys": [oct, odd, curve, rsa.public.clone()]});
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("o".to_owned());
    let key = EncodingKey::from_secret(b"secret-secret-secret-secret");
    let token = jsonwebtoken::encode(&header, &claims(lms.clock.now()), &key).unwrap();
    assert_eq!(lms.check(&token).await, Some("unauthenticated"));
    // Keys that cannot be read do not make the others useless (RFC 7517, 5).
    assert_eq!(lms.check(&rsa.sign(Some("r"), lms.clock.now())).await, None);
    let mut header = Header::new(Algorithm::RS512);
    header.kid = Some("r".to_owned());
    let token = jsonwebtoken::encode(&header, &claims(lms.clock.now()), &rsa.private).unwrap();
    assert_eq!(lms.check(&token).await, Some("unauthenticated"));
}

#[tokio::test]
async fn a_new_key_is_picked_up_and_an_old_one_forgotten() {
    let (old, new) = (Key::ec("2026"), Key::ec("2027"));
    let lms = Lms::start(&[&old]).await;
    let (by_old, by_new) = (old.sign(Some(old.id), lms.clock.now()), new.sign(Some(new.id), lms.clock.now()));
    assert_eq!(lms.check(&by_old).await, None);
    assert_eq!(lms.check(&by_new).await, Some("unauthenticated"));
    lms.publish(&[&new]);
    // Unknown keys do not make the document be fetched at each request.
    for _ in 0..5 {
        assert_eq!(lms.check(&by_new).await, Some("unauthenticated"));
    }
    assert_eq!(lms.fetches(), 1);
    assert!(lms.clock.advance(31));
    assert_eq!(lms.check(&by_new).await, None);
    assert_eq!(lms.check(&by_old).await, Some("unauthenticated"));
    assert_eq!(lms.fetches(), 2);
}

#[tokio::test]
async fn a_document_is_fetched_anew_after_a_while_and_a_token_without_kid_means_the_only_key() {
    let (one, other) = (Key::ed("one"), Key::ed("other"));
    let lms = Lms::start(&[&one]).await;
    let now = lms.clock.now();
    assert_eq!(lms.check(&one.sign(None, now)).await, None);
    lms.publish(&[&other]);
    assert_eq!(lms.check(&one.sign(None, now)).await, None);
    assert!(lms.clock.advance(16 * 60));
    assert_eq!(lms.check(&one.sign(Some("one"), now)).await, Some("unauthenticated"));
}
