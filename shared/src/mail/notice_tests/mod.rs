mod hostile;
mod languages;

use chrono::TimeDelta;
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
        followed_settings: PartialSettings::default(),
        settings: MeetingSettings::default(),
        recording_access: crate::domain::recording::RecordingAccess::default(),
        courses: Vec::new(),
        attendee_count: 1,
        reminders: vec!["PT1H".parse().unwrap()],
        reminders_are_default: false,
        was_draft: false,
        warnings: Vec::new(),
        change: None,
        session: None,
        asked_until: None,
        asked_at: None,
        reminded_until: at("2026-11-01T00:00:00Z"),
        news: crate::domain::news::News::default(),
        version: 1,
        revision: 1,
        created_at: at("2026-11-01T00:00:00Z"),
        updated_at: at("2026-11-01T00:00:00Z"),
        sent_at: None,
    }
}

fn attendee() -> Attendee {
    Attendee {
        id: "u-1".parse().unwrap(),
        email: "ana@school.example".parse().unwrap(),
        name: Some("Ana".to_owned()),
        locale: None,
        time_zone: None,
        since: 0,
        added_at: None,
    }
}

fn notice<'a>(kind: NoticeKind, meeting: &'a Meeting, attendee: &'a Attendee) -> Notice<'a> {
    let now = at("2026-12-01T12:30:20Z");
    Notice { kind, meeting, attendee, is_host: false, locale: "en", unsubscribe_url: None, now }
}

fn reminder(meeting: &Meeting) -> NoticeKind {
    NoticeKind::Reminder { date: meeting.dates[0].interval }
}

fn write(kind: NoticeKind, meeting: &Meeting) -> Content {
    notice(kind, meeting, &attendee()).write().unwrap()
}

/// A meeting of so many dates, of which one a day is to come, the first within the hour.
fn series(dates: i64) -> Meeting {
    let first = meeting().dates[0].interval.starts_at;
    let dates = (0..dates).map(|day| Interval::of_minutes(first + TimeDelta::days(day), 60));
    Meeting { dates: dates.map(Date::planned).collect(), ..meeting() }
}

#[test]
fn a_reminder_says_all_that_one_needs_to_come() {
    let meeting = meeting();
    let content = write(reminder(&meeting), &meeting);
    assert_eq!(content.subject, "Reminder: Fire safety, part 1, Tue 1 Dec, 20:30");
    insta::assert_snapshot!(content.text, @r"
    Hello Ana,

    “Fire safety, part 1” starts in 1 hour.

    When: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)
    Host: Dewi Lestari

    Join the meeting
    https://zoom.example/j/82547724140?pwd=Ab3dEf&x=1

    Meeting ID: 825 4772 4140
    Passcode: demo

    Agenda
    What burns, and why.

    Bring: the handout <b>& a pen</b>

    --
    You get this mail because you are listed among the attendees of this meeting.
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
    let content = notice(reminder(&meeting), &meeting, &attendee).write().unwrap();
    insta::assert_snapshot!(content.text, @r"
    Hello,

    “Fire safety, part 1” starts in 1 hour.

    When: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)

    --
    You get this mail because you are listed among the attendees of this meeting.
    ");
    for absent in ["Agenda", "Passcode", "href", "Host", "Meeting ID"] {
        assert!(!content.html.contains(absent), "{absent}");
    }
}

#[test]
fn an_invitation_lists_ten_dates_of_a_series_and_counts_them_all() {
    let mut meeting = series(12);
    meeting.dates[1].cancelled = true;
    meeting.dates[2].agenda = Some("Practice\nwith extinguishers".to_owned());
    let content = write(NoticeKind::Invitation, &meeting);
    assert_eq!(content.subject, "Invitation: Fire safety, part 1, Tue 1 Dec, 20:30");
    insta::assert_snapshot!(content.text, @r"
    Hello Ana,

    You are invited to “Fire safety, part 1”.

    Next date: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)
    Host: Dewi Lestari

    Join the meeting
    https://zoom.example/j/82547724140?pwd=Ab3dEf&x=1

    Meeting ID: 825 4772 4140
    Passcode: demo

    Agenda
    What burns, and why.

    Bring: the handout <b>& a pen</b>

    11 dates to come
    - Tuesday, 1 December 2026, 20:30–21:30
    - Thursday, 3 December 2026, 20:30–21:30
      Practice with extinguishers
    - Friday, 4 December 2026, 20:30–21:30
    - Saturday, 5 December 2026, 20:30–21:30
    - Sunday, 6 December 2026, 20:30–21:30
    - Monday, 7 December 2026, 20:30–21:30
    - Tuesday, 8 December 2026, 20:30–21:30
    - Wednesday, 9 December 2026, 20:30–21:30
    - Thursday, 10 December 2026, 20:30–21:30
    - Friday, 11 December 2026, 20:30–21:30
    and 1 more

    --
    You get this mail because you are listed among the attendees of this meeting.
    ");
    assert_eq!(content.html.matches("December 2026 <strong").count(), 10);
    for part in ["Next date", "11 dates to come", "and 1 more", "Practice with extinguishers"] {
        assert!(content.html.contains(part), "{part} in {}", content.html);
    }
    assert!(!content.html.contains("2 December"), "{}", content.html);
    let few = write(NoticeKind::Invitation, &series(10));
    assert!(few.text.contains("10 dates to come") && !few.text.contains("more"), "{}", few.text);
}

