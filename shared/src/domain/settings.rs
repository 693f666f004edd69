//! How a meeting behaves in Zoom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::meeting::{Meeting, Warning};

/// The settings of a meeting, complete: also a connection's defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in Zoom")]
pub struct MeetingSettings {
    /// Attendees may come in before the host.
    pub join_before_host: bool,
    /// The host's camera is on at the start.
    pub host_video: bool,
    /// The attendees' cameras are on at the start.
    pub participant_video: bool,
    /// Attendees are muted as they come in.
    pub mute_upon_entry: bool,
    /// Only people signed in to Zoom may join.
    pub enforce_login: bool,
    /// The host lets each attendee in.
    pub waiting_room: bool,
    /// Whether and where the meeting is recorded.
    pub recording: Recording,
}

/// Whether and where a meeting is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// Not at all.
    None,
    /// On the host's machine.
    Local,
    /// In Zoom's cloud.
    Cloud,
}

/// Settings of which some are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartialSettings {
    /// Attendees may come in before the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_before_host: Option<bool>,
    /// The host's camera is on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_video: Option<bool>,
    /// The attendees' cameras are on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_video: Option<bool>,
    /// Attendees are muted as they come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mute_upon_entry: Option<bool>,
    /// Only people signed in to Zoom may join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforce_login: Option<bool>,
    /// The host lets each attendee in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_room: Option<bool>,
    /// Whether and where the meeting is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
}

impl Default for MeetingSettings {
    fn default() -> Self {
        Self {
            join_before_host: true,
            host_video: false,
            participant_video: false,
            mute_upon_entry: true,
            enforce_login: false,
            waiting_room: false,
            recording: Recording::None,
        }
    }
}

impl PartialSettings {
    /// These where they are given, `defaults` elsewhere. Of the waiting room and joining before the host,
    /// which exclude each other in Zoom, the one that was asked for here wins over a default.
    pub fn over(self, defaults: MeetingSettings) -> MeetingSettings {
        let waiting_room =
            self.waiting_room.unwrap_or_else(|| defaults.waiting_room && self.join_before_host != Some(true));
        MeetingSettings {
            join_before_host: !waiting_room && self.join_before_host.unwrap_or(defaults.join_before_host),
            host_video: self.host_video.unwrap_or(defaults.host_video),
            participant_video: self.participant_video.unwrap_or(defaults.participant_video),
            mute_upon_entry: self.mute_upon_entry.unwrap_or(defaults.mute_upon_entry),
            enforce_login: self.enforce_login.unwrap_or(defaults.enforce_login),
            waiting_room,
            recording: self.recording.unwrap_or(defaults.recording),
        }
    }

    /// These, with what differs between `before` and `after`.
    #[must_use]
    fn followed(self, before: MeetingSettings, after: MeetingSettings) -> Self {
        fn one<T: PartialEq + Copy>(known: Option<T>, before: T, after: T) -> Option<T> {
            if before == after { known } else { Some(after) }
        }
        let join_before_host = if after.waiting_room == before.waiting_room {
            one(self.join_before_host, before.join_before_host, after.join_before_host)
        } else {
            // That nobody comes in before the host follows from a waiting room and says nothing by itself.
            Some(after.join_before_host).filter(|_| !after.waiting_room)
        };
        Self {
            join_before_host,
            host_video: one(self.host_video, before.host_video, after.host_video),
            participant_video: one(self.participant_video, before.participant_video, after.participant_video),
            mute_upon_entry: one(self.mute_upon_entry, before.mute_upon_entry, after.mute_upon_entry),
            enforce_login: one(self.enforce_login, before.enforce_login, after.enforce_login),
            waiting_room: one(self.waiting_room, before.waiting_room, after.waiting_room),
            recording: one(self.recording, before.recording, after.recording),
        }
    }

    /// These without those that are named, by their names in requests, and without the one that one of these excludes
    /// which is switched on.
    #[must_use]
    pub fn without(self, is_named: impl Fn(&str) -> bool, is_switched_on: impl Fn(&str) -> bool) -> Self {
        let join_before_host = self.join_before_host.filter(|on| !(*on && is_switched_on("waiting_room")));
        let waiting_room = self.waiting_room.filter(|on| !(*on && is_switched_on("join_before_host")));
        Self {
            join_before_host: join_before_host.filter(|_| !is_named("join_before_host")),
            host_video: self.host_video.filter(|_| !is_named("host_video")),
            participant_video: self.participant_video.filter(|_| !is_named("participant_video")),
            mute_upon_entry: self.mute_upon_entry.filter(|_| !is_named("mute_upon_entry")),
            enforce_login: self.enforce_login.filter(|_| !is_named("enforce_login")),
            waiting_room: waiting_room.filter(|_| !is_named("waiting_room")),
            recording: self.recording.filter(|_| !is_named("recording")),
        }
    }

    /// Whether all are left out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether both of the two that exclude each other were asked for.
    pub fn contradicts_itself(self) -> bool {
        self.waiting_room == Some(true) && self.join_before_host == Some(true)
    }
}

impl Meeting {
    /// The warnings that follow from the settings alone.
    pub fn settings_warning(&self) -> Option<Warning> {
        (self.settings.recording == Recording::Local).then_some(Warning::BrowserJoinCannotRecordLocally)
    }

    /// Behaves as Zoom shows it.
    pub fn follow_settings(&mut self, shown: MeetingSettings) {
        self.followed_settings = self.followed_settings.followed(self.settings, shown);
        self.settings = shown;
        self.warn_of_settings();
    }

    /// How it is to behave where `defaults` are its connection's: as it was asked for, but for what was
    /// changed in Zoom since.
    pub fn settings_over(&self, defaults: MeetingSettings) -> MeetingSettings {
        self.followed_settings.over(self.requested_settings.over(defaults))
    }

    /// Brings the warnings that follow from the settings up to date.
    pub fn warn_of_settings(&mut self) {
        self.warnings.retain(|warning| *warning != Warning::BrowserJoinCannotRecordLocally);
        self.warnings.extend(self.settings_warning());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_wins_over_a_default_that_excludes_it() {
        let room = PartialSettings { waiting_room: Some(true), ..Default::default() };
        assert!(!room.over(MeetingSettings::default()).join_before_host);
        let defaults =
            MeetingSettings { waiting_room: true, join_before_host: false, ..MeetingSettings::default() };
        let join = PartialSettings { join_before_host: Some(true), ..Default::default() };
        let settings = join.over(defaults);
        assert!(settings.join_before_host && !settings.waiting_room);
        assert!(PartialSettings::default().over(defaults).waiting_room);
    }
}
