//! What a change asks of Zoom.

use crate::domain::date::Date;
use crate::domain::meeting::{Meeting, ZoomMeeting};

/// What is to be done at Zoom to make one state of a meeting into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Nothing: all that differs is kept here alone.
    Nothing,
    /// What the meeting is like is sent; its dates stay.
    Details(&'a ZoomMeeting),
    /// All is sent, and Zoom gives the series new dates.
    Schedule(&'a ZoomMeeting),
    /// One date of the series is sent: as it was, and as it is to be.
    Date(&'a ZoomMeeting, &'a str, &'a Date, &'a Date),
    /// One date of the series is deleted.
    DeleteDate(&'a ZoomMeeting, &'a str),
    /// The meeting is made anew, on another host.
    Anew,
}

impl<'a> Step<'a> {
    /// The step that makes `after` of `before`.
    pub(super) fn between(before: &'a Meeting, after: &'a Meeting) -> Self {
        let host = |meeting: &'a Meeting| meeting.host.as_ref().map(|host| (&host.account_id, &host.host_id));
        let Some(zoom) = before.zoom.as_ref().filter(|_| host(before) == host(after)) else {
            return Self::Anew;
        };
        if before.schedule != after.schedule {
            return Self::Schedule(zoom);
        }
        if before.topic != after.topic
            || before.agenda != after.agenda
            || before.passcode != after.passcode
            || before.settings != after.settings
            || before.alternative_hosts != after.alternative_hosts
        {
            return Self::Details(zoom);
        }
        for new in &after.dates {
            let Some(id) = new.occurrence_id.as_deref() else { continue };
            let Some(old) = before.dates.iter().find(|old| old.occurrence_id.as_deref() == Some(id)) else {
                continue;
            };
            if new.cancelled && !old.cancelled {
                return Self::DeleteDate(zoom, id);
            }
            if new.interval != old.interval || new.agenda != old.agenda {
                return Self::Date(zoom, id, old, new);
            }
        }
        Self::Nothing
    }

    /// How many creates and updates it takes, which Zoom counts; those of dates that are sent one by one after
    /// a series come on top.
    pub(super) fn writes(self) -> u32 {
        u32::from(!matches!(self, Self::Nothing | Self::DeleteDate(..)))
    }
}
