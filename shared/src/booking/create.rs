//! Making a meeting: reserve here, make it at Zoom, confirm here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rand::Rng;

use super::cancel::finish_cancel;
use super::candidates::Candidate;
use super::confirm::{Render, confirm_created};
use super::conflict::report;
use super::holds::Holds;
use super::quota::Counted;
use super::race::Race;
use super::reach::Reach;
use super::release::{abandon, release};
use super::settle::find_at_zoom;
use super::survey::{Survey, survey};
use super::{Booker, BookingError, Plan};
use crate::deps::Deps;
use crate::domain::attendee::Attendee;
use crate::domain::meeting::{AlternativeHost, BookedHost, ChangeAction, Meeting, State, Warning};
use crate::http::idempotency::Operation;
use crate::store::keys::ATTENDEE_BUCKETS;
use crate::store::{MOST_TRANSACTION_ACTIONS, TransactError};
use crate::zoom::{App, ZoomError};

/// Books `meeting` (its host is not chosen yet) and makes it at Zoom.
///
/// `before` is what is stored under its id now: a draft, or what an earlier try left. `render` makes the reply
/// that is kept for the operation's idempotency key in the same transaction that confirms the meeting.
pub async fn create(
    deps: &Deps,
    booker: &Booker,
    meeting: Meeting,
    before: Option<&Meeting>,
    attendees: &[Attendee],
    operation: &Operation,
    render: Render<'_>,
) -> Result<Meeting, BookingError> {
    let (tenant, id) = (meeting.tenant.clone(), meeting.id.clone());
    match Box::pin(book(deps, booker, meeting, before, attendees, (operation, render))).await {
        Err(BookingError::Overtaken) => {
            let stored = deps.store.meeting(&tenant, &id).await?;
            Err(if stored.is_some_and(|stored| is_called_off(&stored)) {
                CALLED_OFF
            } else if operation.claim.is_some() {
                BookingError::KeyTakenOver
            } else {
                BookingError::Overtaken
            })
        }
        result => result,
    }
}

/// Whether a meeting was called off, be it that Zoom is still to be told.
fn is_called_off(meeting: &Meeting) -> bool {
    let action = meeting.change.as_ref().map(|change| &change.action);
    meeting.state == State::Cancelled || action == Some(&ChangeAction::Cancel)
}

const CALLED_OFF: BookingError =
    BookingError::NotEditable("The meeting was called off while it was made at Zoom. Book a new one.");

