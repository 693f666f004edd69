//! Who is listened to, and what is answered.

use serde_json::json;

use super::world::{World, event, hmac_hex, session};
use crate::support::{admin, secret};

const NOTHING: &str = "con_0193f2c4a1b27c3d8e4f5a6b7c8d9e0f";

#[tokio::test]
async fn a_wrong_signature_is_refused_with_nothing_else() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    world.app.calls().await;
    let started = session("meeting.started", &meeting, "u", "2027-03-01T09:00:00Z").to_string();
    let wrong = world.send_raw(&world.connection, &secret("other"), started.clone().into_bytes()).await;
    assert_eq!((wrong.status, wrong.text.as_str()), (401, ""));
    // Nothing but the one look at whose it would be.
    assert_eq!(world.app.calls().await["dynamodb"], json!({"GetItem": 1}));
    let unknown = world.send_raw(NOTHING, &world.token, started.clone().into_bytes()).await;
    assert_eq!((unknown.status, unknown.text.as_str()), (401, ""));
    assert_eq!(world.app.calls().await, json!({"dynamodb": {"GetItem": 1}}));
    let path = format!("/v1/webhooks/zoom/{}", world.connection);
    for (name, value) in [
        ("x-zm-signature", "v0="),
        ("x-zm-signature", "v0=zz"),
        ("x-zm-signature", "v1=00"),
        ("x-zm-signature", ""),
        ("x-other", ""),
    ] {
        let request = world.app.bare("POST", &path).header("x-zm-request-timestamp", "1").header(name, value);
        let refused = world.app.send(request.body(started.clone())).await;
        assert_eq!((refused.status, refused.text.as_str()), (401, ""), "{name}: {value}");
    }
    assert_eq!(world.app.tick().await["webhooks"]["received"], 0);
    assert_eq!(world.state(&meeting).await.0, "scheduled");
}

#[tokio::test]
async fn a_connection_without_a_token_listens_to_nobody() {
    let world = World::start().await;
    let path = format!("/v1/connections/{}", world.connection);
    let cleared = world.app.patch(&admin(), &path, &json!({"webhook_secret_token": null})).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    for token in [world.token.as_str(), ""] {
        let refused = world.send_raw(&world.connection, token, b"{}".to_vec()).await;
        assert_eq!((refused.status, refused.text.as_str()), (401, ""));
    }
}

