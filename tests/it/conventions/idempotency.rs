//! `Idempotency-Key`: one key, one effect, one reply.

use serde_json::{Value, json};

use crate::support::{Answer, App, admin, caller, instructor, meeting, meeting_on, sandbox_account};

const DAY: i64 = 86_400;

/// Asserts that `second` is `first` given again.
fn replayed(first: &Answer, second: &Answer) {
    assert_eq!(first.header("Idempotency-Replayed"), "");
    assert_eq!(second.header("Idempotency-Replayed"), "true", "{}", second.text);
    assert_eq!((second.status, &second.text), (first.status, &first.text));
    for name in ["Content-Type", "ETag", "Location"] {
        assert_eq!(second.header(name), first.header(name), "{name}");
    }
    assert_ne!(second.header("X-Request-Id"), first.header("X-Request-Id"));
}

async fn count(app: &App) -> usize {
    app.get(&admin(), "/v1/meetings?tab=all&limit=100").await.body["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_first_reply_is_given_again_whatever_happened_in_between() {
    let (app, _) = App::connected().await;
    let body = meeting("Once", "2027-04-01T09:00:00");
    let first = app.post_with_key(&admin(), "/v1/meetings", "key 1", &body).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let path = first.header("Location").to_owned();
    assert_eq!(path, format!("/v1/meetings/{}", first.body["id"].as_str().unwrap()));
    assert!(!first.header("ETag").is_empty());
    app.calls().await;
    replayed(&first, &app.post_with_key(&admin(), "/v1/meetings", "key 1", &body).await);
    assert!(app.calls().await["zoom"].get("POST /users/{userId}/meetings").is_none());
    assert_eq!(app.patch(&admin(), &path, &json!({"topic": "Changed"})).await.status, 200);
    replayed(&first, &app.post_with_key(&admin(), "/v1/meetings", "key 1", &body).await);
    assert_eq!(app.delete(&admin(), &path).await.status, 204);
    replayed(&first, &app.post_with_key(&admin(), "/v1/meetings", "key 1", &body).await);
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn every_post_knows_keys() {
    let app = App::start().await;
    let account = sandbox_account("Room 1");
    let ask = async |path: &str, key: &str, body: &Value| app.post_with_key(&admin(), path, key, body).await;
    let connection = ask("/v1/connections", "k", &account).await;
    assert_eq!(connection.status, 201, "{}", connection.text);
    replayed(&connection, &ask("/v1/connections", "k", &account).await);
    let other = ask("/v1/connections", "k2", &account).await;
    assert_eq!((other.status, other.code()), (409, "connection_exists"));
    let verified = ask("/v1/connections/verify", "k", &account).await;
    assert_eq!(verified.status, 200, "{}", verified.text);
    replayed(&verified, &ask("/v1/connections/verify", "k", &account).await);
    let mut draft = meeting("Draft", "2027-04-01T09:00:00");
    draft["status"] = json!("draft");
    let made = ask("/v1/meetings", "k", &draft).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("draft")), "{}", made.text);
    replayed(&made, &ask("/v1/meetings", "k", &draft).await);
    assert_eq!(count(&app).await, 1);
    let attendees = format!("{}/attendees", made.header("Location"));
    let body = json!({"attendees": [{"id": "u-1", "email": "a@x.example"}]});
    let added = ask(&attendees, "k", &body).await;
    assert_eq!(added.body, json!({"attendee_count": 1}), "{}", added.text);
    assert_eq!(app.delete(&admin(), &format!("{attendees}/u-1")).await.status, 204);
    replayed(&added, &ask(&attendees, "k", &body).await);
    assert_eq!(app.get(&admin(), &attendees).await.body["items"], json!([]));
    let check = json!({"start": "2027-04-01T09:00:00Z", "duration_minutes": 60});
    let checked = ask("/v1/conflicts/check", "k", &check).await;
    assert_eq!(checked.body["free"], true, "{}", checked.text);
    replayed(&checked, &ask("/v1/conflicts/check", "k", &check).await);
}

#[tokio::test]
async fn a_key_belongs_to_one_body() {
    let (app, _) = App::connected().await;
    let body = meeting("Once", "2027-04-01T09:00:00");
    let post = async |body: &Value| app.post_with_key(&admin(), "/v1/meetings", "k", body).await;
    let first = post(&body).await;
    assert_eq!(first.status, 201);
    let mut other = body.clone();
    other["topic"] = json!("Twice");
    let reused = post(&other).await;
    assert_eq!((reused.status, reused.code()), (422, "idempotency_key_reused"), "{}", reused.text);
    assert_eq!(reused.header("Idempotency-Replayed"), "");
    // The refusal takes nothing from the first.
    replayed(&first, &post(&body).await);
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn another_user_tenant_or_path_is_another_key() {
    let (app, _) = App::connected().await;
    let body = meeting("Mine", "2027-04-01T09:00:00");
    let mut draft = body.clone();
    draft["status"] = json!("draft");
    let callers = [
        admin(),
        instructor("u-1"),
        instructor("u-2"),
        caller("college", "u-1", local::token::Role::Instructor),
        caller("college", "u-admin", local::token::Role::Admin),
    ];
    let mut ids = Vec::new();
    for caller in &callers {
        let first = app.post_with_key(caller, "/v1/meetings", "same", &draft).await;
        assert_eq!((first.status, first.header("Idempotency-Replayed")), (201, ""), "{}", first.text);
        replayed(&first, &app.post_with_key(caller, "/v1/meetings", "same", &draft).await);
        ids.push(first.body["id"].to_string());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), callers.len());
    let check = json!({"start": "2027-04-01T09:00:00Z", "duration_minutes": 60});
    assert_eq!(app.post_with_key(&admin(), "/v1/conflicts/check", "same", &check).await.status, 200);
    let differing = app.post_with_key(&admin(), "/v1/meetings", "Same", &draft).await;
    assert_eq!((differing.status, differing.header("Idempotency-Replayed")), (201, ""));
}

