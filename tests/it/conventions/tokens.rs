//! Which bearer tokens are believed.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use local::token::{AUDIENCE, ISSUER};
use serde_json::{Value, json};
use shared::auth::{Authenticator, Principal};
use shared::clock::Clock;
use shared::config::{TokenConfig, TokenKey};
use shared::http::Problem;
use shared::secrets::Secrets;

use crate::support::{App, NOW};

/// The secret that the local stack's tokens are signed with, spelled out: a change of it must be noticed.
const SECRET: &[u8] = b"lectern-local-tokens-are-for-this-machine-only";

#[derive(Debug)]
struct Still(DateTime<Utc>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

fn claims(now: DateTime<Utc>) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "exp": now.timestamp() + 600, "sub": "u-admin", "tenant": "school",
        "roles": ["admin"],
    })
}

/// A token with any header and any claims, signed as `algorithm` has it.
fn forge(header: &Value, claims: &Value, algorithm: hmac::Algorithm, secret: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

fn signed(claims: &Value) -> String {
    forge(&json!({"alg": "HS256", "typ": "JWT"}), claims, hmac::HMAC_SHA256, SECRET)
}

async fn ask(app: &App, authorization: &str) -> crate::support::Answer {
    app.send(app.bare("GET", "/v1/meetings").header("Authorization", authorization)).await
}

async fn refused(app: &App, what: &str, authorization: &str) {
    let answer = ask(app, authorization).await;
    assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{what}: {}", answer.text);
    assert_eq!(answer.header("WWW-Authenticate"), "Bearer", "{what}");
    assert_eq!(answer.header("Content-Type"), "application/problem+json", "{what}");
}

#[tokio::test]
async fn the_header_must_carry_a_bearer_token() {
    let app = App::start().await;
    let none = app.send(app.bare("GET", "/v1/meetings")).await;
    assert_eq!((none.status, none.code()), (401, "unauthenticated"));
    assert_eq!(none.header("WWW-Authenticate"), "Bearer");
    let good = signed(&claims(app.now()));
    for wrong in
        ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token x", "Bearer x", "Bearer a.b.c", "Bearer ..", &good]
    {
        refused(&app, wrong, wrong).await;
    }
    // The scheme's name knows no case (RFC 9110, 11.1).
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(ask(&app, &format!("{scheme} {good}")).await.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn only_the_agreed_algorithm_and_secret_count() {
    let app = App::start().await;
    let claims = claims(app.now());
    let header = |alg: &str| json!({"alg": alg, "typ": "JWT"});
    let bare = |alg: &str| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&header(alg)), part(&claims))
    };
    let good = signed(&claims);
    let (body, signature) = good.rsplit_once('.').unwrap();
    let mut bent = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bent[0] ^= 1;
    let tokens = [
        ("alg none", bare("none")),
        ("alg None", bare("None")),
        ("no signature", bare("HS256")),
        ("alg none, signed", forge(&header("none"), &claims, hmac::HMAC_SHA256, SECRET)),
        ("HS384", forge(&header("HS384"), &claims, hmac::HMAC_SHA384, SECRET)),
        ("HS512", forge(&header("HS512"), &claims, hmac::HMAC_SHA512, SECRET)),
        ("RS256 by HMAC", forge(&header("RS256"), &claims, hmac::HMAC_SHA256, SECRET)),
        ("ES256 by HMAC", forge(&header("ES256"), &claims, hmac::HMAC_SHA256, SECRET)),
        ("an algorithm that is none", forge(&header("HS257"), &claims, hmac::HMAC_SHA256, SECRET)),
        ("no algorithm", forge(&json!({"typ": "JWT"}), &claims, hmac::HMAC_SHA256, SECRET)),
        ("another secret", forge(&header("HS256"), &claims, hmac::HMAC_SHA256, b"guess")),
        ("an empty secret", forge(&header("HS256"), &claims, hmac::HMAC_SHA256, b"")),
        ("a bent signature", format!("{body}.{}", URL_SAFE_NO_PAD.encode(bent))),
        ("claims that are a list", signed(&json!([1]))),
    ];
    for (what, token) in tokens {
        refused(&app, what, &format!("Bearer {token}")).await;
    }
    assert_eq!(ask(&app, &format!("Bearer {good}")).await.status, 200);
}

