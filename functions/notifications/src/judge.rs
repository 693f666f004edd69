//! Whether a reminder that was queued is still to be sent.

use chrono::{DateTime, Utc};
use shared::domain::interval::Interval;
use shared::domain::meeting::{ChangeAction, Meeting, State};
use shared::domain::offset::ReminderOffset;
use shared::notices::ReminderNotice;

/// What is to become of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is sent, for this date.
    Send(Interval),
    /// It is not sent, and this is why.
    Drop(&'static str),
    /// A change is under way that decides whether there is such a date.
    Wait,
}

/// Judges by the meeting as it is now.
pub(crate) fn judge(meeting: Option<&Meeting>, notice: &ReminderNotice) -> Verdict {
    judge_date(meeting, notice.occurrence_start, notice.offset)
}

/// Judges a reminder of the date that begins at `start`.
pub(crate) fn judge_date(meeting: Option<&Meeting>, start: DateTime<Utc>, offset: ReminderOffset) -> Verdict {
    let Some(meeting) = meeting else { return Verdict::Drop("the meeting is gone") };
    let date = match date_of(meeting, start, offset) {
        Ok(date) => date,
        Err(why) => return Verdict::Drop(why),
    };
    match meeting.change.as_ref().map(|change| &change.action) {
        Some(ChangeAction::Cancel) => Verdict::Wait,
        Some(ChangeAction::Replace(next)) if date_of(next, start, offset).is_err() => Verdict::Wait,
        _ => Verdict::Send(date),
    }
}

fn date_of(
    meeting: &Meeting,
    start: DateTime<Utc>,
    offset: ReminderOffset,
) -> Result<Interval, &'static str> {
    if !matches!(meeting.state, State::Scheduled | State::Started) {
        return Err("the meeting does not take place");
    }
    if !meeting.reminders.contains(&offset) {
        return Err("the meeting has no such reminder any more");
    }
    meeting
        .live_dates()
        .map(|date| date.interval)
        .find(|interval| interval.starts_at == start)
        .ok_or("the date was moved or cancelled")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::domain::meeting::Change;

    use super::*;

    fn meeting() -> Meeting {
        serde_json::from_value(json!({
            "id": "mtg_1", "tenant": "school", "organizer_id": "u-t", "state": "scheduled", "kind": "meeting",
            "topic": "Fire safety", "agenda": "",
            "schedule": {"local_start": "2026-12-01T13:30:00", "time_zone": "UTC", "duration_minutes": 60,
                         "recurrence": null},
            "dates": [{"starts_at": "2026-12-01T13:30:00Z", "ends_at": "2026-12-01T14:30:00Z"},
                      {"starts_at": "2026-12-08T13:30:00Z", "ends_at": "2026-12-08T14:30:00Z", "cancelled": true}],
            "wish": "auto", "host": null, "alternative_hosts": [], "zoom": null, "passcode": null,
            "requested_settings": {}, "settings": {"join_before_host": true, "host_video": false,
                "participant_video": false, "mute_upon_entry": true, "enforce_login": false,
                "waiting_room": false, "recording": "none"},
            "courses": [], "attendee_count": 1, "reminders": ["PT1H"], "warnings": [],
            "reminded_until": "2026-11-01T00:00:00Z", "version": 1, "revision": 1,
            "created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z"
        }))
        .unwrap()
    }

    fn notice(start: &str, offset: &str) -> ReminderNotice {
        serde_json::from_value(json!({
            "tenant": "school", "meeting_id": "mtg_1", "occurrence_start": start, "offset": offset,
            "due_at": "2026-12-01T12:30:00Z", "share": {"number": 0, "of": 1}
        }))
        .unwrap()
    }

    fn first() -> ReminderNotice {
        notice("2026-12-01T13:30:00Z", "PT1H")
    }

    fn changing(action: ChangeAction) -> Meeting {
        let began_at: DateTime<Utc> = "2026-12-01T12:29:00Z".parse().unwrap();
        Meeting {
            change: Some(Box::new(Change { began_at, action, counted: 0, dates_counted: false })),
            ..meeting()
        }
    }

    #[test]
    fn a_date_that_stands_is_reminded_of() {
        let meeting = meeting();
        assert_eq!(judge(Some(&meeting), &first()), Verdict::Send(meeting.dates[0].interval));
        let started = Meeting { state: State::Started, ..meeting };
        assert!(matches!(judge(Some(&started), &first()), Verdict::Send(_)));
    }

    #[test]
    fn what_moved_or_was_cancelled_is_dropped() {
        let meeting = meeting();
        for moot in [
            notice("2026-12-08T13:30:00Z", "PT1H"),
            notice("2026-12-01T13:31:00Z", "PT1H"),
            notice("2026-12-01T13:30:00Z", "P1D"),
        ] {
            assert!(matches!(judge(Some(&meeting), &moot), Verdict::Drop(_)), "{moot:?}");
        }
        assert!(matches!(judge(None, &first()), Verdict::Drop(_)));
        for state in [State::Draft, State::Pending, State::Ended, State::Cancelled, State::Failed] {
            let meeting = Meeting { state, ..meeting.clone() };
            assert!(matches!(judge(Some(&meeting), &first()), Verdict::Drop(_)), "{state:?}");
        }
    }

    #[test]
    fn a_change_that_would_take_the_date_away_is_waited_for() {
        assert_eq!(judge(Some(&changing(ChangeAction::Cancel)), &first()), Verdict::Wait);
        let moved = Meeting { dates: Vec::new(), ..meeting() };
        assert_eq!(judge(Some(&changing(ChangeAction::Replace(Box::new(moved)))), &first()), Verdict::Wait);
        let renamed = Meeting { topic: "Fire".to_owned(), ..meeting() };
        let verdict = judge(Some(&changing(ChangeAction::Replace(Box::new(renamed)))), &first());
        assert!(matches!(verdict, Verdict::Send(_)));
    }
}
