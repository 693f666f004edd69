//! Deleting a connection.

use serde_json::{Value, json};

use super::{kept_secrets, switch_app};
use crate::support::{App, admin, all_items, meeting_on, sandbox_account};

const HOST: &str = "host1@sandbox.example";

fn path(connection: &Value) -> String {
    format!("/v1/connections/{}", connection["id"].as_str().unwrap())
}

async fn at_zoom(app: &App) -> Vec<Value> {
    app.zoom_meetings("sandbox-account", "sandbox-client", "sandbox-secret", HOST).await
}

#[tokio::test]
async fn a_connection_without_meetings_goes_with_all_that_was_kept() {
    let app = App::start().await;
    let empty = all_items(&app).await;
    let connection = app.connect(&admin(), &sandbox_account("Room 1")).await;
    let gone = app.delete(&admin(), &path(&connection)).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
    assert_eq!(all_items(&app).await, empty);
    assert_eq!(app.get(&admin(), &path(&connection)).await.status, 404);
    assert_eq!(app.delete(&admin(), &path(&connection)).await.status, 404);
    app.connect(&admin(), &sandbox_account("Room 1")).await;
}

#[tokio::test]
async fn meetings_to_come_are_in_the_way_and_past_ones_and_drafts_are_not() {
    let (app, connection) = App::connected().await;
    let meeting = app.book(&admin(), &meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST)).await;
    let mut draft = meeting_on("Later", "2027-05-02T10:00:00Z", HOST);
    draft["status"] = json!("draft");
    let draft = app.book(&admin(), &draft).await;
    let refused = app.delete(&admin(), &path(&connection)).await;
    assert_eq!((refused.status, refused.code()), (409, "connection_in_use"), "{}", refused.text);
    assert!(refused.body["detail"].as_str().unwrap().contains("force=true"), "{}", refused.text);
    assert_eq!(app.get(&admin(), &path(&connection)).await.body["active"], true);
    let no_force = app.delete(&admin(), &format!("{}?force=false", path(&connection))).await;
    assert_eq!(no_force.status, 409);
    let wrong = app.delete(&admin(), &format!("{}?force=yes", path(&connection))).await;
    assert_eq!(wrong.faults(), [("?force".to_owned(), "wrong_type".to_owned())], "{}", wrong.text);

    app.stack.clock().set("2027-03-02T11:00:01Z".parse().unwrap());
    assert_eq!(app.delete(&admin(), &path(&connection)).await.status, 204);
    let id = |meeting: &Value| format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    assert_eq!(app.get(&admin(), &id(&meeting)).await.body["status"], "ended");
    assert_eq!(app.get(&admin(), &id(&draft)).await.body["status"], "draft");
}

