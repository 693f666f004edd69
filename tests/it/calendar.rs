//! The calendar file of a meeting: who gets it, when, and what stands in it. What it shows of a series is in
//! `calendar_dates`.

use serde_json::{Value, json};
use shared::calendar::{Invited, Publisher, Purpose, write};
use shared::domain::email::Email;
use shared::domain::meeting::Meeting;
use shared::language::Language;
use shared::mail::message::sender;

use crate::support::calendar::{Component, Shown, read};
use crate::support::{Answer, App, Caller, admin, caller, instructor, learner, meeting_on};

const HOST: &str = "host1@sandbox.example";

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}/calendar.ics", meeting["id"].as_str().unwrap())
}

async fn lesson(app: &App) -> Value {
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["time_zone"] = json!("Europe/Berlin");
    body["agenda"] = json!("What burns");
    body["passcode"] = json!("demo");
    body["courses"] = json!([{"course_id": "c-7", "lesson_id": "l-3"}]);
    body["attendees"] = json!([{"id": "u-l", "email": "l@x.example", "name": "Lea"}]);
    body["reminders"] = json!(["P1D", "PT1H30M", "P2D"]);
    app.book(&instructor("u-t"), &body).await
}

/// The file as an administrator gets it.
async fn calendar(app: &App, meeting: &Value) -> Component {
    let answer = app.get(&admin(), &path(meeting)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    read(&answer.text)
}

#[tokio::test]
async fn whoever_may_join_gets_it_and_nobody_else() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let enrolled = Caller { courses: vec!["c-7"], ..learner("u-c") };
    let host = Caller { email: Some("HOST1@Sandbox.example"), ..learner("u-h") };
    for who in [learner("u-l"), enrolled, host, instructor("u-t"), admin()] {
        let answer = app.get(&who, &path(&lesson)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        // Neither a host link nor anybody's address but the sender's.
        assert!(!answer.text.contains("/s/") && !answer.text.contains("zak="), "{}", answer.text);
        assert!(!answer.text.contains("x.example") && !answer.text.contains("sandbox.example"));
    }
    for who in [learner("u-x"), instructor("u-o")] {
        let answer = app.get(&who, &path(&lesson)).await;
        assert_eq!((answer.status, answer.code()), (403, "not_enrolled"));
    }
    let elsewhere = app.get(&caller("other", "u-l", local::token::Role::Admin), &path(&lesson)).await;
    assert_eq!(elsewhere.status, 404);
    assert_eq!(app.send(app.bare("GET", &path(&lesson))).await.status, 401);
    assert_eq!(app.get(&learner("u-l"), "/v1/meetings/mtg_none/calendar.ics").await.status, 404);
}

#[tokio::test]
async fn a_learner_costs_three_reads_and_zoom_nothing() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    app.get(&learner("u-l"), &path(&lesson)).await;
    app.calls().await;
    app.get(&learner("u-l"), &path(&lesson)).await;
    assert_eq!(app.calls().await, json!({"dynamodb": {"GetItem": 3}}));
}

