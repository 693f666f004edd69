//! A batch that takes longer than its function has time.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::clock::{Clock, SharedClock};
use shared::deps::Deps;

use super::world::{HOST, World, event};
use crate::support::{admin, meeting_on, queue};

/// A clock that is ten seconds further each time that somebody looks at it.
#[derive(Debug)]
struct Hurried(Mutex<DateTime<Utc>>);

impl Clock for Hurried {
    fn now(&self) -> DateTime<Utc> {
        let mut now = self.0.lock().unwrap();
        *now += TimeDelta::seconds(10);
        *now
    }
}

#[tokio::test]
async fn what_there_is_no_time_for_comes_again() {
    let world = World::start().await;
    let mut body = meeting_on("Lesson", "2027-03-01T09:00:00", HOST);
    body["attendees"] =
        (0..8).map(|n| json!({"id": format!("u-{n}"), "email": format!("u-{n}@x.example")})).collect();
    let meeting = world.app.book(&admin(), &body).await;
    world.app.tick().await;
    for n in 0..8 {
        let participant = json!({"user_id": n.to_string(), "user_name": "X", "email": format!("u-{n}@x.example"),
                                 "join_time": "2027-03-01T09:00:00Z"});
        let object = json!({"id": meeting["zoom_meeting_id"], "uuid": "s1", "participant": participant});
        world.tell(&event("meeting.participant_joined", "2027-03-01T09:00:00Z", &object)).await;
    }
    let deps = |clock: SharedClock| Deps::new(world.app.stack.config().clone(), world.app.stack.aws(), clock);
    let patient = deps(world.app.stack.clock().clone());
    let mut told = queue::take(&patient, &patient.config.webhooks_queue_url).await;
    assert_eq!(told.records.len(), 8);
    let hurried = deps(Arc::new(Hurried(Mutex::new(world.app.now()))));
    let left = webhooks::handle(&hurried, told.clone()).await.batch_item_failures;
    assert!((1..8).contains(&left.len()), "{left:?}");
    let is_left = |id: &Option<String>| left.iter().any(|one| Some(&one.item_identifier) == id.as_ref());
    told.records.retain(|message| is_left(&message.message_id));
    assert_eq!(webhooks::handle(&patient, told).await.batch_item_failures.len(), 0);
    let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
    let attendance = world.app.get(&admin(), &path).await.body;
    let all = attendance["attendees"].as_array().unwrap();
    assert!(all.iter().all(|one| one["attended"] == true), "{attendance}");
}
