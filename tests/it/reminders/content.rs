//! What a reminder says, and what it never says.

use serde_json::{Value, json};

use super::{reminding, tick_at};
use crate::support::{App, admin, meeting_on};

const HOST: &str = "host1@sandbox.example";
const DUE: &str = "2027-03-02T12:30:00Z";

/// A meeting of 20:30 in Jakarta, reminded of an hour before.
fn evening_in_jakarta(attendees: &Value) -> Value {
    let mut body = reminding(meeting_on("Fire safety, part 1", "2027-03-02T20:30:00", HOST), &[], &["PT1H"]);
    body["time_zone"] = json!("Asia/Jakarta");
    body["agenda"] = json!("Bring <b>boots</b> & gloves\n<script>alert(1)</script>");
    body["passcode"] = json!("demo");
    body["attendees"] = attendees.clone();
    body
}

#[tokio::test]
async fn a_reminder_says_what_is_needed_in_text_and_html() {
    let (app, _) = App::connected().await;
    let attendees = json!([{"id": "u-1", "email": "Ana.Silva@x.example", "name": "Ana"}]);
    let booked = app.book(&admin(), &evening_in_jakarta(&attendees)).await;
    tick_at(&app, DUE).await;
    let mails = app.reminders().await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    let names: Vec<&String> = mail.as_object().unwrap().keys().collect();
    assert_eq!(names, ["from", "html", "ics", "sent_at", "subject", "text", "to"]);
    assert_eq!(mail["to"], json!(["Ana.Silva@x.example"]));
    assert!(mail["from"].as_str().unwrap().contains("no-reply@lectern.example"), "{mail}");
    assert!(mail["sent_at"].as_str().unwrap().starts_with("2027-03-02T12:30:0"), "{mail}");
    let subject = mail["subject"].as_str().unwrap();
    assert!(subject.contains("Fire safety, part 1") && subject.contains("20:30"), "{subject}");

    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    let number = booked["zoom_meeting_id"].as_str().unwrap();
    let last = &number[number.len() - 4..];
    for part in ["Ana", "Tuesday, 2 March 2027", "20:30–21:30", "Asia/Jakarta", "demo", "in 1 hour", last] {
        assert!(text.contains(part), "{part} is not in {text}");
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let join = booked["join_url"].as_str().unwrap();
    assert!(text.contains(join), "{text}");
    let in_html = [join.to_owned(), join.replace('&', "&amp;"), join.replace('&', "&#38;")];
    assert!(in_html.iter().any(|link| html.contains(link.as_str())), "{html}");
    assert!(text.contains("Bring <b>boots</b> & gloves"), "{text}");
    assert!(!html.contains("<script") && !html.contains("<b>boots"), "{html}");
}

#[tokio::test]
async fn each_reads_it_in_their_own_zone_and_language() {
    let (app, _) = App::connected().await;
    let attendees = json!([
        {"id": "u-1", "email": "a@x.example", "time_zone": "America/Sao_Paulo", "locale": "pt-BR"},
        {"id": "u-2", "email": "b@x.example", "time_zone": "Pacific/Auckland"},
        {"id": "u-3", "email": "c@x.example", "locale": "xx"},
    ]);
    app.book(&admin(), &evening_in_jakarta(&attendees)).await;
    tick_at(&app, DUE).await;
    let mails = app.reminders().await;
    assert_eq!(mails.len(), 3);
    for (to, hours, zone) in [
        ("a@x.example", "10:30", "America/Sao"),
        ("b@x.example", "02:30", "Pacific/Auckland"),
        ("c@x.example", "20:30", "Asia/Jakarta"),
    ] {
        let mail = mails.iter().find(|mail| mail["to"][0] == to).unwrap();
        for form in ["text", "html"] {
            let said = mail[form].as_str().unwrap();
            assert!(said.contains(hours) && said.contains(zone), "{to}: {said}");
        }
    }
    let brazilian = mails.iter().find(|mail| mail["to"][0] == "a@x.example").unwrap();
    assert!(brazilian["subject"].as_str().unwrap().starts_with("Lembrete: Fire safety"), "{brazilian}");
    for part in ["Quando: terça-feira, 2 de março de 2027", "começa em 1 hora", "Entrar na reunião"] {
        assert!(brazilian["text"].as_str().unwrap().contains(part), "{part} is not in {brazilian}");
    }
    let abroad = mails.iter().find(|mail| mail["to"][0] == "b@x.example").unwrap();
    assert!(abroad["text"].as_str().unwrap().contains("Wednesday, 3 March 2027"), "{abroad}");
}

#[tokio::test]
async fn the_host_is_led_to_zooms_sign_in_and_no_mail_holds_a_link_that_makes_one_the_host() {
    let (app, _) = App::connected().await;
    let attendees = json!([{"id": "u-1", "email": "a@x.example"}, {"id": "u-admin", "email": HOST}]);
    let mut series = evening_in_jakarta(&attendees);
    series["recurrence"] = json!({"frequency": "daily", "interval": 1, "count": 2});
    let booked = app.book(&admin(), &series).await;
    // A link to start was asked for, and is nowhere kept.
    let join = app.get(&admin(), &format!("/v1/meetings/{}/join", booked["id"].as_str().unwrap())).await;
    let start_url = join.body["start_url"].as_str().unwrap().to_owned();
    tick_at(&app, DUE).await;
    tick_at(&app, "2027-03-03T12:30:00Z").await;
    let mails = app.reminders().await;
    assert_eq!(mails.len(), 4);
    let sign_in = format!("/s/{}", booked["zoom_meeting_id"].as_str().unwrap());
    for mail in &mails {
        let whole = mail.to_string();
        for never in [start_url.as_str(), "zak", "start_url", "sandbox-secret"] {
            assert!(!whole.contains(never), "{never} is in {whole}");
        }
        let is_to_host = mail["to"][0] == HOST;
        assert_eq!(whole.contains("/s/"), is_to_host, "{whole}");
        if is_to_host {
            let text = mail["text"].as_str().unwrap();
            assert!(
                text.lines().any(|line| line.starts_with("https://") && line.ends_with(&sign_in)),
                "{text}"
            );
            assert!(text.contains(booked["join_url"].as_str().unwrap()), "{text}");
        }
    }
}

#[tokio::test]
async fn mails_come_from_whom_the_tenant_chose_or_not_at_all() {
    let (app, _) = App::connected().await;
    let attendees = json!([{"id": "u-1", "email": "a@x.example"}]);
    let mut body = evening_in_jakarta(&attendees);
    body["reminders"] = json!(["PT3H", "PT2H", "PT1H"]);
    app.book(&admin(), &body).await;
    let settings = json!({"email": {"enabled": false}});
    assert_eq!(app.put(&admin(), "/v1/settings", &settings).await.status, 200);
    tick_at(&app, "2027-03-02T10:30:00Z").await;
    assert!(app.reminders().await.is_empty());
    let settings = json!({"email": {"enabled": true, "from": "no-reply@lectern.example"}});
    assert_eq!(app.put(&admin(), "/v1/settings", &settings).await.status, 200);
    tick_at(&app, "2027-03-02T11:30:00Z").await;
    let mails = app.reminders().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["from"], "no-reply@lectern.example");
}

#[tokio::test]
async fn a_tenants_language_is_that_of_those_who_have_none() {
    let (app, _) = App::connected().await;
    assert_eq!(app.put(&admin(), "/v1/settings", &json!({"locale": "ja-JP"})).await.status, 200);
    let attendees = json!([{"id": "u-1", "email": "a@x.example"}]);
    app.book(&admin(), &evening_in_jakarta(&attendees)).await;
    tick_at(&app, DUE).await;
    let mails = app.reminders().await;
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.contains("日時: 2027年3月2日(火) 20:30〜21:30"), "{text}");
    assert!(text.contains("は1時間後に開始します。"), "{text}");
}
