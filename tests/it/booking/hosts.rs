//! Which host a booking finds, and what it says when there is none.

use serde_json::json;

use crate::support::{App, account_of, admin, instructor, meeting, meeting_on};

#[tokio::test]
async fn a_conflict_names_the_clash_the_free_hosts_and_the_next_free_time() {
    let (app, _) = App::connected().await;
    let host = "host1@sandbox.example";
    let there = app.book(&admin(), &meeting_on("There", "2027-03-02T09:00:00", host)).await;
    app.book(&admin(), &meeting_on("Then", "2027-03-02T10:00:00", host)).await;
    let refused = app.post(&admin(), "/v1/meetings", &meeting_on("Late", "2027-03-02T09:30:00", host)).await;
    assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"));
    assert_eq!(refused.body["clash_count"], 2);
    let clash = &refused.body["clashes"][0];
    assert_eq!(clash["meeting_id"], there["id"]);
    assert_eq!(clash["topic"], "There");
    assert_eq!(clash["occurrence_start"], "2027-03-02T09:30:00Z");
    assert_eq!((&clash["starts_at"], &clash["source"]), (&there["starts_at"], &json!("lectern")));
    let mut free: Vec<&str> =
        refused.body["free_hosts"].as_array().unwrap().iter().map(|h| h["email"].as_str().unwrap()).collect();
    free.sort_unstable();
    assert_eq!(free, ["free@sandbox.example", "host2@sandbox.example"]);
    assert_eq!(refused.body["next_free"]["starts_at"], "2027-03-02T11:00:00Z");
    assert_eq!(refused.body["next_free"]["host_id"], there["host"]["host_id"]);
}

#[tokio::test]
async fn a_meeting_may_start_the_minute_another_ends() {
    let (app, _) = App::connected().await;
    let host = "host1@sandbox.example";
    app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", host)).await;
    app.book(&admin(), &meeting_on("After", "2027-03-02T10:00:00", host)).await;
    app.book(&admin(), &meeting_on("Before", "2027-03-02T08:00:00", host)).await;
}

#[tokio::test]
async fn auto_prefers_licensed_hosts_for_long_meetings_and_warns_where_none_is_left() {
    let (app, _) = App::connected().await;
    let hour = meeting("Long", "2027-03-02T09:00:00");
    for _ in 0..2 {
        let booked = app.book(&admin(), &hour).await;
        assert_ne!(booked["host"]["email"], "free@sandbox.example");
        assert_eq!(booked["warnings"], json!([]));
    }
    let last = app.book(&admin(), &hour).await;
    assert_eq!(last["host"]["email"], "free@sandbox.example");
    assert_eq!(last["warnings"], json!(["basic_host_40_minutes"]));
    let none = app.post(&admin(), "/v1/meetings", &hour).await;
    assert_eq!((none.status, none.code()), (409, "no_room_available"));
    assert_eq!(none.body["clash_count"], 3);
    assert_eq!(none.body["free_hosts"], json!([]));
    assert_eq!(none.body["next_free"]["starts_at"], "2027-03-02T10:00:00Z");
}

