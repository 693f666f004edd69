//! What an app may lack and be connected all the same.

use serde_json::json;

use super::{check, outcomes, zoom_app};
use crate::support::{App, account_of, admin};

#[tokio::test]
async fn the_least_that_a_guide_of_another_platform_grants_is_enough_with_warnings() {
    let app = App::start().await;
    // Create, update and delete of all users and of sub-accounts, and to view users.
    let granted = json!([
        "meeting:delete:meeting:admin",
        "meeting:update:meeting:admin",
        "meeting:write:meeting:admin",
        "meeting:delete:meeting:master",
        "meeting:update:meeting:master",
        "meeting:write:meeting:master",
        "user:read:list_users:admin",
    ]);
    zoom_app(&app, "least", &granted, &json!([{"email": "t@x.example", "type": 2}])).await;
    let connection = app.connect(&admin(), &account_of("Room 1", "least")).await;
    let verification = &connection["verification"];
    let statuses: Vec<String> = outcomes(verification).into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, ["pass", "warn", "pass", "pass", "warn", "warn"]);
    let scopes = check(verification, "scopes");
    let detail = scopes["detail"].as_str().unwrap();
    for loss in ["no link to start", "webinars", "recordings", "attendance"] {
        assert!(detail.contains(loss), "{detail}");
    }
    assert!(scopes["missing"].as_array().unwrap().contains(&json!("user:read:settings:admin")));

    let meeting = crate::support::meeting_on("Yoga", "2027-03-02T10:00:00Z", "t@x.example");
    app.book(&admin(), &meeting).await;
}

#[tokio::test]
async fn the_free_plan_is_enough_with_warnings() {
    let app = App::start().await;
    zoom_app(&app, "free", &json!("all"), &json!([{"email": "t@x.example", "type": 1}])).await;
    let connection = app.connect(&admin(), &account_of("Room 1", "free")).await;
    let verification = &connection["verification"];
    assert_eq!(verification["status"], "verified");
    assert_eq!(check(verification, "hosts")["status"], "warn");
    assert_eq!(check(verification, "capacity")["participants"], 100);
}

#[tokio::test]
async fn a_default_host_who_left_is_a_warning() {
    let app = App::start().await;
    let users = |status: &str| json!([{"email": "t@x.example", "type": 2, "status": status}, {"email": "u@x.example", "type": 2}]);
    zoom_app(&app, "school", &json!("all"), &users("active")).await;
    let mut body = account_of("Room 1", "school");
    body["host_email"] = json!("t@x.example");
    let connection = app.connect(&admin(), &body).await;
    zoom_app(&app, "school", &json!("all"), &users("inactive")).await;
    let path = format!("/v1/connections/{}/verify", connection["id"].as_str().unwrap());
    let checked = app.post(&admin(), &path, &json!({})).await;
    assert_eq!(checked.body["verification"]["status"], "verified", "{}", checked.text);
    let host = check(&checked.body["verification"], "host_email");
    assert_eq!(host["status"], "warn");
    assert!(host["detail"].as_str().unwrap().contains("t@x.example is no longer"), "{host:#}");
    assert!(host["fix"].as_str().unwrap().contains("activate t@x.example again"), "{host:#}");
}
