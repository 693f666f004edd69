//! What lists and searches cost in a tenant with very many meetings.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::deps::Deps;
use shared::domain::interval::Interval;
use shared::domain::meeting::{Meeting, State};
use shared::domain::words::Terms;
use shared::store::keys;

use crate::support::bulk::{Item, embedded, stack_holding};
use crate::support::{App, Caller, NOW, admin, instructor};

/// How many there are, unless `LECTERN_MANY_MEETINGS` says another number: enough that one `Query` does not
/// read every place of a word that all of them have.
const MANY: usize = 20_000;
/// The numbers that meetings have at Zoom begin here.
const FIRST_NUMBER: u64 = 82_000_000_000;

/// Which meeting has words of its own. It is to come.
const NEEDLE: usize = 7_777;

/// A meeting to come, of which the others are variations.
fn template() -> Meeting {
    let made = NOW.parse::<DateTime<Utc>>().unwrap() - TimeDelta::days(400);
    serde_json::from_value(json!({
        "id": "mtg_0", "tenant": "school", "organizer_id": "u-0", "state": "scheduled", "kind": "meeting",
        "topic": "", "agenda": "",
        "schedule": {"local_start": made.naive_utc(), "time_zone": "UTC", "duration_minutes": 60,
                     "recurrence": null},
        "dates": [{"starts_at": made, "ends_at": made}], "wish": "auto",
        "host": {"connection_id": "con_1", "account_id": "a", "host_id": "h-0", "email": "t@x.example",
                 "display_name": "Dewi"},
        "alternative_hosts": [], "zoom": {"id": 0, "join_url": "https://zoom.example/j/1"}, "passcode": null,
        "requested_settings": {},
        "settings": {"join_before_host": true, "host_video": false, "participant_video": false,
                     "mute_upon_entry": true, "enforce_login": false, "waiting_room": false,
                     "recording": "none"},
        "courses": [{"course_id": "c-0", "lesson_id": "l-0"}], "attendee_count": 0, "reminders": [],
        "warnings": [], "reminded_until": made, "version": 1, "revision": 1, "created_at": made,
        "updated_at": made,
    }))
    .unwrap()
}

/// The `n`-th of `count` meetings: some drafts, some cancelled, as many over as to come.
fn meeting(template: &Meeting, n: usize, count: usize) -> Meeting {
    let mut meeting = template.clone();
    let id = |kind: &str, n: usize| format!("{kind}-{n}");
    meeting.id = format!("mtg_{n:032x}").parse().unwrap();
    meeting.organizer_id = id("u", n % 500).parse().unwrap();
    meeting.topic = if n == NEEDLE { "Übung Quarzuhr".to_owned() } else { format!("Übung {}", n % 7) };
    meeting.courses[0].course_id = id("c", n % 50).parse().unwrap();
    meeting.courses[0].lesson_id = Some(id("l", n % 1_000).parse().unwrap());
    // Not in the order in which they were made.
    let place = if n == NEEDLE { count * 9 / 10 } else { n * 7_919 % count };
    let minutes = place * (800 * 24 * 60) / count;
    let start = meeting.created_at + TimeDelta::minutes(i64::try_from(minutes).unwrap());
    meeting.dates[0].interval = Interval::of_minutes(start, 60);
    meeting.host.as_mut().unwrap().host_id = id("h", n % 100).parse().unwrap();
    meeting.zoom.as_mut().unwrap().id = FIRST_NUMBER + n as u64;
    meeting.state = match n % 10 {
        0 => State::Draft,
        1 => State::Cancelled,
        _ => State::Scheduled,
    };
    if meeting.state == State::Draft {
        (meeting.host, meeting.zoom) = (None, None);
    }
    meeting
}

/// A stack whose tenant has `count` meetings.
async fn stack_with(data: &Path, count: usize) -> App {
    let template = template();
    stack_holding(data, count, move |deps, n| items(deps, &meeting(&template, n, count))).await
}

/// What the table holds of a meeting once it is indexed.
fn items(deps: &Deps, meeting: &Meeting) -> Vec<Item> {
    let now = NOW.parse().unwrap();
    let writes = deps.store.meeting_writes(meeting, None, now, deps.config.reminder_shards).unwrap();
    let marked = keys::unindexed_of(&meeting.tenant);
    let mut items: Vec<Item> = writes
        .into_iter()
        .map(|write| write.put.unwrap().item)
        .filter(|item| item["pk"] != AttributeValue::S(marked.clone()))
        .map(embedded)
        .collect();
    let terms = Terms::of(meeting);
    let words = terms.words.iter().map(|word| keys::posting(&meeting.tenant, word, &meeting.id));
    let number = terms.number.map(|number| keys::numbered(&meeting.tenant, number, &meeting.id));
    items.extend(words.chain(number).map(|key| {
        let text = |text| dynoxide::AttributeValue::S(text);
        HashMap::from([("pk".to_owned(), text(key.pk)), ("sk".to_owned(), text(key.sk))])
    }));
    items
}