#[tokio::test]
async fn the_pool_shares_the_load() {
    let app = App::start().await;
    let users: Vec<String> = (0..4).map(|n| format!("room{n}@pool.example")).collect();
    app.zoom_account("pool", &users).await;
    app.connect(&admin(), &account_of("Pool", "pool")).await;
    let mut count = std::collections::BTreeMap::<String, u32>::new();
    for day in 2..14 {
        let booked = app.book(&admin(), &meeting("Lesson", &format!("2027-03-{day:02}T09:00:00"))).await;
        *count.entry(booked["host"]["email"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(count.into_values().collect::<Vec<_>>(), [3, 3, 3, 3]);
}

#[tokio::test]
async fn webinars_go_to_hosts_who_have_them() {
    let (app, _) = App::connected().await;
    let mut webinar = meeting("Open day", "2027-03-02T09:00:00");
    webinar["kind"] = json!("webinar");
    let booked = app.book(&admin(), &webinar).await;
    assert_eq!((&booked["kind"], &booked["status"]), (&json!("webinar"), &json!("scheduled")));
    let path = format!("/v1/meetings/{}", booked["id"].as_str().unwrap());
    assert_eq!(app.patch(&admin(), &path, &json!({"topic": "Open house"})).await.status, 200);
    assert_eq!(app.delete(&admin(), &path).await.status, 204);
}

#[tokio::test]
async fn the_daily_quota_is_counted_refused_early_and_reset_at_midnight_utc() {
    let app = App::with(local::Options { daily_writes: 3, ..local::Options::memory() }).await;
    app.connect(&admin(), &crate::support::sandbox_account("Room")).await;
    let host = "host1@sandbox.example";
    for hour in 9..12 {
        app.book(&admin(), &meeting_on("Lesson", &format!("2027-03-02T{hour:02}:00:00"), host)).await;
    }
    app.calls().await;
    let next = meeting_on("Lesson", "2027-03-02T15:00:00", host);
    let refused = app.post(&admin(), "/v1/meetings", &next).await;
    assert_eq!((refused.status, refused.code()), (429, "daily_quota_exhausted"), "{}", refused.text);
    // 08:00 on the clock: 16 hours are left of the day.
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((57_590..=57_600).contains(&wait), "{wait}");
    assert_eq!(app.calls().await.get("zoom"), None);
    // `auto` goes on with those who have something left.
    let other = app.book(&admin(), &meeting("Lesson", "2027-03-02T15:00:00")).await;
    assert_ne!(other["host"]["email"], host);
    assert!(app.stack.clock().advance(16 * 3600));
    app.book(&admin(), &next).await;
}

#[tokio::test]
async fn settings_come_from_the_connection_and_go_to_zoom_in_its_names() {
    let app = App::start().await;
    let mut body = crate::support::sandbox_account("Room");
    body["defaults"] =
        json!({"waiting_room": true, "join_before_host": false, "recording": "cloud", "host_video": true});
    app.connect(&admin(), &body).await;
    let mut with = meeting_on("Lesson", "2027-03-02T09:00:00", "host1@sandbox.example");
    with["settings"] = json!({"mute_upon_entry": false, "recording": "local"});
    let booked = app.book(&admin(), &with).await;
    assert_eq!(
        booked["settings"],
        json!({"join_before_host": false, "host_video": true, "participant_video": false,
               "mute_upon_entry": false, "enforce_login": false, "waiting_room": true, "recording": "local"})
    );
    assert_eq!(booked["warnings"], json!(["browser_join_cannot_record_locally"]));
    let zoom = app.zoom_meeting(booked["zoom_meeting_id"].as_str().unwrap()).await;
    assert_eq!(zoom["settings"]["waiting_room"], true);
    assert_eq!(zoom["settings"]["auto_recording"], "local");
    assert_eq!(zoom["settings"]["mute_upon_entry"], false);
    assert_eq!(zoom["settings"]["host_video"], true);
}

#[tokio::test]
async fn a_check_books_nothing_and_says_what_a_booking_would_find() {
    let (app, _) = App::connected().await;
    let host = "host1@sandbox.example";
    let there = app.book(&admin(), &meeting_on("There", "2027-03-02T09:00:00", host)).await;
    app.calls().await;
    let mut check = json!({"start": "2027-03-02T09:30:00", "time_zone": "UTC", "duration_minutes": 60,
                           "host": {"email": host}});
    let taken = app.post(&admin(), "/v1/conflicts/check", &check).await;
    assert_eq!((taken.status, &taken.body["free"]), (200, &json!(false)), "{}", taken.text);
    assert_eq!(taken.body["hosts"][0]["clashes"][0]["meeting_id"], there["id"]);
    assert_eq!(taken.body["next_free"]["starts_at"], "2027-03-02T10:00:00Z");
    check["ignore_meeting_id"] = there["id"].clone();
    assert_eq!(app.post(&admin(), "/v1/conflicts/check", &check).await.body["free"], true);
    check["host"] = json!("auto");
    let any = app.post(&admin(), "/v1/conflicts/check", &check).await;
    assert_eq!((&any.body["free"], any.body["hosts"].as_array().unwrap().len()), (&json!(true), 3));
    assert_eq!(app.calls().await.get("zoom"), None);
    assert_eq!(app.get(&admin(), "/v1/meetings?tab=all").await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_host_named_without_a_connection_is_found_through_whichever_reaches_it_now() {
    let (app, first) = App::connected().await;
    let host = "host1@sandbox.example";
    app.book(&admin(), &meeting_on("First", "2027-03-02T09:00:00", host)).await;
    let gone = format!("/v1/connections/{}?force=true", first["id"].as_str().unwrap());
    assert_eq!(app.delete(&admin(), &gone).await.status, 204);
    let second = app.connect(&admin(), &crate::support::sandbox_account("Again")).await;
    let booked = app.book(&admin(), &meeting_on("Second", "2027-03-02T09:00:00", host)).await;
    assert_eq!(booked["host"]["connection_id"], second["id"]);
}

#[tokio::test]
async fn a_host_whom_the_tenant_reaches_too_counts_as_the_instructors_own() {
    let (app, tenants) = App::connected().await;
    let mut body = crate::support::sandbox_account("Mine");
    body["owner"] = json!("user");
    let own = app.connect(&instructor("u-t"), &body).await;
    let lesson = meeting("Lesson", "2027-03-02T09:00:00");
    let booked = app.book(&instructor("u-t"), &lesson).await;
    assert_eq!(booked["host"]["connection_id"], own["id"]);
    let booked = app.book(&instructor("u-x"), &lesson).await;
    assert_eq!(booked["host"]["connection_id"], tenants["id"]);
}
