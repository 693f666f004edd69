//! Each attendee is reminded once, whatever breaks on the way.

use serde_json::json;
use shared::domain::meeting::State;
use shared::store::deliveries::{Delivery, DeliveryStatus};

use super::world::{SHARDS, World};

#[tokio::test]
async fn a_run_with_nothing_due_asks_each_shard_once_and_does_nothing_else() {
    let world = World::start().await;
    for _ in 0..40 {
        world.meeting(3, "2026-12-01T12:00:00Z", &["PT1H", "PT5M"]).await;
    }
    world.app.calls().await;
    let report = reminders::run(&world.deps).await.unwrap();
    assert_eq!(report, reminders::Report::default());
    assert_eq!(world.app.calls().await, json!({"dynamodb": {"Query": SHARDS}}));
}

#[tokio::test]
async fn each_attendee_has_one_mail_for_each_offset() {
    let world = World::start().await;
    let meeting = world.meeting(120, "2026-12-01T12:00:00Z", &["PT1H", "PT5M"]).await;
    assert_eq!(world.app.tick().await["reminders"], json!({"due": 0, "queued": 0, "moved": 0}));
    world.advance(3600);
    assert_eq!(world.app.tick().await["reminders"], json!({"due": 1, "queued": 3, "moved": 1}));
    let mails = world.mails().await;
    assert_eq!((mails.len(), mails.values().sum::<usize>()), (120, 120));
    assert_eq!(world.delivery(&meeting, "PT1H", 7).await.unwrap().status, DeliveryStatus::Sent);
    world.advance(55 * 60);
    assert_eq!(world.app.tick().await["reminders"]["due"], 1);
    assert!(world.mails().await.values().all(|count| *count == 2));
    // Once the date is over the meeting is no longer looked at.
    world.advance(3 * 3600);
    assert_eq!(world.app.tick().await["reminders"], json!({"due": 0, "queued": 0, "moved": 1}));
    assert_eq!(world.app.tick().await["reminders"], json!({"due": 0, "queued": 0, "moved": 0}));
}