#[tokio::test]
async fn the_file_of_a_meeting_is_whole() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let id = lesson["id"].as_str().unwrap();
    let link = lesson["join_url"].as_str().unwrap();
    let answer = app.get(&learner("u-l"), &path(&lesson)).await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{id}.ics\""));
    assert_eq!((answer.header("content-language"), answer.header("vary")), ("en", "accept-language"));
    let calendar = read(&answer.text);
    assert_eq!(calendar.name, "VCALENDAR");
    for (name, value) in [("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
        assert_eq!(calendar.value(name), Some(value), "{name}");
    }
    assert!(calendar.value("PRODID").is_some());
    let event = calendar.master();
    let uid = format!("{id}@{}", app.stack.url().trim_start_matches("http://").split(':').next().unwrap());
    let description = format!("What burns\n\nJoin the meeting: {link}\nPasscode: demo");
    for (name, value) in [
        ("UID", uid.as_str()),
        ("SEQUENCE", "0"),
        ("SUMMARY", "Lesson"),
        ("DESCRIPTION", &description),
        ("LOCATION", link),
        ("URL", link),
        ("CONFERENCE", link),
        ("STATUS", "CONFIRMED"),
        ("TRANSP", "OPAQUE"),
        ("DTSTART", "20270302T090000"),
        ("DTEND", "20270302T100000"),
    ] {
        assert_eq!(event.value(name), Some(value), "{name}");
    }
    for name in ["DTSTAMP", "CREATED", "LAST-MODIFIED"] {
        let value = event.value(name).unwrap();
        assert!(value.starts_with("20270301T08") && value.ends_with('Z'), "{name}: {value}");
    }
    assert_eq!(event.property("DTSTART").unwrap().parameters["TZID"], "Europe/Berlin");
    assert_eq!(event.property("CONFERENCE").unwrap().parameters["VALUE"], "URI");
    assert!(event.value("ORGANIZER").unwrap().starts_with("mailto:"));
    assert!(event.property("ATTENDEE").is_none() && event.property("RRULE").is_none());
    let alarm = &event.components[0];
    assert_eq!((alarm.name.as_str(), alarm.value("ACTION")), ("VALARM", Some("DISPLAY")));
    assert_eq!((alarm.value("TRIGGER"), alarm.value("DESCRIPTION")), (Some("-PT1H30M"), Some("Lesson")));
    assert_eq!(
        calendar.dates()[0].starts_at,
        "2027-03-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
}

#[tokio::test]
async fn its_words_are_in_the_callers_language() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let reader = Caller { locale: Some("pt-BR"), ..learner("u-l") };
    let own = app.get(&reader, &path(&lesson)).await;
    let asked = app.send(app.request(&reader, "GET", &path(&lesson)).header("Accept-Language", "ru")).await;
    for (answer, language, passcode) in
        [(&own, "pt", "Senha de acesso: demo"), (&asked, "ru", "Код доступа: demo")]
    {
        assert_eq!(answer.header("content-language"), language);
        let description = read(&answer.text).master().value("DESCRIPTION").unwrap().to_owned();
        assert!(description.ends_with(passcode), "{description}");
    }
    assert_ne!(own.header("etag"), asked.header("etag"));
}

