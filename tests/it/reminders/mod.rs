//! Reminders, from the table to the mailbox.

mod at_scale;
mod content;
mod deliveries;
mod limits;
mod news;
mod once;
mod schedule;
mod unsubscribing;
mod world;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::App;

/// To whom each reminder went and when it was sent, to the minute, oldest first.
async fn sent(app: &App) -> Vec<(String, String)> {
    let minute = |at: &str| at.parse::<DateTime<Utc>>().unwrap().format("%Y-%m-%dT%H:%MZ").to_string();
    let mails = app.reminders().await;
    mails
        .iter()
        .map(|mail| (mail["to"][0].as_str().unwrap().to_owned(), minute(mail["sent_at"].as_str().unwrap())))
        .collect()
}

/// Runs everything at that moment.
async fn tick_at(app: &App, moment: &str) -> Value {
    app.stack.clock().set(moment.parse().unwrap());
    app.tick().await
}

/// A meeting's body with attendees and reminders.
fn reminding(mut body: Value, attendees: &[&str], reminders: &[&str]) -> Value {
    let attendee = |id: &&str| json!({"id": id, "email": format!("{id}@x.example")});
    body["attendees"] = attendees.iter().map(attendee).collect();
    body["reminders"] = json!(reminders);
    body
}
