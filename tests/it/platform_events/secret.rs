//! The secret that signs: shown once, kept in Secrets Manager alone, and changeable.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{HOST, Receiver, SETTINGS, later, listen, listening};
use crate::support::{App, admin, all_items, meeting_on};

const SECRET: &str = "lectern/connections/school/platform";

async fn kept(app: &App) -> Option<String> {
    let secrets = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    secrets.get_secret_value().secret_id(SECRET).send().await.ok()?.secret_string
}

async fn book(app: &App, start: &str) {
    app.book(&admin(), &meeting_on("Yoga", start, HOST)).await;
}

#[tokio::test]
async fn the_secret_is_shown_in_one_reply_and_kept_in_one_place() {
    let (app, receiver, secret) = listening().await;
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(key.len(), 32);
    assert_eq!(kept(&app).await.as_deref(), Some(secret.as_str()));
    let read = app.get(&admin(), SETTINGS).await;
    let hint = secret.trim_end_matches('=');
    let expected = json!({"url": receiver.url(), "secret_hint": &hint[hint.len() - 4..],
                          "previous_secret_until": null, "disabled_at": null});
    assert_eq!(read.body["webhook"], expected);
    // Setting the same again changes nothing.
    let same = app.put(&admin(), SETTINGS, &json!({"webhook": {"url": receiver.url()}})).await;
    assert_eq!((&same.body["webhook"], same.header("etag")), (&expected, read.header("etag")));
    book(&app, "2027-03-09T10:00:00Z").await;
    later(&app, 30).await;
    assert!(receiver.received()[0].is_signed_with(&secret));
    let bare = secret.strip_prefix("whsec_").unwrap();
    for item in all_items(&app).await {
        assert!(!item.contains(bare), "{item}");
    }
}

#[tokio::test]
async fn a_changed_secret_signs_beside_the_old_one_for_a_day() {
    let (app, receiver, old) = listening().await;
    let rotate = json!({"url": receiver.url(), "rotate_secret": true});
    let changed = listen(&app, &admin(), rotate).await;
    let new = changed["secret"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    assert!(changed["previous_secret_until"].is_string(), "{changed}");
    book(&app, "2027-03-09T10:00:00Z").await;
    later(&app, 30).await;
    let event = receiver.received().remove(0);
    assert!(event.is_signed_with(&new) && event.is_signed_with(&old));
    assert!(event.header("webhook-signature").starts_with("v1,"));

    later(&app, 86_400).await;
    book(&app, "2027-03-10T10:00:00Z").await;
    later(&app, 30).await;
    let event = receiver.received().remove(0);
    assert!(event.is_signed_with(&new) && !event.is_signed_with(&old));
}

#[tokio::test]
async fn another_address_gets_another_secret() {
    let (app, receiver, old) = listening().await;
    let other = Receiver::start().await;
    let moved = listen(&app, &admin(), json!({"url": other.url()})).await;
    let new = moved["secret"].as_str().unwrap();
    assert_ne!(old, new);
    book(&app, "2027-03-09T10:00:00Z").await;
    later(&app, 30).await;
    assert_eq!(receiver.types(), [""; 0]);
    assert!(other.received()[0].is_signed_with(new));
}

#[tokio::test]
async fn the_secret_goes_with_the_webhook() {
    let (app, receiver, secret) = listening().await;
    book(&app, "2027-03-09T10:00:00Z").await;
    let left_out = app.put(&admin(), SETTINGS, &json!({"buffer_minutes": 5})).await;
    assert_eq!((left_out.status, &left_out.body["webhook"]), (200, &Value::Null));
    assert_eq!(kept(&app).await, None);
    later(&app, 30).await;
    assert_eq!(receiver.types(), [""; 0]);
    let again = listen(&app, &admin(), json!({"url": receiver.url()})).await;
    assert_ne!(again["secret"], json!(secret));
    assert_eq!(again["previous_secret_until"], Value::Null);
}