#[tokio::test]
async fn the_file_stays_the_same_until_the_meeting_changes() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let get = async || app.get(&learner("u-l"), &path(&lesson)).await;
    let event = |answer: &Answer| {
        let calendar = read(&answer.text);
        let value = |name| calendar.master().value(name).unwrap().to_owned();
        (value("UID"), value("SEQUENCE"), value("DTSTAMP"))
    };
    let first = get().await;
    assert!(app.stack.clock().advance(600));
    let second = get().await;
    assert_eq!((&second.text, second.header("etag")), (&first.text, first.header("etag")));
    let address = format!("/v1/meetings/{}", lesson["id"].as_str().unwrap());
    let changed = app.patch(&instructor("u-t"), &address, &json!({"start": "2027-03-02T11:00:00"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let third = get().await;
    assert_ne!(third.header("etag"), first.header("etag"));
    let ((uid, sequence, stamp), (uid_before, _, stamp_before)) = (event(&third), event(&first));
    assert_eq!((uid, sequence.as_str()), (uid_before, "1"));
    assert!(stamp > stamp_before, "{stamp} {stamp_before}");
}

#[tokio::test]
async fn a_cancelled_meeting_says_so_and_what_is_not_booked_has_no_file() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    app.delete(&admin(), &format!("/v1/meetings/{}", lesson["id"].as_str().unwrap())).await;
    let cancelled = calendar(&app, &lesson).await;
    let event = cancelled.master();
    assert_eq!((event.value("STATUS"), event.value("SEQUENCE")), (Some("CANCELLED"), Some("1")));
    assert_eq!((event.value("TRANSP"), event.components.len()), (Some("TRANSPARENT"), 0));
    assert_eq!(event.value("DTSTART"), Some("20270302T090000"));
    let mut draft = meeting_on("Draft", "2027-03-03T09:00:00", HOST);
    draft["status"] = json!("draft");
    let draft = app.book(&admin(), &draft).await;
    let missing = app.get(&admin(), &path(&draft)).await;
    assert_eq!((missing.status, missing.code()), (404, "not_found"));
    // Zoom's answer never comes: the meeting stays pending.
    app.fault("POST /users/{userId}/meetings", "timeout_before", 5).await;
    let late = app.post(&admin(), "/v1/meetings", &meeting_on("Late", "2027-03-04T09:00:00", HOST)).await;
    assert_eq!(late.status, 503, "{}", late.text);
    let all = app.get(&admin(), "/v1/meetings?tab=all").await;
    let pending = all.body["items"].as_array().unwrap().iter().find(|item| item["topic"] == "Late").unwrap();
    assert_eq!(pending["status"], "pending");
    assert_eq!(app.get(&admin(), &path(pending)).await.status, 404);
}

#[tokio::test]
async fn a_series_with_dates_of_their_own_shows_what_is_booked() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Course", "2027-03-16T09:00:00", HOST);
    body["time_zone"] = json!("Europe/Berlin");
    body["agenda"] = json!("All");
    body["recurrence"] = json!({"frequency": "weekly", "weekdays": ["TU", "TH"], "count": 6});
    let series = app.book(&admin(), &body).await;
    let address = format!("/v1/meetings/{}", series["id"].as_str().unwrap());
    let date =
        |n: usize| format!("{address}/occurrences/{}", series["occurrences"][n]["id"].as_str().unwrap());
    assert_eq!(app.delete(&admin(), &date(1)).await.status, 204);
    let moved = json!({"start": "2027-03-24T15:00:00+01:00", "duration_minutes": 90, "agenda": "Apart"});
    let moved = app.patch(&admin(), &date(2), &moved).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    let calendar = calendar(&app, &series).await;
    let master = calendar.master();
    assert_eq!(master.value("RRULE"), Some("FREQ=WEEKLY;COUNT=6;INTERVAL=1;BYDAY=TU,TH;WKST=SU"));
    assert_eq!(master.value("EXDATE"), Some("20270318T090000"));
    let own: Vec<&Component> =
        calendar.parts("VEVENT").filter(|event| event.property("RECURRENCE-ID").is_some()).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(
        (own[0].value("UID"), own[0].value("SEQUENCE")),
        (master.value("UID"), master.value("SEQUENCE"))
    );
    assert_eq!(own[0].value("RECURRENCE-ID"), Some("20270323T090000"));
    assert!(own[0].value("DESCRIPTION").unwrap().starts_with("Apart\n"));
    let now = app.get(&admin(), &address).await.body;
    let booked: Vec<(Value, Value)> = (now["occurrences"].as_array().unwrap().iter())
        .filter(|date| date["status"] != "cancelled")
        .map(|date| (date["starts_at"].clone(), date["ends_at"].clone()))
        .collect();
    let text = |moment: chrono::DateTime<chrono::Utc>| json!(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    let shown: Vec<(Value, Value)> = calendar
        .dates()
        .into_iter()
        .map(|Shown { starts_at, ends_at, .. }| (text(starts_at), text(ends_at)))
        .collect();
    assert_eq!((shown.len(), shown), (5, booked));
}

#[tokio::test]
async fn texts_of_users_are_only_texts() {
    let (app, _) = App::connected().await;
    let injection = "x\r\nATTENDEE:mailto:eve@x.example\r\nEND:VEVENT\nBEGIN:VALARM\rX:1\u{2028}Y:2";
    let long = "Пожарная безопасность 🔥 防火 ".repeat(20);
    for (topic, agenda) in [
        (injection, injection),
        ("a;b,c:d\\n\"e\" \\;\\,", "1,2;3\\4\\n5\n\n\"6\"\t7"),
        ("Olá, 防火 🔥", long.as_str()),
    ] {
        let mut body = meeting_on(topic, "2027-03-02T09:00:00", HOST);
        body["agenda"] = json!(agenda);
        let meeting = app.book(&admin(), &body).await;
        let calendar = calendar(&app, &meeting).await;
        let event = calendar.master();
        let names: Vec<&str> = event.properties.iter().map(|property| property.name.as_str()).collect();
        assert!(!names.contains(&"ATTENDEE") && !names.contains(&"X") && !names.contains(&"Y"), "{names:?}");
        assert_eq!((calendar.parts("VEVENT").count(), event.components.len()), (1, 1));
        let description = event.value("DESCRIPTION").unwrap();
        let lines = agenda.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
        assert!(description.starts_with(lines.trim()), "{description:?}");
        let summary = event.value("SUMMARY").unwrap();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(summary), words(&topic.replace('\u{2028}', " ")));
        app.delete(&admin(), &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await;
    }
}

#[tokio::test]
async fn an_invitation_names_its_one_attendee_and_the_sender() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let meeting = stored(&app, &lesson).await;
    let organizer = sender(None, "\"School; of: fire, \" <noreply@lectern.example>").unwrap();
    let publisher = Publisher { organizer: &organizer, domain: "api.lectern.example" };
    let email: Email = "lea@x.example".parse().unwrap();
    let invited = Invited { email: &email, name: Some("Lea \"L\"\r\nATTENDEE:x; Jr., Dr: é") };
    let now = app.now();
    let request = Purpose::Request(invited);
    assert_eq!((request.method(), Purpose::Publish.method()), ("REQUEST", "PUBLISH"));
    let calendar = read(&write(&meeting, request, publisher, Language::French, now));
    assert_eq!(calendar.value("METHOD"), Some("REQUEST"));
    let event = calendar.master();
    let attendee = event.property("ATTENDEE").unwrap();
    assert_eq!(attendee.value, "mailto:lea@x.example");
    let parameters: Vec<(&str, &str)> =
        attendee.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        parameters,
        [
            ("CN", "Lea 'L' ATTENDEE:x; Jr., Dr: é"),
            ("PARTSTAT", "NEEDS-ACTION"),
            ("ROLE", "REQ-PARTICIPANT"),
            ("RSVP", "FALSE")
        ]
    );
    let organizer = event.property("ORGANIZER").unwrap();
    assert_eq!(organizer.value, "mailto:noreply@lectern.example");
    assert_eq!(organizer.parameters["CN"], "School; of: fire,");
    assert_eq!(event.value("DTSTAMP"), Some(now.format("%Y%m%dT%H%M%SZ").to_string().as_str()));
    assert!(event.value("DESCRIPTION").unwrap().ends_with("Code secret : demo"));
    assert_eq!((event.value("STATUS"), event.components.len()), (Some("CONFIRMED"), 1));

    let cancel = read(&write(&meeting, Purpose::Cancel(invited), publisher, Language::English, now));
    let event = cancel.master();
    assert_eq!((cancel.value("METHOD"), event.value("STATUS")), (Some("CANCEL"), Some("CANCELLED")));
    assert_eq!((event.value("UID"), event.components.len()), (calendar.master().value("UID"), 0));
    assert_eq!(event.property("ATTENDEE").unwrap().value, "mailto:lea@x.example");
}

