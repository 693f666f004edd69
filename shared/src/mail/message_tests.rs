use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn build_text(name: Option<&str>, subject: &str) -> String {
    build_with(name, subject, Extras::default())
}

fn build_with(name: Option<&str>, subject: &str, extras: Extras<'_>) -> String {
    let from = sender(None, "Lectern <noreply@lectern.example>").unwrap();
    let to: Email = "ana@school.example".parse().unwrap();
    let content =
        Content { subject: subject.to_owned(), text: "Olá".to_owned(), html: "<p>Olá</p>".to_owned() };
    let now = "2026-12-01T12:30:00Z".parse().unwrap();
    let mail = build(&from, (&to, name), content, extras, now).unwrap();
    assert_eq!(mail.to, "ana@school.example");
    String::from_utf8(mail.raw).unwrap()
}

fn headers(mail: &str) -> Vec<&str> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let names = head.lines().filter(|line| !line.starts_with([' ', '\t']));
    names.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect()
}

const EXPECTED: [&str; 7] =
    ["From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];

#[test]
fn a_mail_has_these_headers_and_both_forms() {
    let mail = build_text(Some("Ana"), "Reminder: Fire safety");
    assert_eq!(headers(&mail), EXPECTED);
    assert!(mail.contains("Date: Tue, 01 Dec 2026 12:30:00 +0000\r\n"), "{mail}");
    assert!(mail.contains("multipart/alternative"), "{mail}");
    assert!(mail.find("text/plain") < mail.find("text/html"), "{mail}");
    assert!(mail.contains("From: Lectern <noreply@lectern.example>\r\n"), "{mail}");
    assert!(mail.contains("To: Ana <ana@school.example>\r\n"), "{mail}");
}

#[test]
fn line_breaks_begin_no_header() {
    for sly in ["x\r\nBcc: eve@x.example", "x\nBcc: eve@x.example", "x\rBcc: e@x.example", "x\u{0}\u{85}y"] {
        let mail = build_text(Some(sly), sly);
        assert_eq!(headers(&mail), EXPECTED, "{mail}");
    }
    let mail = build_text(Some("Ana <eve@x.example>, \"Eve\""), "s");
    assert_eq!(headers(&mail), EXPECTED, "{mail}");
    assert_eq!(mail.matches("eve@").count(), 0, "{mail}");
}

#[test]
fn headers_are_ascii_whatever_they_say() {
    let mail = build_text(Some("Zoë"), "Reminder: Brandschutz für Anfänger 🔥");
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    assert!(head.is_ascii(), "{head}");
}

#[test]
fn a_tenants_address_wins() {
    assert_eq!(sender(Some("school@x.example"), "a@b.example").unwrap().to_string(), "school@x.example");
    assert!(sender(None, "nobody").is_err());
}

const ICS: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Fire\r\n  saf\u{e9}ty\r\nEND:VCALENDAR\r\n";

/// The headers and the content of each part that holds no other.
fn leaves(mail: &str) -> Vec<(String, Vec<u8>)> {
    let boundaries = mail.split("boundary=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let boundaries: Vec<String> = boundaries.map(|boundary| format!("--{boundary}")).collect();
    let mut parts = vec![mail.to_owned()];
    for boundary in &boundaries {
        parts = parts.iter().flat_map(|part| part.split(boundary.as_str()).map(str::to_owned)).collect();
    }
    let leaves = parts.iter().filter_map(|part| part.trim_start().split_once("\r\n\r\n"));
    leaves
        .filter(|(head, _)| head.contains("Content-Type") && !head.contains("multipart/"))
        .map(|(head, body)| {
            let encoded: String = body.split_whitespace().collect();
            let decoded =
                if head.contains("base64") { STANDARD.decode(encoded).unwrap() } else { body.into() };
            (head.to_owned(), decoded)
        })
        .collect()
}

#[test]
fn a_calendars_entry_is_an_alternative_and_an_attachment() {
    for (method, named) in [(Method::Request, "REQUEST"), (Method::Cancel, "CANCEL")] {
        let calendar = Some(Calendar { method, text: ICS });
        let mail = build_with(None, "Fire safety", Extras { calendar, unsubscribe: None, trace: None });
        assert_eq!(headers(&mail), EXPECTED);
        assert!(mail.find("multipart/mixed") < mail.find("multipart/alternative"), "{mail}");
        let leaves = leaves(&mail);
        let kinds = ["text/plain", "text/html", "text/calendar", "application/ics"];
        assert_eq!(leaves.len(), kinds.len(), "{mail}");
        for ((head, _), kind) in leaves.iter().zip(kinds) {
            assert!(head.contains(&format!("Content-Type: {kind}")), "{kind} is not in {head}");
        }
        let kind = format!("Content-Type: text/calendar; method={named}; charset=utf-8\r\n");
        assert!(leaves[2].0.contains(&kind), "{}", leaves[2].0);
        assert!(!leaves[2].0.contains("attachment"), "{}", leaves[2].0);
        let file = "Content-Disposition: attachment; filename=\"invite.ics\"";
        assert!(leaves[3].0.contains(file), "{}", leaves[3].0);
        for (_, entry) in &leaves[2..] {
            assert_eq!(entry, ICS.as_bytes());
        }
    }
}

#[test]
fn one_click_unsubscribes() {
    let token = "a".repeat(300);
    let url = Url::parse(&format!("https://lectern.example/v1/unsubscribe/{token}")).unwrap();
    let mail = build_with(None, "s", Extras { calendar: None, unsubscribe: Some(&url), trace: None });
    assert!(mail.contains(&format!("List-Unsubscribe: <{url}>\r\n")), "{mail}");
    assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{mail}");
    assert_eq!(mail.matches("List-Unsubscribe").count(), 3, "{mail}");
}

#[test]
fn neither_an_unsubscribe_link_nor_an_entry_begins_a_header() {
    let url = Url::parse("https://x.example/u/a\r\nBcc: eve@x.example>,<mailto:eve@x.example?b=\u{e9} \n<")
        .unwrap();
    let calendar = Calendar { method: Method::Request, text: "x\r\nBcc: eve@x.example\r\n\r\n--x" };
    let extras = Extras { calendar: Some(calendar), unsubscribe: Some(&url), trace: None };
    let mail = build_with(None, "s", extras);
    let expected: Vec<&str> = EXPECTED[..5]
        .iter()
        .copied()
        .chain(["List-Unsubscribe", "List-Unsubscribe-Post"])
        .chain(EXPECTED[5..].iter().copied())
        .collect();
    assert_eq!(headers(&mail), expected, "{mail}");
    let link = mail.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: ")).unwrap();
    assert_eq!(link.matches(['<', '>', ' ']).count(), 2, "{link}");
    assert!(!mail.contains("\nBcc"), "{mail}");
}
