//! Tabs, filters, search and pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::deps::Deps;
use shared::domain::meeting::Meeting;

use crate::support::{App, Caller, admin, instructor, meeting, meeting_on};

const HOST: &str = "host1@sandbox.example";

async fn topics(app: &App, who: &Caller, query: &str) -> Vec<String> {
    let page = app.get(who, &format!("/v1/meetings{query}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let items = page.body["items"].as_array().unwrap();
    items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_tab_holds_its_own_in_its_own_order() {
    let (app, _) = App::connected().await;
    for (topic, start) in
        [("b", "2027-03-03T09:00:00"), ("a", "2027-03-02T09:00:00"), ("c", "2027-03-04T09:00:00")]
    {
        app.book(&admin(), &meeting_on(topic, start, HOST)).await;
    }
    let gone = app.book(&admin(), &meeting_on("gone", "2027-03-05T09:00:00", HOST)).await;
    app.delete(&admin(), &format!("/v1/meetings/{}", gone["id"].as_str().unwrap())).await;
    let mut draft = meeting("draft", "2027-03-02T10:00:00");
    draft["status"] = json!("draft");
    app.book(&admin(), &draft).await;
    assert_eq!(topics(&app, &admin(), "").await, ["a", "b", "c"]);
    assert_eq!(topics(&app, &admin(), "?tab=drafts").await, ["draft"]);
    assert_eq!(topics(&app, &admin(), "?tab=all").await, ["draft", "gone", "c", "a", "b"]);
    // In the midst of the second: it runs, and is upcoming still.
    app.stack.clock().set("2027-03-03T09:30:00Z".parse().unwrap());
    assert_eq!(topics(&app, &admin(), "?tab=upcoming").await, ["b", "c"]);
    assert_eq!(topics(&app, &admin(), "?tab=expired").await, ["a"]);
    app.stack.clock().set("2027-03-03T10:00:00Z".parse().unwrap());
    assert_eq!(topics(&app, &admin(), "?tab=upcoming").await, ["c"]);
    assert_eq!(topics(&app, &admin(), "?tab=expired").await, ["b", "a"]);
}

#[tokio::test]
async fn a_series_stands_by_its_next_date_and_moves_as_dates_pass() {
    let (app, _) = App::connected().await;
    let mut series = meeting_on("series", "2027-03-02T09:00:00", HOST);
    series["recurrence"] = json!({"frequency": "weekly", "count": 3});
    app.book(&admin(), &series).await;
    app.book(&admin(), &meeting_on("single", "2027-03-05T09:00:00", HOST)).await;
    assert_eq!(topics(&app, &admin(), "").await, ["series", "single"]);
    // Nobody has run the schedule: the list is right all the same.
    app.stack.clock().set("2027-03-02T10:00:00Z".parse().unwrap());
    assert_eq!(topics(&app, &admin(), "").await, ["single", "series"]);
    app.stack.clock().set("2027-03-05T10:00:00Z".parse().unwrap());
    app.tick().await;
    assert_eq!(topics(&app, &admin(), "").await, ["series"]);
    app.stack.clock().set("2027-03-16T10:00:00Z".parse().unwrap());
    assert_eq!(topics(&app, &admin(), "").await, Vec::<String>::new());
    assert_eq!(topics(&app, &admin(), "?tab=expired").await, ["series", "single"]);
}

#[tokio::test]
async fn filters_hold_alone_and_together() {
    let (app, connection) = App::connected().await;
    let teacher = instructor("u-t");
    let mut one = meeting_on("Élan vital", "2027-03-02T09:00:00", HOST);
    one["courses"] = json!([{"course_id": "c-1", "lesson_id": "l-1"}, {"course_id": "c-2"}]);
    one["agenda"] = json!("Bergson und die Straße");
    let one = app.book(&teacher, &one).await;
    let mut two = meeting_on("Zwei", "2027-03-03T09:00:00", "host2@sandbox.example");
    two["courses"] = json!([{"course_id": "c-1", "lesson_id": "l-2"}]);
    app.book(&admin(), &two).await;
    let host = one["host"]["host_id"].as_str().unwrap();
    let con = connection["id"].as_str().unwrap();
    let number = one["zoom_meeting_id"].as_str().unwrap();
    let spaced = format!("{} {} {}", &number[..3], &number[3..7], &number[7..]);
    for (query, expected) in [
        ("?course_id=c-1".to_owned(), vec!["Élan vital", "Zwei"]),
        ("?course_id=c-2".to_owned(), vec!["Élan vital"]),
        ("?course_id=c-3".to_owned(), vec![]),
        ("?course_id=c-1&lesson_id=l-2".to_owned(), vec!["Zwei"]),
        ("?lesson_id=l-1".to_owned(), vec!["Élan vital"]),
        (format!("?host_id={host}"), vec!["Élan vital"]),
        (format!("?connection_id={con}"), vec!["Élan vital", "Zwei"]),
        (format!("?connection_id={con}&host_id={host}&course_id=c-1"), vec!["Élan vital"]),
        ("?q=elan".to_owned(), vec!["Élan vital"]),
        ("?q=VITAL%20strasse".to_owned(), vec!["Élan vital"]),
        ("?q=VITAL%20STRA%C3%9FE".to_owned(), vec!["Élan vital"]),
        (format!("?q={number}"), vec!["Élan vital"]),
        (format!("?q={}", spaced.replace(' ', "%20")), vec!["Élan vital"]),
        ("?from=2027-03-03T00:00:00Z".to_owned(), vec!["Zwei"]),
        ("?to=2027-03-03T00:00:00Z".to_owned(), vec!["Élan vital"]),
    ] {
        assert_eq!(topics(&app, &admin(), &query).await, expected, "{query}");
    }
    assert_eq!(topics(&app, &teacher, "").await, ["Élan vital"]);
    assert_eq!(topics(&app, &teacher, "?course_id=c-1").await, ["Élan vital"]);
    assert_eq!(topics(&app, &instructor("u-x"), "?tab=all").await, Vec::<String>::new());
}

#[tokio::test]
async fn pages_hold_each_meeting_once_while_others_come_and_go() {
    let (app, _) = App::connected().await;
    let mut booked: Vec<Value> = Vec::new();
    for n in 0..30 {
        let start = format!("2027-03-{:02}T{:02}:00:00", 2 + n / 10, 8 + n % 10);
        booked.push(app.book(&admin(), &meeting_on(&format!("m-{n:02}"), &start, HOST)).await);
    }
    for tab in ["upcoming", "all"] {
        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        let mut round = 0;
        loop {
            let page = app.get(&admin(), &format!("/v1/meetings?tab={tab}&limit=7{cursor}")).await;
            let items = page.body["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()));
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            // Something new at the front, and the last one that was shown goes.
            app.book(
                &admin(),
                &meeting_on("new", &format!("2027-03-01T{:02}:00:00", 9 + round), "host2@sandbox.example"),
            )
            .await;
            round += 1;
        }
        let unique: BTreeSet<&String> = seen.iter().filter(|topic| *topic != "new").collect();
        assert_eq!(unique.len(), 30, "{tab}: {seen:?}");
        assert_eq!(seen.iter().filter(|topic| *topic != "new").count(), 30, "{tab}");
        app.stack.clock().set(crate::support::NOW.parse().unwrap());
        for item in app.get(&admin(), "/v1/meetings?q=new&limit=100").await.body["items"].as_array().unwrap()
        {
            app.delete(&admin(), &format!("/v1/meetings/{}", item["id"].as_str().unwrap())).await;
        }
    }
}

#[tokio::test]
async fn a_series_that_moves_on_between_pages_is_left_out_of_none() {
    let (app, _) = App::connected().await;
    for (topic, start) in [("x", "2027-03-02T09:00:00"), ("y", "2027-03-02T11:00:00")] {
        let mut series = meeting_on(topic, start, HOST);
        series["recurrence"] = json!({"frequency": "weekly", "count": 2});
        app.book(&admin(), &series).await;
    }
    for day in 3..7 {
        app.book(&admin(), &meeting_on(&format!("d{day}"), &format!("2027-03-{day:02}T09:00:00"), HOST))
            .await;
    }
    assert_eq!(topics(&app, &admin(), "?limit=2").await, ["x", "y"]);
    // The first date of both is over, and nobody has run the schedule.
    app.stack.clock().set("2027-03-02T12:00:00Z".parse().unwrap());
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&admin(), &format!("/v1/meetings?limit=2{cursor}")).await;
        let items = page.body["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["d3", "d4", "d5", "d6", "x", "y"]);
}

#[tokio::test]
async fn from_and_to_hold_for_the_dates_that_a_tab_is_about() {
    let (app, _) = App::connected().await;
    let mut series = meeting_on("series", "2027-03-02T09:00:00", HOST);
    series["recurrence"] = json!({"frequency": "weekly", "count": 3});
    app.book(&admin(), &series).await;
    app.book(&admin(), &meeting_on("single", "2027-03-03T09:00:00", HOST)).await;
    app.book(&admin(), &meeting_on("later", "2027-03-10T09:00:00", HOST)).await;
    for (query, expected) in [
        ("?from=2027-03-09T10:00:00Z", vec!["series", "later"]),
        ("?from=2027-03-09T09:59:59Z&to=2027-03-09T09:00:01Z", vec!["series"]),
        ("?from=2027-03-09T10:00:00Z&to=2027-03-10T09:00:00Z", vec![]),
        ("?to=2027-03-02T09:00:00Z", vec![]),
        ("?to=2027-03-02T09:00:00.5Z", vec!["series"]),
        ("?to=2027-03-03T09:00:01Z", vec!["series", "single"]),
        ("?tab=all&from=2027-03-16T00:00:00Z", vec!["series"]),
    ] {
        assert_eq!(topics(&app, &admin(), query).await, expected, "{query}");
    }
    app.stack.clock().set("2027-03-12T00:00:00Z".parse().unwrap());
    for (query, expected) in [
        // The dates of a series that are over are not to come.
        ("?to=2027-03-16T00:00:00Z", vec![]),
        ("?to=2027-03-17T00:00:00Z", vec!["series"]),
        ("?tab=expired&from=2027-03-10T10:00:00Z", vec![]),
        ("?tab=expired&from=2027-03-10T09:59:59Z", vec!["later"]),
        ("?tab=expired&from=2027-03-03T00:00:00Z&to=2027-03-10T00:00:00Z", vec!["single"]),
        ("?tab=expired&to=2027-03-10T09:00:01Z", vec!["later", "single"]),
        ("?tab=expired&from=2027-04-01T00:00:00Z", vec![]),
    ] {
        assert_eq!(topics(&app, &admin(), query).await, expected, "{query}");
    }
    app.calls().await;
    for query in ["?to=2027-03-17T00:00:00Z", "?tab=expired&from=2027-03-03T00:00:00Z"] {
        topics(&app, &admin(), query).await;
        assert_eq!(app.calls().await["dynamodb"]["Query"], 1, "{query}");
    }
}

#[tokio::test]
async fn a_write_leaves_alone_the_lists_that_it_changes_nothing_in() {
    let (app, _) = App::connected().await;
    let mut series = meeting_on("series", "2027-03-02T09:00:00", HOST);
    series["recurrence"] = json!({"frequency": "weekly", "count": 3});
    series["courses"] = json!([{"course_id": "c-1"}]);
    let booked = app.book(&admin(), &series).await;
    let deps = Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone());
    let id = booked["id"].as_str().unwrap().parse().unwrap();
    let before = deps.store.meeting(&"school".parse().unwrap(), &id).await.unwrap().unwrap();
    let writes = |change: fn(&mut Meeting)| {
        let mut after = before.clone();
        after.revision += 1;
        change(&mut after);
        deps.store.meeting_writes(&after, Some(&before), app.now(), 4).unwrap().len()
    };
    // The meeting itself; then, where its words change, the mark that says so; then its five lists.
    assert_eq!(writes(|meeting| meeting.passcode = None), 1);
    assert_eq!(writes(|meeting| meeting.topic = "other".to_owned()), 2);
    assert_eq!(writes(|meeting| meeting.courses.clear()), 6);
    assert_eq!(writes(|meeting| meeting.dates.truncate(1)), 6);
    // Whether the lists have been written since its first date is over cannot be known.
    app.stack.clock().set("2027-03-02T10:00:00Z".parse().unwrap());
    assert_eq!(writes(|meeting| meeting.passcode = None), 6);
}
