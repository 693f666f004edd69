use chrono_tz::Tz;

use super::*;
use crate::domain::meeting::{BookedHost, Date, HostWish, Schedule, State, ZoomMeeting};
use crate::domain::settings::{MeetingSettings, PartialSettings};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn meeting() -> Meeting {
    let date = Interval::of_minutes(at("2026-12-01T13:30:00Z"), 60);
    Meeting {
        id: "mtg_1".parse().unwrap(),
        tenant: "school".parse().unwrap(),
        organizer_id: "u-t".parse().unwrap(),
        state: State::Scheduled,
        kind: Kind::Meeting,
        topic: "Fire safety, part 1".to_owned(),
        agenda: "What burns, and why.\n\nBring: the handout <b>& a pen</b>".to_owned(),
        schedule: Schedule {
            local_start: "2026-12-01T20:30:00".parse().unwrap(),
            time_zone: Tz::Asia__Jakarta,
            duration_minutes: 60,
            recurrence: None,
        },
        dates: vec![Date::planned(date)],
        wish: HostWish::Auto,
        alternative_wishes: Vec::new(),
        host: Some(BookedHost {
            connection_id: "con_1".parse().unwrap(),
            account_id: "acc".parse().unwrap(),
            host_id: "h-1".parse().unwrap(),
            email: "teacher@school.example".parse().unwrap(),
            display_name: "Dewi Lestari".to_owned(),
        }),
        alternative_hosts: Vec::new(),
        zoom: Some(ZoomMeeting {
            id: 82_547_724_140,
            join_url: "https://zoom.example/j/82547724140?pwd=Ab3dEf&x=1".to_owned(),
        }),
        passcode: Some("demo".to_owned()),
        requested_settings: PartialSettings::default(),
        settings: MeetingSettings::default(),
        courses: Vec::new(),
        attendee_count: 1,
        reminders: vec!["PT1H".parse().unwrap()],
        reminders_are_default: false,
        was_draft: false,
        warnings: Vec::new(),
        change: None,
        reminded_until: at("2026-11-01T00:00:00Z"),
        version: 1,
        revision: 1,
        created_at: at("2026-11-01T00:00:00Z"),
        updated_at: at("2026-11-01T00:00:00Z"),
    }
}

fn attendee() -> Attendee {
    Attendee {
        id: "u-1".parse().unwrap(),
        email: "ana@school.example".parse().unwrap(),
        name: Some("Ana".to_owned()),
        locale: Some("pt".to_owned()),
        time_zone: None,
    }
}

fn write(meeting: &Meeting, attendee: &Attendee) -> Content {
    let now = at("2026-12-01T12:30:20Z");
    Reminder { meeting, date: meeting.dates[0].interval, attendee, locale: "en", now }.write().unwrap()
}

#[test]
fn says_all_that_one_needs_to_come() {
    let content = write(&meeting(), &attendee());
    assert_eq!(content.subject, "Reminder: Fire safety, part 1, Tue 1 Dec, 20:30");
    insta::assert_snapshot!(content.text, @r"
    Hello Ana,

    “Fire safety, part 1” starts in 1 hour.

    When: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)
    Host: Dewi Lestari

    Join the meeting:
    https://zoom.example/j/82547724140?pwd=Ab3dEf&x=1

    Meeting ID: 825 4772 4140
    Passcode: demo

    Agenda:
    What burns, and why.

    Bring: the handout <b>& a pen</b>

    You get this mail because you are listed among the attendees.
    ");
    for part in
        ["Hello Ana,", "Starts in 1 hour", "Tuesday, 1 December 2026", "20:30–21:30", "demo", "Dewi Lestari"]
    {
        assert!(content.html.contains(part), "{part} in {}", content.html);
    }
    let link = "href=\"https://zoom.example/j/82547724140?pwd=Ab3dEf&#38;x=1\"";
    assert_eq!(content.html.matches(link).count(), 2, "{}", content.html);
}

#[test]
fn leaves_out_what_is_not_known() {
    let mut meeting = meeting();
    (meeting.agenda, meeting.passcode, meeting.zoom, meeting.host) = (String::new(), None, None, None);
    let attendee = Attendee { name: None, ..attendee() };
    let content = write(&meeting, &attendee);
    insta::assert_snapshot!(content.text, @r"
    Hello,

    “Fire safety, part 1” starts in 1 hour.

    When: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)

    You get this mail because you are listed among the attendees.
    ");
    for absent in ["Agenda", "Passcode", "href", "Host", "Meeting ID"] {
        assert!(!content.html.contains(absent), "{absent}");
    }
}

#[test]
fn tells_the_time_in_the_attendees_zone() {
    let attendee = Attendee { time_zone: Some(Tz::America__Sao_Paulo), ..attendee() };
    let content = write(&meeting(), &attendee);
    assert_eq!(content.subject, "Reminder: Fire safety, part 1, Tue 1 Dec, 10:30");
    assert!(content.text.contains("10:30–11:30\nAmerica/Sao Paulo (UTC-03:00)"), "{}", content.text);
    assert!(content.html.contains("America/Sao Paulo (UTC-03:00)"));
}

#[test]
fn escapes_what_people_wrote() {
    let mut meeting = meeting();
    meeting.topic = "<script>alert(1)</script>\" onload='x'".to_owned();
    meeting.passcode = Some("<i>".to_owned());
    if let Some(host) = &mut meeting.host {
        host.display_name = "<img src=x>".to_owned();
    }
    let attendee = Attendee { name: Some("<a href=x>".to_owned()), ..attendee() };
    let html = write(&meeting, &attendee).html;
    for raw in ["<script", "<i>", "<img", "<a href=x", "<b>", "' onload", "\" onload"] {
        assert!(!html.contains(raw), "{raw} in {html}");
    }
    assert!(html.contains("&#60;script&#62;"), "{html}");
}

#[test]
fn a_link_that_is_not_of_the_web_is_left_out() {
    let mut meeting = meeting();
    if let Some(zoom) = &mut meeting.zoom {
        zoom.join_url = "javascript:alert(1)".to_owned();
    }
    let content = write(&meeting, &attendee());
    assert!(!content.html.contains("javascript") && !content.text.contains("javascript"));
}

#[test]
fn a_topic_of_many_lines_is_one_line_in_the_subject() {
    let mut meeting = meeting();
    meeting.topic = "Fire\r\nBcc: eve@x.example\u{2028}safety".to_owned();
    let subject = write(&meeting, &attendee()).subject;
    assert_eq!(subject, "Reminder: Fire Bcc: eve@x.example safety, Tue 1 Dec, 20:30");
}

#[test]
fn a_number_is_grouped_as_zoom_does() {
    for (number, shown) in [
        (82_547_724_140, "825 4772 4140"),
        (8_254_772_414, "825 477 2414"),
        (123, "123"),
        (12, "12"),
        (1234, "123 4"),
    ] {
        assert_eq!(grouped(number), shown);
    }
}
