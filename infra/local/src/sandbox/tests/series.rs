use serde_json::{Value, json};

use super::support::{HOST, World, path};

fn weekly() -> Value {
    json!({
        "topic": "S", "type": 8, "start_time": "2027-10-19T09:00:00", "timezone": "Europe/Berlin",
        "duration": 60, "agenda": "all",
        "recurrence": {"type": 2, "repeat_interval": 1, "weekly_days": "3", "end_times": 3},
    })
}

fn starts(meeting: &Value) -> Vec<&str> {
    let occurrences = meeting["occurrences"].as_array().unwrap();
    occurrences.iter().map(|occurrence| occurrence["start_time"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_series_keeps_its_wall_time_over_the_end_of_summer_time() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    assert_eq!(starts(&series), ["2027-10-19T07:00:00Z", "2027-10-26T07:00:00Z", "2027-11-02T08:00:00Z"]);
    let first = &series["occurrences"][0];
    assert_eq!(first["occurrence_id"], "1823929200000");
    assert_eq!((&first["duration"], &first["status"]), (&json!(60), &json!("available")));
    assert_eq!(series["recurrence"]["weekly_days"], "3");
    assert_eq!(series["start_time"], "2027-10-19T07:00:00Z");
}

#[tokio::test]
async fn one_date_changes_alone() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    let id = series["occurrences"][1]["occurrence_id"].as_str().unwrap();
    let one = format!("{}?occurrence_id={id}", path(&series));
    let change = json!({
        "start_time": "2027-10-27T10:00:00Z", "duration": 30, "agenda": "one", "topic": "ignored",
        "settings": {"waiting_room": true, "approval_type": 1},
    });
    world.api(&token, "PATCH", &one, &change).await.expect(204);
    let whole = world.api(&token, "GET", &path(&series), &Value::Null).await.expect(200);
    assert_eq!(starts(&whole), ["2027-10-19T07:00:00Z", "2027-10-27T10:00:00Z", "2027-11-02T08:00:00Z"]);
    assert_eq!((&whole["topic"], &whole["agenda"]), (&json!("S"), &json!("all")));
    assert_eq!(whole["settings"]["waiting_room"], false);
    let read = world.api(&token, "GET", &one, &Value::Null).await.expect(200);
    assert_eq!((&read["start_time"], &read["duration"]), (&json!("2027-10-27T10:00:00Z"), &json!(30)));
    assert_eq!((&read["agenda"], &read["topic"]), (&json!("one"), &json!("S")));
    assert_eq!(read["settings"]["waiting_room"], true);
    assert_eq!(read["settings"]["approval_type"], 2);

    world.api(&token, "DELETE", &one, &Value::Null).await.expect(204);
    let whole = world.api(&token, "GET", &path(&series), &Value::Null).await.expect(200);
    assert_eq!(whole["occurrences"][1]["status"], "deleted");
    let message = world.api(&token, "DELETE", &one, &Value::Null).await.refused(400, 300);
    assert_eq!(message, "Invalid parameter: occurrence_id.");
}

#[tokio::test]
async fn an_edit_that_moves_nothing_keeps_the_dates() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    let id = series["occurrences"][1]["occurrence_id"].as_str().unwrap();
    let one = format!("{}?occurrence_id={id}", path(&series));
    world.api(&token, "DELETE", &one, &Value::Null).await.expect(204);
    let mut same = weekly();
    same["topic"] = json!("renamed");
    world.api(&token, "PATCH", &path(&series), &same).await.expect(204);
    let whole = world.api(&token, "GET", &path(&series), &Value::Null).await.expect(200);
    assert_eq!(whole["occurrences"][1]["status"], "deleted");
    assert_eq!(whole["topic"], "renamed");
}

#[tokio::test]
async fn a_moved_series_has_new_dates() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    let change = json!({
        "start_time": "2027-10-18T09:00:00", "timezone": "Europe/Berlin",
        "recurrence": {"type": 1, "repeat_interval": 2, "end_date_time": "2027-10-22T07:00:00Z"},
    });
    world.api(&token, "PATCH", &path(&series), &change).await.expect(204);
    let whole = world.api(&token, "GET", &path(&series), &Value::Null).await.expect(200);
    assert_eq!(starts(&whole), ["2027-10-18T07:00:00Z", "2027-10-20T07:00:00Z", "2027-10-22T07:00:00Z"]);
    assert_eq!(whole["recurrence"]["end_date_time"], "2027-10-22T07:00:00Z");
}

#[tokio::test]
async fn past_dates_are_shown_on_demand() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    world.set_clock("2027-10-26T08:00:00Z");
    let token = world.token().await;
    let read = world.api(&token, "GET", &path(&series), &Value::Null).await.expect(200);
    assert_eq!(starts(&read), ["2027-11-02T08:00:00Z"]);
    let all = format!("{}?show_previous_occurrences=true", path(&series));
    let read = world.api(&token, "GET", &all, &Value::Null).await.expect(200);
    assert_eq!(read["occurrences"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_series_without_end_has_sixty_dates() {
    let world = World::new();
    let token = world.token().await;
    let mut body = weekly();
    body["recurrence"] = json!({"type": 1, "end_times": 0});
    let series = world.create(&token, &body).await;
    assert_eq!(series["occurrences"].as_array().unwrap().len(), 60);
}

#[tokio::test]
async fn a_moved_date_leads_the_list_by_its_new_time() {
    let world = World::new();
    let token = world.token().await;
    let series = world.create(&token, &weekly()).await;
    let id = series["occurrences"][2]["occurrence_id"].as_str().unwrap();
    let one = format!("{}?occurrence_id={id}", path(&series));
    world.api(&token, "PATCH", &one, &json!({"start_time": "2027-01-10T10:00:00Z"})).await.expect(204);
    let list = format!("/users/{HOST}/meetings");
    let list = world.api(&token, "GET", &list, &Value::Null).await.expect(200);
    assert_eq!(list["meetings"][0]["start_time"], "2027-01-10T10:00:00Z");
    // A whole edit that moves nothing leaves the moved date where it is.
    world
        .api(&token, "PATCH", &path(&series), &json!({"topic": "renamed", "duration": 90}))
        .await
        .expect(204);
    let read = world.api(&token, "GET", &one, &Value::Null).await.expect(200);
    assert_eq!((&read["start_time"], &read["duration"]), (&json!("2027-01-10T10:00:00Z"), &json!(90)));
}
