//! What is said of connections, in the language of whoever asks.

use serde_json::{Value, json};

use super::{check, switch_app};
use crate::support::{Answer, App, Caller, account, admin, meeting_on, sandbox_account, secret};

/// Each language with what it says of a wrong client secret, and of an app that was taken out of use.
const SAID: [(&str, &str, &str); 6] = [
    ("en", "Wrong client id or client secret", "The app has been disabled."),
    ("id", "Client ID atau Client secret salah", "Aplikasi telah dinonaktifkan."),
    ("pt", "Client ID ou Client Secret incorreto", "O aplicativo foi desativado."),
    ("ru", "Неверный Client ID или Client Secret", "Приложение отключено."),
    ("fr", "Client ID ou Client Secret incorrect", "L'application a été désactivée."),
    ("ja", "Client ID または Client secret が正しくありません", "アプリが無効になっています。"),
];

fn wrong_secret() -> Value {
    account("Room 1", "sandbox-account", "sandbox-client", &secret("wrong"))
}

fn speaking(locale: &'static str) -> Caller {
    Caller { locale: Some(locale), ..admin() }
}

async fn post(app: &App, caller: &Caller, accept: &str, path: &str, body: &Value) -> Answer {
    app.send(app.request(caller, "POST", path).header("Accept-Language", accept).json(body)).await
}

fn credentials(verification: &Value) -> (&str, &str) {
    let check = check(verification, "credentials");
    (check["detail"].as_str().unwrap(), check["fix"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_check_is_told_in_each_language_by_header_and_by_locale() {
    let app = App::start().await;
    for (tag, said, _) in SAID {
        let by_header = post(&app, &admin(), tag, "/v1/connections/verify", &wrong_secret()).await;
        let by_locale = app.post(&speaking(tag), "/v1/connections/verify", &wrong_secret()).await;
        for answer in [&by_header, &by_locale] {
            let (detail, fix) = credentials(&answer.body["verification"]);
            assert!(detail.contains(said), "{tag}: {detail}");
            assert!(fix.contains("App Credentials"), "{tag}: {fix}");
            assert_eq!(answer.header("content-language"), tag);
        }
        assert_eq!(by_header.body["verification"]["checks"], by_locale.body["verification"]["checks"]);
    }
}

#[tokio::test]
async fn the_header_is_asked_before_the_locale_and_english_is_left() {
    let app = App::start().await;
    for (accept, locale, tag) in [
        ("pt-BR,pt;q=0.9,en;q=0.8", "ru", "pt"),
        ("en;q=0.2, ja;q=0.9", "ru", "ja"),
        ("de, *;q=0.1", "ru-RU", "ru"),
        ("de", "de-DE", "en"),
    ] {
        let caller = speaking(locale);
        let answer = post(&app, &caller, accept, "/v1/connections/verify", &wrong_secret()).await;
        let said = SAID.iter().find(|(other, ..)| *other == tag).unwrap().1;
        let (detail, _) = credentials(&answer.body["verification"]);
        assert!(detail.contains(said), "{accept} {locale}: {detail}");
        assert_eq!(answer.header("content-language"), tag);
    }
}

#[tokio::test]
async fn a_refused_app_is_refused_in_the_callers_language() {
    let app = App::start().await;
    let saved = post(&app, &speaking("ru"), "fr", "/v1/connections", &wrong_secret()).await;
    assert_eq!((saved.status, saved.code()), (422, "connection_check_failed"), "{}", saved.text);
    let detail = saved.body["detail"].as_str().unwrap();
    assert!(detail.starts_with("Zoom n'accepte pas l'application"), "{detail}");
    assert!(credentials(&saved.body["verification"]).0.starts_with("Client ID ou Client Secret incorrect"));
    assert_eq!(saved.header("content-language"), "fr");

    let mut jwt = sandbox_account("Room 1");
    jwt["auth"] = json!({"method": "jwt", "api_key": secret("key"), "api_secret": secret("jwt")});
    for (locale, said) in [("en", "ended JWT apps in 2023"), ("ja", "2023年に廃止された")] {
        let answer = app.post(&speaking(locale), "/v1/connections", &jwt).await;
        assert_eq!(answer.code(), "validation_failed", "{}", answer.text);
        for detail in [&answer.body["detail"], &answer.body["errors"][0]["detail"]] {
            let detail = detail.as_str().unwrap();
            assert!(detail.contains(said) && detail.contains("Server-to-Server OAuth"), "{detail}");
        }
        assert_eq!(answer.header("content-language"), locale);
    }
}

#[tokio::test]
async fn a_kept_check_is_read_by_each_in_an_own_language() {
    let (app, connection) = App::connected().await;
    let path = format!("/v1/connections/{}", connection["id"].as_str().unwrap());
    switch_app(&app, "sandbox-account", "sandbox-client", false).await;
    let checked = app.post(&speaking("id"), &format!("{path}/verify"), &json!({})).await;
    assert_eq!(credentials(&checked.body["verification"]).0, "Aplikasi telah dinonaktifkan.");
    let booking = meeting_on("Yoga", "2027-03-02T10:00:00Z", "host1@sandbox.example");
    for (tag, _, said) in SAID {
        let caller = speaking(tag);
        let read = app.get(&caller, &path).await;
        assert_eq!(credentials(&read.body["verification"]).0, said);
        let list = app.get(&caller, "/v1/connections").await;
        assert_eq!(list.body["items"], json!([read.body]));
        let unchanged = app.patch(&caller, &path, &json!({})).await;
        assert_eq!(unchanged.body, read.body);
        for answer in [&read, &list, &unchanged] {
            assert_eq!(answer.header("content-language"), tag);
        }
        let refused = app.post(&caller, "/v1/meetings", &booking).await;
        assert_eq!((refused.status, refused.code()), (409, "connection_inactive"), "{}", refused.text);
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("Room 1") && detail.contains(said), "{tag}: {detail}");
        assert!(detail.contains("Activation > Activate your app"), "{tag}: {detail}");
        assert_eq!(refused.header("content-language"), tag);
    }
    // Nothing of the words is kept: the table holds what was found.
    assert!(!crate::support::all_items(&app).await.join("").contains("dinonaktifkan"));
}

#[tokio::test]
async fn a_reply_that_is_given_again_stays_as_it_was() {
    let app = App::start().await;
    let send = async |locale: &'static str| {
        app.post_with_key(&speaking(locale), "/v1/connections", "k-1", &sandbox_account("Room 1")).await
    };
    let first = send("fr").await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = send("ja").await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    assert_eq!(again.header("content-language"), "fr");
    assert!(credentials(&again.body["verification"]).0.starts_with("Zoom accepte l'application"));
}
