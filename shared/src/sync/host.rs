//! Comparing all that a host has to come, there and here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::made::REACH;
use super::shown::{begins_alike, is_same, is_same_text};
use super::{Repair, bring_in_line, tell};
use crate::booking::{self, BookingError, Flag, Judge};
use crate::deps::Deps;
use crate::domain::connection::Connection;
use crate::domain::host::Host;
use crate::domain::ids::MeetingId;
use crate::domain::interval::Interval;
use crate::domain::meeting::{BookedHost, Kind, Meeting, Warning};
use crate::store::ledger::{BusyBy, Ledger, TenantTag};
use crate::store::zoom_meetings::MadeInZoom;
use crate::zoom::meetings::ListedMeeting;
use crate::zoom::scopes::Need;
use crate::zoom::{App, ZoomError};

/// Which of a host's meetings to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Those whose numbers are greater.
    pub after: Option<u64>,
    /// Of how many Zoom is asked by themselves, at most.
    pub most: usize,
    /// When no other is begun any more.
    pub until: DateTime<Utc>,
}

/// What a comparison came to.
#[derive(Debug)]
pub struct Compared {
    /// What was done.
    pub counts: Counts,
    /// What is left.
    pub rest: Rest,
    /// What kept it from going on.
    pub stopped: Option<BookingError>,
}

/// What of a host is still to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Nothing,
    /// The meetings whose numbers are greater.
    After(u64),
}

/// What was done, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Meetings of which Zoom was asked one by one.
    pub read: usize,
    /// Meetings here that are now what Zoom shows.
    pub followed: usize,
    /// Meetings here that were called off, as they were in Zoom.
    pub cancelled: usize,
    /// Meetings made in Zoom that take their time now.
    pub taken: usize,
    /// Those that take none any more.
    pub freed: usize,
    /// Meetings that are left to the next comparison, since they are being changed or cannot be read.
    pub later: usize,
}

impl Counts {
    fn count(&mut self, repair: Repair) {
        self.read += 1;
        match repair {
            Repair::Nothing => {}
            Repair::Later => self.later += 1,
            Repair::Followed => self.followed += 1,
            Repair::Cancelled => self.cancelled += 1,
            Repair::Taken => self.taken += 1,
            Repair::Freed => self.freed += 1,
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.followed += other.followed;
        self.cancelled += other.cancelled;
        self.taken += other.taken;
        self.freed += other.freed;
        self.later += other.later;
    }
}

/// How many meetings after each other Zoom gives no clear answer about before it is let alone for a while.
const MOST_UNCLEAR: usize = 3;

/// Compares a part of a host's meetings, and asks Zoom by themselves of those of which the lists do not tell enough, or
/// tell something else: of one at least.
///
/// # Errors
/// Where the lists or the table cannot be read. What stops it later is told with what was done by then.
pub async fn host(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    Part { after, most, until }: Part,
) -> Result<Compared, BookingError> {
    let known = Known::read(deps, connection, host).await?;
    let app = App::of(connection, &deps.secrets);
    let lines = lines(deps, &app, host).await?;
    let suspects = suspects(deps, connection, &app, host, &known, &lines).await?;
    let mut counts = Counts::default();
    let left = suspects.into_iter().filter(|(number, _)| after.is_none_or(|after| *number > after));
    let mut last = after;
    let mut unclear = 0;
    for (number, kind) in left {
        let rest = Rest::After(last.unwrap_or_default());
        let is_up = counts.read > 0 && deps.clock.now() >= until;
        if counts.read == most || is_up {
            return Ok(Compared { counts, rest, stopped: None });
        }
        match Box::pin(bring_in_line(deps, connection, Some(&host.id), kind, number, None)).await {
            Ok(repair) => {
                counts.count(repair);
                unclear = 0;
            }
            // What is wrong with one meeting holds up no other.
            Err(error) if is_of_one(&error) && (unclear < MOST_UNCLEAR || !is_unclear(&error)) => {
                tracing::warn!(connection = %connection.id, zoom_meeting = number, %error, "it cannot be compared");
                counts.count(Repair::Later);
                unclear += usize::from(is_unclear(&error));
            }
            Err(error) => return Ok(Compared { counts, rest, stopped: Some(error) }),
        }
        last = Some(number);
    }
    let known = if counts == (Counts { read: counts.read, ..Counts::default() }) {
        known
    } else {
        Known::read(deps, connection, host).await?
    };
    look_at_warnings(deps, connection, host, &known).await?;
    Ok(Compared { counts, rest: Rest::Nothing, stopped: None })
}

fn is_unclear(error: &BookingError) -> bool {
    matches!(error, BookingError::Zoom(ZoomError::Unclear(_)))
}

fn is_of_one(error: &BookingError) -> bool {
    is_unclear(error)
        || matches!(
            error,
            BookingError::Zoom(ZoomError::Rejected { .. } | ZoomError::NotFound { .. })
                | BookingError::TooLarge
                | BookingError::Contention
                | BookingError::ChangeUnderWay
                | BookingError::Overtaken
        )
}

/// What is known here of a host's time to come.
struct Known {
    ledger: Ledger,
    /// The tenant's meetings on the host.
    meetings: Vec<Meeting>,
    made_in_zoom: BTreeMap<u64, MadeInZoom>,
    now: DateTime<Utc>,
}

impl Known {
    async fn read(deps: &Deps, connection: &Connection, host: &Host) -> Result<Self, BookingError> {
        let now = deps.clock.now();
        let ledger = deps.store.ledger_ahead(&host.ledger(), now, &BTreeSet::new()).await?;
        let tag = TenantTag::of(&connection.tenant);
        let to_come = ledger.busy(&host.ledger()).filter(|busy| busy.interval.ends_at > now);
        let ids: BTreeSet<MeetingId> = to_come.filter_map(|busy| busy.meeting_of(tag)).collect();
        let mut meetings = deps.store.meetings(&connection.tenant, &ids).await?;
        // Of those whose alternative host it is, their own host's comparison tells.
        meetings.retain(|meeting| meeting.host.as_ref().is_some_and(|booked| booked.host_id == host.id));
        let made = deps.store.all_made_in_zoom(&host.ledger()).await?;
        let made_in_zoom = made.into_iter().map(|made| (made.number, made)).collect();
        Ok(Self { ledger, meetings, made_in_zoom, now })
    }

