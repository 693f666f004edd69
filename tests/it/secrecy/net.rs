//! The net that every test's stack stands on catches what it is for.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use crate::support::canaries::{Canary, found};
use crate::support::{App, admin, learner, meeting, secret};

/// What was caught since the last time this was asked: what, and where.
fn caught() -> BTreeSet<(&'static str, String)> {
    let kind = |canary| match canary {
        Canary::MadeUp => "made up",
        Canary::Sandbox => "sandbox",
        Canary::Token => "token",
        Canary::Signing => "signing",
        Canary::HostLink => "host link",
    };
    found().into_iter().map(|finding| (kind(finding.canary), finding.place)).collect()
}

fn made_up(places: &[&str]) -> BTreeSet<(&'static str, String)> {
    places.iter().map(|place| ("made up", (*place).to_owned())).collect()
}

#[tokio::test]
async fn a_secret_is_caught_in_replies_table_and_mails() {
    let (app, _) = App::connected().await;
    assert_eq!(caught(), made_up(&[]));
    let mut body = meeting(&format!("The key is {}", secret("topic")), "2027-03-02T10:00:00Z");
    body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
    body["reminders"] = json!(["PT1H"]);
    app.book(&admin(), &body).await;
    let places = ["the reply to POST /v1/meetings", "dynamodb TransactWriteItems"];
    assert_eq!(caught(), made_up(&places));
    assert!(app.stack.clock().advance(25 * 3600 + 60));
    app.tick().await;
    assert!(caught().is_superset(&made_up(&["sesv2 SendEmail"])));
    app.mails().await;
    assert_eq!(caught(), made_up(&["the reply to GET /_local/mail"]));
}

#[tokio::test]
async fn a_secret_is_caught_in_headers_and_on_log_lines() {
    let app = App::start().await;
    // The id of a request is in its reply's headers, and in the span that its log lines are in.
    app.send(app.bare("GET", "/v1/health").header("X-Request-Id", secret("id"))).await;
    let places = ["the headers of the reply to GET /v1/health", "the log"];
    assert_eq!(caught(), made_up(&places));
    tracing::trace!(target: "shared::zoom", basic = "Y2xpOmNhbmFyeS1h", "a header that is encoded");
    assert_eq!(caught(), made_up(&["the log"]));
    let error = std::io::Error::other(secret("error"));
    tracing::error!(?error, "an error with all that is in it");
    assert_eq!(caught(), made_up(&["the log"]));
    drop(tracing::info_span!(target: "connections::routes", "quiet", secret = secret("span")).entered());
    assert_eq!(caught(), made_up(&["the log"]));
}

#[tokio::test]
async fn a_secret_is_caught_though_it_is_gone_when_the_stack_ends() {
    let app = App::start().await;
    let table = aws_sdk_dynamodb::Client::new(app.stack.aws());
    let key = |name: &str| AttributeValue::S(name.to_owned());
    let put = table.put_item().table_name("lectern").item("pk", key("X")).item("sk", key("X"));
    put.clone().item("text", AttributeValue::S(secret("text"))).send().await.unwrap();
    assert_eq!(caught(), made_up(&["dynamodb PutItem"]));
    put.clone().item("bytes", AttributeValue::B(Blob::new(secret("bytes")))).send().await.unwrap();
    assert_eq!(caught(), made_up(&["dynamodb PutItem"]));
    put.send().await.unwrap();
    assert_eq!(caught(), made_up(&[]));

    let queue = aws_sdk_sqs::Client::new(app.stack.aws());
    let send = queue.send_message().queue_url(&app.stack.config().notices_queue_url);
    send.message_body(secret("message")).send().await.unwrap();
    app.tick().await;
    assert!(caught().is_superset(&made_up(&["sqs SendMessage"])));

    let secrets = aws_sdk_secretsmanager::Client::new(app.stack.aws());
    secrets.create_secret().name("kept").secret_string(secret("value")).send().await.unwrap();
    assert_eq!(caught(), made_up(&[]));
    secrets.create_secret().name(secret("name")).secret_string("x").send().await.unwrap();
    assert_eq!(caught(), made_up(&["secretsmanager CreateSecret"]));
}

#[tokio::test]
async fn what_zoom_gives_out_is_known_again_and_a_host_link_is_for_its_host() {
    let (app, _) = App::connected().await;
    let form = [("grant_type", "account_credentials"), ("account_id", "sandbox-account")];
    let token = app.bare("POST", "/_zoom/oauth/token").basic_auth("sandbox-client", Some("sandbox-secret"));
    let token = app.send(token.form(&form)).await.body["access_token"].as_str().unwrap().to_owned();
    let booked = app.book(&admin(), &meeting("Yoga", "2027-03-02T10:00:00Z")).await;
    let join = format!("/v1/meetings/{}/join", booked["id"].as_str().unwrap());
    let link = app.get(&admin(), &join).await.body["start_url"].as_str().unwrap().to_owned();
    let front = app.send(app.bare("GET", "/")).await;
    assert!(front.text.contains("sandbox-secret"));
    assert_eq!(caught(), BTreeSet::new());

    for (kind, text) in [("token", token.as_str()), ("host link", &link), ("sandbox", "sandbox-secret")] {
        let mut draft = meeting("Draft", "2027-03-02T10:00:00Z");
        draft["status"] = json!("draft");
        draft["agenda"] = json!(text);
        app.book(&admin(), &draft).await;
        let places = caught();
        assert!(places.contains(&(kind, "the reply to POST /v1/meetings".to_owned())), "{places:?}");
        assert!(places.iter().any(|(found, place)| *found == kind && place.starts_with("dynamodb ")));
    }
    // Whoever is no host is given no link, not even where hosts are.
    let mut course = meeting("Dance", "2027-03-03T10:00:00Z");
    course["agenda"] = json!(link);
    course["courses"] = json!([{"course_id": "c-1"}]);
    let booked = app.book(&admin(), &course).await;
    caught();
    let mut learner = learner("u-9");
    learner.courses = vec!["c-1"];
    let join = format!("/v1/meetings/{}/join", booked["id"].as_str().unwrap());
    assert_eq!(app.get(&learner, &join).await.status, 200);
    assert_eq!(caught(), BTreeSet::from([("host link", format!("the reply to GET {join}"))]));
}

#[tokio::test]
async fn a_test_fails_at_whose_end_something_was_caught() {
    let app = App::start().await;
    app.send(app.bare("GET", "/v1/health").header("X-Request-Id", secret("id"))).await;
    let App { net, .. } = app;
    let failure = catch_unwind(AssertUnwindSafe(|| drop(net))).unwrap_err();
    let report = failure.downcast_ref::<String>().unwrap();
    assert!(report.contains("a secret in the headers of the reply to GET /v1/health"), "{report}");
}
