use serde_json::{Value, json};

use super::support::{FREE, HOST, World, path};

fn webinar_path(webinar: &Value) -> String {
    format!("/webinars/{}", webinar["id"])
}

#[tokio::test]
async fn a_webinar_lives_like_a_meeting() {
    let world = World::new();
    let token = world.token().await;
    let body = json!({"topic": "W", "type": 5, "start_time": "2027-01-04T10:00:00Z", "duration": 90});
    let webinar = world.api(&token, "POST", &format!("/users/{HOST}/webinars"), &body).await.expect(201);
    assert_eq!((&webinar["type"], &webinar["duration"]), (&json!(5), &json!(90)));
    assert!(webinar.get("encrypted_passcode").is_some() && webinar.get("status").is_none());
    let change = json!({"topic": "W2", "settings": {"panelists_video": true}});
    world.api(&token, "PATCH", &webinar_path(&webinar), &change).await.expect(204);
    let read = world.api(&token, "GET", &webinar_path(&webinar), &Value::Null).await.expect(200);
    assert_eq!((&read["topic"], &read["settings"]["panelists_video"]), (&json!("W2"), &json!(true)));
    let list = world
        .api(&token, "GET", &format!("/users/{HOST}/webinars?type=upcoming"), &Value::Null)
        .await
        .expect(200);
    assert_eq!(list["webinars"][0]["id"], webinar["id"]);
    let meetings =
        world.api(&token, "GET", &format!("/users/{HOST}/meetings"), &Value::Null).await.expect(200);
    assert_eq!(meetings["total_records"], 0);
    let status = format!("{}/status", webinar_path(&webinar));
    let end = json!({"action": "end"});
    world.api(&token, "PUT", &status, &end).await.expect(400);
    world.admin("POST", &format!("{}/start", path(&webinar)), &Value::Null).await.expect(200);
    world.api(&token, "PUT", &status, &end).await.expect(200);
    world.api(&token, "DELETE", &webinar_path(&webinar), &Value::Null).await.expect(204);
    let message = world.api(&token, "GET", &webinar_path(&webinar), &Value::Null).await.refused(404, 3001);
    assert_eq!(message, format!("Webinar does not exist: {}.", webinar["id"]));
}

#[tokio::test]
async fn upcoming_webinars_are_listed_however_far() {
    let world = World::new();
    let token = world.token().await;
    let path = format!("/users/{HOST}/webinars");
    let body = json!({"topic": "far", "start_time": "2027-11-01T10:00:00Z"});
    world.api(&token, "POST", &path, &body).await.expect(201);
    let list = world.api(&token, "GET", &format!("{path}?type=upcoming"), &Value::Null).await.expect(200);
    assert_eq!(list["webinars"][0]["topic"], "far");
    assert_eq!(
        world.api(&token, "GET", &format!("{path}?type=live"), &Value::Null).await.bad_fields(),
        ["type"]
    );
}

#[tokio::test]
async fn a_user_without_a_plan_is_refused() {
    let world = World::new();
    let token = world.token().await;
    let path = format!("/users/{FREE}/webinars");
    let message = world.api(&token, "POST", &path, &json!({"topic": "W"})).await.refused(400, 200);
    assert!(message.starts_with("Webinar plan is missing. "));
    world.api(&token, "GET", &path, &Value::Null).await.refused(400, 200);
}

#[tokio::test]
async fn webinars_and_meetings_are_not_mixed_up() {
    let world = World::new();
    let token = world.token().await;
    let webinar = world.api(&token, "POST", &format!("/users/{HOST}/webinars"), &json!({})).await.expect(201);
    let message = world.api(&token, "GET", &path(&webinar), &Value::Null).await.refused(400, 3000);
    assert_eq!(message, "Cannot access webinar info.");
    let meeting = world.create(&token, &json!({})).await;
    world.api(&token, "GET", &webinar_path(&meeting), &Value::Null).await.refused(404, 3001);
    world.api(&token, "GET", "/webinars/abc", &Value::Null).await.refused(400, 300);
}

#[tokio::test]
async fn webinars_have_shorter_intervals() {
    let world = World::new();
    let token = world.token().await;
    let body = |interval: u32| {
        let recurrence = json!({"type": 3, "monthly_day": 1, "repeat_interval": interval, "end_times": 2});
        json!({"type": 9, "start_time": "2027-01-04T10:00:00Z", "recurrence": recurrence})
    };
    let path = format!("/users/{HOST}/webinars");
    world.api(&token, "POST", &path, &body(3)).await.expect(201);
    let fields = world.api(&token, "POST", &path, &body(4)).await.bad_fields();
    assert_eq!(fields, ["recurrence.repeat_interval"]);
}