    /// The tenant's meeting of that number.
    fn meeting(&self, number: u64) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.zoom.as_ref().is_some_and(|zoom| zoom.id == number))
    }

    /// Whether a line tells all that is known already.
    fn agrees_with(&self, kind: Kind, line: &ListedMeeting) -> bool {
        let Some(date) = line.only_date() else { return false };
        if let Some(meeting) = self.meeting(line.id) {
            let single = meeting.schedule.recurrence.is_none();
            let same = matches!(meeting.dates.as_slice(), [only] if is_same(&only.interval, &date));
            let agenda = line.agenda.as_ref().is_none_or(|listed| begins_alike(&meeting.agenda, listed));
            return single && same && agenda && is_same_text(&meeting.topic, &line.topic);
        }
        self.made_in_zoom.get(&line.id).is_some_and(|made| {
            let same = matches!(made.dates.as_slice(), [only] if is_same(only, &date));
            same && made.kind == kind && is_same_text(&made.topic, &line.topic) && !made.is_stale(self.now)
        })
    }
}

/// All that Zoom lists of a host.
async fn lines(deps: &Deps, app: &App, host: &Host) -> Result<Vec<(Kind, ListedMeeting)>, BookingError> {
    let mut lines = Vec::new();
    for kind in kinds(host) {
        match deps.zoom.upcoming_meetings(app, kind, &host.id).await {
            Ok(listed) => lines.extend(listed.into_iter().map(|line| (kind, line))),
            // The app may do without the scopes for webinars, and the plan without webinars.
            Err(ZoomError::MissingScopes(_) | ZoomError::Rejected { .. }) if kind == Kind::Webinar => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(lines)
}

fn kinds(host: &Host) -> Vec<Kind> {
    let has_webinars = host.webinar_participants.is_some_and(|most| most > 0);
    if has_webinars { vec![Kind::Meeting, Kind::Webinar] } else { vec![Kind::Meeting] }
}

/// The meetings of which Zoom is to be asked by themselves.
async fn suspects(
    deps: &Deps,
    connection: &Connection,
    app: &App,
    host: &Host,
    known: &Known,
    lines: &[(Kind, ListedMeeting)],
) -> Result<BTreeMap<u64, Kind>, BookingError> {
    let now = known.now;
    // Lists show no settings, passcodes and alternative hosts; without events nothing else tells of them.
    let must_ask = connection.webhook.is_none() && !connection.lacks(Need::ReadMeetings);
    let is_booked_by_it = |at: &BookedHost| at.connection_id == connection.id;
    let is_ours = |meeting: &Meeting| meeting.host.as_ref().is_some_and(is_booked_by_it);
    let is_told_enough = |number| !(must_ask && known.meeting(number).is_some_and(is_ours));
    let mut suspects = BTreeMap::new();
    let (mut strangers, mut doubtful) = (BTreeMap::new(), BTreeMap::new());
    for (kind, line) in lines {
        let is_known = known.meeting(line.id).is_some() || known.made_in_zoom.contains_key(&line.id);
        let takes_none = |date: Interval| date.ends_at <= now || date.starts_at >= now + REACH;
        let takes_none = line.only_date().is_some_and(takes_none);
        match line.start_time {
            _ if known.agrees_with(*kind, line) && is_told_enough(line.id) => {}
            _ if is_known => {
                suspects.insert(line.id, *kind);
            }
            _ if takes_none || !line.is_timed() => {}
            // Zoom may show any date of a series, and lists it for a year after the last.
            Some(start) if line.only_date().is_none() && start <= now => {
                doubtful.insert(line.id, *kind);
            }
            _ => {
                strangers.insert(line.id, *kind);
            }
        }
    }
    for kind in [Kind::Meeting, Kind::Webinar] {
        if doubtful.values().any(|doubtful| *doubtful == kind) {
            let soon = deps.zoom.soon(app, kind, &host.id).await?;
            strangers.extend(doubtful.iter().filter(|(number, _)| soon.contains(number)));
        }
    }
    let numbers: Vec<u64> = strangers.keys().chain(known.made_in_zoom.keys()).copied().collect();
    let claimed = deps.store.claimed(&connection.account_id, &numbers).await?;
    // Of another tenant's, the ledger tells what was booked.
    let is_as_booked = |line: &ListedMeeting| {
        let Some((tenant, id)) = claimed.get(&line.id) else { return false };
        let by = BusyBy::meeting(id, TenantTag::of(tenant));
        let mut booked = known.ledger.busy(&host.ledger()).filter(|busy| Some(busy.by) == by);
        let date = line.only_date();
        *tenant != connection.tenant
            && booked.any(|busy| date.is_some_and(|date| is_same(&busy.interval, &date)))
    };
    let as_booked: BTreeSet<u64> =
        lines.iter().filter(|(_, line)| is_as_booked(line)).map(|(_, line)| line.id).collect();
    suspects.extend(strangers.into_iter().filter(|(number, _)| !as_booked.contains(number)));

    let listed: BTreeSet<u64> = lines.iter().map(|(_, line)| line.id).collect();
    for meeting in &known.meetings {
        // What is pending has no number yet, and is settled by itself.
        if let Some(zoom) = meeting.zoom.as_ref().filter(|zoom| !listed.contains(&zoom.id)) {
            suspects.insert(zoom.id, meeting.kind);
        }
    }
    for (number, made) in &known.made_in_zoom {
        let has_dates = made.dates.iter().any(|date| date.ends_at > now);
        if (has_dates && !listed.contains(number)) || claimed.contains_key(number) {
            suspects.insert(*number, made.kind);
        }
    }
    // What stands in the ledger alone was known once.
    for busy in known.ledger.busy(&host.ledger()).filter(|busy| busy.interval.ends_at > now) {
        if let Some(number) = busy.zoom_number().filter(|number| !known.made_in_zoom.contains_key(number)) {
            suspects.entry(number).or_insert(Kind::Meeting);
        }
    }
    Ok(suspects)
}

/// Looks whether the host's meetings overlap with what was made in Zoom, or no longer do.
async fn look_at_warnings(
    deps: &Deps,
    connection: &Connection,
    host: &Host,
    known: &Known,
) -> Result<(), BookingError> {
    let tenant = &connection.tenant;
    let at_hand = Judge::knowing([host]);
    for meeting in &known.meetings {
        let is_up = meeting.warnings.contains(&Warning::OverlapsInZoom);
        let overlaps = at_hand.overlap(meeting, &known.ledger, false, known.now) != Flag::Down;
        // Of the time of its other hosts more must be read.
        if is_up || overlaps || !meeting.alternative_hosts.is_empty() {
            let flag = booking::judge(deps, tenant, &meeting.id, false).await?;
            tell(deps, tenant, &meeting.id, flag).await;
        }
    }
    Ok(())
}