#[tokio::test]
async fn a_run_that_died_after_queueing_mails_no_one_twice() {
    let world = World::start().await;
    let meeting = world.meeting(120, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    world.app.tick().await;
    let mails = world.mails().await;
    // As if the run had died before it moved the meeting on.
    world.rewrite(&meeting, |stored| stored.reminded_until = meeting.reminded_until).await;
    assert_eq!(world.app.tick().await["reminders"], json!({"due": 1, "queued": 3, "moved": 1}));
    assert_eq!(world.mails().await, mails);
}

#[tokio::test]
async fn runs_and_senders_side_by_side_mail_no_one_twice() {
    let world = World::start().await;
    for _ in 0..8 {
        world.meeting(30, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    }
    world.advance(3600);
    let runs = (0..3).map(|_| reminders::run(&world.deps));
    for report in futures::future::join_all(runs).await {
        report.unwrap();
    }
    let batch = world.receive().await;
    assert!(batch.records.len() >= 8, "{}", batch.records.len());
    futures::join!(world.handle(batch.clone()), world.handle(batch.clone()), world.handle(batch));
    let mails = world.mails().await;
    assert_eq!(mails.len(), 30);
    assert!(mails.values().all(|count| *count == 8), "{mails:?}");
}

#[tokio::test]
async fn two_ticks_side_by_side_mail_no_one_twice() {
    let world = World::start().await;
    world.meeting(60, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    futures::join!(world.app.tick(), world.app.tick());
    let mails = world.mails().await;
    assert_eq!(mails.len(), 60);
    assert!(mails.values().all(|count| *count == 1), "{mails:?}");
}

#[tokio::test]
async fn a_late_reminder_is_sent_before_the_start_and_recorded_as_skipped_after_it() {
    let world = World::start().await;
    let helps = world.meeting(1, "2026-12-01T12:30:00Z", &["PT1H"]).await;
    let late = world.meeting(2, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(2 * 3600);
    world.app.tick().await;
    assert_eq!(world.delivery(&helps, "PT1H", 0).await.unwrap().status, DeliveryStatus::Sent);
    let skipped = world.delivery(&late, "PT1H", 1).await.unwrap();
    assert_eq!(skipped.status, DeliveryStatus::Skipped);
    assert!(skipped.reason.is_some() && skipped.sent_at.is_none());
    assert_eq!(world.mails().await.values().sum::<usize>(), 1);
}

#[tokio::test]
async fn what_moved_or_was_cancelled_after_it_was_queued_is_not_sent() {
    let world = World::start().await;
    let moved = world.meeting(2, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    let cancelled = world.meeting(2, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    assert_eq!(reminders::run(&world.deps).await.unwrap().queued, 2);
    world
        .rewrite(&moved, |meeting| {
            meeting.dates[0].interval.starts_at += chrono::TimeDelta::hours(5);
            meeting.dates[0].interval.ends_at += chrono::TimeDelta::hours(5);
        })
        .await;
    world.rewrite(&cancelled, |meeting| meeting.state = State::Cancelled).await;
    let done = world.app.tick().await;
    assert_eq!(done["notifications"], json!({"received": 2, "handled": 2, "failed": 0}));
    assert!(world.mails().await.is_empty());
    world.advance(5 * 3600);
    world.app.tick().await;
    assert_eq!(world.mails().await.values().sum::<usize>(), 2);
}

#[tokio::test]
async fn mails_that_ses_does_not_take_are_tried_again() {
    let world = World::start().await;
    let meeting = world.meeting(20, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    world.let_ses_be_down(true);
    assert_eq!(world.app.tick().await["notifications"]["failed"], 1);
    assert!(world.mails().await.is_empty());
    assert_eq!(world.delivery(&meeting, "PT1H", 1).await, None);
    world.let_ses_be_down(false);
    world.advance(61);
    assert_eq!(world.app.tick().await["notifications"]["handled"], 1);
    let mails = world.mails().await;
    assert_eq!(mails.len(), 20);
    assert!(mails.values().all(|count| *count == 1), "{mails:?}");
}

#[tokio::test]
async fn a_mail_whose_sender_died_is_given_up_rather_than_sent_twice() {
    let world = World::start().await;
    let meeting = world.meeting(5, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    let claim: Delivery = serde_json::from_value(json!({
        "kind": "reminder", "attendee_id": "u-3", "occurrence_start": "2026-12-01T12:00:00Z", "offset": "PT1H",
        "due_at": "2026-12-01T11:00:00Z", "claimed_at": "2026-12-01T11:00:00Z", "sent_at": null,
        "status": "sending", "reason": null,
    }))
    .unwrap();
    let key = World::key(&meeting, "PT1H", 3);
    assert!(world.deps.store.claim_delivery(&key, &claim).await.unwrap());
    world.advance(3600);
    world.app.tick().await;
    assert_eq!(world.mails().await.len(), 4);
    assert_eq!(world.delivery(&meeting, "PT1H", 3).await.unwrap().status, DeliveryStatus::Sending);
    world.advance(901);
    world.app.tick().await;
    let given_up = world.delivery(&meeting, "PT1H", 3).await.unwrap();
    assert_eq!(given_up.status, DeliveryStatus::Failed);
    assert!(given_up.reason.is_some());
    world.advance(901);
    world.app.tick().await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), 4);
    assert!(mails.values().all(|count| *count == 1), "{mails:?}");
}

#[tokio::test]
async fn many_meetings_at_one_moment_all_get_theirs() {
    let world = World::start().await;
    for _ in 0..250 {
        world.meeting(1, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    }
    world.advance(3600);
    let done = world.app.tick().await;
    assert_eq!(done["reminders"], json!({"due": 250, "queued": 250, "moved": 250}));
    assert_eq!(world.mails().await.values().sum::<usize>(), 250);
}

#[tokio::test]
async fn a_message_that_cannot_be_read_keeps_no_other_from_its_turn() {
    let world = World::start().await;
    world.meeting(1, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    let queue = &world.deps.config.notices_queue_url;
    let message = world.deps.queue.send_message().queue_url(queue).message_body("{\"kind\": \"rumour\"}");
    message.send().await.unwrap();
    let done = world.app.tick().await;
    assert_eq!(done["notifications"], json!({"received": 2, "handled": 1, "failed": 1}));
    assert_eq!(world.mails().await.len(), 1);
}
