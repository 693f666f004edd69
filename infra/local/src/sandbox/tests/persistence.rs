use serde_json::{Value, json};

use super::support::{HOST, World, path};

#[tokio::test]
async fn everything_outlives_a_restart() {
    let directory = std::env::temp_dir().join(format!("sandbox-{}", rand::random::<u64>()));
    std::fs::create_dir(&directory).unwrap();
    let file = directory.join("zoom.sqlite");
    let before = World::with(Some(file.clone()), 2);
    let token = before.token().await;
    let recurrence = json!({"type": 3, "monthly_week": -1, "monthly_week_day": 6, "end_times": 4});
    let body =
        json!({"topic": "S", "type": 8, "start_time": "2027-01-01T10:00:00Z", "recurrence": recurrence});
    let meeting = before.create(&token, &body).await;
    before.api(&token, "PATCH", &path(&meeting), &json!({"agenda": "A"})).await.expect(204);
    let gone = before
        .api(&token, "POST", "/users/host2@sandbox.example/meetings", &json!({"topic": "gone"}))
        .await
        .expect(201);
    before.api(&token, "DELETE", &path(&gone), &Value::Null).await.expect(204);
    let kept = before.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    drop(before);

    let after = World::with(Some(file.clone()), 2);
    let mut read = after.api(&token, "GET", &path(&meeting), &Value::Null).await.expect(200);
    assert_ne!(read["start_url"], kept["start_url"]);
    read["start_url"] = kept["start_url"].clone();
    assert_eq!(read, kept);
    after.api(&token, "GET", &path(&gone), &Value::Null).await.refused(404, 3001);
    after.api(&token, "POST", &format!("/users/{HOST}/meetings"), &json!({})).await.refused(429, 429);
    assert_eq!(after.sandbox.accounts().len(), 1, "not planted twice");
    // The journal beside the file too, which is there while it is open.
    for entry in std::fs::read_dir(&directory).unwrap() {
        let raw = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["sandbox-secret", token.as_str()] {
            let found = raw.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "secrets are kept as digests");
        }
    }
    drop(after);
    std::fs::remove_dir_all(&directory).unwrap();
}
