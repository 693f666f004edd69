//! Real replies against Zoom's own description of them.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::support::{HOST, World, path};

const BESIDE_THE_PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/zoom/openapi.json");

fn description() -> Option<Value> {
    let file =
        std::env::var_os("ZOOM_OPENAPI").map_or_else(|| PathBuf::from(BESIDE_THE_PROJECT), PathBuf::from);
    let Ok(text) = std::fs::read(&file) else {
        eprintln!("skipped: Zoom's description is not at {}", file.display());
        return None;
    };
    Some(serde_json::from_slice(&text).expect("Zoom's description is JSON"))
}

/// The alternatives of one schema there (user settings) overlap, so that exactly one never holds.
fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(alternatives) = object.remove("oneOf") {
                object.insert("anyOf".to_owned(), alternatives);
            }
            object.values_mut().for_each(loosen);
        }
        Value::Array(items) => items.iter_mut().for_each(loosen),
        _ => {}
    }
}

#[track_caller]
fn check(description: &Value, template: &str, status: u16, reply: &Value) {
    let (verb, path) = template.split_once(' ').unwrap();
    let response = &description["paths"][path][verb.to_lowercase()]["responses"][status.to_string()];
    assert!(response.is_object(), "{template} has no answer {status}");
    let mut schema = response["content"]["application/json"]["schema"].clone();
    if schema.is_null() {
        assert!(reply.is_null(), "{template} answers without a body");
        return;
    }
    loosen(&mut schema);
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let errors: Vec<_> =
        validator.iter_errors(reply).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{template}: {errors:#?}\n{reply:#}");
    let mut strays = Vec::new();
    find_strays(&[&schema], reply, "", &mut strays);
    assert!(strays.is_empty(), "{template} answers {strays:?}, which Zoom does not");
}

/// The fields that no part of the schema describes.
fn find_strays(schemas: &[&Value], reply: &Value, at: &str, strays: &mut Vec<String>) {
    let mut parts = Vec::new();
    for schema in schemas {
        collect_parts(schema, &mut parts);
    }
    match reply {
        Value::Object(object) => {
            for (name, value) in object {
                let described: Vec<&Value> =
                    parts.iter().filter_map(|part| part["properties"].get(name)).collect();
                let at = format!("{at}/{name}");
                if described.is_empty() {
                    strays.push(at);
                } else {
                    find_strays(&described, value, &at, strays);
                }
            }
        }
        Value::Array(items) => {
            let described: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            for item in items {
                find_strays(&described, item, at, strays);
            }
        }
        _ => {}
    }
}

fn collect_parts<'a>(schema: &'a Value, parts: &mut Vec<&'a Value>) {
    parts.push(schema);
    let inner = ["allOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten();
    inner.for_each(|part| collect_parts(part, parts));
}

#[tokio::test]
async fn replies_are_as_zoom_describes_them() {
    let Some(description) = description() else { return };
    let world = World::new();
    let token = world.token().await;
    let call = async |template: &str, path: &str, body: Value, status: u16| {
        let method = template.split_once(' ').unwrap().0;
        let reply = world.api(&token, method, path, &body).await.expect(status);
        check(&description, template, status, &reply);
        reply
    };
    let of_host = |what: &str| format!("/users/{HOST}/{what}");

    call("GET /users", "/users", Value::Null, 200).await;
    call("GET /users/{userId}", "/users/me", Value::Null, 200).await;
    call("GET /users/{userId}/settings", &of_host("settings"), Value::Null, 200).await;
    call("GET /users/summary", "/users/summary", Value::Null, 200).await;
    call("GET /users/{userId}/recordings", &of_host("recordings"), Value::Null, 200).await;

    let once = json!({"topic": "T", "start_time": "2026-11-22T10:00:00Z", "settings": {"approval_type": 0}});
    let meeting = call("POST /users/{userId}/meetings", &of_host("meetings"), once, 201).await;
    let recurrence = json!({"type": 2, "weekly_days": "3", "end_times": 4});
    let series = json!({"type": 8, "start_time": "2027-01-04T10:00:00Z", "recurrence": recurrence.clone()});
    let series = call("POST /users/{userId}/meetings", &of_host("meetings"), series, 201).await;
    call("GET /users/{userId}/meetings", &of_host("meetings"), Value::Null, 200).await;
    call("GET /users/{userId}/upcoming_meetings", &of_host("upcoming_meetings"), Value::Null, 200).await;
    call("GET /meetings/{meetingId}", &path(&meeting), Value::Null, 200).await;
    call("GET /meetings/{meetingId}", &path(&series), Value::Null, 200).await;
    call("PATCH /meetings/{meetingId}", &path(&series), json!({"topic": "U"}), 204).await;
    let of_meeting = |what: &str| format!("{}/{what}", path(&meeting));
    call("GET /meetings/{meetingId}/invitation", &of_meeting("invitation"), Value::Null, 200).await;
    let person = json!({"email": "p@x.example", "first_name": "P", "last_name": "Q"});
    let registrants = of_meeting("registrants");
    let added = call("POST /meetings/{meetingId}/registrants", &registrants, person.clone(), 201).await;
    call("GET /meetings/{meetingId}/registrants", &registrants, Value::Null, 200).await;
    let deny = json!({"action": "deny", "registrants": [{"id": added["registrant_id"]}]});
    let decide = of_meeting("registrants/status");
    call("PUT /meetings/{meetingId}/registrants/status", &decide, deny, 204).await;
    world.admin("POST", &of_meeting("start"), &Value::Null).await.expect(200);
    let end = json!({"action": "end"});
    call("PUT /meetings/{meetingId}/status", &of_meeting("status"), end.clone(), 204).await;
    let past = format!("/past_meetings/{}", meeting["id"]);
    call("GET /past_meetings/{meetingId}", &past, Value::Null, 200).await;
    call("GET /past_meetings/{meetingId}/instances", &format!("{past}/instances"), Value::Null, 200).await;
    let participants = format!("{past}/participants");
    call("GET /past_meetings/{meetingId}/participants", &participants, Value::Null, 200).await;
    let report = format!("/report/meetings/{}/participants", meeting["id"]);
    call("GET /report/meetings/{meetingId}/participants", &report, Value::Null, 200).await;
    world.api(&token, "GET", &of_meeting("recordings"), &Value::Null).await.refused(404, 3301);
    world.api(&token, "DELETE", &of_meeting("recordings"), &Value::Null).await.refused(404, 3301);
    call("DELETE /meetings/{meetingId}", &path(&meeting), Value::Null, 204).await;

    let webinar = json!({"type": 9, "start_time": "2027-01-04T10:00:00Z", "recurrence": recurrence,
        "settings": {"approval_type": 0}});
    let webinar = call("POST /users/{userId}/webinars", &of_host("webinars"), webinar, 201).await;
    let of_webinar = format!("/webinars/{}", webinar["id"]);
    call("GET /users/{userId}/webinars", &of_host("webinars"), Value::Null, 200).await;
    call("GET /webinars/{webinarId}", &of_webinar, Value::Null, 200).await;
    call("PATCH /webinars/{webinarId}", &of_webinar, json!({"topic": "V"}), 204).await;
    let registrants = format!("{of_webinar}/registrants");
    call("POST /webinars/{webinarId}/registrants", &registrants, person, 201).await;
    call("GET /webinars/{webinarId}/registrants", &registrants, Value::Null, 200).await;
    world.admin("POST", &format!("{}/start", path(&webinar)), &Value::Null).await.expect(200);
    call("PUT /webinars/{webinarId}/status", &format!("{of_webinar}/status"), end, 200).await;
    let participants = format!("/past_webinars/{}/participants", webinar["id"]);
    call("GET /past_webinars/{webinarId}/participants", &participants, Value::Null, 200).await;
    call("DELETE /webinars/{webinarId}", &of_webinar, Value::Null, 204).await;
}

#[test]
fn the_table_holds_every_operation_that_zoom_describes() {
    let Some(description) = description() else { return };
    let known: Vec<&str> = crate::sandbox::operations::templates().collect();
    let mut described = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        for verb in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let template = format!("{} {path}", verb.to_uppercase());
            assert!(known.contains(&template.as_str()), "{template}");
            described += 1;
        }
    }
    assert_eq!(known.len(), described + 1, "and the token endpoint");
}
