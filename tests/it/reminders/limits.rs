//! How much is mailed, how often it is tried, and what becomes of what cannot be sent.

use local::Options;
use serde_json::json;
use shared::domain::meeting::Meeting;
use shared::notices::MOST_TRIES;
use shared::store::deliveries::DeliveryStatus;

use super::world::World;

/// How the deliveries of a meeting's reminder an hour before ended, by attendee.
async fn statuses(world: &World, meeting: &Meeting, attendees: usize) -> Vec<DeliveryStatus> {
    let mut statuses = Vec::new();
    for n in 0..attendees {
        statuses.extend(world.delivery(meeting, "PT1H", n).await.map(|delivery| delivery.status));
    }
    statuses
}

fn count(statuses: &[DeliveryStatus], wanted: DeliveryStatus) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

#[tokio::test]
async fn a_tenant_sends_no_more_in_a_day_than_it_may() {
    let world = World::with(Options { daily_mails: 25, ..Options::memory() }).await;
    let first = world.meeting(20, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    let second = world.meeting(20, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    let tomorrow = world.meeting(20, "2026-12-02T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    world.app.tick().await;
    assert_eq!(world.mails().await.values().sum::<usize>(), 25);
    let all = [statuses(&world, &first, 20).await, statuses(&world, &second, 20).await].concat();
    assert_eq!((count(&all, DeliveryStatus::Sent), count(&all, DeliveryStatus::Skipped)), (25, 15));
    for n in 0..20 {
        let delivery = world.delivery(&second, "PT1H", n).await.unwrap();
        let told = delivery.reason.is_some_and(|reason| reason.contains("25 mails of the day"));
        assert_eq!(told, delivery.status == DeliveryStatus::Skipped, "{:?}", delivery.status);
    }
    world.advance(24 * 3600);
    world.app.tick().await;
    assert_eq!(count(&statuses(&world, &tomorrow, 20).await, DeliveryStatus::Sent), 20);
}

#[tokio::test]
async fn what_was_not_sent_does_not_count() {
    let world = World::with(Options { daily_mails: 21, ..Options::memory() }).await;
    let meeting = world.meeting(20, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    let last = world.meeting(1, "2026-12-01T13:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    world.let_ses_be_down(true);
    world.app.tick().await;
    world.let_ses_be_down(false);
    world.advance(31);
    world.app.tick().await;
    assert_eq!(count(&statuses(&world, &meeting, 20).await, DeliveryStatus::Sent), 20);
    // Whoever has been written to does not count a second time either.
    world.rewrite(&meeting, |stored| stored.reminded_until = meeting.reminded_until).await;
    world.app.tick().await;
    world.advance(3600);
    world.app.tick().await;
    assert_eq!(statuses(&world, &last, 1).await, [DeliveryStatus::Sent]);
}

#[tokio::test]
async fn each_try_comes_later_than_the_one_before() {
    let world = World::start().await;
    world.meeting(3, "2026-12-01T12:00:00Z", &["PT1H"]).await;
    world.advance(3600);
    world.let_ses_be_down(true);
    assert_eq!(world.app.tick().await["notifications"]["failed"], 1);
    for seconds in [30, 60, 120, 240] {
        world.advance(seconds - 3);
        assert_eq!(world.app.tick().await["notifications"]["received"], 0, "{seconds}");
        world.advance(4);
        assert_eq!(world.app.tick().await["notifications"]["failed"], 1, "{seconds}");
    }
}

#[tokio::test]
async fn what_fails_for_good_is_recorded_and_among_the_dead_letters_and_can_be_sent_from_there() {
    let world = World::start().await;
    let meeting = world.meeting(3, "2026-12-03T12:00:00Z", &["P1D", "PT1H"]).await;
    world.advance(26 * 3600);
    world.let_ses_be_down(true);
    for n in 1..=MOST_TRIES {
        assert_eq!(world.delivery(&meeting, "P1D", 1).await, None, "before try {n}");
        assert_eq!(world.app.tick().await["notifications"]["failed"], 1, "{n}");
        world.advance(901);
    }
    let delivery = world.delivery(&meeting, "P1D", 1).await.unwrap();
    assert_eq!(delivery.status, DeliveryStatus::Failed);
    assert!(delivery.reason.unwrap().contains("SES does not take mails"));

    world.let_ses_be_down(false);
    assert_eq!(world.app.tick().await["notifications"], json!({"received": 0, "handled": 0, "failed": 0}));
    let queues =
        world.deps.queue.list_queues().queue_name_prefix("lectern-notices-dead").send().await.unwrap();
    let dead = &queues.queue_urls()[0];
    let received = world.deps.queue.receive_message().queue_url(dead).send().await.unwrap();
    let [message] = received.messages() else { panic!("{received:?}") };
    let again = world.deps.queue.send_message().queue_url(&world.deps.config.notices_queue_url);
    again.message_body(message.body().unwrap()).send().await.unwrap();
    world.app.tick().await;
    assert_eq!(world.delivery(&meeting, "P1D", 1).await.unwrap().status, DeliveryStatus::Sent);
    assert_eq!(world.mails().await.values().sum::<usize>(), 3);
}
