//! What learning platforms are told, from a change to a receiver's door.

mod events;
mod receiver;
mod refusals;
mod retries;
mod secret;

use serde_json::{Value, json};

use self::receiver::Receiver;
use crate::support::{App, Caller, admin};

const HOST: &str = "host1@sandbox.example";
const SETTINGS: &str = "/v1/settings";

/// Sets where the caller's tenant is told; returns the webhook as the reply has it.
async fn listen(app: &App, caller: &Caller, webhook: Value) -> Value {
    let answer = app.put(caller, SETTINGS, &json!({"webhook": webhook})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["webhook"].clone()
}

/// A stack with a connected account whose administrator's platform is told at a receiver; returns the secret
/// too.
async fn listening() -> (App, Receiver, String) {
    let (app, _) = App::connected().await;
    let receiver = Receiver::start().await;
    let webhook = listen(&app, &admin(), json!({"url": receiver.url()})).await;
    let secret = webhook["secret"].as_str().unwrap().to_owned();
    (app, receiver, secret)
}

/// Lets `seconds` go by and runs what the schedule would.
async fn later(app: &App, seconds: i64) -> Value {
    assert!(app.stack.clock().advance(seconds));
    app.tick().await
}

fn path(meeting: &Value) -> String {
    format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())
}