#[test]
fn dates_that_are_over_are_not_listed() {
    let mut meeting = series(3);
    for date in &mut meeting.dates {
        date.interval = Interval::of_minutes(date.interval.starts_at - TimeDelta::days(1), 60);
    }
    let text = write(NoticeKind::Update, &meeting).text;
    assert!(text.contains("Next date: Tuesday, 1 December 2026"), "{text}");
    assert!(text.contains("2 dates to come") && !text.contains("30 November"), "{text}");
    meeting.dates.truncate(1);
    let text = write(NoticeKind::Update, &meeting).text;
    assert!(text.contains("When: Monday, 30 November 2026") && !text.contains("dates"), "{text}");
}

#[test]
fn an_update_says_that_it_is_one() {
    let content = write(NoticeKind::Update, &meeting());
    assert_eq!(content.subject, "Updated: Fire safety, part 1, Tue 1 Dec, 20:30");
    assert!(content.text.contains("“Fire safety, part 1” has changed."), "{}", content.text);
    assert!(content.html.contains("Update: this meeting has changed"), "{}", content.html);
    assert!(content.html.contains("Join the meeting"), "{}", content.html);
}

#[test]
fn a_cancellation_leads_nowhere() {
    let mut meeting = series(2);
    meeting.agenda = String::new();
    let attendee = attendee();
    let cancellation = Notice { is_host: true, ..notice(NoticeKind::Cancellation, &meeting, &attendee) };
    let content = cancellation.write().unwrap();
    assert_eq!(content.subject, "Cancelled: Fire safety, part 1, Tue 1 Dec, 20:30");
    insta::assert_snapshot!(content.text, @r"
    Hello Ana,

    The meeting “Fire safety, part 1” will not take place.

    Was planned for: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)
    Host: Dewi Lestari

    2 dates are cancelled
    - Tuesday, 1 December 2026, 20:30–21:30
    - Wednesday, 2 December 2026, 20:30–21:30

    --
    You get this mail because you host this meeting.
    ");
    assert!(content.html.contains("Cancelled: this meeting will not take place"), "{}", content.html);
    for absent in ["href", "zoom.example", "demo", "825 4772 4140", "Join", "Start", "button"] {
        assert!(!content.html.contains(absent), "{absent} in {}", content.html);
        assert!(!content.text.contains(absent), "{absent} in {}", content.text);
    }
}

#[test]
fn the_host_alone_gets_a_link_to_start() {
    let (meeting, attendee) = (meeting(), attendee());
    let host = Notice { is_host: true, ..notice(NoticeKind::Invitation, &meeting, &attendee) };
    let content = host.write().unwrap();
    insta::assert_snapshot!(content.text, @r"
    Hello Ana,

    You are invited to “Fire safety, part 1”.

    When: Tuesday, 1 December 2026, 20:30–21:30
    Asia/Jakarta (UTC+07:00)
    Host: Dewi Lestari

    Start the meeting
    https://zoom.example/s/82547724140
    Zoom asks you to sign in as the host.

    Link for attendees, to forward:
    https://zoom.example/j/82547724140?pwd=Ab3dEf&x=1

    Meeting ID: 825 4772 4140
    Passcode: demo

    Agenda
    What burns, and why.

    Bring: the handout <b>& a pen</b>

    --
    You get this mail because you host this meeting.
    ");
    assert_eq!(content.html.matches("href=\"https://zoom.example/s/82547724140\"").count(), 2);
    assert_eq!(content.html.matches("href=\"https://zoom.example/j/82547724140?").count(), 1);
    let guest = write(NoticeKind::Invitation, &meeting);
    assert!(!guest.html.contains("/s/") && !guest.text.contains("/s/"), "{}", guest.text);
}

#[test]
fn a_date_is_told_with_its_own_agenda() {
    let mut meeting = series(3);
    meeting.dates[1].agenda = Some("Practice".to_owned());
    let own = write(NoticeKind::Reminder { date: meeting.dates[1].interval }, &meeting).text;
    assert!(own.contains("Agenda\nPractice\n") && !own.contains("What burns"), "{own}");
    let other = write(reminder(&meeting), &meeting).text;
    assert!(other.contains("Agenda\nWhat burns") && !other.contains("Practice"), "{other}");
}

#[test]
fn a_webinar_is_called_one() {
    let webinar = Meeting { kind: Kind::Webinar, ..meeting() };
    for kind in [NoticeKind::Invitation, NoticeKind::Update, NoticeKind::Cancellation] {
        let content = write(kind, &webinar);
        assert!(content.html.contains("webinar") && !content.html.contains("meeting"), "{}", content.html);
    }
    let content = write(reminder(&webinar), &webinar);
    assert!(content.text.contains("Join the webinar") && content.text.contains("Webinar ID: 825"));
}

#[test]
fn one_can_unsubscribe_where_there_is_a_link() {
    let (meeting, attendee) = (meeting(), attendee());
    let with = |url| Notice { unsubscribe_url: Some(url), ..notice(NoticeKind::Update, &meeting, &attendee) };
    let content = with("https://lectern.example/v1/unsubscribe/t?a=\"b&c").write().unwrap();
    let footer = "Unsubscribe from these mails\nhttps://lectern.example/v1/unsubscribe/t?a=\"b&c";
    assert!(content.text.ends_with(footer), "{}", content.text);
    let link = "href=\"https://lectern.example/v1/unsubscribe/t?a=&#34;b&#38;c\"";
    assert!(content.html.contains(link), "{}", content.html);
    let sly = with("javascript:alert(1)").write().unwrap();
    assert!(!sly.html.contains("javascript") && !sly.text.contains("Unsubscribe"), "{}", sly.text);
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
