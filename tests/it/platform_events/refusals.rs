//! Events go to the public Internet and nowhere else.

use local::{Options, Stack};
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::platform::Reach;
use shared::store::settings::TenantSettings;

use super::{HOST, SETTINGS, later, listen};
use crate::support::{App, admin, meeting_on, sandbox_account};

/// A stack as a deployment sets it up, with a connected account.
async fn deployed() -> App {
    let options = Options { daily_writes: 10_000, webhook_reach: Reach::Public, ..Options::memory() };
    let app = App::around(Stack::start(options).await.unwrap());
    app.stack.clock().set(crate::support::NOW.parse().unwrap());
    app.connect(&admin(), &sandbox_account("Room 1")).await;
    app
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_when_it_is_set() {
    let app = deployed().await;
    let addresses = [
        // Loopback, in the spellings that URLs have.
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        // Private, carrier-grade, link-local, with the addresses of cloud metadata, and unspecified.
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "0.0.0.0",
        "[::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "[2001:0:a9fe:a9fe::1]",
        // Multicast, broadcast, documentation, benchmarks, reserved.
        "224.0.0.1",
        "[ff02::1]",
        "255.255.255.255",
        "192.0.2.1",
        "[2001:db8::1]",
        "198.18.0.1",
        "240.0.0.1",
        // Names that lead there.
        "localhost",
        "LOCALHOST",
    ];
    for address in addresses {
        let body = json!({"buffer_minutes": 7, "webhook": {"url": format!("https://{address}:8443/hook")}});
        let answer = app.put(&admin(), SETTINGS, &body).await;
        let expected = [("/webhook/url".to_owned(), "invalid".to_owned())];
        assert_eq!(
            (answer.status, answer.faults().as_slice()),
            (422, &expected[..]),
            "{address}: {}",
            answer.text
        );
        assert!(answer.text.contains("public Internet"), "{address}: {}", answer.text);
    }
    assert_eq!(app.get(&admin(), SETTINGS).await.body["buffer_minutes"], 0);
}

#[tokio::test]
async fn every_fault_of_a_webhook_is_named_at_once() {
    let app = deployed().await;
    let faults = async |webhook: Value| {
        let answer = app.put(&admin(), SETTINGS, &json!({"webhook": webhook, "locale": "x"})).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        let mut faults = answer.faults();
        faults.retain(|(pointer, _)| pointer != "/locale");
        faults.sort();
        faults.iter().map(|(pointer, code)| format!("{pointer} {code}")).collect::<Vec<_>>()
    };
    assert_eq!(faults(json!("https://lms.example")).await, ["/webhook wrong_type"]);
    assert_eq!(faults(json!({})).await, ["/webhook/url required"]);
    assert_eq!(
        faults(json!({"url": 5, "rotate_secret": "yes", "secret": "mine"})).await,
        ["/webhook/rotate_secret wrong_type", "/webhook/secret unknown_field", "/webhook/url wrong_type"]
    );
    for wrong in ["http://8.8.8.8", "ftp://8.8.8.8", "8.8.8.8", "https://me:pw@8.8.8.8", "https://8.8.8.8/#x"]
    {
        assert_eq!(faults(json!({"url": wrong})).await, ["/webhook/url invalid"], "{wrong}");
    }
    let long = format!("https://8.8.8.8/{}", "x".repeat(2_000));
    assert_eq!(faults(json!({"url": long})).await, ["/webhook/url too_long"]);
}

#[tokio::test]
async fn a_public_address_is_taken() {
    let app = deployed().await;
    let webhook = listen(&app, &admin(), json!({"url": "https://8.8.8.8/hook"})).await;
    assert_eq!(webhook["url"], "https://8.8.8.8/hook");
    assert!(webhook["secret"].as_str().unwrap().starts_with("whsec_"));
}

/// What was checked when it was set may lead elsewhere when an event is sent: names change.
#[tokio::test]
async fn a_connection_that_would_lead_into_a_private_network_is_not_made() {
    let app = deployed().await;
    listen(&app, &admin(), json!({"url": "https://8.8.8.8/hook"})).await;
    let deps = Deps::new(app.stack.config().clone(), app.stack.aws(), app.stack.clock().clone());
    let tenant = "school".parse().unwrap();
    // Whoever connects is noticed, whether or not it speaks TLS then.
    let door = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    door.set_nonblocking(true).unwrap();
    let port = door.local_addr().unwrap().port();
    let urls =
        ["https://localhost", "https://127.0.0.1", "http://localhost"].map(|url| format!("{url}:{port}/"));
    for (place, url) in urls.into_iter().enumerate() {
        let before: TenantSettings = deps.store.tenant_settings(&tenant).await.unwrap();
        let mut after = TenantSettings { version: before.version + 1, ..before.clone() };
        after.webhook.as_mut().unwrap().url.clone_from(&url);
        assert!(deps.store.replace_tenant_settings(&tenant, &after, &before).await.unwrap());
        let start = format!("2027-03-1{place}T10:00:00Z");
        app.book(&admin(), &meeting_on("Yoga", &start, HOST)).await;
        let report = later(&app, 60).await;
        assert!(report["notifications"]["failed"].as_u64().unwrap() >= 1, "{url}: {report}");
        let knock = door.accept().map_err(|error| error.kind());
        assert_eq!(knock.err(), Some(std::io::ErrorKind::WouldBlock), "{url}");
    }
}