#[tokio::test]
async fn keys_have_1_to_255_printable_characters() {
    let app = App::start().await;
    let check = json!({"start": "2027-04-01T09:00:00Z", "duration_minutes": 60});
    let post = async |keys: &[&[u8]]| {
        let mut request = app.request(&admin(), "POST", "/v1/conflicts/check").json(&check);
        for key in keys {
            request = request.header("Idempotency-Key", *key);
        }
        app.send(request).await
    };
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    for keys in [
        &[b"".as_slice()][..],
        &[b"   "],
        &[too_long.as_bytes()],
        &[b"a\tb"],
        &["schl\u{fc}ssel".as_bytes()],
        &[b"\xff"],
        &[b"one", b"two"],
    ] {
        let answer = post(keys).await;
        assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{keys:?}: {}", answer.text);
    }
    for key in ["k", "a key, with \"marks\" & #", longest.as_str()] {
        let first = post(&[key.as_bytes()]).await;
        assert_eq!(first.status, 200, "{key}: {}", first.text);
        replayed(&first, &post(&[key.as_bytes()]).await);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let (app, _) = App::connected().await;
    let body = meeting("Daily", "2027-04-01T09:00:00");
    let post = async || app.post_with_key(&instructor("u-1"), "/v1/meetings", "k", &body).await;
    let first = post().await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert!(app.stack.clock().advance(DAY - 60));
    replayed(&first, &post().await);
    assert!(app.stack.clock().advance(120));
    let second = post().await;
    assert_eq!((second.status, second.header("Idempotency-Replayed")), (201, ""), "{}", second.text);
    assert_ne!(second.body["id"], first.body["id"]);
}

#[tokio::test]
async fn what_a_retry_cannot_change_is_kept() {
    let app = App::start().await;
    let bad = meeting("", "2027-04-01T09:00:00");
    let first = app.post_with_key(&admin(), "/v1/meetings", "k", &bad).await;
    assert_eq!((first.status, first.code()), (422, "validation_failed"));
    assert_eq!(first.body["instance"], "/v1/meetings");
    let second = app.post_with_key(&admin(), "/v1/meetings", "k", &bad).await;
    replayed(&first, &second);
    let raw = async || {
        let request =
            app.request(&admin(), "POST", "/v1/meetings").header("Content-Type", "application/json");
        app.send(request.header("Idempotency-Key", "broken").body("{")).await
    };
    let first = raw().await;
    assert_eq!((first.status, first.code()), (400, "invalid_json"));
    replayed(&first, &raw().await);
}

#[tokio::test]
async fn a_conflict_is_not_kept() {
    let (app, _) = App::connected().await;
    let blocker =
        app.book(&admin(), &meeting_on("First", "2027-04-01T09:00:00", "host1@sandbox.example")).await;
    let body = meeting_on("Second", "2027-04-01T09:30:00", "host1@sandbox.example");
    let post = async || app.post_with_key(&admin(), "/v1/meetings", "k", &body).await;
    for _ in 0..2 {
        let refused = post().await;
        assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
        assert_eq!(refused.header("Idempotency-Replayed"), "");
    }
    let path = format!("/v1/meetings/{}", blocker["id"].as_str().unwrap());
    assert_eq!(app.delete(&admin(), &path).await.status, 204);
    let booked = post().await;
    assert_eq!(booked.status, 201, "{}", booked.text);
    replayed(&booked, &post().await);
}

#[tokio::test]
async fn a_refusal_by_who_asks_is_not_kept() {
    let (app, _) = App::connected().await;
    let mut body = meeting("Mine", "2027-04-01T09:00:00");
    body["status"] = json!("draft");
    let mut person = caller("school", "u-1", local::token::Role::Learner);
    let refused = app.post_with_key(&person, "/v1/meetings", "k", &body).await;
    assert_eq!((refused.status, refused.code()), (403, "forbidden"));
    person.roles = vec![local::token::Role::Instructor];
    let booked = app.post_with_key(&person, "/v1/meetings", "k", &body).await;
    assert_eq!(booked.status, 201, "{}", booked.text);
    let bare = app.bare("POST", "/v1/meetings").header("Idempotency-Key", "k").json(&body);
    let stranger = app.send(bare).await;
    assert_eq!((stranger.status, stranger.code()), (401, "unauthenticated"));
}
