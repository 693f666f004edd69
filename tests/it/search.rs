//! Search by words and by number, before and after what is looked for is indexed.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::store::keys;

use crate::support::{App, Caller, admin, all_items, instructor, meeting, meeting_on};

const HOST: &str = "host1@sandbox.example";

fn deps(app: &App) -> Deps {
    Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone())
}

async fn index(app: &App) -> usize {
    reconciler::run(&deps(app)).await.unwrap().indexed
}

async fn topics(app: &App, who: &Caller, query: &str) -> Vec<String> {
    let page = app.get(who, &format!("/v1/meetings?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text);
    let items = page.body["items"].as_array().unwrap();
    items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()).collect()
}

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}

/// The items of the index of words: marks, postings, and what tells of the postings.
async fn traces(app: &App) -> usize {
    let items = all_items(app).await;
    items
        .iter()
        .filter(|item| ["S(\"N#", "S(\"X#", "S(\"XN#", "S(\"WORDS"].iter().any(|p| item.contains(p)))
        .count()
}

#[tokio::test]
async fn words_beginnings_accents_and_numbers_find_a_meeting_before_and_after_it_is_indexed() {
    let (app, connection) = App::connected().await;
    let teacher = instructor("u-t");
    let mut one = meeting_on("Élan vital, Teil 1", "2027-03-02T09:00:00", HOST);
    one["agenda"] = json!("Bergson und die Straße (消防安全)");
    one["courses"] = json!([{"course_id": "c-1", "lesson_id": "l-1"}]);
    let one = app.book(&teacher, &one).await;
    let mut two = meeting_on("Vitamine", "2027-03-03T09:00:00", "host2@sandbox.example");
    two["courses"] = json!([{"course_id": "c-1"}]);
    app.book(&admin(), &two).await;
    let number = one["zoom_meeting_id"].as_str().unwrap();
    let spaced = format!("{}%20{}-{}", &number[..3], &number[3..7], &number[7..]);
    let con = connection["id"].as_str().unwrap();
    let host = one["host"]["host_id"].as_str().unwrap();
    let both = ["Élan vital, Teil 1", "Vitamine"];
    for indexed in [false, true] {
        if indexed {
            assert_eq!(index(&app).await, 2);
            assert_eq!(index(&app).await, 0);
        }
        for (query, expected) in [
            ("q=VITAL".to_owned(), &both[..1]),
            ("q=vita".to_owned(), &both[..]),
            ("q=v".to_owned(), &both[..]),
            ("q=ital".to_owned(), &[]),
            ("q=elan%20bergson".to_owned(), &both[..1]),
            ("q=stra%C3%9Fe".to_owned(), &both[..1]),
            ("q=%E5%AE%89%E5%85%A8".to_owned(), &both[..1]),
            ("q=vital%20vitamine".to_owned(), &[]),
            ("q=(teil)".to_owned(), &both[..1]),
            ("q=%21".to_owned(), &[]),
            ("q=%20".to_owned(), &both[..]),
            (format!("q={number}"), &both[..1]),
            (format!("q={spaced}"), &both[..1]),
            (format!("q={}", &number[..5]), &[]),
            ("q=vita&course_id=c-1&lesson_id=l-1".to_owned(), &both[..1]),
            (format!("q=vita&connection_id={con}&host_id={host}"), &both[..1]),
            (format!("q=vita&connection_id={con}&course_id=c-1"), &both[..]),
            ("q=vita&from=2027-03-03T00:00:00Z".to_owned(), &both[1..]),
            ("q=vita&to=2027-03-03T00:00:00Z".to_owned(), &both[..1]),
            ("q=vita&tab=expired".to_owned(), &[]),
        ] {
            assert_eq!(topics(&app, &admin(), &query).await, expected, "{query}, indexed: {indexed}");
        }
        assert_eq!(topics(&app, &teacher, "q=vita").await, both[..1], "indexed: {indexed}");
        assert_eq!(topics(&app, &instructor("u-x"), "q=vita").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_changed_topic_is_found_by_its_new_words_alone() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("Fire drill", "2027-03-02T09:00:00", HOST)).await;
    index(&app).await;
    let before = traces(&app).await;
    let changed = app.patch(&admin(), &path(&booked), &json!({"topic": "Water drill"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    for indexed in [false, true] {
        if indexed {
            assert_eq!(index(&app).await, 1);
        }
        assert_eq!(topics(&app, &admin(), "q=fire").await, Vec::<String>::new(), "indexed: {indexed}");
        assert_eq!(topics(&app, &admin(), "q=water").await, ["Water drill"], "indexed: {indexed}");
        assert_eq!(topics(&app, &admin(), "q=drill").await, ["Water drill"], "indexed: {indexed}");
    }
    assert_eq!(traces(&app).await, before);
    // What has no words in it changes no index.
    app.patch(&admin(), &path(&booked), &json!({"passcode": "other"})).await;
    assert_eq!(index(&app).await, 0);
}

#[tokio::test]
async fn a_removed_draft_leaves_no_trace_and_a_cancelled_meeting_is_found_under_all() {
    let (app, _) = App::connected().await;
    for indexed in [false, true] {
        let mut draft = meeting("Sketch", "2027-03-02T10:00:00");
        draft["status"] = json!("draft");
        let draft = app.book(&admin(), &draft).await;
        assert_eq!(topics(&app, &admin(), "tab=drafts&q=sketch").await, ["Sketch"]);
        if indexed {
            index(&app).await;
        }
        assert_eq!(app.delete(&admin(), &path(&draft)).await.status, 204);
        assert_eq!(topics(&app, &admin(), "tab=all&q=sketch").await, Vec::<String>::new());
        assert_eq!(index(&app).await, 1);
        assert_eq!(traces(&app).await, 0, "indexed: {indexed}");
    }
    let gone = app.book(&admin(), &meeting_on("Gone", "2027-03-02T09:00:00", HOST)).await;
    app.delete(&admin(), &path(&gone)).await;
    index(&app).await;
    assert_eq!(topics(&app, &admin(), "tab=all&q=gone").await, ["Gone"]);
    assert_eq!(topics(&app, &admin(), "q=gone").await, Vec::<String>::new());
}

#[tokio::test]
async fn every_word_of_the_longest_agenda_is_indexed_and_goes_again() {
    let (app, _) = App::connected().await;
    let mut long = meeting_on("Long", "2027-03-02T09:00:00", HOST);
    let agenda: Vec<String> = (0..400).map(|n| format!("w{n:03}")).collect();
    long["agenda"] = json!(agenda.join(" "));
    let long = app.book(&admin(), &long).await;
    assert_eq!(index(&app).await, 1);
    for word in ["w000", "w123", "w399"] {
        assert_eq!(topics(&app, &admin(), &format!("q={word}")).await, ["Long"], "{word}");
    }
    app.patch(&admin(), &path(&long), &json!({"agenda": "short"})).await;
    assert_eq!(index(&app).await, 1);
    assert_eq!(topics(&app, &admin(), "q=w123").await, Vec::<String>::new());
    // `long`, `short`, the number, and the item that tells of them.
    assert_eq!(traces(&app).await, 4);
}

#[tokio::test]
async fn steps_side_by_side_and_changes_in_between_lose_no_word() {
    let (app, _) = App::connected().await;
    let booked = app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", HOST)).await;
    for n in 0..8 {
        let topic = format!("Topic{n} {}", if n % 2 == 0 { "even" } else { "odd" });
        let (who, deps, path) = (admin(), deps(&app), path(&booked));
        let body = json!({"topic": topic});
        let change = app.patch(&who, &path, &body);
        let (changed, ..) = futures::join!(change, reconciler::run(&deps), reconciler::run(&deps));
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(topics(&app, &admin(), &format!("q=topic{n}")).await, [topic]);
    }
    index(&app).await;
    assert_eq!(topics(&app, &admin(), "q=odd").await, ["Topic7 odd"]);
    assert_eq!(topics(&app, &admin(), "q=even").await, Vec::<String>::new());
    assert_eq!(index(&app).await, 0);
}

#[tokio::test]
async fn pages_of_a_search_hold_each_meeting_once_and_in_order() {
    let (app, _) = App::connected().await;
    for n in 0..12 {
        let start = format!("2027-03-{:02}T09:00:00", 13 - n);
        app.book(&admin(), &meeting_on(&format!("Lesson {n:02}"), &start, HOST)).await;
        if n == 6 {
            index(&app).await;
        }
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&admin(), &format!("/v1/meetings?q=lesson&limit=5{cursor}")).await;
        let items = page.body["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["topic"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        index(&app).await;
    }
    let expected: Vec<String> = (0..12).rev().map(|n| format!("Lesson {n:02}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_step_with_nothing_to_do_is_one_query_a_shard() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("Lesson", "2027-03-02T09:00:00", HOST)).await;
    index(&app).await;
    app.calls().await;
    assert_eq!(index(&app).await, 0);
    assert_eq!(app.calls().await, json!({"dynamodb": {"Query": 4}}));
}

#[tokio::test]
async fn a_meeting_that_cannot_be_read_keeps_no_other_from_being_indexed() {
    let (app, _) = App::connected().await;
    let mut ids = Vec::new();
    for day in 2..8 {
        let start = format!("2027-03-{day:02}T09:00:00");
        let booked = app.book(&admin(), &meeting_on(&format!("Day {day}"), &start, HOST)).await;
        ids.push(booked["id"].as_str().unwrap().to_owned());
    }
    let broken = keys::meeting(&"school".parse().unwrap(), &ids[0].parse().unwrap());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let client = aws_sdk_dynamodb::Client::new(app.stack.aws());
    let item = [("pk", text(&broken.pk)), ("sk", text(&broken.sk)), ("data", text("not a meeting"))];
    let item = item.map(|(name, value)| (name.to_owned(), value)).into();
    client.put_item().table_name("lectern").set_item(Some(item)).send().await.unwrap();
    assert!(reconciler::run(&deps(&app)).await.is_err());
    let marked = all_items(&app).await.into_iter().filter(|item| item.contains("S(\"N#school\")")).count();
    assert_eq!(marked, 1);
}
