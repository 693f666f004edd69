//! Meetings made in Zoom itself.

use serde_json::{Value, json};

use super::world::{HOST, OTHER_HOST, World, busy};
use crate::support::{admin, caller, instructor, meeting, meeting_on, sandbox_account};

#[tokio::test]
async fn what_is_made_in_zoom_takes_its_hosts_time() {
    let world = World::start().await;
    world.make("Staff only", "2027-03-10T09:00:00Z").await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    let shown = |topic: Option<&str>| {
        let mut busy = json!({"starts_at": "2027-03-10T09:00:00Z", "ends_at": "2027-03-10T10:00:00Z",
                              "source": "zoom", "meeting_id": null});
        if let Some(topic) = topic {
            busy["topic"] = json!(topic);
        }
        vec![busy]
    };
    assert_eq!(world.busy_as(&admin(), HOST).await, shown(Some("Staff only")));
    assert_eq!(world.busy_as(&instructor("u-t"), HOST).await, shown(None));

    let wanted = meeting_on("Lesson", "2027-03-10T09:30:00", HOST);
    for (caller, topic) in [(admin(), json!("Staff only")), (instructor("u-t"), Value::Null)] {
        let refused = world.app.post(&caller, "/v1/meetings", &wanted).await;
        assert_eq!((refused.status, refused.code()), (409, "schedule_conflict"), "{}", refused.text);
        let clash = &refused.body["clashes"][0];
        assert_eq!((&clash["source"], &clash["meeting_id"]), (&json!("zoom"), &Value::Null));
        assert_eq!(clash["topic"], topic);
        let check = json!({"start": "2027-03-10T09:30:00Z", "duration_minutes": 60, "host": {"email": HOST}});
        let checked = world.app.post(&caller, "/v1/conflicts/check", &check).await.body;
        assert_eq!(checked["free"], false);
        assert_eq!(checked["hosts"][0]["clashes"][0]["topic"], topic);
    }
    let elsewhere = world.app.book(&admin(), &meeting("Lesson", "2027-03-10T09:30:00")).await;
    assert_eq!(elsewhere["host"]["email"], OTHER_HOST);
    world.app.book(&admin(), &meeting_on("After", "2027-03-10T10:00:00", HOST)).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn what_is_moved_or_deleted_in_zoom_takes_other_time_or_none() {
    let world = World::start().await;
    let number = world.make("Staff only", "2027-03-10T09:00:00Z").await;
    world.cycle().await;
    let path = format!("/meetings/{number}");
    world.zoom("PATCH", &path, &json!({"start_time": "2027-03-20T11:00:00Z", "duration": 30})).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-20T11:00:00Z")]);
    world.app.book(&admin(), &meeting_on("Lesson", "2027-03-10T09:00:00", HOST)).await;
    world.zoom("DELETE", &path, &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 1]);
    assert_eq!(world.busy(HOST).await, [busy("lectern", "2027-03-10T09:00:00Z")]);
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn of_a_series_every_date_counts() {
    let world = World::start().await;
    let body = json!({"topic": "Weekly", "type": 8, "start_time": "2027-03-03T09:00:00Z", "duration": 60,
                      "timezone": "UTC", "recurrence": {"type": 1, "repeat_interval": 7, "end_times": 4}});
    let number = world.make_as(&body).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    let dates = |days: &[&str]| -> Vec<_> {
        days.iter().map(|day| busy("zoom", &format!("2027-03-{day}:00:00Z"))).collect()
    };
    assert_eq!(world.busy(HOST).await, dates(&["03T09", "10T09", "17T09", "24T09"]));
    let series = world.app.zoom_get(&format!("/meetings/{number}")).await;
    let date = |n: usize| {
        let id = series["occurrences"][n]["occurrence_id"].as_str().unwrap();
        format!("/meetings/{number}?occurrence_id={id}")
    };
    world.zoom("DELETE", &date(1), &Value::Null).await;
    world.zoom("PATCH", &date(2), &json!({"start_time": "2027-03-18T15:00:00Z"})).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.busy(HOST).await, dates(&["03T09", "18T15", "24T09"]));
    // What has taken place stays.
    world.app.stack.clock().set("2027-03-19T08:00:00Z".parse().unwrap());
    world.zoom("DELETE", &format!("/meetings/{number}"), &Value::Null).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 1]);
    assert_eq!(world.busy(HOST).await, dates(&["03T09", "18T15"]));
}

