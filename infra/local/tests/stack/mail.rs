//! SES and the mailbox.

use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, RawMessage};
use serde_json::json;

use crate::support::Local;

const RAW: &str = "From: Lectern <no-reply@lectern.example>\r\n\
To: Ana <ana@x.example>\r\n\
Subject: =?utf-8?q?Convite_=C3=A0_aula?=\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=outer\r\n\
\r\n\
--outer\r\n\
Content-Type: multipart/alternative; boundary=inner\r\n\
\r\n\
--inner\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
Ol=C3=A1\r\n\
--inner\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p>Ola</p>\r\n\
--inner--\r\n\
--outer\r\n\
Content-Type: text/calendar; charset=utf-8; method=REQUEST; name=invite.ics\r\n\
Content-Disposition: attachment; filename=invite.ics\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo=\r\n\
--outer--\r\n";

async fn send(local: &Local, content: EmailContent) {
    local
        .ses()
        .send_email()
        .from_email_address("no-reply@lectern.example")
        .destination(Destination::builder().to_addresses("ana@x.example").build())
        .content(content)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn mail_with_a_calendar_lands_in_the_mailbox() {
    let local = Local::start().await;
    local.stack.clock().set("2027-01-01T00:00:00Z".parse().unwrap());
    let raw = RawMessage::builder().data(Blob::new(RAW)).build().unwrap();
    send(&local, EmailContent::builder().raw(raw).build()).await;
    let mails = local.get("/_local/mail").await;
    let mail = &mails["items"][0];
    assert_eq!(mail["to"], json!(["ana@x.example"]));
    assert_eq!(mail["from"], "no-reply@lectern.example");
    assert_eq!(mail["subject"], "Convite à aula");
    assert_eq!(mail["text"].as_str().unwrap().trim(), "Olá");
    assert_eq!(mail["html"].as_str().unwrap().trim(), "<p>Ola</p>");
    assert_eq!(mail["ics"], "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    assert!(mail["sent_at"].as_str().unwrap().starts_with("2027-01-01T00:00:0"));
    local.stack.stop().await;
}

#[tokio::test]
async fn simple_mail_is_shown_harmless_and_cleared() {
    let local = Local::start().await;
    let content = |text: &str| Content::builder().data(text).build().unwrap();
    let body = Body::builder().html(content("<script>alert(\"x\")</script>")).build();
    let message = Message::builder().subject(content("<b>Hello</b>")).body(body).build();
    send(&local, EmailContent::builder().simple(message).build()).await;
    let mails = local.get("/_local/mail").await;
    assert_eq!(mails["items"][0]["text"], json!(null));
    let url = format!("{}/_local/mailbox", local.stack.url());
    let page = local.http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(!page.contains("<script>") && !page.contains("<b>Hello"), "{page}");
    assert!(page.contains("sandbox=\"\""), "{page}");
    let url = format!("{}/_local/mail", local.stack.url());
    assert_eq!(local.http.delete(url).send().await.unwrap().status(), 204);
    assert_eq!(local.get("/_local/mail").await, json!({"items": []}));
    local.stack.stop().await;
}