#[tokio::test]
async fn it_rings_a_quarter_of_an_hour_before_where_there_is_no_reminder() {
    let (app, _) = App::connected().await;
    for (reminders, trigger) in
        [(json!([]), "-PT15M"), (json!(["P3D", "P2D"]), "-P2D"), (json!(["P1D", "PT24H"]), "-P1D")]
    {
        let mut body = meeting_on("Lesson", "2027-03-20T09:00:00", HOST);
        body["reminders"] = reminders;
        let meeting = app.book(&admin(), &body).await;
        let calendar = calendar(&app, &meeting).await;
        assert_eq!(calendar.master().components[0].value("TRIGGER"), Some(trigger));
        // Times in UTC need no zone.
        assert_eq!(calendar.parts("VTIMEZONE").count(), 0);
        assert_eq!(calendar.master().value("DTSTART"), Some("20270320T090000Z"));
        app.delete(&admin(), &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await;
    }
}

/// The meeting as it is kept.
async fn stored(app: &App, meeting: &Value) -> Meeting {
    let id = meeting["id"].as_str().unwrap().parse().unwrap();
    let store = shared::store::Store::new(app.stack.aws(), "lectern".to_owned());
    store.meeting(&"school".parse().unwrap(), &id).await.unwrap().unwrap()
}
