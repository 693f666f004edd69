//! Every request that the client can send to Zoom is one that Zoom's own description of its API allows.

mod description;
mod recorder;
mod world;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header;
use shared::zoom::operation::Operation;
use url::form_urlencoded;

use self::description::Description;
use self::recorder::Recorded;
use self::world::World;

/// What the probes of an app's scopes name instead of a user or a meeting.
const NOBODY: &str = "lectern-scope-check";
const NO_MEETING: &str = "0";

/// A body of a probe must create and change nothing, so it is one that Zoom refuses.
fn is_a_probe(request: &Recorded) -> bool {
    request.operation().is_some_and(|(_, id)| id == Some(NOBODY) || id == Some(NO_MEETING))
}

/// What tells the ways apart in which an operation is called.
fn shape(request: &Recorded) -> String {
    let (operation, _) = request.operation().unwrap();
    let mut names: Vec<&str> = request.query.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let probe = if is_a_probe(request) { " (probe)" } else { "" };
    format!("{} {} [{}]{probe}", request.method, operation.path(), names.join(" "))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_one_that_zoom_describes() {
    let mut world = World::start().await;
    world.connect().await;
    for kind in ["meeting", "webinar"] {
        world.book(kind).await;
        world.change(kind).await;
        world.change_dates(kind).await;
        world.lose_answers(kind).await;
        world.end(kind).await;
    }
    world.check_again().await;

    let (tokens, calls): (Vec<Recorded>, Vec<Recorded>) =
        world.recorder.seen().into_iter().partition(Recorded::is_for_a_token);
    every_call_was_seen(&calls);
    for call in &calls {
        assert_eq!(call.header(header::ACCEPT), "application/json", "{call:?}");
        assert!(call.header(header::AUTHORIZATION).starts_with("Bearer "), "{call:?}");
    }
    let grants: BTreeSet<String> = tokens.iter().map(grant).collect();
    let expected = ["account_credentials", "authorization_code", "refresh_token"];
    assert_eq!(grants, BTreeSet::from(expected.map(str::to_owned)));

    let Some(description) = Description::found() else { return };
    for call in &calls {
        let faults = description.faults(call, !is_a_probe(call));
        assert!(faults.is_empty(), "{} {}: {faults:#?}\n{call:?}", call.method, call.path);
    }
}

fn every_call_was_seen(calls: &[Recorded]) {
    let seen: Vec<Operation> = calls.iter().filter_map(|call| Some(call.operation()?.0)).collect();
    assert_eq!(seen.len(), calls.len(), "a call is of no operation that the client knows");
    let unseen: Vec<&Operation> = Operation::ALL.iter().filter(|known| !seen.contains(known)).collect();
    assert!(unseen.is_empty(), "never sent: {unseen:?}");
    let shapes: BTreeSet<String> = calls.iter().map(shape).collect();
    insta::assert_snapshot!(shapes.into_iter().collect::<Vec<_>>().join("\n"), @"
    DELETE /meetings/{meetingId} []
    DELETE /meetings/{meetingId} [] (probe)
    DELETE /meetings/{meetingId} [occurrence_id]
    DELETE /webinars/{webinarId} []
    DELETE /webinars/{webinarId} [occurrence_id]
    GET /meetings/{meetingId} [occurrence_id show_previous_occurrences]
    GET /meetings/{meetingId} [show_previous_occurrences]
    GET /meetings/{meetingId}/recordings []
    GET /past_meetings/{meetingId} []
    GET /past_meetings/{meetingId}/instances []
    GET /past_meetings/{meetingId}/participants [page_size]
    GET /past_webinars/{webinarId}/participants [page_size]
    GET /users [next_page_token page_size status]
    GET /users [page_size status]
    GET /users/{userId} []
    GET /users/{userId}/meetings [next_page_token page_size type]
    GET /users/{userId}/meetings [page_size type]
    GET /users/{userId}/settings []
    GET /users/{userId}/webinars [next_page_token page_size type]
    GET /users/{userId}/webinars [page_size type]
    GET /webinars/{webinarId} [occurrence_id show_previous_occurrences]
    GET /webinars/{webinarId} [show_previous_occurrences]
    PATCH /meetings/{meetingId} []
    PATCH /meetings/{meetingId} [] (probe)
    PATCH /meetings/{meetingId} [occurrence_id]
    PATCH /webinars/{webinarId} []
    PATCH /webinars/{webinarId} [occurrence_id]
    POST /users/{userId}/meetings []
    POST /users/{userId}/meetings [] (probe)
    POST /users/{userId}/webinars []
    PUT /meetings/{meetingId}/status []
    PUT /webinars/{webinarId}/status []
    ");
}

/// What a request for a token, whose form the description does not hold, is granted for.
fn grant(request: &Recorded) -> String {
    assert_eq!(request.method, http::Method::POST);
    assert!(request.query.is_empty(), "Zoom refuses what stands in the query");
    assert_eq!(request.header(header::ACCEPT), "application/json");
    assert_eq!(request.header(header::CONTENT_TYPE), "application/x-www-form-urlencoded");
    let credentials = request.header(header::AUTHORIZATION).strip_prefix("Basic ").unwrap();
    let credentials = String::from_utf8(STANDARD.decode(credentials).unwrap()).unwrap();
    assert!(credentials.split_once(':').is_some_and(|(id, secret)| !id.is_empty() && !secret.is_empty()));
    let form: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
    assert!(form.iter().all(|(_, value)| !value.is_empty()));
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    let grant = form[0].1.clone();
    let expected: &[&str] = match grant.as_str() {
        "account_credentials" => &["grant_type", "account_id"],
        "authorization_code" => &["grant_type", "code", "redirect_uri"],
        "refresh_token" => &["grant_type", "refresh_token"],
        other => panic!("there is no grant {other}"),
    };
    assert_eq!(names, expected);
    grant
}

#[test]
fn what_zoom_does_not_describe_is_found() {
    let Some(description) = Description::found() else { return };
    let request = |method: &str, path: &str, query: &[(&str, &str)], body: &str| Recorded {
        method: method.parse().unwrap(),
        path: format!("/v2{path}"),
        query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        headers: [(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"))]
            .into_iter()
            .collect(),
        body: body.to_owned().into(),
    };
    let create = |body: &str| request("POST", "/users/me/meetings", &[], body);
    assert_eq!(
        description.faults(&create(r#"{"topic": "T", "settings": {"host_video": true}}"#), true),
        [""; 0]
    );
    let page = |name, value| request("GET", "/users", &[(name, value)], "");
    assert_eq!(description.faults(&page("page_size", "2000"), true), [""; 0]);
    for wrong in [
        create(r#"{"topik": "T"}"#),
        create(r#"{"settings": {"host_vido": true}}"#),
        create(r#"{"duration": "60"}"#),
        create(r#"{"duration": 1441}"#),
        create(r#"{"type": 4}"#),
        create(r#"{"password": "longer than ten"}"#),
        create(r#"{"start_time": "2027-03-02T09:00:00"}"#),
        create(r#"{"start_time": "tomorrow", "timezone": "UTC"}"#),
        create(r#"{"recurrence": {"repeat_interval": 1}}"#),
        create(r#"{"recurrence": {"type": 2, "weekly_days": "1,8"}}"#),
        create(""),
        page("page_size", "2001"),
        page("page_size", "many"),
        page("status", "asleep"),
        page("colour", "red"),
        request("GET", "/users", &[("status", "active"), ("status", "active")], ""),
        request("DELETE", "/meetings/7", &[], "{}"),
        request("PATCH", "/meetings/seven", &[], "{}"),
        request("GET", "/users/me/meetings", &[("next_page_tokens", "x")], ""),
        request("GET", "/accounts", &[], ""),
    ] {
        assert_ne!(description.faults(&wrong, true), [""; 0], "{wrong:?}");
    }
}
