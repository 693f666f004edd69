//! The due meetings of one shard.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use shared::deps::Deps;
use shared::domain::ids::MeetingId;
use shared::domain::meeting::{Meeting, State};
use shared::domain::offset::ReminderOffset;
use shared::notices::{self, NewsNotice, Notice, ReminderNotice, Share};
use shared::platform::PlatformEvent;
use shared::store::StoreError;

use crate::Report;
use crate::listeners::listeners;

/// How many meetings are read at a time.
const PAGE: usize = 100;
/// How many pages a run reads of a shard; the rest is the next run's.
const MOST_PAGES: usize = 20;
/// How long after its beginning a run still reads another page: the next one begins after a minute, and would
/// queue again what this one has not moved on yet.
const LONGEST: TimeDelta = TimeDelta::seconds(45);
/// How many meetings are moved side by side.
const MOVES_AT_A_TIME: usize = 16;
/// How long a change of a meeting is its maker's to finish.
const CHANGE_LEASE: TimeDelta = TimeDelta::seconds(60);

/// What was done of a shard.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// The meetings that met with trouble.
    pub(crate) left: usize,
    /// Why no more meetings could be read.
    pub(crate) unread: Option<StoreError>,
}

/// When a reminder is due, of which date, how long before it.
type Reminder = (DateTime<Utc>, DateTime<Utc>, ReminderOffset);

/// A due meeting, and where its messages stand among those of its page.
struct Due {
    meeting: Meeting,
    reminders: usize,
    messages: std::ops::Range<usize>,
}

/// Does what is due in a shard, the oldest first, and no more than a run may take: what is left is as due at the
/// next one.
pub(crate) async fn run(deps: &Deps, shard: u16, now: DateTime<Utc>) -> Done {
    let mut done = Done::default();
    let mut seen: HashSet<MeetingId> = HashSet::new();
    for number in 0.. {
        if number == MOST_PAGES || deps.clock.now() - now >= LONGEST {
            tracing::info!(shard, pages = number, "more may be due than a run takes: the next one goes on");
            break;
        }
        let page = match deps.store.due_meetings(shard, now, PAGE).await {
            Ok(page) => page,
            Err(error) => {
                done.unread = Some(error);
                return done;
            }
        };
        let full = page.len() >= PAGE;
        // The index lags behind the table, and a meeting that could not be moved stays in it.
        let fresh: Vec<Meeting> =
            page.into_iter().filter(|meeting| seen.insert(meeting.id.clone())).collect();
        let stuck = fresh.is_empty();
        if let Err(error) = run_page(deps, fresh, now, &mut done).await {
            done.unread = Some(error);
            return done;
        }
        if !full || stuck {
            break;
        }
    }
    done
}

/// Queues what is to be told of `meetings`, then moves on those of which every message was taken.
async fn run_page(
    deps: &Deps,
    mut meetings: Vec<Meeting>,
    now: DateTime<Utc>,
    done: &mut Done,
) -> Result<(), StoreError> {
    meetings.retain(|meeting| !is_being_changed(meeting, now));
    let telling = meetings
        .iter()
        .filter(|meeting| meeting.untold_news(now).is_some() || !reminders_of(meeting, now).is_empty());
    let listeners = listeners(deps, telling).await?;
    let mut messages = Vec::new();
    let mut due = Vec::with_capacity(meetings.len());
    for meeting in meetings {
        let first = messages.len();
        let reminders = reminders_of(&meeting, now);
        messages.extend(news_of(&meeting, now));
        messages.extend(notices_for(&meeting, &reminders));
        if listeners.contains(&meeting.tenant) {
            messages.extend(events_of(&meeting, &reminders, now));
        }
        due.push(Due { meeting, reminders: reminders.len(), messages: first..messages.len() });
    }

    let refused = notices::send(deps, &messages).await;
    done.report.due += due.iter().map(|due| due.reminders).sum::<usize>();
    done.report.queued += messages.len() - refused.len();

    let refused = &refused;
    let moves = futures::stream::iter(due)
        .map(|due| async move {
            let Due { meeting, messages, .. } = due;
            if let Some(refused) = refused.iter().find(|refused| messages.contains(&refused.place)) {
                tracing::warn!(
                    tenant = %meeting.tenant, meeting = %meeting.id, error = %refused,
                    "a due meeting stays where it is: what is to be told of it could not be queued"
                );
                return None;
            }
            move_on(deps, &meeting, now).await
        })
        .buffer_unordered(MOVES_AT_A_TIME)
        .collect::<Vec<_>>()
        .await;
    done.report.moved += moves.iter().filter(|moved| **moved == Some(true)).count();
    done.left += moves.iter().filter(|moved| moved.is_none()).count();
    Ok(())
}

