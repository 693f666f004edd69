//! An account that removes the app.

use serde_json::{Value, json};

use super::world::{ACCOUNT, HOST, World, event, session};
use crate::support::{Caller, admin, all_items, meeting_on, secret};

fn removal(at: &str) -> Value {
    removal_of("sandbox-client", at)
}

fn removal_of(app: &str, at: &str) -> Value {
    json!({"event": "app_deauthorized", "payload": {
        "account_id": ACCOUNT, "user_id": "abcD3ojfdbjfg", "client_id": app,
        "deauthorization_time": at, "event_ts": "2027-03-01 09:00:00",
    }})
}

async fn secrets(world: &World) -> Vec<String> {
    let client = aws_sdk_secretsmanager::Client::new(world.app.stack.aws());
    let listed = client.list_secrets().send().await.unwrap();
    let names = listed.secret_list().iter().filter_map(|one| one.name().map(str::to_owned));
    names.filter(|name| name.starts_with("lectern/connections/")).collect()
}

/// A world whose connection was made by somebody with an address, and a meeting that took place.
async fn world() -> (World, Value) {
    let mut world = World::start().await;
    let path = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.delete(&admin(), &path).await.status, 204);
    let owner = Caller { email: Some("owner@school.example"), locale: Some("pt"), ..admin() };
    let mut body = crate::support::sandbox_account("Sala 1");
    body["webhook_secret_token"] = json!(world.token);
    let connection = world.app.connect(&owner, &body).await;
    connection["id"].as_str().unwrap().clone_into(&mut world.connection);
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
    let meeting = world.app.book(&admin(), &body).await;
    let visit = json!({
        "id": meeting["zoom_meeting_id"], "uuid": "s1",
        "participant": {"user_id": "1", "user_name": "Carla Convidada", "email": "carla@guest.example"},
    });
    let number: u64 = meeting["zoom_meeting_id"].as_str().unwrap().parse().unwrap();
    let file = json!({"id": "f1", "play_url": "https://us05web.zoom.us/rec/play/f1"});
    let recording = json!({"id": number, "uuid": "s1", "recording_files": [file]});
    world
        .told(&[
            session("meeting.started", &meeting, "s1", "2027-03-01T08:00:00Z"),
            event("meeting.participant_joined", "2027-03-01T08:00:00Z", &visit),
            event("recording.completed", "2027-03-01T08:00:00Z", &recording),
        ])
        .await;
    (world, meeting)
}

#[tokio::test]
async fn everything_of_zooms_is_deleted_and_the_owner_is_told_once() {
    let (world, meeting) = world().await;
    world.at("2027-03-01T11:00:00Z");
    world.app.tick().await;
    assert_eq!(secrets(&world).await.len(), 2);
    let before = world.app.mails().await.len();
    world.told(&[removal("2027-03-01T11:00:00.632Z"), removal("2027-03-01T11:00:00.632Z")]).await;
    world.app.tick().await;

    assert_eq!(secrets(&world).await, Vec::<String>::new());
    let path = format!("/v1/connections/{}", world.connection);
    let connection = world.app.get(&admin(), &path).await.body;
    assert_eq!((&connection["active"], &connection["status"]), (&json!(false), &json!("failed")));
    assert_eq!(connection["default_host"], Value::Null);
    assert_eq!(connection["verification"]["checks"][0]["status"], "fail");
    let hosts = world.app.get(&admin(), &format!("{path}/hosts")).await.body;
    assert_eq!(hosts["items"], json!([]));

    let mails = world.app.mails().await;
    let told: Vec<&Value> = mails[before..].iter().filter(|mail| mail["ics"].is_null()).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0]["to"], json!(["owner@school.example"]));
    assert_eq!(told[0]["subject"], "O aplicativo da conexão Zoom Sala 1 foi removido no Zoom");

    let items = all_items(&world.app).await;
    for trace in ["carla@guest.example", "Carla Convidada", "rec/play", HOST, "Host One"] {
        // Replies that are kept for an idempotency key are there for a day; here nobody has sent one.
        let found: Vec<&String> = items.iter().filter(|item| item.contains(trace)).collect();
        assert!(found.is_empty(), "{trace}: {found:#?}");
    }
    let kept = world.meeting(&meeting).await;
    assert_eq!(kept["topic"], "Lesson");
    assert_eq!(kept["host"]["host_id"], meeting["host"]["host_id"]);

    // It takes no bookings, and is not heard any more.
    let refused =
        world.app.post(&admin(), "/v1/meetings", &meeting_on("B", "2027-03-02T09:00:00", HOST)).await;
    assert!((400..500).contains(&refused.status), "{}", refused.text);
    let again =
        world.send_raw(&world.connection, &world.token, removal("2027-03-01T12:00:00Z").to_string().into());
    assert_eq!(again.await.status, 401);
    let verified = world.app.post(&admin(), &format!("{path}/verify"), &json!({})).await;
    assert_eq!((verified.status, &verified.body["verification"]["status"]), (200, &json!("failed")));
}