async fn book(
    deps: &Deps,
    booker: &Booker,
    meeting: Meeting,
    before: Option<&Meeting>,
    attendees: &[Attendee],
    (operation, render): (&Operation, Render<'_>),
) -> Result<Meeting, BookingError> {
    if let Some(earlier) = before.filter(|before| before.state == State::Pending) {
        if earlier.change.is_some() {
            // It was called off before it came about, which Zoom has not confirmed yet either.
            return finish_cancel(deps, earlier.clone()).await;
        }
        return resume(deps, earlier, operation, render).await;
    }
    let (reserved, candidate) = reserve(deps, booker, meeting, before, attendees, operation).await?;
    let app = App::of(&candidate.connection, &deps.secrets);
    make(deps, &app, reserved, before, Some((operation, render))).await
}

/// Goes on with what an earlier try reserved: what Zoom has made of it is looked for before it is made again.
async fn resume(
    deps: &Deps,
    pending: &Meeting,
    operation: &Operation,
    render: Render<'_>,
) -> Result<Meeting, BookingError> {
    let Some(app) = app_of(deps, pending).await? else {
        abandon(deps, pending, Counted::Stays).await?;
        return Err(match &pending.host {
            Some(host) => BookingError::NoSuchConnection(host.connection_id.clone()),
            None => BookingError::Overtaken,
        });
    };
    if let Some(reply) = find_at_zoom(deps, &app, pending).await? {
        return confirm_created(deps, &app, pending.clone(), None, reply, Some((operation, render))).await;
    }
    // From here on it is this request's, so that nobody takes it back while Zoom is at work on it.
    let mut taken = pending.clone();
    taken.revision += 1;
    taken.updated_at = deps.clock.now();
    let shards = deps.config.reminder_shards;
    if !deps.store.replace_meeting(&taken, pending, deps.clock.now(), shards).await? {
        return Err(BookingError::Overtaken);
    }
    make(deps, &app, taken, None, Some((operation, render))).await
}

async fn make(
    deps: &Deps,
    app: &App,
    reserved: Meeting,
    before: Option<&Meeting>,
    kept: Option<(&Operation, Render<'_>)>,
) -> Result<Meeting, BookingError> {
    let host = reserved.host.as_ref().map(|host| host.host_id.clone()).ok_or(BookingError::Overtaken)?;
    match deps.zoom.create_meeting(app, &host, &reserved).await {
        Ok(reply) => confirm_created(deps, app, reserved, before, reply, kept).await,
        // It may exist: the time stays reserved until Zoom can be asked.
        Err(error) if error.is_unclear() => Err(error.into()),
        Err(error) => {
            release(deps, &reserved, before, Counted::after(&error)).await?;
            if let (ZoomError::Token(_), Some(host)) = (&error, &reserved.host) {
                let (now, shards) = (deps.clock.now(), deps.config.reminder_shards);
                deps.store.hasten_check(&reserved.tenant, &host.connection_id, now, shards).await?;
            }
            Err(error.into())
        }
    }
}

/// Takes the host's time for `meeting`, in one transaction with the meeting itself.
async fn reserve(
    deps: &Deps,
    booker: &Booker,
    meeting: Meeting,
    before: Option<&Meeting>,
    attendees: &[Attendee],
    operation: &Operation,
) -> Result<(Meeting, Candidate), BookingError> {
    let plan = Plan {
        kind: meeting.kind,
        dates: meeting.intervals(),
        wish: meeting.wish.clone(),
        alternatives: meeting.alternative_wishes.clone(),
        attendees: meeting.attendee_count,
        ignore: Some(meeting.id.clone()),
        writes: 1,
    };
    let mut survey = survey(deps, booker, &plan, Reach::Dates, &BTreeSet::new()).await?;
    let mut race = Race::start();
    loop {
        let Some(place) = choose(deps, &mut survey, &plan).await? else {
            return Err(BookingError::Conflict(Box::new(report(deps, booker, &plan).await?)));
        };
        let candidate = survey.candidates[place].clone();
        let now = deps.clock.now();
        let reserved = assign(meeting.clone(), before, &candidate, &survey, now);
        let hosts = survey.hosts_of(place);
        let mut writes = deps.store.meeting_writes(&reserved, before, now, deps.config.reminder_shards)?;
        let meeting_write = 0;
        let quota_write = writes.len();
        writes.push(deps.store.count_writes(
            &candidate.host.ledger(),
            now.date_naive(),
            deps.config.daily_writes,
            1,
        )?);
        let claim_write = writes.len();
        if let Some(claim) = &operation.claim {
            writes.push(deps.store.check_claim(claim)?);
        }
        let host_check = writes.len();
        writes.push(deps.store.check_host(&booker.tenant, &candidate.host)?);
        let without_attendees = writes.len();
        if before.is_none() {
            writes.extend(deps.store.attendee_writes(&booker.tenant, &meeting.id, &[], attendees)?);
        }
        let attendee_writes = writes.len() - without_attendees;
        writes.extend(Holds::of(&reserved).writes(
            &deps.store,
            &survey.ledger,
            &reserved,
            &hosts,
            survey.settings.buffer_minutes,
        )?);
        // Undoing it later must fit one transaction as well; it clears every bucket of attendees.
        if writes.len() + usize::from(ATTENDEE_BUCKETS) - attendee_writes > MOST_TRANSACTION_ACTIONS {
            return Err(BookingError::TooLarge);
        }
        match deps.store.transact(writes).await {
            Ok(()) => return Ok((reserved, candidate)),
            Err(TransactError::Conditions(failed)) => {
                if failed.contains(&meeting_write)
                    || (operation.claim.is_some() && failed.contains(&claim_write))
                {
                    return Err(BookingError::Overtaken);
                }
                if failed == [quota_write] && survey.named {
                    return Err(BookingError::QuotaExhausted);
                }
                if failed.contains(&host_check) {
                    // Its connection is being removed, and perhaps others are left.
                    survey = self::survey(deps, booker, &plan, Reach::Dates, &BTreeSet::new()).await?;
                }
            }
            Err(TransactError::Conflict) => {}
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
        race.lost().await?;
        // Others have been at work: what was known of the hosts in question is read again.
        survey.forget();
    }
}

/// The candidate to book: of the best rank, the one with the most time left; `None` where none is free.
pub(super) async fn choose(
    deps: &Deps,
    survey: &mut Survey,
    plan: &Plan,
) -> Result<Option<usize>, BookingError> {
    let limit = deps.config.daily_writes;
    let mut looked_at = 0;
    let mut exhausted = false;
    while looked_at < survey.candidates.len() {
        let places = looked_at..survey.share(looked_at);
        looked_at = places.end;
        survey.know(deps, places.clone()).await?;
        let mut best = None;
        for place in places {
            let calendars = survey.calendars(place, plan);
            if !calendars.iter().all(|calendar| calendar.is_free(&plan.dates)) {
                continue;
            }
            if !survey.has_quota(place, plan.writes, limit) {
                exhausted = true;
                continue;
            }
            let load: usize = calendars.iter().map(super::clash::Calendar::load).sum();
            // Among equals chance decides, so that many bookings at one moment do not all want the same host.
            let key = (survey.candidates[place].rank, load, rand::rng().random::<u32>());
            if best.is_none_or(|(least, _)| key < least) {
                best = Some((key, place));
            }
        }
        if let Some((_, place)) = best {
            return Ok(Some(place));
        }
    }
    if exhausted { Err(BookingError::QuotaExhausted) } else { Ok(None) }
}

/// The meeting as it is reserved on `candidate`.
fn assign(
    mut meeting: Meeting,
    before: Option<&Meeting>,
    candidate: &Candidate,
    survey: &Survey,
    now: DateTime<Utc>,
) -> Meeting {
    place_on(&mut meeting, candidate);
    if meeting.reminders_are_default {
        meeting.reminders.clone_from(&survey.settings.default_reminders);
    }
    meeting.state = State::Pending;
    meeting.was_draft = before.is_some_and(|before| before.state == State::Draft);
    if let Some(before) = before {
        // What has failed is made under the same id, and its versions go on.
        meeting.version = meeting.version.max(before.version + 1);
    }
    meeting.revision = before.map_or(1, |before| before.revision + 1);
    meeting.skip_reminders_until(now);
    meeting
}

/// Puts a meeting on a host: who it is, the settings that follow, what the organizer should know.
pub(super) fn place_on(meeting: &mut Meeting, candidate: &Candidate) {
    let host = &candidate.host;
    meeting.host = Some(BookedHost {
        connection_id: candidate.connection.id.clone(),
        account_id: host.account_id.clone(),
        host_id: host.id.clone(),
        email: host.email.clone(),
        display_name: host.display_name.clone(),
    });
    meeting.alternative_hosts = candidate
        .alternatives
        .iter()
        .map(|host| AlternativeHost { host_id: host.id.clone(), email: host.email.clone() })
        .collect();
    meeting.settings = meeting.settings_over(candidate.connection.defaults);
    let mut warnings = Vec::new();
    if candidate.ends_early(&meeting.intervals()) {
        warnings.push(Warning::BasicHost40Minutes);
    }
    if candidate.too_small(meeting.kind, meeting.attendee_count) {
        warnings.push(Warning::CapacityBelowAttendees);
    }
    warnings.extend(meeting.settings_warning());
    meeting.warnings = warnings;
}

/// The app that a booked meeting was made through; `None` where its connection was deleted.
pub(super) async fn app_of(deps: &Deps, meeting: &Meeting) -> Result<Option<App>, BookingError> {
    let Some(host) = &meeting.host else { return Ok(None) };
    let connection = deps.store.connection(&meeting.tenant, &host.connection_id).await?;
    Ok(connection.map(|connection| App::of(&connection, &deps.secrets)))
}
