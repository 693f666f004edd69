//! The API's description agrees with the code.

use crate::support::App;

#[test]
fn the_committed_description_is_the_one_that_the_code_gives() {
    let generated = local::functions::openapi().to_pretty_json().unwrap();
    let committed = include_str!("../../functions/meetings/openapi.json");
    assert_eq!(
        committed.trim_end(),
        generated.trim_end(),
        "write it anew: cargo run -- openapi > functions/meetings/openapi.json"
    );
}

#[test]
fn every_change_of_a_meeting_says_what_is_answered_while_others_change_it() {
    let description: serde_json::Value =
        serde_json::from_str(include_str!("../../functions/meetings/openapi.json")).unwrap();
    let mut changes = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if path.starts_with("/v1/meetings/{id}") && method != "get" {
                changes += 1;
                for status in ["409", "429"] {
                    assert!(operation["responses"][status].is_object(), "{method} {path}: {status}");
                }
            }
        }
    }
    assert!(changes >= 9, "{changes}");
}

#[tokio::test]
async fn it_is_served_without_a_token_and_every_path_in_it_answers() {
    let app = App::start().await;
    let document = app.send(app.bare("GET", "/v1/openapi.json")).await;
    assert_eq!((document.status, document.header("content-type")), (200, "application/json"));
    assert_eq!(document.body["openapi"], "3.1.0");
    for (path, operations) in document.body["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let address = path.replace(['{', '}'], "");
            let answer = app.send(app.bare(&method.to_uppercase(), &address)).await;
            // Without a token there is nothing to see; that the route exists, the status tells.
            assert!(matches!(answer.status, 200 | 401 | 404), "{method} {path}: {}", answer.status);
            assert!(answer.code() != "not_found" || path.starts_with("/problems"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn health_needs_no_token() {
    let app = App::start().await;
    let health = app.send(app.bare("GET", "/v1/health")).await;
    assert_eq!(health.status, 200);
    assert_eq!(health.body["status"], "ok");
    assert_eq!(health.body["version"], env!("CARGO_PKG_VERSION"));
}
