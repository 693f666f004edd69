//! How fast reminders that are all due at once reach SES, through the real SDK and the embedded engine over
//! HTTP, and how many calls each takes; beside it the bare minimum: one conditional write and one mail each.
//!
//! Times are printed, and only what was sent is asserted.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and fails by panicking")]

#[path = "../it/support/mod.rs"]
mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use shared::store::deliveries::Delivery;
use shared::store::{Item, keys};
use tokio::runtime::Builder;

use self::support::{App, NOW, booked};

/// How many are due at once, unless `LECTERN_REMINDERS_DUE` says another number.
const DUE: usize = 50_000;
/// How many attend each meeting.
const ATTENDEES: usize = 40;
/// How many mails the function that sends them has on their way at a time: four of each of four messages.
const AT_A_TIME: usize = 16;
/// What one `BatchWriteItem` takes.
const BATCH: usize = 25;

fn main() {
    let due = std::env::var("LECTERN_REMINDERS_DUE").map_or(DUE, |count| count.parse().unwrap());
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (mail, bare) = (one_mail().await, due.min(10_000));
        let floor = rate(bare, claims_and_sends(bare, mail).await);
        let (took, calls) = reminders(due).await;
        let rate = rate(due, took);
        println!("{due} reminders due at once: {rate:.0} a second, in {took:.1?}; calls for each:");
        for (service, operations) in calls.as_object().unwrap() {
            for (operation, count) in operations.as_object().unwrap() {
                println!("  {:.3} {service} {operation}", count.as_f64().unwrap() / as_float(due));
            }
        }
        println!("one claim and one mail each, and nothing else: {floor:.0} a second");
        println!("ratio {:.2}", rate / floor);
    });
}

fn as_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from)
}

fn rate(count: usize, took: Duration) -> f64 {
    as_float(count) / took.as_secs_f64()
}

/// How long it takes until so many reminders are sent, and the calls that it takes.
async fn reminders(due: usize) -> (Duration, Value) {
    let app = App::start().await;
    fill(&app, due.div_ceil(ATTENDEES)).await;
    app.calls().await;
    let began = Instant::now();
    loop {
        let done = app.tick().await;
        if done["reminders"]["due"] == 0 && done["notifications"]["received"] == 0 {
            break;
        }
    }
    let took = began.elapsed();
    let calls = app.calls().await;
    assert_eq!(calls["sesv2"], json!({"SendEmail": due.div_ceil(ATTENDEES) * ATTENDEES}));
    (took, calls)
}

/// Meetings whose reminder is due, written straight into the table.
async fn fill(app: &App, meetings: usize) {
    let (deps, now) = (app.deps(), NOW.parse::<DateTime<Utc>>().unwrap());
    let people = booked::attendees(ATTENDEES);
    let made = now - TimeDelta::days(1);
    let mut items: Vec<Item> = Vec::new();
    for n in 0..meetings {
        let id = format!("mtg_{n:032x}");
        let meeting = booked::meeting(&id, made, now + TimeDelta::hours(1), ATTENDEES, &["PT1H"]);
        let mut writes =
            deps.store.meeting_writes(&meeting, None, made, deps.config.reminder_shards).unwrap();
        // No reminder has to do with the meeting's places in lists.
        writes.truncate(1);
        writes.extend(deps.store.attendee_writes(&meeting.tenant, &meeting.id, &[], &people).unwrap());
        items.extend(writes.into_iter().map(|write| write.put.unwrap().item));
    }
    let client = aws_sdk_dynamodb::Client::new(app.stack.aws());
    for items in items.chunks(BATCH) {
        let put = |item: &Item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let batch = client.batch_write_item().request_items("lectern", items.iter().map(put).collect());
        let left = batch.send().await.unwrap().unprocessed_items.unwrap_or_default();
        assert!(left.is_empty(), "the engine did not take all");
    }
}

/// A reminder's mail as it is handed to SES.
async fn one_mail() -> Vec<u8> {
    let app = App::start().await;
    let seen: Arc<Mutex<Option<Vec<u8>>>> = Arc::default();
    let kept = Arc::clone(&seen);
    let is_alone = app.stack.onlooker().look_with(move |call| {
        let request: Value = serde_json::from_slice(call.body).unwrap_or_default();
        if let Some(data) = request["Content"]["Raw"]["Data"].as_str() {
            *kept.lock().unwrap() = Some(STANDARD.decode(data).unwrap());
        }
    });
    assert!(is_alone, "someone else looks at the requests");
    fill(&app, 1).await;
    app.tick().await;
    seen.lock().unwrap().take().unwrap()
}

/// How long so many claims take, each followed by a mail.
async fn claims_and_sends(count: usize, mail: Vec<u8>) -> Duration {
    let app = App::start().await;
    let deps = app.deps();
    let ses = aws_sdk_sesv2::Client::new(app.stack.aws());
    let content = EmailContent::builder().raw(RawMessage::builder().data(Blob::new(mail)).build().unwrap());
    let content = content.build();
    let began = Instant::now();
    let one = async |n: usize| {
        let meeting = format!("mtg_{:032x}", n / ATTENDEES).parse().unwrap();
        let (tenant, attendee) = ("school".parse().unwrap(), format!("u-{}", n % ATTENDEES).parse().unwrap());
        let start: DateTime<Utc> = NOW.parse().unwrap();
        let key = keys::delivery(&tenant, &meeting, start, "PT1H".parse().unwrap(), &attendee);
        let claim: Delivery = serde_json::from_value(json!({
            "kind": "reminder", "attendee_id": attendee, "occurrence_start": start, "offset": "PT1H",
            "due_at": start, "claimed_at": start, "sent_at": null, "status": "sending", "reason": null,
        }))
        .unwrap();
        assert!(deps.store.claim_delivery(&key, &claim).await.unwrap());
        let to = Destination::builder().to_addresses(format!("u-{}@x.example", n % ATTENDEES)).build();
        let from = "no-reply@lectern.example";
        let send = ses.send_email().from_email_address(from).destination(to).content(content.clone());
        send.send().await.unwrap();
    };
    stream::iter(0..count).map(one).buffer_unordered(AT_A_TIME).collect::<Vec<()>>().await;
    began.elapsed()
}
