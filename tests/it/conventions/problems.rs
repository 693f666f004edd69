//! Errors as RFC 9457 has them, wherever they come from, and the id of every request.

use serde_json::{Value, json};
use shared::http::Code;

use crate::support::{Answer, App, admin, learner, meeting};

const JSON: &str = "application/json";

/// Asserts everything that is the same for all problems.
fn problem(answer: &Answer, code: &str, path: &str) {
    let what = format!("{path}: {} {}", answer.status, answer.text);
    let known = Code::ALL.into_iter().find(|known| known.as_str() == code).unwrap();
    assert_eq!(answer.code(), code, "{what}");
    assert_eq!(answer.status, known.status().as_u16(), "{what}");
    assert_eq!(answer.header("Content-Type"), "application/problem+json", "{what}");
    assert_eq!(answer.body["type"], format!("/problems/{code}"), "{what}");
    assert_eq!(answer.body["title"], known.title(), "{what}");
    assert_eq!(answer.body["status"], answer.status, "{what}");
    assert_eq!(answer.body["instance"], path, "{what}");
    assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{what}");
    assert!(!answer.header("X-Request-Id").is_empty(), "{what}");
    assert_eq!(answer.body["errors"].is_array(), code == "validation_failed", "{what}");
    for error in answer.body["errors"].as_array().into_iter().flatten() {
        let members: Vec<&str> = error.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["code", "detail", "pointer"], "{what}");
    }
}

async fn sent(app: &App, method: &str, path: &str, media_type: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = app.request(&admin(), method, path).body(body);
    if let Some(media_type) = media_type {
        request = request.header("Content-Type", media_type);
    }
    app.send(request).await
}

