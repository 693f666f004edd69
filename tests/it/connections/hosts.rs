//! The hosts of a connection.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{App, account_of, admin, instructor, meeting, meeting_on};

/// All hosts of a connection, page by page.
async fn all_hosts(app: &App, id: &str, limit: usize) -> Vec<Value> {
    let mut hosts: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/connections/{id}/hosts?limit={limit}{cursor}");
        let page = app.get(&admin(), &path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let items = page.body["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= limit);
        hosts.extend(items.iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return hosts,
        }
    }
}

#[tokio::test]
async fn an_account_of_many_users_is_connected_with_few_calls_and_listed_whole() {
    let app = App::start().await;
    let emails: BTreeSet<String> = (0..700).map(|number| format!("host{number}@big.example")).collect();
    app.zoom_account("big", &emails.iter().cloned().collect::<Vec<_>>()).await;
    app.calls().await;
    let mut body = account_of("Big", "big");
    body["host_email"] = json!("host650@big.example");
    let connection = app.connect(&admin(), &body).await;
    let calls = app.calls().await;
    assert_eq!(
        calls["zoom"],
        json!({"POST /oauth/token": 1, "GET /users": 3, "GET /users/{userId}/settings": 1})
    );
    let hosts_check = super::check(&connection["verification"], "hosts");
    assert_eq!(hosts_check["detail"], "700 active users, 700 licensed");
    assert_eq!(connection["default_host"]["email"], "host650@big.example");

    let id = connection["id"].as_str().unwrap();
    for limit in [100, 33] {
        let hosts = all_hosts(&app, id, limit).await;
        assert_eq!(hosts.len(), 700);
        let seen: BTreeSet<String> =
            hosts.iter().map(|host| host["email"].as_str().unwrap().to_owned()).collect();
        assert_eq!(seen, emails);
    }
}

#[tokio::test]
async fn a_host_has_exactly_the_shape_that_is_promised() {
    let (app, connection) = App::connected().await;
    let id = connection["id"].as_str().unwrap();
    let default = connection["default_host"]["email"].as_str().unwrap().to_owned();
    app.book(&admin(), &meeting_on("Yoga", "2027-03-02T10:00:00Z", &default)).await;
    for host in all_hosts(&app, id, 2).await {
        let is_default = host["email"] == default.as_str();
        let (participants, webinars) =
            if is_default { (json!(300), json!(500)) } else { (json!(null), json!(null)) };
        let license = if host["email"] == "free@sandbox.example" { "basic" } else { "licensed" };
        assert_eq!(
            host,
            json!({
                "id": host["id"], "email": host["email"], "display_name": host["display_name"],
                "license": license, "active": true, "pooled": true, "concurrent_meetings": 1,
                "participants": participants, "webinar_participants": webinars,
                "today": {"writes_used": u32::from(is_default), "writes_limit": 10_000},
            })
        );
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let (app, connection) = App::connected().await;
    let id = connection["id"].as_str().unwrap();
    let path = format!("/v1/connections/{id}/hosts");
    let page = app.get(&admin(), &format!("{path}?limit=1")).await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let mut forged = cursor.to_owned();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    for (path, status, code) in [
        (format!("{path}?cursor={forged}"), 400, "invalid_cursor"),
        (format!("/v1/connections?cursor={cursor}"), 400, "invalid_cursor"),
        (format!("{path}?limit=0"), 422, "validation_failed"),
        (format!("{path}?limit=101"), 422, "validation_failed"),
        (format!("{path}?colour=red"), 422, "validation_failed"),
    ] {
        let answer = app.get(&admin(), &path).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_host_out_of_the_pool_is_not_picked() {
    let app = App::start().await;
    app.zoom_account("acc", &["one@x.example".to_owned(), "two@x.example".to_owned()]).await;
    let connection = app.connect(&admin(), &account_of("Room 1", "acc")).await;
    let id = connection["id"].as_str().unwrap();
    let hosts = all_hosts(&app, id, 100).await;
    let one = hosts.iter().find(|host| host["email"] == "one@x.example").unwrap();
    let path = format!("/v1/connections/{id}/hosts/{}", one["id"].as_str().unwrap());
    let changed = app.patch(&admin(), &path, &json!({"pooled": false})).await;
    assert_eq!((changed.status, &changed.body["pooled"]), (200, &json!(false)), "{}", changed.text);

    let body = meeting("Yoga", "2027-03-02T10:00:00Z");
    let booked = app.book(&instructor("u-t"), &body).await;
    assert_eq!(booked["host"]["email"], "two@x.example");
    let full = app.post(&instructor("u-t"), "/v1/meetings", &body).await;
    assert_eq!((full.status, full.code()), (409, "no_room_available"), "{}", full.text);
    let cleared = app.patch(&admin(), &path, &json!({"pooled": null})).await;
    assert_eq!(cleared.body["pooled"], true);
    let booked = app.book(&instructor("u-t"), &body).await;
    assert_eq!(booked["host"]["email"], "one@x.example");
}

#[tokio::test]
async fn a_host_of_a_connection_outside_the_pool_may_be_in_it() {
    let app = App::start().await;
    app.zoom_account("acc", &["one@x.example".to_owned(), "two@x.example".to_owned()]).await;
    let mut body = account_of("Room 1", "acc");
    body["pooled"] = json!(false);
    let connection = app.connect(&admin(), &body).await;
    let id = connection["id"].as_str().unwrap();
    let hosts = all_hosts(&app, id, 100).await;
    assert!(hosts.iter().all(|host| host["pooled"] == false), "{hosts:?}");
    let body = meeting("Yoga", "2027-03-02T10:00:00Z");
    let none = app.post(&instructor("u-t"), "/v1/meetings", &body).await;
    assert_eq!((none.status, none.code()), (409, "no_room_available"), "{}", none.text);
    let path = format!("/v1/connections/{id}/hosts/{}", hosts[0]["id"].as_str().unwrap());
    app.patch(&admin(), &path, &json!({"pooled": true})).await;
    let booked = app.book(&instructor("u-t"), &body).await;
    assert_eq!(booked["host"]["host_id"], hosts[0]["id"]);
}

#[tokio::test]
async fn a_host_may_run_two_meetings_and_no_third() {
    let (app, connection) = App::connected().await;
    let host = &connection["default_host"];
    let id = connection["id"].as_str().unwrap();
    let path = format!("/v1/connections/{id}/hosts/{}", host["id"].as_str().unwrap());
    let changed = app.patch(&admin(), &path, &json!({"concurrent_meetings": 2})).await;
    assert_eq!(changed.body["concurrent_meetings"], 2, "{}", changed.text);
    let body = meeting_on("Yoga", "2027-03-02T10:00:00Z", host["email"].as_str().unwrap());
    app.book(&admin(), &body).await;
    app.book(&admin(), &body).await;
    let third = app.post(&admin(), "/v1/meetings", &body).await;
    assert_eq!((third.status, third.code()), (409, "schedule_conflict"), "{}", third.text);
    // What was set outlives a new look at the account.
    app.post(&admin(), &format!("/v1/connections/{id}/verify"), &json!({})).await;
    let kept = all_hosts(&app, id, 100).await;
    let kept = kept.iter().find(|kept| kept["id"] == host["id"]).unwrap();
    assert_eq!(kept["concurrent_meetings"], 2);
}

#[tokio::test]
async fn what_cannot_be_set_of_a_host_is_refused() {
    let (app, connection) = App::connected().await;
    let id = connection["id"].as_str().unwrap();
    let path = format!("/v1/connections/{id}/hosts/{}", connection["default_host"]["id"].as_str().unwrap());
    for (body, pointer, code) in [
        (json!({"concurrent_meetings": 3}), "/concurrent_meetings", "out_of_range"),
        (json!({"concurrent_meetings": null}), "/concurrent_meetings", "required"),
        (json!({"pooled": 1}), "/pooled", "wrong_type"),
        (json!({"email": "x@x.example"}), "/email", "unknown_field"),
    ] {
        let answer = app.patch(&admin(), &path, &body).await;
        assert_eq!((answer.status, answer.code()), (422, "validation_failed"), "{}", answer.text);
        assert_eq!(answer.faults(), [(pointer.to_owned(), code.to_owned())]);
    }
    let absent = app.patch(&admin(), &format!("/v1/connections/{id}/hosts/nobody"), &json!({})).await;
    assert_eq!((absent.status, absent.code()), (404, "not_found"));
}
