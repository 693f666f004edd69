//! Confirming what Zoom has made.

use chrono::{DateTime, Utc};

use super::conflict::report;
use super::create::Race;
use super::holds::Holds;
use super::release::release;
use super::survey::{Reach, survey};
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::meeting::{Date, HostName, HostWish, Meeting, State, ZoomMeeting};
use crate::http::idempotency::Operation;
use crate::store::TransactError;
use crate::store::idempotency::KeptReply;
use crate::zoom::meetings::MeetingReply;
use crate::zoom::{App, ZoomError};

/// Makes the reply that is kept for an idempotency key.
pub type Render<'a> = &'a (dyn Fn(&Meeting, DateTime<Utc>) -> KeptReply + Send + Sync);

/// Makes a reserved meeting `scheduled`, with the dates that Zoom holds.
///
/// Where these differ from what was reserved, the difference is booked too; where it cannot be, the meeting is
/// undone at Zoom and here.
pub(super) async fn confirm_created(
    deps: &Deps,
    app: &App,
    reserved: Meeting,
    before: Option<&Meeting>,
    reply: MeetingReply,
    kept: Option<(&Operation, Render<'_>)>,
) -> Result<Meeting, BookingError> {
    let reply = whole(deps, app, &reserved, reply).await?;
    let zoom_id = reply.id;
    let confirmed = with_reply(&reserved, reply);
    if confirmed.intervals() != reserved.intervals()
        && let Err(error) = take_difference(deps, &reserved, &confirmed).await
    {
        deps.zoom.delete_meeting(app, reserved.kind, zoom_id).await?;
        release(deps, &reserved, before, &ZoomError::Unreachable("its dates were refused".to_owned()))
            .await?;
        return Err(error);
    }
    let now = deps.clock.now();
    let shards = deps.config.reminder_shards;
    let mut writes = deps.store.meeting_writes(&confirmed, Some(&reserved), now, shards)?;
    writes.extend(deps.store.claim_zoom_meeting(&confirmed)?);
    if let Some((operation, render)) = kept
        && let Some(claim) = &operation.claim
    {
        writes.push(deps.store.keep_reply(claim, &render(&confirmed, now))?);
    }
    match deps.store.transact(writes).await {
        Ok(()) => {
            if let Some((operation, _)) = kept {
                operation.reply_is_kept();
            }
            Ok(confirmed)
        }
        Err(TransactError::Conditions(_) | TransactError::Conflict) => {
            overtaken(deps, app, &reserved, zoom_id).await
        }
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// Somebody else has changed the reserved meeting while it was made at Zoom: what was made is theirs, or is
/// deleted again.
async fn overtaken(
    deps: &Deps,
    app: &App,
    reserved: &Meeting,
    zoom_id: u64,
) -> Result<Meeting, BookingError> {
    let stored = deps.store.meeting(&reserved.tenant, &reserved.id).await?;
    match stored {
        Some(stored) if stored.zoom.as_ref().is_some_and(|zoom| zoom.id == zoom_id) => Ok(stored),
        // Whoever goes on with it looks for it at Zoom, and may have found it.
        Some(stored) if stored.state == State::Pending && stored.change.is_none() => {
            Err(BookingError::Overtaken)
        }
        _ => {
            deps.zoom.delete_meeting(app, reserved.kind, zoom_id).await?;
            Err(BookingError::Overtaken)
        }
    }
}

/// The reply with the dates of a series, which Zoom leaves out of some.
async fn whole(
    deps: &Deps,
    app: &App,
    meeting: &Meeting,
    reply: MeetingReply,
) -> Result<MeetingReply, ZoomError> {
    if meeting.schedule.recurrence.is_some() && reply.occurrences.is_empty() {
        return deps.zoom.read_meeting(app, meeting.kind, reply.id).await;
    }
    Ok(reply)
}

/// `meeting` as Zoom has made it.
pub(super) fn with_reply(meeting: &Meeting, reply: MeetingReply) -> Meeting {
    let dates = reply.dates();
    let mut made = meeting.clone();
    if meeting.schedule.recurrence.is_some() && !dates.is_empty() {
        made.dates = dates
            .into_iter()
            .map(|(occurrence_id, interval)| Date { occurrence_id, interval, cancelled: false })
            .collect();
    }
    made.zoom = Some(ZoomMeeting { id: reply.id, join_url: reply.join_url });
    made.passcode = reply.password.filter(|passcode| !passcode.is_empty()).or(made.passcode);
    made.state = State::Scheduled;
    made.change = None;
    made.revision += 1;
    made
}

/// Takes the time of dates that Zoom gave and that were not reserved, and frees those that it did not give.
async fn take_difference(deps: &Deps, reserved: &Meeting, made: &Meeting) -> Result<(), BookingError> {
    let Some(host) = &reserved.host else { return Err(BookingError::Overtaken) };
    let booker = Booker {
        tenant: reserved.tenant.clone(),
        user: reserved.organizer_id.clone(),
        admin: true,
        organizer: reserved.organizer_id.clone(),
    };
    let plan = Plan {
        kind: made.kind,
        dates: made.intervals(),
        wish: HostWish::Named {
            connection_id: host.connection_id.clone(),
            host: HostName::Id(host.host_id.clone()),
        },
        alternatives: reserved.alternative_hosts.iter().map(|host| host.host_id.clone()).collect(),
        attendees: made.attendee_count,
        ignore: Some(made.id.clone()),
    };
    let mut race = Race::start();
    let also = Holds::of(reserved).blocks();
    loop {
        let survey = survey(deps, &booker, &plan, Reach::Dates, &also).await?;
        if !survey.calendars(0, &plan).iter().all(|calendar| calendar.is_free(&plan.dates)) {
            return Err(BookingError::Conflict(Box::new(report(deps, &booker, &plan).await?)));
        }
        let hosts = survey.hosts_of(0);
        let writes = Holds::of(made).writes(
            &deps.store,
            &survey.ledger,
            made,
            &hosts,
            survey.settings.buffer_minutes,
        )?;
        match deps.store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(TransactError::Conditions(_) | TransactError::Conflict) => race.lost().await?,
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
}