/// A page as `who` sees it.
struct Page {
    topics: Vec<String>,
    ids: Vec<String>,
    next: Option<String>,
    /// The calls to the table that it took.
    calls: Value,
}

impl Page {
    fn queries(&self) -> u64 {
        self.calls["Query"].as_u64().unwrap_or_default()
    }
}

async fn page(app: &App, who: &Caller, query: &str) -> Page {
    app.calls().await;
    let page = app.get(who, &format!("/v1/meetings?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text);
    let calls = app.calls().await["dynamodb"].clone();
    let items = page.body["items"].as_array().unwrap();
    let texts = |name: &str| items.iter().map(|item| item[name].as_str().unwrap().to_owned()).collect();
    let next = page.body["next_cursor"].as_str().map(str::to_owned);
    Page { topics: texts("topic"), ids: texts("id"), next, calls }
}

const TABS: [&str; 4] = ["upcoming", "expired", "drafts", "all"];

#[tokio::test]
async fn pages_and_searches_cost_the_same_with_no_meeting_and_with_very_many() {
    let count = std::env::var("LECTERN_MANY_MEETINGS").map_or(MANY, |count| count.parse().unwrap());
    let data = tempfile::tempdir().unwrap();
    let many = stack_with(data.path(), count).await;
    let none = App::start().await;
    for tab in TABS {
        for filter in ["", "&course_id=c-7", "&connection_id=con_1", "&host_id=h-77"] {
            let query = format!("tab={tab}{filter}");
            assert_eq!(page(&none, &admin(), &query).await.calls, json!({"Query": 1}), "{query}");
            let page = page(&many, &admin(), &query).await;
            if tab == "drafts" && !filter.is_empty() {
                assert_eq!(page.calls, json!({"Query": 1}), "{query}");
            } else {
                assert_eq!(page.ids.len(), 25, "{query}");
                assert_eq!(page.calls, json!({"Query": 1, "BatchGetItem": 1}), "{query}");
            }
        }
        for filter in [
            "lesson_id=l-777",
            "course_id=c-27&host_id=h-77",
            "from=2027-03-05T00:00:00Z&to=2027-03-06T00:00:00Z",
            "q=ubung",
            "q=ubung%205&connection_id=con_1",
            "q=nowhere",
        ] {
            for app in [&none, &many] {
                let page = page(app, &admin(), &format!("tab={tab}&{filter}")).await;
                assert!(page.queries() <= 5, "{tab} {filter}: {}", page.calls);
            }
        }
        // A word that every meeting has fills a page.
        assert_eq!(page(&many, &admin(), &format!("tab={tab}&q=ubung")).await.topics.len(), 25, "{tab}");
        if tab != "drafts" {
            let own = page(&many, &instructor("u-278"), &format!("tab={tab}&q=ubung&limit=15")).await;
            assert_eq!(own.topics.len(), 15, "{tab}");
        }
    }
    a_needle_is_found_at_once(&many).await;
    pages_hold_all_that_a_filter_holds_for(&many, count).await;
}

async fn a_needle_is_found_at_once(app: &App) {
    let number = FIRST_NUMBER + NEEDLE as u64;
    for what in ["q=quarz".to_owned(), "q=%C3%9Cbung%20quarzuhr".to_owned(), format!("q={number}")] {
        for filter in ["", "&course_id=c-27", "&lesson_id=l-777&host_id=h-77", "&from=2027-03-02T00:00:00Z"] {
            for tab in TABS {
                let expected: &[&str] =
                    if matches!(tab, "upcoming" | "all") { &["Übung Quarzuhr"] } else { &[] };
                for who in [admin(), instructor("u-277")] {
                    let page = page(app, &who, &format!("tab={tab}&{what}{filter}")).await;
                    assert_eq!(page.topics, expected, "{tab} {what}{filter}");
                    assert_eq!(page.next, None, "{tab} {what}{filter}");
                    assert!(page.queries() <= 5, "{tab} {what}{filter}: {}", page.calls);
                }
            }
        }
        assert_eq!(page(app, &instructor("u-1"), &format!("tab=all&{what}")).await.topics.len(), 0);
        assert_eq!(page(app, &admin(), &format!("tab=all&{what}&course_id=c-1")).await.topics.len(), 0);
    }
}

/// Page after page of what no key tells holds every meeting once.
async fn pages_hold_all_that_a_filter_holds_for(app: &App, count: usize) {
    for (filter, holds) in [
        ("lesson_id=l-777", (|n| n % 1_000 == 777) as fn(usize) -> bool),
        ("q=ubung%205&lesson_id=l-777", |n| n % 1_000 == 777 && n % 7 == 5 && n != NEEDLE),
    ] {
        let expected: BTreeSet<String> =
            (0..count).filter(|n| holds(*n)).map(|n| format!("mtg_{n:032x}")).collect();
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = page(app, &admin(), &format!("tab=all&{filter}&limit=100{cursor}")).await;
            assert!(page.queries() <= 5, "{filter}: {}", page.calls);
            seen.extend(page.ids);
            let Some(next) = page.next else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), expected.len(), "{filter}");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), expected, "{filter}");
    }
}
