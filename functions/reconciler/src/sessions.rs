//! What is left of a session that is over: who was there, and its recordings, by Zoom's own lists.
//!
//! They are read once, some minutes after the end. What they say is added to what was told by events: what was
//! not told is known from them, and what was told is not contradicted.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use shared::deps::Deps;
use shared::domain::attendance::{Identity, Movement, VisitTold};
use shared::domain::recording::FileState;
use shared::store::StoreError;
use shared::store::visits::SessionCheck;
use shared::zoom::participants::Participant;
use shared::zoom::recordings::SessionRecordings;
use shared::zoom::{App, ZoomError};

/// How many moments are written side by side.
const WRITES_AT_A_TIME: usize = 8;
/// After how long it is tried again where Zoom cannot be asked.
const PUT_OFF: TimeDelta = TimeDelta::minutes(5);

/// Checks a session; `false` where that was put off.
pub(crate) async fn check(deps: &Deps, due: &SessionCheck, now: DateTime<Utc>) -> Result<bool, StoreError> {
    match look(deps, due, now).await {
        Ok(is_listed) => {
            deps.store.note_checked(due, is_listed).await?;
            Ok(true)
        }
        Err(ZoomError::Store(error)) => Err(error),
        Err(error) if error.is_final() => {
            // The plan does not have the list, or Zoom no longer knows the session.
            tracing::info!(tenant = %due.tenant, meeting = %due.meeting, %error, "attendance stays as it was told");
            deps.store.note_checked(due, false).await?;
            Ok(true)
        }
        Err(error) => {
            tracing::warn!(tenant = %due.tenant, meeting = %due.meeting, %error, "attendance is checked later");
            deps.store.put_off_check(due, now + PUT_OFF, deps.config.reminder_shards).await?;
            Ok(false)
        }
    }
}

/// Takes over what Zoom's lists say; `false` where there is nobody to ask as any more.
async fn look(deps: &Deps, due: &SessionCheck, now: DateTime<Utc>) -> Result<bool, ZoomError> {
    let Some(meeting) = deps.store.meeting(&due.tenant, &due.meeting).await? else { return Ok(false) };
    let Some(host) = &meeting.host else { return Ok(false) };
    let connection = deps.store.connection(&due.tenant, &host.connection_id).await?;
    let Some(connection) = connection.filter(|connection| !connection.is_deauthorized()) else {
        return Ok(false);
    };
    let app = App::of(&connection, &deps.secrets);
    match deps.zoom.recordings(&app, &due.session).await {
        Ok(listed) => keep_recordings(deps, due, listed, now).await?,
        // The app may do without the scope, and the plan without the cloud.
        Err(error) if error.is_final() => {
            tracing::info!(tenant = %due.tenant, meeting = %due.meeting, %error, "recordings stay as they were told");
        }
        Err(error) => return Err(error),
    }
    let participants = deps.zoom.past_participants(&app, meeting.kind, &due.session).await?;
    let visits = participants.into_iter().flat_map(|one| told(&due.session, one));
    futures::stream::iter(visits)
        .map(Ok)
        .try_for_each_concurrent(WRITES_AT_A_TIME, |told| async move {
            deps.store.note_visit(&due.tenant, &due.meeting, &told).await
        })
        .await?;
    Ok(true)
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
    let set = |text: String| -> BTreeSet<String> { (!text.is_empty()).then_some(text).into_iter().collect() };
    let stays = [&one.user_id, &one.registrant_id, &one.id, &one.user_email];
    let Some(stay) = stays.into_iter().find(|id| !id.is_empty()).cloned() else { return Vec::new() };
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