#[tokio::test]
async fn unknown_addresses_and_ids_are_problems() {
    let app = App::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/meeting",
        "/v1/meetings/",
        "/v1/meetings/mtg_1/joined",
        "/v1/connections/con_1/hosts/h/x",
        "/v1/conflicts",
        "/v1/settings/x",
        "/v2/meetings",
        "/v1/meetings/mtg_0193f2c4a1b27c3d8e4f5a6b7c8d9e0f",
        "/v1/meetings/no%20id",
        "/v1/meetings/%00",
        "/v1/meetings/%ff",
        "/v1/meetings/%ff/join",
        "/v1/meetings/%ff/attendees",
        "/v1/meetings/mtg_1%2Fjoin",
        "/v1/connections/con_1",
        "/v1/connections/%ff",
        "/v1/connections/con_1/hosts",
        "/problems/no_such_code",
        "/problems/%ff",
        "/problems/",
    ] {
        problem(&app.get(&admin(), path).await, "not_found", path);
    }
    let long = format!("/v1/meetings/{}", "m".repeat(2_000));
    problem(&app.get(&admin(), &long).await, "not_found", &long);
    let attendee = "/v1/meetings/mtg_1/attendees/%ff";
    problem(&app.delete(&admin(), attendee).await, "not_found", attendee);
    // What is not there needs no token to be told.
    problem(&app.send(app.bare("GET", "/v1/nothing")).await, "not_found", "/v1/nothing");
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_405_with_those_that_it_takes() {
    let app = App::start().await;
    let table = [
        ("PUT", "/v1/meetings", "GET,HEAD,POST"),
        ("DELETE", "/v1/meetings", "GET,HEAD,POST"),
        ("POST", "/v1/meetings/mtg_1", "DELETE,GET,HEAD,PATCH"),
        ("PUT", "/v1/meetings/mtg_1", "DELETE,GET,HEAD,PATCH"),
        ("POST", "/v1/meetings/mtg_1/join", "GET,HEAD"),
        ("PATCH", "/v1/meetings/mtg_1/attendees", "GET,HEAD,POST,PUT"),
        ("GET", "/v1/meetings/mtg_1/attendees/a", "DELETE"),
        ("DELETE", "/v1/connections", "GET,HEAD,POST"),
        ("GET", "/v1/conflicts/check", "POST"),
        ("POST", "/v1/availability", "GET,HEAD"),
        ("POST", "/v1/settings", "GET,HEAD,PUT"),
        ("POST", "/v1/health", "GET,HEAD"),
        ("TRACE", "/v1/health", "GET,HEAD"),
        ("PURGE", "/v1/meetings", "GET,HEAD,POST"),
        ("POST", "/problems/not_found", "GET,HEAD"),
    ];
    for (method, path, allowed) in table {
        let answer = app.request(&admin(), method, path).header("Idempotency-Key", "k").body("{}");
        let answer = app.send(answer).await;
        problem(&answer, "method_not_allowed", path);
        let mut allow: Vec<&str> = answer.header("Allow").split(',').map(str::trim).collect();
        allow.sort_unstable();
        assert_eq!(allow.join(","), allowed, "{method} {path}");
        assert_eq!(answer.headers.get_all("Allow").iter().count(), 1);
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_told_so() {
    let app = App::start().await;
    let good = meeting("Topic", "2027-04-01T09:00:00").to_string();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(1_000), close.repeat(1_000));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("blanks", b"  \n".to_vec()),
        ("truncated", good.as_bytes()[..good.len() - 1].to_vec()),
        ("an open text", b"{\"topic\": \"x".to_vec()),
        ("trailing garbage", format!("{good}x").into_bytes()),
        ("two values", format!("{good}{good}").into_bytes()),
        ("single quotes", b"{'topic': 'x'}".to_vec()),
        ("a trailing comma", b"{\"topic\": \"x\",}".to_vec()),
        ("NaN", b"{\"duration_minutes\": NaN}".to_vec()),
        ("a number too large", b"{\"duration_minutes\": 1e999}".to_vec()),
        ("not UTF-8", b"{\"topic\": \"\xff\xfe\"}".to_vec()),
        ("half a surrogate", br#"{"topic": "\ud800"}"#.to_vec()),
        ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("deep arrays", deep("[", "]").into_bytes()),
        ("deep objects", format!("{}1{}", "{\"a\":".repeat(1_000), "}".repeat(1_000)).into_bytes()),
        ("deep and open", "[".repeat(1_000).into_bytes()),
        ("a form", b"topic=x&start=y".to_vec()),
    ];
    for (what, body) in bodies {
        for (method, path) in [
            ("POST", "/v1/meetings"),
            ("POST", "/v1/conflicts/check"),
            ("POST", "/v1/connections"),
            ("PUT", "/v1/settings"),
        ] {
            let answer = sent(&app, method, path, Some(JSON), body.clone()).await;
            assert_eq!(answer.code(), "invalid_json", "{what}: {}", answer.text);
            problem(&answer, "invalid_json", path);
        }
    }
}

#[tokio::test]
async fn what_is_json_but_no_object_is_named() {
    let app = App::start().await;
    for body in [json!([]), json!([{}]), json!("x"), json!(7), json!(true), Value::Null] {
        for (method, path) in [
            ("POST", "/v1/meetings"),
            ("POST", "/v1/conflicts/check"),
            ("POST", "/v1/connections"),
            ("PUT", "/v1/settings"),
        ] {
            let answer = sent(&app, method, path, Some(JSON), body.to_string().into_bytes()).await;
            problem(&answer, "validation_failed", path);
            assert_eq!(answer.faults(), [(String::new(), "wrong_type".to_owned())], "{path} {body}");
        }
    }
}

#[tokio::test]
async fn media_types_other_than_json_in_utf8_are_refused() {
    let app = App::start().await;
    let start = |hour: usize| format!("2027-04-01T{hour:02}:00:00");
    for media_type in [
        None,
        Some("text/plain"),
        Some("text/json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonx"),
        Some("application/json; charset=latin1"),
        Some("application/json; charset=\"ISO-8859-1\""),
        Some("application/json;charset=utf-16"),
    ] {
        let body = meeting("Topic", &start(9)).to_string().into_bytes();
        let answer = sent(&app, "POST", "/v1/meetings", media_type, body).await;
        problem(&answer, "unsupported_media_type", "/v1/meetings");
    }
    let fine = [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; profile=x",
    ];
    for media_type in fine {
        let mut body = meeting("Topic", &start(9));
        body["status"] = json!("draft");
        let body = body.to_string().into_bytes();
        let answer = sent(&app, "POST", "/v1/meetings", Some(media_type), body).await;
        assert_eq!(answer.status, 201, "{media_type}: {}", answer.text);
    }
}

#[tokio::test]
async fn calls_that_take_no_body_take_none_but_an_empty_object() {
    let (app, connection) = App::connected().await;
    let booked = app.book(&admin(), &meeting("Topic", "2027-04-01T09:00:00")).await;
    let id = |of: &Value| of["id"].as_str().unwrap().to_owned();
    let end = format!("/v1/meetings/{}/end", id(&booked));
    let verify = format!("/v1/connections/{}/verify", id(&connection));
    for (path, fine) in [(&end, 409), (&verify, 200)] {
        assert_eq!(sent(&app, "POST", path, None, Vec::new()).await.status, fine);
        assert_eq!(sent(&app, "POST", path, Some(JSON), b"{}".to_vec()).await.status, fine);
        let unknown = sent(&app, "POST", path, Some(JSON), b"{\"now\": true}".to_vec()).await;
        problem(&unknown, "validation_failed", path);
        assert_eq!(unknown.faults(), [("/now".to_owned(), "unknown_field".to_owned())]);
        problem(&sent(&app, "POST", path, Some(JSON), b"[]".to_vec()).await, "validation_failed", path);
        problem(&sent(&app, "POST", path, Some(JSON), b"{".to_vec()).await, "invalid_json", path);
        let text = sent(&app, "POST", path, Some("text/plain"), b"{}".to_vec()).await;
        problem(&text, "unsupported_media_type", path);
        let large = sent(&app, "POST", path, Some(JSON), vec![b' '; 300 * 1024]).await;
        problem(&large, "body_too_large", path);
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_413() {
    let app = App::start().await;
    let padded = |mut body: Value, length: usize| {
        body["agenda"] = json!("");
        let missing = length - body.to_string().len();
        body["agenda"] = json!("a".repeat(missing));
        body.to_string().into_bytes()
    };
    let kib = 1024;
    let table = [
        ("POST", "/v1/meetings", 256 * kib, "validation_failed"),
        ("POST", "/v1/meetings", 256 * kib + 1, "body_too_large"),
        ("POST", "/v1/meetings", 3 * kib * kib, "body_too_large"),
        ("POST", "/v1/conflicts/check", 256 * kib + 1, "body_too_large"),
        ("POST", "/v1/connections", 256 * kib + 1, "body_too_large"),
        ("PUT", "/v1/settings", 256 * kib + 1, "body_too_large"),
    ];
    for (method, path, length, code) in table {
        let body = padded(meeting("Topic", "2027-04-01T09:00:00"), length);
        assert_eq!(body.len(), length);
        problem(&sent(&app, method, path, Some(JSON), body).await, code, path);
    }
    let mut draft = meeting("Topic", "2027-04-01T09:00:00");
    draft["status"] = json!("draft");
    let draft = app.book(&admin(), &draft).await;
    let path = format!("/v1/meetings/{}/attendees", draft["id"].as_str().unwrap());
    for method in ["PUT", "POST"] {
        for (length, code) in [(2 * kib * kib, "validation_failed"), (2 * kib * kib + 1, "body_too_large")] {
            let body = padded(json!({"attendees": []}), length);
            problem(&sent(&app, method, &path, Some(JSON), body).await, code, &path);
        }
    }
    // With a key, the body is read before the handler sees it: the limits stay the same.
    let body = padded(meeting("Topic", "2027-04-01T09:00:00"), 256 * kib + 1);
    let request = app.request(&admin(), "POST", "/v1/meetings").header("Content-Type", JSON).body(body);
    let answer = app.send(request.header("Idempotency-Key", "k")).await;
    problem(&answer, "body_too_large", "/v1/meetings");
}

#[tokio::test]
async fn who_asks_is_looked_at_before_what_is_asked() {
    let app = App::start().await;
    let bare =
        app.bare("POST", "/v1/meetings").header("Content-Type", "text/plain").body("x".repeat(300_000));
    problem(&app.send(bare).await, "unauthenticated", "/v1/meetings");
    let path = "/v1/meetings?tab=nonsense";
    problem(&app.get(&learner("u-1"), path).await, "forbidden", "/v1/meetings");
}

#[tokio::test]
async fn every_reply_carries_a_request_id() {
    let app = App::start().await;
    let calls = [
        ("GET", "/v1/health"),
        ("GET", "/v1/openapi.json"),
        ("GET", "/v1/meetings"),
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/meetings"),
        ("POST", "/v1/meetings"),
        ("GET", "/v1/connections"),
        ("GET", "/v1/settings"),
        ("GET", "/v1/availability"),
        ("GET", "/problems/not_found"),
        ("OPTIONS", "/v1/meetings"),
    ];
    for (method, path) in calls {
        let own = app.send(app.request(&admin(), method, path)).await.header("X-Request-Id").to_owned();
        assert!(own.len() >= 16, "{method} {path}: {own:?}");
        for id in ["abc-123", "A.b_c", &"x".repeat(128)] {
            let answer = app.send(app.request(&admin(), method, path).header("X-Request-Id", id)).await;
            assert_eq!(answer.header("X-Request-Id"), id, "{method} {path}");
        }
        for id in ["", "a b", "a\tb", "<script>", "a\"b", "é", &"x".repeat(129)] {
            let answer = app.send(app.request(&admin(), method, path).header("X-Request-Id", id)).await;
            let given = answer.header("X-Request-Id");
            assert!(given != id && given.len() >= 16, "{method} {path}: {id:?} became {given:?}");
        }
    }
}

#[tokio::test]
async fn each_code_has_a_page() {
    let app = App::start().await;
    for code in Code::ALL {
        let page = app.send(app.bare("GET", &format!("/problems/{}", code.as_str()))).await;
        assert_eq!(page.status, 200, "{code:?}");
        assert!(page.header("Content-Type").starts_with("text/html"), "{code:?}");
        assert!(page.text.contains(code.as_str()), "{code:?}: {}", page.text);
        let title = code.title().replace('\'', "&#39;");
        assert!(page.text.contains(&title), "{code:?}: {}", page.text);
    }
}