/// Writes the meeting anew, which puts it where `now` has it in its lists and among what is due. `Some(false)`
/// where somebody else has written it since it was read; it is then due again if anything is.
async fn move_on(deps: &Deps, meeting: &Meeting, now: DateTime<Utc>) -> Option<bool> {
    let mut moved = meeting.clone();
    // Never beyond now: what comes due between two runs would be lost.
    moved.skip_reminders_until(now);
    if meeting.untold_news(now).is_some() {
        moved.news.hand_on();
    }
    moved.revision += 1;
    match deps.store.replace_meeting(&moved, meeting, now, deps.config.reminder_shards).await {
        Ok(written) => Some(written),
        Err(error) => {
            tracing::warn!(
                tenant = %meeting.tenant, meeting = %meeting.id, %error,
                "a due meeting stays where it is: it could not be written"
            );
            None
        }
    }
}

/// Whether somebody is about to write the meeting, who must not lose it to a run that can wait.
fn is_being_changed(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    meeting.change.as_ref().is_some_and(|change| now < change.began_at + CHANGE_LEASE)
}

/// The reminders that are due of a meeting that takes place.
fn reminders_of(meeting: &Meeting, now: DateTime<Utc>) -> Vec<Reminder> {
    let takes_place = matches!(meeting.state, State::Scheduled | State::Started);
    if takes_place { meeting.due_reminders(now) } else { Vec::new() }
}

/// One message for each thing that the tenant's learning platform is to be told, whoever attends.
fn events_of(meeting: &Meeting, reminders: &[Reminder], now: DateTime<Utc>) -> impl Iterator<Item = Notice> {
    let news = meeting.untold_news(now).and_then(|_| PlatformEvent::news(meeting, now));
    let reminders = reminders.iter().map(move |reminder| PlatformEvent::reminder(meeting, *reminder, now));
    news.into_iter().chain(reminders).map(|event| Notice::PlatformEvent(Box::new(event)))
}

/// One message for each share of the attendees who are to be told news.
fn news_of(meeting: &Meeting, now: DateTime<Utc>) -> Vec<Notice> {
    let news = meeting.news;
    let Some(due_at) = meeting.untold_news(now) else { return Vec::new() };
    let notice = |share| {
        Notice::News(NewsNotice {
            tenant: meeting.tenant.clone(),
            meeting_id: meeting.id.clone(),
            after: news.told,
            number: news.latest,
            due_at,
            reminded_until: meeting.reminded_until,
            departed: news.departed > 0,
            trace: news.trace,
            share,
        })
    };
    Share::all(meeting.attendee_count.saturating_add(news.departed)).map(notice).collect()
}

/// One message for each reminder and share of the attendees; none where nobody attends.
fn notices_for(meeting: &Meeting, reminders: &[Reminder]) -> Vec<Notice> {
    let notice = |(due_at, occurrence_start, offset), share| {
        Notice::Reminder(ReminderNotice {
            tenant: meeting.tenant.clone(),
            meeting_id: meeting.id.clone(),
            occurrence_start,
            offset,
            due_at,
            trace: meeting.news.trace,
            share,
        })
    };
    let shares = || Share::all(meeting.attendee_count);
    reminders.iter().flat_map(|reminder| shares().map(|share| notice(*reminder, share))).collect()
}