#[tokio::test]
async fn every_claim_that_counts_must_be_well_formed() {
    let app = App::start().await;
    let now = app.now().timestamp();
    let changes: Vec<(&str, Option<Value>)> = vec![
        ("iss", None),
        ("iss", Some(json!("somebody-else"))),
        ("iss", Some(json!(""))),
        ("iss", Some(json!(7))),
        ("aud", None),
        ("aud", Some(json!("other"))),
        ("aud", Some(json!(["other"]))),
        ("aud", Some(json!([]))),
        ("exp", None),
        ("exp", Some(Value::Null)),
        ("exp", Some(json!((now + 600).to_string()))),
        ("exp", Some(json!(true))),
        ("exp", Some(json!([now + 600]))),
        ("exp", Some(json!(now - 1))),
        ("exp", Some(json!(now))),
        ("exp", Some(json!(0))),
        ("exp", Some(json!(-1))),
        ("nbf", Some(json!(now + 600))),
        ("nbf", Some(json!("now"))),
        ("sub", None),
        ("sub", Some(Value::Null)),
        ("sub", Some(json!(""))),
        ("sub", Some(json!(7))),
        ("sub", Some(json!("a\nb"))),
        ("sub", Some(json!("u".repeat(129)))),
        ("tenant", None),
        ("tenant", Some(json!(""))),
        ("tenant", Some(json!("a b"))),
        ("tenant", Some(json!("a/b"))),
        ("tenant", Some(json!("a#b"))),
        ("tenant", Some(json!("schöl"))),
        ("tenant", Some(json!("school\n"))),
        ("tenant", Some(json!("t".repeat(65)))),
        ("tenant", Some(json!(["school"]))),
        ("roles", None),
        ("roles", Some(json!([]))),
        ("roles", Some(json!("admin"))),
        ("roles", Some(json!(["root"]))),
        ("roles", Some(json!(["admin", "root"]))),
        ("roles", Some(json!(["Admin"]))),
        ("roles", Some(json!([7]))),
        ("roles", Some(json!({"admin": true}))),
        ("courses", Some(json!("c-1"))),
        ("courses", Some(json!([7]))),
    ];
    for (name, value) in changes {
        let mut claims = claims(app.now());
        let what = format!("{name} = {value:?}");
        match value {
            Some(value) => claims[name] = value,
            None => assert!(claims.as_object_mut().unwrap().remove(name).is_some()),
        }
        refused(&app, &what, &format!("Bearer {}", signed(&claims))).await;
    }
    let fine: Vec<(&str, Value)> = vec![
        ("aud", json!(["other", AUDIENCE])),
        ("tenant", json!("t".repeat(64))),
        ("tenant", json!("A.b_c-9")),
        ("roles", json!(["admin", "instructor", "learner"])),
        ("nbf", json!(now - 1)),
        ("courses", json!([])),
        ("email", Value::Null),
        ("zoneinfo", json!("Asia/Jakarta")),
        ("unheard_of", json!({"a": 1})),
    ];
    for (name, value) in fine {
        let mut claims = claims(app.now());
        claims[name] = value;
        let answer = ask(&app, &format!("Bearer {}", signed(&claims))).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_token_ends_by_the_clock_that_was_moved() {
    let app = App::start().await;
    let mut claims = claims(app.now());
    claims["exp"] = json!(app.now().timestamp() + 3600);
    let authorization = format!("Bearer {}", signed(&claims));
    assert_eq!(ask(&app, &authorization).await.status, 200);
    assert!(app.stack.clock().advance(3601));
    refused(&app, "an hour later", &authorization).await;
    app.stack.clock().set(NOW.parse().unwrap());
    assert_eq!(ask(&app, &authorization).await.status, 200);
}

#[tokio::test]
async fn a_token_ends_at_its_second_and_not_after() {
    let app = App::start().await;
    let expires: DateTime<Utc> = NOW.parse().unwrap();
    let mut claims = claims(expires);
    claims["exp"] = json!(expires.timestamp());
    let at = async |now: DateTime<Utc>| -> Result<Principal, Problem> {
        let config = TokenConfig {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            key: TokenKey::Shared("jwt".to_owned()),
        };
        let secrets = Secrets::new(app.stack.aws(), String::new());
        let http = shared::outgoing::Outgoing::default();
        let mut headers = http::HeaderMap::new();
        headers.insert("Authorization", format!("Bearer {}", signed(&claims)).parse().unwrap());
        secrets.put("jwt", &local::token::secret()).await.unwrap();
        Authenticator::new(config, secrets, http, Arc::new(Still(now))).authenticate(&headers).await
    };
    assert!(at(expires - TimeDelta::milliseconds(1)).await.is_ok());
    for late in [0, 1, 1_000, 59_000, 61_000] {
        let problem = at(expires + TimeDelta::milliseconds(late)).await.unwrap_err();
        assert_eq!(problem.code().as_str(), "unauthenticated", "{late} ms");
    }
}
