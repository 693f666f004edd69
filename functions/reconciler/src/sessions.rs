//! What is left of a session that is over: who was there, and its recordings, by Zoom's own lists.
//!
//! They are read once, some minutes after the end. What they say is added to what was told by events: what was
//! not told is known from them, and what was told is not contradicted. A session of whose end nothing was told is
//! asked for some time after its date, and ends here where Zoom says that it does not run.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use shared::deps::Deps;
use shared::domain::attendance::{Identity, Movement, VisitTold};
use shared::domain::interval::Interval;
use shared::domain::meeting::{Kind, Meeting};
use shared::domain::recording::FileState;
use shared::domain::session::{LONGEST, SessionTold};
use shared::hearing::{self, Heard};
use shared::store::StoreError;
use shared::store::visits::SessionCheck;
use shared::zoom::participants::Participant;
use shared::zoom::recordings::SessionRecordings;
use shared::zoom::{App, ZoomError};

/// How many moments are written side by side.
const WRITES_AT_A_TIME: usize = 8;
/// After how long it is tried again where the meeting is being changed.
const NEXT_RUN: TimeDelta = TimeDelta::minutes(1);
/// After how long it is looked again whether a session still runs.
const WHILE_IT_RUNS: TimeDelta = TimeDelta::minutes(30);
/// How long after its date a session is over that Zoom says does not run, and does not know as one that is over.
const UNTIL_SURE: TimeDelta = TimeDelta::hours(3);
/// How long after a session Zoom's own list of who was there is ready.
const UNTIL_LISTED: TimeDelta = TimeDelta::minutes(10);
/// After how long it is tried again where Zoom cannot be asked; twice as long each time, up to the longest pause.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(12);
/// How often it is tried: for about a week.
const MOST_TRIES: u32 = 20;

/// How far a look came.
enum Looked {
    /// All that there is was read; whether Zoom had a list of who was there.
    All { is_listed: bool },
    /// It is to be looked again after that time.
    TooEarly(TimeDelta),
}

/// Checks a session; `false` where that was put off.
pub(crate) async fn check(deps: &Deps, due: &SessionCheck, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let shards = deps.config.reminder_shards;
    match look(deps, due, now).await {
        Ok(Looked::All { is_listed }) => {
            deps.store.note_checked(due, is_listed).await?;
            Ok(true)
        }
        Ok(Looked::TooEarly(pause)) => {
            deps.store.put_off_check(due, due.tries, now + pause, shards).await?;
            Ok(false)
        }
        Err(ZoomError::Store(error)) => Err(error),
        Err(error) if is_last_word(&error) || due.tries >= MOST_TRIES => {
            tracing::info!(tenant = %due.tenant, meeting = %due.meeting, %error, "attendance stays as it was told");
            deps.store.note_checked(due, false).await?;
            Ok(true)
        }
        Err(error) => {
            tracing::warn!(tenant = %due.tenant, meeting = %due.meeting, %error, "attendance is checked later");
            deps.store.put_off_check(due, due.tries + 1, now + pause(due.tries), shards).await?;
            Ok(false)
        }
    }
}

/// Whether Zoom will say the same next week: the plan does not have the list, or Zoom no longer knows the session.
fn is_last_word(error: &ZoomError) -> bool {
    matches!(error, ZoomError::NotFound { .. } | ZoomError::Rejected { .. })
}

fn pause(tries: u32) -> TimeDelta {
    FIRST_PAUSE.checked_mul(1 << tries.min(16)).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// Takes over what Zoom says of a session, where there is somebody to ask as.
async fn look(deps: &Deps, due: &SessionCheck, now: DateTime<Utc>) -> Result<Looked, ZoomError> {
    let nothing = Looked::All { is_listed: false };
    let Some(meeting) = deps.store.meeting(&due.tenant, &due.meeting).await? else { return Ok(nothing) };
    let Some(host) = &meeting.host else { return Ok(nothing) };
    let connection = deps.store.connection(&due.tenant, &host.connection_id).await?;
    let Some(connection) = connection.filter(|connection| !connection.is_deauthorized()) else {
        return Ok(nothing);
    };
    let app = App::of(&connection, &deps.secrets);
    if due.bounds.ends.is_empty()
        && let Some(pause) = end(deps, &app, &meeting, due, now).await?
    {
        return Ok(Looked::TooEarly(pause));
    }
    match deps.zoom.recordings(&app, &due.session).await {
        Ok(listed) => keep_recordings(deps, due, listed, now).await?,
        // The app may do without the scope, and the plan without the cloud.
        Err(error) if is_last_word(&error) || matches!(error, ZoomError::MissingScopes(_)) => {
            tracing::info!(tenant = %due.tenant, meeting = %due.meeting, %error, "recordings stay as they were told");
        }
        Err(error) => return Err(error),
    }
    let participants = deps.zoom.past_participants(&app, meeting.kind, &due.session).await?;
    let visits = participants.into_iter().flat_map(|one| told(&due.session, one));
    futures::stream::iter(visits)
        .map(Ok)
        .try_for_each_concurrent(WRITES_AT_A_TIME, |told| async move {
            // Which date the session is of was noted with it.
            deps.store.note_visit(&due.tenant, &due.meeting, &told, None).await
        })
        .await?;
    Ok(Looked::All { is_listed: true })
}

/// Has a session end of whose end nothing was told; gives how long to wait where it runs, or it is too early for
/// the rest.
async fn end(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    due: &SessionCheck,
    now: DateTime<Utc>,
) -> Result<Option<TimeDelta>, ZoomError> {
    let Some(zoom) = &meeting.zoom else { return Ok(None) };
    if runs(deps, app, meeting, zoom.id, due, now).await? {
        return Ok(Some(WHILE_IT_RUNS));
    }
    let began = due.bounds.starts.first().copied();
    let open = Open { uuid: &due.session, began, held_for: due.bounds.held_for };
    Ok(match close(deps, app, (meeting, zoom.id), &open, now).await? {
        Closing::Ended(end) => (now < end + UNTIL_LISTED).then_some(UNTIL_LISTED),
        Closing::Unsure => Some(WHILE_IT_RUNS),
        Closing::BeingChanged => Some(NEXT_RUN),
    })
}

/// What came of having a session end.
pub(crate) enum Closing {
    /// It ended then.
    Ended(DateTime<Utc>),
    /// Zoom does not know it as one that is over, and may yet.
    Unsure,
    /// The meeting is being changed.
    BeingChanged,
}

/// A session of whose end nothing was told.
pub(crate) struct Open<'a> {
    /// Zoom's id of it.
    pub(crate) uuid: &'a str,
    /// When it began, where that is known.
    pub(crate) began: Option<DateTime<Utc>>,
    /// The date that it was held for.
    pub(crate) held_for: Option<Interval>,
}

