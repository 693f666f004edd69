//! What people, or Zoom, may have written to do harm.

use super::*;

#[test]
fn escapes_what_people_wrote() {
    let mut meeting = series(2);
    meeting.topic = "<script>alert(1)</script>\" onload='x'".to_owned();
    meeting.passcode = Some("<i>".to_owned());
    meeting.dates[1].agenda = Some("<u>".to_owned());
    if let Some(host) = &mut meeting.host {
        host.display_name = "<img src=x>".to_owned();
    }
    let attendee = Attendee { name: Some("<a href=x>".to_owned()), ..attendee() };
    for kind in [NoticeKind::Invitation, NoticeKind::Cancellation, reminder(&meeting)] {
        let html = notice(kind, &meeting, &attendee).write().unwrap().html;
        for raw in ["<script", "<i>", "<u>", "<img", "<a href=x", "<b>", "' onload", "\" onload"] {
            assert!(!html.contains(raw), "{raw} in {html}");
        }
        assert!(html.contains("&#60;script&#62;"), "{html}");
    }
}

#[test]
fn a_link_that_is_not_of_the_web_is_left_out() {
    for sly in ["javascript:alert(1)", "data:text/html,x", "zoommtg://x", "no link"] {
        let mut meeting = meeting();
        if let Some(zoom) = &mut meeting.zoom {
            zoom.join_url = sly.to_owned();
        }
        let attendee = attendee();
        for is_host in [false, true] {
            let notice = Notice { is_host, ..notice(NoticeKind::Invitation, &meeting, &attendee) };
            let content = notice.write().unwrap();
            assert!(!content.html.contains("href") && !content.text.contains(sly), "{}", content.text);
        }
    }
}

#[test]
fn a_hostile_topic_is_only_text() {
    let mut meeting = meeting();
    for (topic, shown) in [
        ("Fire\r\nBcc: eve@x.example\u{2028}safety", "Fire Bcc: eve@x.example safety"),
        ("a\u{0}b\u{1b}[31m\u{85}c", "a b [31m c"),
        ("\u{202e}evil\u{2066} topic", "evil topic"),
        ("{ $name } { mail-when } {{ mail.topic }}", "{ $name } { mail-when } {{ mail.topic }}"),
    ] {
        topic.clone_into(&mut meeting.topic);
        let content = write(reminder(&meeting), &meeting);
        assert_eq!(content.subject, format!("Reminder: {shown}, Tue 1 Dec, 20:30"));
        assert!(content.html.contains(&format!(">{shown}</h1>")), "{}", content.html);
    }
}