#[tokio::test]
async fn the_token_before_is_taken_for_a_day() {
    let world = World::start().await;
    let path = format!("/v1/connections/{}", world.connection);
    let new = secret("hook-2");
    let changed = world.app.patch(&admin(), &path, &json!({"webhook_secret_token": new})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let body = || json!({"event": "user.created"}).to_string().into_bytes();
    let status = async |token: &str| world.send_raw(&world.connection, token, body()).await.status;
    assert_eq!((status(&world.token).await, status(&new).await), (200, 200));
    // Setting the new one once more changes nothing.
    world.at("2027-03-01T20:00:00Z");
    let again = world.app.patch(&admin(), &path, &json!({"webhook_secret_token": new})).await;
    assert_eq!((again.status, &again.body["updated_at"]), (200, &changed.body["updated_at"]));
    world.at("2027-03-02T07:59:59Z");
    assert_eq!((status(&world.token).await, status(&new).await), (200, 200));
    world.at("2027-03-02T08:00:01Z");
    assert_eq!((status(&world.token).await, status(&new).await), (401, 200));
}

#[tokio::test]
async fn a_connection_that_is_deleted_listens_to_nobody() {
    let world = World::start().await;
    let path = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    let refused = world.send_raw(&world.connection, &world.token, b"{}".to_vec()).await;
    assert_eq!((refused.status, refused.text.as_str()), (401, ""));
}

#[tokio::test]
async fn zoom_is_shown_that_the_token_is_known() {
    let world = World::start().await;
    let body =
        json!({"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}});
    let answer = world.send_raw(&world.connection, &world.token, body.to_string().into_bytes()).await;
    let proof = hmac_hex(&world.token, b"qgg8vlvZRS6UYooatFL8Aw");
    assert_eq!(answer.body, json!({"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": proof}));
}

#[tokio::test]
async fn what_is_too_large_too_deep_or_no_text_is_refused() {
    let world = World::start().await;
    let send = async |body: Vec<u8>| world.send_raw(&world.connection, &world.token, body).await;
    let large = send(vec![b' '; 1024 * 1024]).await;
    assert_eq!((large.status, large.code()), (413, "body_too_large"));
    let deep = format!(r#"{{"event":"meeting.started","payload":{}"#, "[".repeat(200_000));
    for body in [deep.into_bytes(), b"{\"event\":\"a\",\"x\":\"\xff\"}".to_vec(), b"".to_vec()] {
        let refused = send(body).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid_json"), "{}", refused.text);
    }
    // Without a signature not even the size matters.
    let path = format!("/v1/webhooks/zoom/{}", world.connection);
    let bare = world.app.send(world.app.bare("POST", &path).body("{}")).await;
    assert_eq!(bare.status, 401);
}

#[tokio::test]
async fn what_is_unknown_or_of_others_is_taken_without_effect() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let mut of_others = session("meeting.started", &meeting, "u", "2027-03-01T09:00:00Z");
    of_others["payload"]["account_id"] = json!("another-account");
    let stranger = json!({"zoom_meeting_id": "123456789"});
    let mut broken = session("meeting.started", &meeting, "u", "2027-03-01T09:00:00Z");
    broken["payload"]["object"]["id"] = json!({"no": "number"});
    let events = [
        json!({"event": "meeting.something_new", "event_ts": 1, "payload": {"account_id": "x"}}),
        of_others,
        session("meeting.started", &stranger, "u", "2027-03-01T09:00:00Z"),
        broken,
        event("meeting.updated", "2027-03-01T09:00:00Z", &json!({"id": 123_456_789})),
    ];
    world.told(&events).await;
    assert_eq!(world.state(&meeting).await.0, "scheduled");
}

#[tokio::test]
async fn an_accepted_event_costs_one_read_and_one_message() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let started = session("meeting.started", &meeting, "u", "2027-03-01T09:00:00Z");
    world.tell(&started).await;
    world.app.calls().await;
    world.tell(&started).await;
    assert_eq!(world.app.calls().await, json!({"dynamodb": {"GetItem": 1}, "sqs": {"SendMessage": 1}}));
}

#[tokio::test]
async fn another_tenants_token_says_nothing_of_this_ones_meetings() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    let other = crate::support::caller("other", "u-admin", local::token::Role::Admin);
    let mut body = crate::support::sandbox_account("Theirs");
    let token = secret("theirs");
    body["webhook_secret_token"] = json!(token);
    let theirs = world.app.connect(&other, &body).await;
    let started = session("meeting.started", &meeting, "u", "2027-03-01T09:00:00Z").to_string();
    let answer = world.send_raw(theirs["id"].as_str().unwrap(), &token, started.into_bytes()).await;
    assert_eq!(answer.status, 200);
    world.app.tick().await;
    assert_eq!(world.state(&meeting).await.0, "scheduled");
}

#[tokio::test]
async fn what_cannot_be_read_off_the_queue_is_left_to_the_dead_letters() {
    let world = World::start().await;
    let client = aws_sdk_sqs::Client::new(world.app.stack.aws());
    let queue = &world.app.stack.config().webhooks_queue_url;
    client.send_message().queue_url(queue).message_body("{}").send().await.unwrap();
    assert_eq!(world.app.tick().await["webhooks"], json!({"received": 1, "handled": 0, "failed": 1}));
}

#[tokio::test]
async fn no_character_of_a_name_loses_an_event() {
    let world = World::start().await;
    let meeting = world.book("2027-03-01T09:00:00").await;
    // Half of an emoji, and what a queue does not take as it is.
    for (user, name) in [("1", r"Z\ud83d"), ("2", "Z\u{ffff}"), ("3", r"Z\u0000"), ("4", r"Z\ud83d\ude00")] {
        let person = json!({"user_id": user, "user_name": "NAME", "email": format!("{user}@x.example")});
        let object = json!({"id": meeting["zoom_meeting_id"], "uuid": "s1", "participant": person});
        let body = event("meeting.participant_joined", "2027-03-01T09:00:00Z", &object).to_string();
        let body = body.replace("NAME", name).into_bytes();
        assert_eq!(world.send_raw(&world.connection, &world.token, body).await.status, 200, "{name}");
    }
    assert_eq!(world.app.tick().await["webhooks"]["handled"], 4);
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let others = world.app.get(&admin(), &path).await.body["others"].clone();
    let names: Vec<&str> =
        others.as_array().unwrap().iter().map(|one| one["shown_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Z\u{fffd}", "Z\u{ffff}", "Z\0", "Z\u{1f600}"]);
}