#[tokio::test]
async fn what_has_no_time_takes_none() {
    let world = World::start().await;
    world.make_as(&json!({"topic": "Open door", "type": 3})).await;
    world.make_as(&json!({"topic": "In three years", "type": 2, "start_time": "2030-03-10T09:00:00Z", "duration": 60}))
        .await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, []);
}

#[tokio::test]
async fn webinars_take_time_too() {
    let world = World::start().await;
    let body = json!({"topic": "Open day", "type": 5, "start_time": "2027-03-10T09:00:00Z", "duration": 60});
    world.zoom("POST", &format!("/users/{HOST}/webinars"), &body).await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-10T09:00:00Z")]);
}

#[tokio::test]
async fn it_counts_as_one_of_the_meetings_that_a_host_may_run_at_once() {
    let world = World::start().await;
    let hosts = world.app.get(&admin(), &format!("/v1/connections/{}/hosts", world.connection)).await.body;
    let host = hosts["items"].as_array().unwrap().iter().find(|host| host["email"] == HOST).unwrap();
    let host = format!("/v1/connections/{}/hosts/{}", world.connection, host["id"].as_str().unwrap());
    let two = world.app.patch(&admin(), &host, &json!({"concurrent_meetings": 2})).await;
    assert_eq!(two.status, 200, "{}", two.text);
    world.make("Staff only", "2027-03-10T09:00:00Z").await;
    world.cycle().await;
    let wanted = meeting_on("Lesson", "2027-03-10T09:30:00", HOST);
    let booked = world.app.book(&admin(), &wanted).await;
    assert_eq!(world.app.post(&admin(), "/v1/meetings", &wanted).await.status, 409);
    world.cycle().await;
    assert_eq!(world.meeting(&booked).await["warnings"], json!([]));
}

#[tokio::test]
async fn two_connections_to_an_account_know_it_once() {
    let world = World::start().await;
    let teacher = instructor("u-t");
    let mut body = sandbox_account("Mine");
    body["owner"] = json!("user");
    world.app.connect(&teacher, &body).await;
    world.make("Staff only", "2027-03-10T09:00:00Z").await;
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-10T09:00:00Z")]);
    let refused =
        world.app.post(&teacher, "/v1/meetings", &meeting_on("L", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
}

#[tokio::test]
async fn what_another_tenant_has_booked_was_not_made_in_zoom() {
    let world = World::start().await;
    let other = caller("academy", "u-a", local::token::Role::Admin);
    world.app.connect(&other, &sandbox_account("Theirs")).await;
    let theirs = world.app.book(&other, &meeting_on("Secret", "2027-03-10T09:00:00", HOST)).await;
    assert_eq!(world.repairs().await, [0, 0, 0, 0]);
    let busy = world.busy_as(&admin(), HOST).await;
    assert_eq!((busy.len(), &busy[0]["source"], &busy[0]["topic"]), (1, &json!("lectern"), &Value::Null));
    // Moved in Zoom, it is followed by those whose it is.
    let path = super::world::at_zoom(&theirs);
    world.zoom("PATCH", &path, &json!({"start_time": "2027-03-11T09:00:00Z"})).await;
    assert_eq!(world.repairs().await, [1, 0, 0, 0]);
    assert_eq!(world.busy(HOST).await, [super::world::busy("lectern", "2027-03-11T09:00:00Z")]);
}

#[tokio::test]
async fn every_page_of_a_list_is_read() {
    let world = World::start().await;
    for n in 0..301 {
        let start = format!("2027-{:02}-{:02}T{:02}:00:00Z", 5 + n / 240, 1 + n / 12 % 20, n % 12);
        world.make(&format!("No {n}"), &start).await;
    }
    let mut taken = world.cycle().await["zoom_times_taken"].as_u64().unwrap();
    // So many are read a share at a time.
    assert!((1..301).contains(&taken), "{taken}");
    for _ in 0..8 {
        assert!(world.app.stack.clock().advance(61));
        taken += world.app.tick().await["reconciler"]["zoom_times_taken"].as_u64().unwrap();
    }
    assert_eq!(taken, 301);
}
