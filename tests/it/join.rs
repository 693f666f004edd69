//! What the lesson page gets, and who gets what.

use serde_json::{Value, json};

use crate::support::{App, Caller, admin, caller, instructor, learner, meeting_on};

const HOST: &str = "host1@sandbox.example";

async fn lesson(app: &App) -> Value {
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["passcode"] = json!("demo");
    body["settings"] = json!({"join_before_host": false});
    body["courses"] = json!([{"course_id": "c-7", "lesson_id": "l-3"}]);
    body["attendees"] = json!([{"id": "u-l", "email": "l@x.example"}]);
    app.book(&instructor("u-t"), &body).await
}

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}/join", meeting["id"].as_str().unwrap())
}

#[tokio::test]
async fn learners_who_attend_or_are_in_a_course_get_in_and_others_do_not() {
    let (app, _) = App::connected().await;
    let path = path(&lesson(&app).await);
    let enrolled = Caller { courses: vec!["c-7"], ..learner("u-c") };
    for (who, status) in [(learner("u-l"), 200), (enrolled, 200), (learner("u-x"), 403)] {
        let join = app.get(&who, &path).await;
        assert_eq!(join.status, status, "{}", join.text);
        assert!(!join.text.contains("start_url") && !join.text.contains("zak"), "{}", join.text);
    }
    let stranger = app.get(&instructor("u-o"), &path).await;
    assert_eq!((stranger.status, stranger.code()), (403, "not_enrolled"));
    let elsewhere = app.get(&caller("other", "u-l", local::token::Role::Admin), &path).await;
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test]
async fn the_page_of_a_learner_is_whole() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let page = app.get(&learner("u-l"), &path(&lesson)).await.body;
    let number = lesson["zoom_meeting_id"].as_str().unwrap();
    assert_eq!(page["state"], "upcoming");
    assert_eq!(
        (&page["starts_at"], &page["opens_at"]),
        (&json!("2027-03-02T09:00:00Z"), &json!("2027-03-02T08:45:00Z"))
    );
    let seconds = page["seconds_until_start"].as_i64().unwrap();
    assert!((89_990..=90_000).contains(&seconds), "{seconds}");
    assert_eq!((&page["passcode"], &page["zoom_meeting_id"]), (&json!("demo"), &json!(number)));
    assert_eq!(page["join_url"], lesson["join_url"]);
    assert!(page["app_url"].as_str().unwrap().starts_with("zoommtg://us05web.zoom.us/join?"), "{page:#}");
    assert!(
        page["web_url"].as_str().unwrap().starts_with(&format!("https://us05web.zoom.us/wc/join/{number}"))
    );
    assert_eq!(
        page["host"],
        json!({"display_name": lesson["host"]["display_name"], "email_masked": "hos***@sandbox.example"})
    );
    assert!(!page.to_string().contains(HOST));
}

#[tokio::test]
async fn the_organizer_the_host_and_an_administrator_get_a_fresh_start_link() {
    let (app, _) = App::connected().await;
    let path = path(&lesson(&app).await);
    let host = Caller { email: Some("HOST1@Sandbox.example"), ..learner("u-h") };
    let mut links = Vec::new();
    for who in [instructor("u-t"), admin(), host] {
        app.calls().await;
        let join = app.get(&who, &path).await;
        links.push(join.body["start_url"].as_str().unwrap_or_else(|| panic!("{}", join.text)).to_owned());
        assert_eq!(app.calls().await["zoom"], json!({"GET /meetings/{meetingId}": 1}));
    }
    links.dedup();
    assert_eq!(links.len(), 3);
    // It is kept nowhere.
    let items = crate::support::all_items(&app).await;
    assert!(!items.is_empty());
    assert!(items.iter().all(|item| !item.contains("zak=") && !item.contains("/s/")), "{items:?}");
}

#[tokio::test]
async fn the_state_follows_the_clock_and_zoom() {
    let (app, _) = App::connected().await;
    let lesson = lesson(&app).await;
    let path = path(&lesson);
    let state = async || app.get(&learner("u-l"), &path).await.body["state"].clone();
    for (now, expected) in [
        ("2027-03-02T08:44:00Z", "upcoming"),
        ("2027-03-02T08:45:00Z", "open"),
        ("2027-03-02T09:59:00Z", "open"),
        ("2027-03-02T10:00:00Z", "ended"),
    ] {
        app.stack.clock().set(now.parse().unwrap());
        assert_eq!(state().await, expected, "{now}");
    }
    app.stack.clock().set(crate::support::NOW.parse().unwrap());
    app.delete(&admin(), &format!("/v1/meetings/{}", lesson["id"].as_str().unwrap())).await;
    assert_eq!(state().await, "cancelled");
}

#[tokio::test]
async fn of_a_series_it_is_the_running_or_next_date() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Course", "2027-03-02T09:00:00", HOST);
    body["recurrence"] = json!({"frequency": "daily", "count": 3});
    body["attendees"] = json!([{"id": "u-l", "email": "l@x.example"}]);
    let path = path(&app.book(&admin(), &body).await);
    for (now, start) in [
        ("2027-03-02T09:30:00Z", "2027-03-02T09:00:00Z"),
        ("2027-03-02T10:00:00Z", "2027-03-03T09:00:00Z"),
        ("2027-03-05T10:00:00Z", "2027-03-04T09:00:00Z"),
    ] {
        app.stack.clock().set(now.parse().unwrap());
        assert_eq!(app.get(&learner("u-l"), &path).await.body["starts_at"], start, "{now}");
    }
}
