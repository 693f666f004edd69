//! Attendees have no more mails when they want none.

use serde_json::{Value, json};

use super::reminding;
use crate::support::{Answer, App, admin, caller, meeting_on};

const HOST: &str = "host1@sandbox.example";
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// The path by which the reader of a mail has no more of them.
fn link(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.contains("/v1/unsubscribe/"));
    let link = link.unwrap_or_else(|| panic!("no link in {text}"));
    link[link.find("/v1/").unwrap()..].to_owned()
}

async fn open(app: &App, path: &str) -> Answer {
    app.send(app.bare("GET", path).header("Accept-Language", "fr, en;q=0.5")).await
}

async fn send(app: &App, path: &str, form: &str) -> Answer {
    let request = app.bare("POST", path).header("Content-Type", "application/x-www-form-urlencoded");
    app.send(request.body(form.to_owned())).await
}

/// A meeting to which Ana and Ben were invited, and Ana's link.
async fn invited(app: &App) -> (Value, String) {
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &["ana", "ben"], &["PT1H"]);
    let booked = app.book(&admin(), &body).await;
    app.tick().await;
    let mails = app.mails().await;
    assert_eq!(mails.len(), 2);
    let ana = mails.iter().find(|mail| mail["to"] == json!(["ana@x.example"])).unwrap();
    (booked, link(ana))
}

async fn recipients(app: &App) -> Vec<Value> {
    app.mails().await.iter().map(|mail| mail["to"][0].clone()).collect()
}

#[tokio::test]
async fn one_click_ends_the_mails_to_one_attendee_of_one_tenant() {
    let (app, _) = App::connected().await;
    let (booked, path) = invited(&app).await;
    let page = open(&app, &path).await;
    assert_eq!((page.status, page.header("content-language")), (200, "fr"));
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("<form method=\"post\">") && page.text.contains("One-Click"), "{}", page.text);

    // Opening the page changed nothing, and the button does.
    assert_eq!(send(&app, &path, ONE_CLICK).await.status, 200);
    assert_eq!(send(&app, &path, ONE_CLICK).await.status, 200);
    app.stack.clock().set("2027-03-09T09:00:10Z".parse().unwrap());
    app.tick().await;
    let mails = recipients(&app).await;
    assert_eq!(mails[2..], ["ben@x.example"]);
    let id = booked["id"].as_str().unwrap();
    let deliveries = app.get(&admin(), &format!("/v1/meetings/{id}/deliveries")).await;
    let skipped: Vec<&Value> = deliveries.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|delivery| delivery["status"] == "skipped")
        .collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0]["attendee_id"], "ana");
    assert_eq!(skipped[0]["reason"], "the attendee has unsubscribed from mails");

    // Another tenant is another matter.
    let other = caller("other", "u-a", local::token::Role::Admin);
    app.zoom_account("other", &[String::from("host9@x.example")]).await;
    let account = crate::support::account_of("Other", "other");
    app.connect(&other, &account).await;
    let body = reminding(meeting_on("Judo", "2027-03-10T10:00:00Z", "host9@x.example"), &["ana"], &[]);
    app.book(&other, &body).await;
    app.tick().await;
    assert_eq!(recipients(&app).await.last().unwrap(), "ana@x.example");
}

#[tokio::test]
async fn who_wants_mails_again_gets_them() {
    let (app, _) = App::connected().await;
    let (_, path) = invited(&app).await;
    assert!(send(&app, &path, ONE_CLICK).await.text.contains("name=\"mails\" value=\"on\""));
    assert!(open(&app, &path).await.text.contains("name=\"mails\" value=\"on\""));
    assert!(send(&app, &path, "mails=on").await.text.contains("One-Click"));
    app.stack.clock().set("2027-03-09T09:00:10Z".parse().unwrap());
    app.tick().await;
    assert_eq!(recipients(&app).await.len(), 4);
}

#[tokio::test]
async fn a_link_that_was_not_made_here_does_nothing() {
    let (app, _) = App::connected().await;
    let (_, path) = invited(&app).await;
    let mut forged = path.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    let (start, _) = path.split_at(path.len() - 30);
    for wrong in
        [forged.as_str(), start, "/v1/unsubscribe/x", "/v1/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        for answer in [open(&app, wrong).await, send(&app, wrong, ONE_CLICK).await] {
            assert_eq!(answer.status, 404, "{wrong}");
            assert!(answer.text.contains("<html") && !answer.text.contains("<form"), "{}", answer.text);
        }
    }
    let large = send(&app, &path, &"x".repeat(5_000)).await;
    assert_eq!((large.status, large.code()), (413, "body_too_large"));
    assert_eq!(app.send(app.bare("DELETE", &path)).await.status, 405);
    let page = open(&app, &path).await;
    assert!(page.text.contains("One-Click"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
}
