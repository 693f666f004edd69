//! When a meeting's reminders are due, and which of them are still to be sent.

use chrono::{DateTime, TimeDelta, Utc};

use super::meeting::Meeting;
use super::offset::ReminderOffset;

impl Meeting {
    /// The reminder that is due next after those already queued: when, of which date, how long before it.
    pub fn next_reminder(&self) -> Option<(DateTime<Utc>, DateTime<Utc>, ReminderOffset)> {
        self.reminder_times().filter(|(due, ..)| *due > self.reminded_until).min_by_key(|(due, ..)| *due)
    }

    /// The reminders that have come due since the last that were queued, oldest first.
    pub fn due_reminders(&self, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>, ReminderOffset)> {
        let mut due: Vec<_> =
            self.reminder_times().filter(|(due, ..)| *due > self.reminded_until && *due <= now).collect();
        due.sort_unstable();
        due
    }

    /// Every reminder: when it is due, of which date, how long before it.
    pub fn reminder_times(
        &self,
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, ReminderOffset)> + '_ {
        let zone = self.schedule.time_zone;
        self.live_dates().flat_map(move |date| {
            let start = date.interval.starts_at;
            self.reminders.iter().map(move |offset| (offset.before(start, zone), start, *offset))
        })
    }

    /// Reminders that are due at or before `now` are not queued any more.
    pub fn skip_reminders_until(&mut self, now: DateTime<Utc>) {
        self.reminded_until = self.reminded_until.max(now);
    }

    /// Takes over from `before`, whose time or reminders were others, what is still to be sent: offsets that
    /// are past at `now` are not sent after the fact, but one that was due already and stays is.
    pub fn carry_reminders(&mut self, before: &Self, now: DateTime<Utc>) {
        let stays = |start, offset| self.reminder_times().any(|(_, s, o)| (s, o) == (start, offset));
        let owed = before.due_reminders(now).into_iter().find(|(_, start, offset)| stays(*start, *offset));
        let until = owed.map_or(now, |(due, ..)| due - TimeDelta::milliseconds(1));
        self.reminded_until = before.reminded_until.max(until);
    }
}
