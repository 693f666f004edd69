//! Secrets Manager.

use crate::support::Local;

#[tokio::test]
async fn holds_what_functions_expect() {
    let local = Local::start().await;
    for name in ["lectern/signing-key", "lectern/jwt"] {
        let secret = local.secrets().get_secret_value().secret_id(name).send().await.unwrap();
        assert!(secret.secret_string.unwrap().len() >= 32, "{name}");
    }
    local.stack.stop().await;
}

#[tokio::test]
async fn names_versions_by_the_requests_token() {
    let local = Local::start().await;
    let client = local.secrets();
    let first = "11111111-1111-4111-8111-111111111111";
    let made = client
        .create_secret()
        .name("lectern/connections/con_1")
        .secret_string("old")
        .client_request_token(first)
        .send()
        .await
        .unwrap();
    assert_eq!(made.version_id(), Some(first));
    let put =
        client.put_secret_value().secret_id("lectern/connections/con_1").secret_string("new").send().await;
    let second = put.unwrap().version_id.unwrap();
    for (version, value) in [(first, "old"), (second.as_str(), "new")] {
        let read = client
            .get_secret_value()
            .secret_id("lectern/connections/con_1")
            .version_id(version)
            .send()
            .await
            .unwrap();
        assert_eq!(read.secret_string(), Some(value));
    }
    local.stack.stop().await;
}

#[tokio::test]
async fn deleted_secret_is_gone() {
    let local = Local::start().await;
    let client = local.secrets();
    client.create_secret().name("s").secret_string("v").send().await.unwrap();
    client.delete_secret().secret_id("s").force_delete_without_recovery(true).send().await.unwrap();
    let error = client.get_secret_value().secret_id("s").send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    local.stack.stop().await;
}
