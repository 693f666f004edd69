//! The main job, from a connection to the end of a meeting.

use aws_lc_rs::hmac;
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use crate::support::{Cloud, now, send};

const TENANT: &str = "school";
const ATTENDEE: &str = "ana@school.example";
const SECRET_TOKEN: &str = "a-token-of-the-sandbox";
const MANY: i64 = 11;

#[tokio::test]
async fn connect_book_clash_remind_join_and_delete() {
    let cloud = Cloud::reach().await;
    let connected = cloud.connect(TENANT).await;
    assert_eq!(connected.status, 201, "{connected:?}");

    // Five minutes and a little from now, so that the reminder is due before long and not past already.
    let start = (now() + TimeDelta::seconds(330)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let meeting = json!({
        "topic": "Fire safety", "start": start, "duration_minutes": 60, "reminders": ["PT5M"],
        "host": {"email": "host1@sandbox.example"}, "settings": {"recording": "none"},
        "attendees": [{"id": "u-ana", "email": ATTENDEE, "name": "Ana"}],
    });
    let book = || cloud.admin(TENANT, "POST", "/v1/meetings").json(&meeting);
    let booked = send(book().header("Idempotency-Key", "first")).await;
    assert_eq!(booked.status, 201, "{booked:?}");
    let replayed = send(book().header("Idempotency-Key", "first")).await;
    assert_eq!((replayed.status, &replayed.body["id"]), (201, &booked.body["id"]));
    assert_eq!(replayed.headers["idempotency-replayed"], "true");

    let clash = send(book()).await;
    assert_eq!((clash.status, clash.body["code"].as_str()), (409, Some("schedule_conflict")), "{clash:?}");
    assert_eq!(clash.body["clashes"][0]["meeting_id"], booked.body["id"]);
    let question =
        json!({"start": start, "duration_minutes": 30, "host": {"email": "host1@sandbox.example"}});
    let check = send(cloud.admin(TENANT, "POST", "/v1/conflicts/check").json(&question)).await;
    assert_eq!((check.status, check.body["free"].as_bool()), (200, Some(false)), "{check:?}");

    let id = booked.body["id"].as_str().unwrap();
    join(&cloud, id).await;
    lists(&cloud, id).await;
    let mails = cloud.mails_to(ATTENDEE, 2).await;
    for kind in ["Invitation: Fire safety", "Reminder: Fire safety"] {
        assert_eq!(mails.iter().filter(|mail| mail.contains(kind)).count(), 1, "{kind}: {mails:?}");
    }

    let path = format!("/v1/meetings/{id}");
    for _ in 0..2 {
        assert_eq!(send(cloud.admin(TENANT, "DELETE", &path)).await.status, 204);
    }
    let after = send(cloud.learner(TENANT, "u-ana", &format!("{path}/join"))).await;
    assert_eq!((after.status, after.body["state"].as_str()), (200, Some("cancelled")), "{after:?}");
    let again = send(book()).await;
    assert_eq!(again.status, 201, "{again:?}");
}

/// A learner is given the link, and the administrator the host's link too.
async fn join(cloud: &Cloud, id: &str) {
    let path = format!("/v1/meetings/{id}/join");
    let learner = send(cloud.learner(TENANT, "u-ana", &path)).await;
    assert_eq!((learner.status, learner.body["state"].as_str()), (200, Some("open")), "{learner:?}");
    assert_eq!(learner.body["start_url"], Value::Null);
    let admin = send(cloud.admin(TENANT, "GET", &path)).await;
    assert!(admin.body["start_url"].is_string(), "{admin:?}");
    let stranger = send(cloud.learner("elsewhere", "u-ana", &path)).await;
    assert_eq!(stranger.status, 404, "{stranger:?}");
}

/// Every kind of reading, so that each is tried under the permissions of its function.
async fn lists(cloud: &Cloud, id: &str) {
    for path in [
        "/v1/meetings?tab=upcoming",
        "/v1/meetings?tab=expired",
        "/v1/meetings?tab=all&q=fire",
        "/v1/connections",
        "/v1/settings",
        &format!("/v1/meetings/{id}/attendees"),
        &format!("/v1/meetings/{id}/deliveries"),
        &format!("/v1/meetings/{id}/attendance"),
        &format!("/v1/meetings/{id}/recordings"),
        &format!("/v1/meetings/{id}/calendar.ics"),
    ] {
        let answer = send(cloud.admin(TENANT, "GET", path)).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    let (from, to) = (now(), now() + TimeDelta::days(1));
    let times = [from, to].map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    let path = format!("/v1/availability?from={}&to={}", times[0], times[1]);
    let busy = send(cloud.admin(TENANT, "GET", &path)).await;
    assert_eq!(busy.status, 200, "{busy:?}");
}

#[tokio::test]
async fn what_zoom_tells_is_taken_in() {
    let (cloud, tenant) = (Cloud::reach().await, "told");
    let connected = cloud.connect(tenant).await;
    assert_eq!(connected.status, 201, "{connected:?}");
    let id = connected.body["id"].as_str().unwrap();
    let token = json!({"webhook_secret_token": SECRET_TOKEN});
    let path = format!("/v1/connections/{id}");
    let changed = send(cloud.admin(tenant, "PATCH", &path).json(&token)).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let start = (now() + TimeDelta::seconds(300)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let meeting = json!({"topic": "Told of", "start": start, "duration_minutes": 30, "reminders": [],
                         "host": {"email": "host2@sandbox.example"}});
    let booked = send(cloud.admin(tenant, "POST", "/v1/meetings").json(&meeting)).await;
    assert_eq!(booked.status, 201, "{booked:?}");

    let object =
        json!({"id": booked.body["zoom_meeting_id"], "uuid": "4444AAAiAAAAAiAiAiiAii==", "topic": "Told of"});
    let event = json!({"event": "meeting.started", "event_ts": now().timestamp_millis(),
                       "payload": {"account_id": "sandbox-account", "object": object}});
    let hook = format!("/v1/webhooks/zoom/{id}");
    let forged = send(told(&cloud, &hook, "another", &event)).await;
    assert_eq!(forged.status, 401, "{forged:?}");
    let taken = send(told(&cloud, &hook, SECRET_TOKEN, &event)).await;
    assert_eq!(taken.status, 200, "{taken:?}");
    let meeting = format!("/v1/meetings/{}", booked.body["id"].as_str().unwrap());
    cloud.until(tenant, &meeting, "status", "started").await;

    let removed = json!({"event": "app_deauthorized", "event_ts": now().timestamp_millis(), "payload": {
        "account_id": "sandbox-account", "user_id": "sandbox-host1", "client_id": "sandbox-client",
        "deauthorization_time": now().to_rfc3339_opts(SecondsFormat::Secs, true), "signature": "",
    }});
    let taken = send(told(&cloud, &hook, SECRET_TOKEN, &removed)).await;
    assert_eq!(taken.status, 200, "{taken:?}");
    cloud.until(tenant, &path, "active", false).await;
}

/// An event as Zoom sends it, signed with `token`.
fn told(cloud: &Cloud, path: &str, token: &str, event: &Value) -> reqwest::RequestBuilder {
    let (timestamp, body) = (now().timestamp(), event.to_string());
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
    let signature = hex::encode(hmac::sign(&key, format!("v0:{timestamp}:{body}").as_bytes()));
    cloud
        .request("POST", path)
        .header("x-zm-request-timestamp", timestamp)
        .header("x-zm-signature", format!("v0={signature}"))
        .header("Content-Type", "application/json")
        .body(body)
}

#[tokio::test]
async fn what_was_made_in_zoom_itself_takes_time() {
    let (cloud, tenant) = (Cloud::reach().await, "compared");
    let start = (now() + TimeDelta::days(20)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let meeting =
        json!({"topic": "Made in Zoom", "type": 2, "start_time": start, "duration": 30, "timezone": "UTC"});
    let made = cloud.zoom("POST", "/v2/users/free@sandbox.example/meetings").await.json(&meeting);
    let made = send(made).await;
    assert_eq!(made.status, 201, "{made:?}");
    let connected = cloud.connect(tenant).await;
    assert_eq!(connected.status, 201, "{connected:?}");
    // The schedule queues the comparison, and the queue wakes whoever makes it.
    let question = json!({"start": start, "duration_minutes": 30, "host": {"email": "free@sandbox.example"}});
    let check = || cloud.admin(tenant, "POST", "/v1/conflicts/check").json(&question);
    let taken = cloud.until_answered(check, |body| body["free"] == false).await;
    assert_eq!(taken["hosts"][0]["clashes"][0]["source"], "zoom", "{taken:#}");
}

#[tokio::test]
async fn a_connection_from_its_check_to_its_end() {
    let cloud = Cloud::reach().await;
    let tenant = "short-lived";
    let connected = cloud.connect(tenant).await;
    assert_eq!(connected.status, 201, "{connected:?}");
    let path = format!("/v1/connections/{}", connected.body["id"].as_str().unwrap());
    let renamed = send(cloud.admin(tenant, "PATCH", &path).json(&json!({"name": "Room 2"}))).await;
    assert_eq!((renamed.status, renamed.body["name"].as_str()), (200, Some("Room 2")), "{renamed:?}");
    let checked = send(cloud.admin(tenant, "POST", &format!("{path}/verify"))).await;
    assert_eq!(checked.status, 200, "{checked:?}");
    let hosts = send(cloud.admin(tenant, "GET", &format!("{path}/hosts"))).await;
    let host = hosts.body["items"][0]["id"].as_str().unwrap();
    let pooled = json!({"pooled": false});
    let host = send(cloud.admin(tenant, "PATCH", &format!("{path}/hosts/{host}")).json(&pooled)).await;
    assert_eq!((host.status, host.body["pooled"].as_bool()), (200, Some(false)), "{host:?}");
    let settings = json!({"buffer_minutes": 5});
    let settings = send(cloud.admin(tenant, "PUT", "/v1/settings").json(&settings)).await;
    assert_eq!(settings.status, 200, "{settings:?}");
    // More meetings than one request calls off: the reconciler does the rest, and deletes the secret.
    for number in 0..MANY {
        let start = (now() + TimeDelta::days(number + 2)).to_rfc3339_opts(SecondsFormat::Secs, true);
        let meeting = json!({"topic": "Short-lived", "start": start, "duration_minutes": 30,
                             "host": {"email": "host2@sandbox.example"}});
        let booked = send(cloud.admin(tenant, "POST", "/v1/meetings").json(&meeting)).await;
        assert_eq!(booked.status, 201, "{booked:?}");
    }
    assert_eq!(send(cloud.admin(tenant, "DELETE", &path)).await.status, 409);
    let forced = format!("{path}?force=true");
    assert_eq!(send(cloud.admin(tenant, "DELETE", &forced)).await.status, 204);
    assert_eq!(send(cloud.admin(tenant, "GET", &path)).await.status, 404);
    cloud.until_is_gone(&format!("lectern/connections/{tenant}/")).await;
}

#[tokio::test]
async fn what_no_route_takes_is_a_problem_of_ours() {
    let cloud = Cloud::reach().await;
    for (method, path, status, code) in [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("PUT", "/v1/meetings", 405, "method_not_allowed"),
        ("GET", "/v1/conflicts/check", 405, "method_not_allowed"),
        ("GET", "/v1/meetings", 401, "unauthenticated"),
    ] {
        let answer = send(cloud.request(method, path)).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{answer:?}");
        assert_eq!(answer.headers.contains_key("allow"), status == 405, "{answer:?}");
    }
    let health = send(cloud.request("GET", "/v1/health")).await;
    assert_eq!((health.status, &health.body["status"]), (200, &json!("ok")));
}
