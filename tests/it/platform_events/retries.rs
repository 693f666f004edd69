//! An event that a platform does not take comes again, and is given up after a day.

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};
use shared::platform::{MOST_ATTEMPTS, RETRIES_AFTER_SECONDS};

use super::{HOST, Receiver, SETTINGS, later, listen, listening, path};
use crate::support::{App, admin, meeting_on};

/// How many events lie among the dead letters.
async fn given_up(app: &App) -> String {
    let sqs = aws_sdk_sqs::Client::new(app.stack.aws());
    let url = format!("{}-dead", app.stack.config().platform_events_queue_url);
    let name = QueueAttributeName::ApproximateNumberOfMessages;
    let request = sqs.get_queue_attributes().queue_url(url).attribute_names(name.clone());
    request.send().await.unwrap().attributes.unwrap()[&name].clone()
}

async fn webhook(app: &App) -> Value {
    app.get(&admin(), SETTINGS).await.body["webhook"].clone()
}

#[tokio::test]
async fn an_event_comes_again_under_its_id_until_it_is_taken() {
    let (app, receiver, secret) = listening().await;
    receiver.answer(&[500, 429, 404]);
    app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
    let mut attempts = Vec::new();
    for seconds in [30, 31, 301, 1_801] {
        later(&app, seconds).await;
        let received = receiver.received();
        assert_eq!(received.len(), 1, "after {seconds} s: {received:?}");
        attempts.extend(received);
    }
    for attempt in &attempts {
        assert!(attempt.is_signed_with(&secret));
        assert_eq!((attempt.id(), &attempt.text), (attempts[0].id(), &attempts[0].text));
    }
    let times: Vec<&str> = attempts.iter().map(|one| one.header("webhook-timestamp")).collect();
    assert!(times.is_sorted() && times[0] != times[3], "{times:?}");
    later(&app, 36_000).await;
    assert_eq!(receiver.types(), [""; 0]);
}

#[tokio::test]
async fn an_event_is_not_sent_before_its_time_and_holds_up_no_other() {
    let (app, receiver, _) = listening().await;
    receiver.answer(&[500, 500]);
    let failing = app.book(&admin(), &meeting_on("Failing", "2027-03-09T10:00:00Z", HOST)).await;
    later(&app, 30).await;
    later(&app, 31).await;
    assert_eq!(receiver.received().len(), 2);
    app.book(&admin(), &meeting_on("Taken", "2027-03-10T10:00:00Z", HOST)).await;
    later(&app, 120).await;
    let received = receiver.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].body["data"]["topic"], "Taken");
    later(&app, 181).await;
    let received = receiver.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].body["data"]["meeting_id"], failing["id"]);
}

#[tokio::test]
async fn after_a_day_an_event_is_given_up() {
    let (app, receiver, _) = listening().await;
    receiver.answer(&[503; 20]);
    app.book(&admin(), &meeting_on("Yoga", "2027-04-09T10:00:00Z", HOST)).await;
    later(&app, 30).await;
    for seconds in RETRIES_AFTER_SECONDS {
        later(&app, i64::from(seconds) + 1).await;
    }
    assert_eq!(receiver.received().len(), MOST_ATTEMPTS as usize);
    assert_eq!(given_up(&app).await, "0");
    later(&app, 120).await;
    assert_eq!((receiver.received().len(), given_up(&app).await.as_str()), (0, "1"));
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let (app, receiver, _) = listening().await;
    let elsewhere = Receiver::start().await;
    receiver.redirect(elsewhere.url());
    app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
    later(&app, 30).await;
    assert_eq!((receiver.received().len(), elsewhere.received().len()), (1, 0));
    // It is no taking either.
    later(&app, 31).await;
    assert_eq!((receiver.received().len(), elsewhere.received().len()), (1, 0));
}

#[tokio::test]
async fn a_platform_that_is_gone_gets_no_more_events_until_it_is_set_again() {
    let (app, receiver, _) = listening().await;
    receiver.answer(&[410]);
    let booked = app.book(&admin(), &meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST)).await;
    later(&app, 30).await;
    assert_eq!(receiver.received().len(), 1);
    let disabled = webhook(&app).await;
    assert!(disabled["disabled_at"].is_string(), "{disabled}");
    let topic = |topic: &str| json!({"topic": topic});
    assert_eq!(app.patch(&admin(), &path(&booked), &topic("Yoga I")).await.status, 200);
    later(&app, 60).await;
    assert_eq!(receiver.received().len(), 0);

    // What was read can be written back.
    let again = listen(&app, &admin(), disabled).await;
    assert_eq!((&again["disabled_at"], &again["secret"]), (&Value::Null, &Value::Null));
    assert_eq!(app.patch(&admin(), &path(&booked), &topic("Yoga II")).await.status, 200);
    later(&app, 60).await;
    assert_eq!(receiver.types(), ["meeting.updated"]);
}

#[tokio::test]
async fn a_reminder_that_helps_no_more_is_not_sent_again() {
    let (app, receiver, _) = listening().await;
    let mut body = meeting_on("Yoga", "2027-03-01T10:00:00Z", HOST);
    body["reminders"] = json!(["PT5M"]);
    app.book(&admin(), &body).await;
    later(&app, 30).await;
    assert_eq!(receiver.types(), ["meeting.scheduled"]);
    receiver.answer(&[500, 500]);
    app.stack.clock().set("2027-03-01T09:55:30Z".parse().unwrap());
    app.tick().await;
    later(&app, 31).await;
    assert_eq!(receiver.types(), ["reminder.due", "reminder.due"]);
    later(&app, 301).await;
    assert_eq!(receiver.types(), [""; 0]);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_keeps_no_mail_waiting() {
    let (app, _) = App::connected().await;
    // Nobody listens there.
    listen(&app, &admin(), json!({"url": "http://127.0.0.1:1/"})).await;
    let mut body = meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST);
    body["attendees"] = json!([{"id": "u-1", "email": "a@x.example"}]);
    app.book(&admin(), &body).await;
    let report = later(&app, 30).await;
    assert_eq!(report["notifications"], json!({"received": 2, "handled": 1, "failed": 1}));
    assert_eq!(app.mails().await.len(), 1);
}
