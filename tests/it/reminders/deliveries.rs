//! What was sent to whom, as those see it who manage the meeting.

use serde_json::json;

use super::news::{HOST, News, path};
use super::reminding;
use crate::support::{admin, instructor, learner, meeting_on};

#[tokio::test]
async fn deliveries_are_paged_and_for_those_who_manage_the_meeting() {
    let mut news = News::start().await;
    let names: Vec<String> = (0..7).map(|n| format!("u{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let body = reminding(meeting_on("Yoga", "2027-03-09T10:00:00Z", HOST), &names, &[]);
    let booked = news.app.book(&admin(), &body).await;
    news.told().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            news.app.get(&admin(), &format!("{}/deliveries?limit=3{cursor}", path(&booked))).await.body;
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["attendee_id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(seen), json!(names));
    for stranger in [instructor("u-x"), learner("u0")] {
        let refused = news.app.get(&stranger, &format!("{}/deliveries", path(&booked))).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
}
