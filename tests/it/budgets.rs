//! How many calls each thing may cost, and that none of them grows with what is stored.

use serde_json::{Value, json};

use crate::support::{App, account_of, admin, learner, meeting, meeting_on};

const HOST: &str = "host1@sandbox.example";

/// All calls to a service.
pub(crate) fn total(calls: &Value, service: &str) -> u64 {
    calls[service].as_object().map_or(0, |calls| calls.values().filter_map(Value::as_u64).sum())
}

async fn pool_of_20() -> App {
    let app = App::start().await;
    let users: Vec<String> = (0..20).map(|n| format!("room{n}@pool.example")).collect();
    app.zoom_account("pool", &users).await;
    app.connect(&admin(), &account_of("Pool", "pool")).await;
    app
}

#[tokio::test]
async fn a_create_on_a_named_host_is_one_call_to_zoom_and_four_to_dynamodb() {
    let (app, connection) = App::connected().await;
    app.book(&admin(), &meeting_on("Warm", "2027-03-02T08:00:00", HOST)).await;
    let named = json!({"connection_id": connection["id"], "host_id": connection["default_host"]["id"]});
    let by_email = json!({"connection_id": connection["id"], "email": HOST});
    for (n, host) in [named, by_email].into_iter().enumerate() {
        let mut warm = meeting("Warm", &format!("2027-03-03T0{n}:00:00"));
        warm["host"] = host.clone();
        app.post_with_key(&admin(), "/v1/meetings", &format!("warm-{n}"), &warm).await;
        app.calls().await;
        let mut body = meeting("Lesson", &format!("2027-03-02T1{n}:00:00"));
        body["host"] = host;
        body["courses"] = json!([{"course_id": "c-1"}]);
        body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
        let made = app.post_with_key(&admin(), "/v1/meetings", &format!("key-{n}"), &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let calls = app.calls().await;
        assert_eq!(calls["zoom"], json!({"POST /users/{userId}/meetings": 1}));
        assert!(total(&calls, "dynamodb") <= 4, "{calls}");
        assert_eq!(total(&calls, "secretsmanager"), 0, "{calls}");
    }
}

#[tokio::test]
async fn a_create_on_auto_with_20_hosts_is_one_call_to_zoom_and_five_to_dynamodb() {
    let app = pool_of_20().await;
    app.book(&admin(), &meeting("Warm", "2027-03-02T08:00:00")).await;
    for n in 0..12 {
        app.calls().await;
        let body = meeting("Lesson", "2027-03-02T09:00:00");
        let made = app.post_with_key(&admin(), "/v1/meetings", &format!("key-{n}"), &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let calls = app.calls().await;
        assert_eq!(calls["zoom"], json!({"POST /users/{userId}/meetings": 1}));
        assert!(total(&calls, "dynamodb") <= 5, "{calls}");
    }
}

#[tokio::test]
async fn a_check_of_one_date_is_two_calls_and_three_for_auto() {
    let app = pool_of_20().await;
    for hour in 9..12 {
        for _ in 0..20 {
            app.book(&admin(), &meeting("Lesson", &format!("2027-03-02T{hour:02}:00:00"))).await;
        }
    }
    for start in ["2027-03-02T09:30:00", "2027-03-09T09:30:00"] {
        for (host, most) in [(json!({"email": "room1@pool.example"}), 2), (json!("auto"), 3)] {
            let check = json!({"start": start, "time_zone": "UTC", "duration_minutes": 60, "host": host});
            assert_eq!(app.post(&admin(), "/v1/conflicts/check", &check).await.status, 200);
            app.calls().await;
            app.post(&admin(), "/v1/conflicts/check", &check).await;
            let calls = app.calls().await;
            assert!(total(&calls, "dynamodb") <= most, "{start} {host}: {calls}");
            assert_eq!(total(&calls, "zoom"), 0);
        }
    }
}

#[tokio::test]
async fn a_page_of_a_tab_with_up_to_one_filter_is_one_query_and_any_other_at_most_five() {
    let (app, connection) = App::connected().await;
    for day in 2..12 {
        let mut body = meeting_on("Lesson", &format!("2027-03-{day:02}T09:00:00"), HOST);
        body["courses"] = json!([{"course_id": "c-1", "lesson_id": "l-1"}]);
        app.book(&admin(), &body).await;
    }
    assert!(app.stack.clock().advance(86_400 * 5));
    app.tick().await;
    app.get(&admin(), "/v1/meetings?limit=1").await;
    let host = connection["default_host"]["id"].as_str().unwrap();
    let con = connection["id"].as_str().unwrap();
    for tab in ["upcoming", "expired", "drafts", "all"] {
        for filter in [
            String::new(),
            "&course_id=c-1".into(),
            format!("&host_id={host}"),
            format!("&connection_id={con}"),
        ] {
            app.calls().await;
            let page = app.get(&admin(), &format!("/v1/meetings?tab={tab}{filter}&limit=2")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            let found = page.body["items"].as_array().unwrap();
            let expected = if found.is_empty() {
                json!({"dynamodb": {"Query": 1}})
            } else {
                json!({"dynamodb": {"Query": 1, "BatchGetItem": 1}})
            };
            assert_eq!(app.calls().await, expected, "{tab} {filter}");
        }
        for filter in
            ["&q=lesson&course_id=c-1", "&lesson_id=l-1", "&q=nothing", "&from=2027-03-08T00:00:00Z"]
        {
            app.calls().await;
            let page = app.get(&admin(), &format!("/v1/meetings?tab={tab}{filter}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            let calls = app.calls().await;
            assert!(total(&calls, "dynamodb") <= 5, "{tab} {filter}: {calls}");
        }
    }
}

#[tokio::test]
async fn a_learners_join_is_two_reads_and_none_at_zoom() {
    let (app, _) = App::connected().await;
    let mut body = meeting_on("Lesson", "2027-03-02T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-l", "email": "l@x.example"}]);
    let booked = app.book(&admin(), &body).await;
    app.calls().await;
    let join =
        app.get(&learner("u-l"), &format!("/v1/meetings/{}/join", booked["id"].as_str().unwrap())).await;
    assert_eq!(join.status, 200, "{}", join.text);
    assert_eq!(app.calls().await, json!({"dynamodb": {"GetItem": 2}}));
}

#[tokio::test]
async fn a_run_with_nothing_due_is_at_most_one_query_a_shard() {
    let (app, _) = App::connected().await;
    app.book(&admin(), &meeting_on("Lesson", "2027-03-20T09:00:00", HOST)).await;
    // The first run indexes the words of the meeting.
    app.tick().await;
    app.calls().await;
    app.tick().await;
    // Four shards of the reminders, four of what was left behind.
    assert_eq!(app.calls().await, json!({"dynamodb": {"Query": 8}}));
}

#[tokio::test]
async fn a_token_is_fetched_once_for_many_calls() {
    let (app, _) = App::connected().await;
    app.calls().await;
    let who = admin();
    let bodies: Vec<Value> =
        (0..10).map(|n| meeting_on("Lesson", &format!("2027-03-{:02}T09:00:00", n + 2), HOST)).collect();
    futures::future::join_all(bodies.iter().map(|body| app.book(&who, body))).await;
    assert_eq!(app.calls().await["zoom"]["POST /oauth/token"], 1);
}