impl Open<'_> {
    /// Until when a session that Zoom does not know as one that is over is left open.
    fn unsure_until(&self) -> Option<DateTime<Utc>> {
        let longest = self.began.map(|began| began + LONGEST);
        let by_date = self.held_for.map(|date| date.ends_at).max(self.began).map(|end| end + UNTIL_SURE);
        longest.into_iter().chain(by_date).min()
    }
}

/// Has a session end that Zoom says does not run, once Zoom knows it as one that is over, or is sure not to.
pub(crate) async fn close(
    deps: &Deps,
    app: &App,
    (meeting, number): (&Meeting, u64),
    open: &Open<'_>,
    now: DateTime<Utc>,
) -> Result<Closing, ZoomError> {
    let past = match meeting.kind {
        Kind::Meeting => deps.zoom.past_session(app, open.uuid).await?,
        Kind::Webinar => None,
    };
    if past.is_none() && open.unsure_until().is_some_and(|until| now < until) {
        return Ok(Closing::Unsure);
    }
    let (start, end) = past.map_or((None, None), |past| (past.start_time, past.end_time));
    // Where Zoom does not say when, it was not after its date.
    let end = end.or(open.held_for.map(|date| date.ends_at)).unwrap_or(now).min(now);
    let end = end.max(start.or(open.began).unwrap_or(end));
    let told = |at, ended_at| SessionTold {
        uuid: open.uuid.to_owned(),
        at,
        started_at: start.or(open.began),
        ended_at,
    };
    let begun = start.map(|start| told(start, None));
    for told in begun.into_iter().chain([told(end, Some(end))]) {
        match hearing::hear(deps, (&meeting.tenant, &meeting.id, number), &told, open.held_for).await? {
            Heard::Changed | Heard::Nothing => {}
            Heard::BeingChanged | Heard::Contention => return Ok(Closing::BeingChanged),
        }
    }
    Ok(Closing::Ended(end))
}

/// Whether the session still runs, or may where Zoom does not say, as of a webinar.
async fn runs(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    number: u64,
    due: &SessionCheck,
    now: DateTime<Utc>,
) -> Result<bool, ZoomError> {
    match deps.zoom.read_meeting(app, meeting.kind, number).await {
        Ok(reply) => Ok(match reply.is_running() {
            Some(runs) => runs && (reply.uuid.is_empty() || reply.uuid == due.session),
            None => due.bounds.starts.first().is_some_and(|start| *start + LONGEST > now),
        }),
        Err(ZoomError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Keeps which recordings can be played. Where an event is being dealt with at that moment, it is as new.
async fn keep_recordings(
    deps: &Deps,
    due: &SessionCheck,
    listed: Option<SessionRecordings>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = deps.store.recording(&due.tenant, &due.meeting, &due.session).await?;
    let listed = listed.map(|listed| listed.told(FileState::Available, now));
    if before.is_none() && listed.is_none() {
        return Ok(());
    }
    let after = before.clone().unwrap_or_default().listed(listed.as_ref(), now);
    if before.as_ref() != Some(&after) {
        deps.store.replace_recording(&due.tenant, &due.meeting, &after, before.as_ref()).await?;
    }
    Ok(())
}

/// What a line of the list tells of somebody: that they came, and that they left.
fn told(session: &str, one: Participant) -> Vec<VisitTold> {
    let set = |text: Option<String>| -> BTreeSet<String> { text.into_iter().collect() };
    let stays = [&one.user_id, &one.registrant_id, &one.id, &one.user_email];
    let Some(stay) = stays.into_iter().flatten().next().cloned() else { return Vec::new() };
    let identity = Identity {
        registrants: set(one.registrant_id),
        customer_keys: BTreeSet::new(),
        emails: set(one.user_email),
        users: set(one.id),
        names: set(one.name),
    };
    let joined = one.join_time.map(Movement::Joined);
    let moves = joined.into_iter().chain(one.leave_time.map(Movement::Left));
    let visit = |movement| VisitTold {
        session: session.to_owned(),
        stay: stay.clone(),
        identity: identity.clone(),
        movement,
    };
    moves.map(visit).collect()
}