#[tokio::test]
async fn a_removal_that_names_no_app_is_of_the_one_that_was_told() {
    let (world, _) = world().await;
    world.at("2027-03-01T11:00:00Z");
    let mut removal = removal("2027-03-01T11:00:00Z");
    removal["payload"].as_object_mut().unwrap().remove("client_id");
    world.told(&[removal]).await;
    assert!(!is_in_use(&world, &world.connection).await);
}

#[tokio::test]
async fn what_is_connected_again_stays_whatever_is_told_late() {
    let (world, _) = world().await;
    world.at("2027-03-01T11:00:00Z");
    world.told(&[removal("2027-03-01T11:00:00Z")]).await;
    world.at("2027-03-01T11:30:00Z");
    let path = format!("/v1/connections/{}", world.connection);
    let body = json!({
        "active": true, "webhook_secret_token": secret("hook"),
        "auth": crate::support::sandbox_account("x")["auth"],
    });
    let again = world.app.patch(&admin(), &path, &body).await;
    assert_eq!((again.status, &again.body["status"]), (200, &json!("verified")), "{}", again.text);
    world.told(&[removal("2027-03-01T11:00:00Z")]).await;
    let connection = world.app.get(&admin(), &path).await.body;
    assert_eq!((&connection["active"], &connection["status"]), (&json!(true), &json!("verified")));
    world.app.book(&admin(), &meeting_on("B", "2027-03-02T09:00:00", HOST)).await;
}

/// Makes another app of the sandbox's account, and gives what it is connected with.
async fn other_app(world: &World) -> Value {
    let app = json!({"account_id": ACCOUNT, "client_id": "app-2", "client_secret": secret("app-2"), "scopes": "all"});
    assert!(world.app.sandbox("POST", "/accounts", &app).await.status < 300);
    crate::support::account("Room 2", ACCOUNT, "app-2", &secret("app-2"))
}

/// Whether a connection is in use, and works.
async fn is_in_use(world: &World, connection: &str) -> bool {
    let connection = world.app.get(&admin(), &format!("/v1/connections/{connection}")).await.body;
    (&connection["active"], &connection["status"]) == (&json!(true), &json!("verified"))
}

#[tokio::test]
async fn the_removal_of_the_app_before_leaves_a_connection_that_has_moved_to_another() {
    let (world, _) = world().await;
    let body = json!({"auth": other_app(&world).await["auth"], "webhook_secret_token": secret("hook-2")});
    let path = format!("/v1/connections/{}", world.connection);
    assert_eq!(world.app.patch(&admin(), &path, &body).await.status, 200);
    world.at("2027-03-01T11:00:00Z");
    // The old app's events are signed with the old token.
    world.told(&[removal("2027-03-01T11:00:00Z")]).await;
    assert!(is_in_use(&world, &world.connection).await);
    assert_eq!(secrets(&world).await.len(), 2);
    world.app.book(&admin(), &meeting_on("B", "2027-03-02T09:00:00", HOST)).await;
    world.told(&[removal_of("app-2", "2027-03-01T11:00:00Z")]).await;
    assert!(!is_in_use(&world, &world.connection).await);
}

#[tokio::test]
async fn all_connections_of_the_app_are_let_go_and_no_other() {
    let world = World::start().await;
    let mut own = crate::support::sandbox_account("Own");
    own["owner"] = json!("user");
    let own = world.app.connect(&crate::support::instructor("u-t"), &own).await;
    let other = other_app(&world).await;
    let other = world.app.connect(&admin(), &other).await;
    let [own, other] = [&own, &other].map(|one| one["id"].as_str().unwrap().to_owned());
    world.at("2027-03-01T11:00:00Z");
    world.told(&[removal("2027-03-01T11:00:00Z")]).await;
    assert!(!is_in_use(&world, &world.connection).await);
    assert!(!is_in_use(&world, &own).await);
    assert!(is_in_use(&world, &other).await);
    assert!(secrets(&world).await.iter().all(|name| name.contains(&other)));
}

#[tokio::test]
async fn no_other_app_tells_of_meetings_whose_app_was_removed() {
    let (world, meeting) = world().await;
    let mut other = other_app(&world).await;
    other["webhook_secret_token"] = json!(secret("hook-2"));
    let other = world.app.connect(&admin(), &other).await;
    world.at("2027-03-01T09:10:00Z");
    let who = json!({"user_id": "2", "user_name": "Dora", "email": "dora@guest.example"});
    let visit = json!({"id": meeting["zoom_meeting_id"], "uuid": "s2", "participant": who});
    let joined = event("meeting.participant_joined", "2027-03-01T09:00:00Z", &visit);
    world.told(&[removal("2027-03-01T09:05:00Z")]).await;
    world.app.tick().await;
    let body = joined.to_string().into_bytes();
    let answer = world.send_raw(other["id"].as_str().unwrap(), &secret("hook-2"), body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(world.app.tick().await["webhooks"]["handled"], 1);
    assert!(all_items(&world.app).await.iter().all(|item| !item.contains("dora@guest.example")));
}
