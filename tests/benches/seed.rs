//! Meetings written straight into the table: a hundred thousand would take long through the front door.
//!
//! They are spread over the hosts and over years, one or some on every day. The meetings are as Lectern keeps
//! them, without their places in lists, which no check reads; the ledger's blocks hold all of them.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use shared::domain::host::LedgerHost;
use shared::domain::ids::{HostId, MeetingId};
use shared::domain::interval::Interval;
use shared::domain::meeting::{Date, Meeting};
use shared::store::ledger::{Busy, BusyBy, TenantTag, Week, pack};
use shared::store::{Item, keys};
use uuid::Uuid;

use crate::rooms::Rooms;

/// Many meetings.
pub(crate) const MEETINGS: usize = 100_000;
/// Over so many days.
const DAYS: usize = 1250;
/// What one `BatchWriteItem` takes.
const BATCH: usize = 25;

/// A meeting of the rooms, after which others are made.
pub(crate) async fn pattern(rooms: &Rooms) -> Meeting {
    let booked = rooms.book(0).await;
    let id: MeetingId = booked["id"].as_str().unwrap().parse().unwrap();
    rooms.deps.store.meeting(&"school".parse().unwrap(), &id).await.unwrap().unwrap()
}

/// Fills the rooms with so many meetings like that one; `day` is the first of those over which they are spread.
/// What stands in the blocks of the ledger that they touch is lost.
pub(crate) async fn fill(rooms: &Rooms, like: &Meeting, meetings: usize, day: DateTime<Utc>) {
    let tag = TenantTag::of(&like.tenant);
    let mut writes = Vec::with_capacity(meetings);
    let mut blocks: BTreeMap<(HostId, i64), BTreeMap<Week, Vec<Busy>>> = BTreeMap::new();
    for n in 0..meetings {
        let meeting = nth(like, rooms, n, day);
        let interval = meeting.dates[0].interval;
        let by = BusyBy::meeting(&meeting.id, tag).unwrap();
        let host: HostId = rooms.hosts[n % rooms.hosts.len()].parse().unwrap();
        for week in Week::touched(&[interval], 0) {
            let block = blocks.entry((host.clone(), week.block())).or_default();
            block.entry(week).or_default().push(Busy { interval, by });
        }
        let written = rooms.deps.store.meeting_writes(&meeting, None, rooms.app.now(), 4).unwrap();
        let item = written.into_iter().next().unwrap().put.unwrap().item;
        writes.push(item);
    }
    let account = &like.host.as_ref().unwrap().account_id;
    for ((host_id, number), weeks) in blocks {
        let key = keys::ledger(&LedgerHost { account_id: account.clone(), host_id }, number);
        let count = |count: usize| AttributeValue::N(count.to_string());
        let mut block: Item = [
            ("pk".to_owned(), AttributeValue::S(key.pk)),
            ("sk".to_owned(), AttributeValue::S(key.sk)),
            ("version".to_owned(), count(1)),
            ("taken".to_owned(), count(weeks.values().map(Vec::len).sum())),
        ]
        .into();
        for (week, mut busy) in weeks {
            busy.sort_unstable();
            block.insert(week.attribute(), AttributeValue::B(Blob::new(pack(week, &busy).unwrap())));
        }
        writes.push(block);
    }
    let client = Client::new(rooms.app.stack.aws());
    for many in writes.chunks(4 * BATCH) {
        join_all(many.chunks(BATCH).map(|items| put(&client, items))).await;
    }
}

async fn put(client: &Client, items: &[Item]) {
    let put = |item: &Item| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let request = client.batch_write_item().request_items("lectern", items.iter().map(put).collect());
    let left = request.send().await.unwrap().unprocessed_items.unwrap_or_default();
    assert!(left.is_empty(), "the engine did not take all");
}

/// The n-th meeting: on each host in turn, an hour after the one before it on the same day.
fn nth(like: &Meeting, rooms: &Rooms, n: usize, day: DateTime<Utc>) -> Meeting {
    let of_host = n / rooms.hosts.len();
    let (days, hours) = (i64::try_from(of_host % DAYS).unwrap(), i64::try_from(of_host / DAYS).unwrap());
    let start = day + TimeDelta::days(days) + TimeDelta::hours(9 + 2 * hours);
    let mut meeting = like.clone();
    meeting.id = MeetingId::new(Uuid::from_u128(u128::try_from(n).unwrap()));
    meeting.dates = vec![Date::planned(Interval::of_minutes(start, 60))];
    meeting.schedule.local_start = start.naive_utc();
    if let Some(host) = &mut meeting.host {
        host.host_id = rooms.hosts[n % rooms.hosts.len()].parse().unwrap();
    }
    meeting
}