#[tokio::test]
async fn force_cancels_at_zoom_and_frees_the_time() {
    let (app, connection) = App::connected().await;
    let mut meetings = Vec::new();
    // More than are read at one time.
    for hour in 0..30 {
        let start = format!("2027-03-{:02}T{:02}:00:00Z", 2 + hour / 10, 8 + hour % 10);
        meetings.push(app.book(&admin(), &meeting_on("Yoga", &start, HOST)).await);
    }
    let mut series = meeting_on("Series", "2027-04-05T09:00:00Z", HOST);
    series["recurrence"] = json!({"frequency": "weekly", "interval": 1, "weekdays": ["MO"], "count": 4});
    meetings.push(app.book(&admin(), &series).await);
    assert!(!at_zoom(&app).await.is_empty());
    let gone = app.delete(&admin(), &format!("{}?force=true", path(&connection))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    // Many are cancelled in the background.
    app.tick().await;
    assert_eq!(at_zoom(&app).await, Vec::<Value>::new());
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
    assert_eq!(app.get(&admin(), &path(&connection)).await.status, 404);
    for meeting in &meetings {
        let read = app.get(&admin(), &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await;
        assert_eq!((read.status, &read.body["status"]), (200, &json!("cancelled")), "{}", read.text);
    }
    let again = app.connect(&admin(), &sandbox_account("Room 1 again")).await;
    for mut body in [meeting_on("Yoga", "2027-03-02T08:00:00Z", HOST), series] {
        body["host"]["connection_id"] = again["id"].clone();
        app.book(&admin(), &body).await;
    }
}

#[tokio::test]
async fn an_app_that_zoom_no_longer_accepts_can_go() {
    let (app, connection) = App::connected().await;
    let meeting = app.book(&admin(), &meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST)).await;
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let gone = app.delete(&admin(), &format!("{}?force=true", path(&connection))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let read = app.get(&admin(), &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await;
    assert_eq!(read.body["status"], "cancelled");
    assert_eq!(kept_secrets(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn another_connection_to_the_same_account_is_left_alone() {
    let (app, tenants) = App::connected().await;
    let mut own = sandbox_account("Mine");
    own["owner"] = json!("user");
    let own = app.connect(&crate::support::instructor("u-1"), &own).await;
    let mut body = meeting_on("Yoga", "2027-03-02T10:00:00Z", HOST);
    body["host"]["connection_id"] = tenants["id"].clone();
    app.book(&admin(), &body).await;
    assert_eq!(app.delete(&admin(), &path(&own)).await.status, 204);
    assert_eq!(at_zoom(&app).await.len(), 1);
    assert_eq!(kept_secrets(&app).await.len(), 1);
    let checked = app.post(&admin(), &format!("{}/verify", path(&tenants)), &json!({})).await;
    assert_eq!(checked.body["verification"]["status"], "verified", "{}", checked.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_goes_beside_bookings_leaves_no_meeting_behind() {
    for force in [false, true] {
        for _ in 0..6 {
            let (app, connection) = App::connected().await;
            let gone = format!("{}?force={force}", path(&connection));
            let (who, bodies): (_, Vec<Value>) = (
                admin(),
                (2..8).map(|day| meeting_on("Beside", &format!("2027-03-{day:02}T09:00:00"), HOST)).collect(),
            );
            let booked =
                futures::future::join_all(bodies.iter().map(|body| app.post(&who, "/v1/meetings", body)));
            let (booked, deleted) = futures::future::join(booked, app.delete(&who, &gone)).await;
            assert!(app.stack.clock().advance(61));
            app.tick().await;
            assert!(app.stack.clock().advance(61));
            app.tick().await;
            let left = at_zoom(&app).await.len();
            let made = booked.iter().filter(|answer| answer.status == 201).count();
            match deleted.status {
                204 => assert_eq!(left, 0, "force={force}: {made} were booked"),
                409 if !force => assert_eq!(left, made),
                _ => panic!("{}", deleted.text),
            }
            let there = app.get(&who, &path(&connection)).await.status;
            assert_eq!(there, if deleted.status == 204 { 404 } else { 200 });
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_deletion_is_cut_short_the_schedule_finishes_it() {
    for calls in 0.. {
        let (app, connection) = App::connected().await;
        app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
        let interruption = app.stack.interruption();
        interruption.after(calls);
        let delete = app.request(&admin(), "DELETE", &format!("{}?force=true", path(&connection)));
        let done = tokio::select! {
            answer = app.send(delete) => { assert_eq!(answer.status, 204, "{}", answer.text); true }
            () = interruption.reached() => false,
        };
        interruption.lift();
        if done {
            break;
        }
        let begun = app.get(&admin(), &path(&connection)).await.status == 404;
        for _ in 0..3 {
            assert!(app.stack.clock().advance(301));
            app.tick().await;
        }
        let (kept, left) = (kept_secrets(&app).await.len(), at_zoom(&app).await.len());
        let there = app.get(&admin(), &path(&connection)).await;
        if begun {
            assert_eq!((there.status, kept, left), (404, 0, 0), "after {calls} calls");
        } else {
            assert_eq!((there.status, kept, left), (200, 1, 1), "after {calls} calls: {}", there.text);
            assert_eq!(there.body["status"], "verified", "after {calls} calls: {}", there.text);
        }
    }
}
